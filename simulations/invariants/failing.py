"""What a run that broke leaves: where it broke, and the one command that plays it again."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.kernel import errors
from simulations.invariants.watching import Watch

if TYPE_CHECKING:
    from simulations.runs import Folder
    from simulations.shards.specs import Outcome, Spec


class NothingBroke(errors.ConfigurationError):
    """No invariant broke in the run {run}: there is nothing to play again."""


def told(spec: Spec, watch: Watch) -> dict[str, Any] | None:
    """What broke in a shard, with everything that it follows from; None where everything holds."""
    failure = watch.failure()
    if failure is None:
        return None
    return {
        "scenario": spec.scenario.name,
        "scenario_digest": spec.scenario.digest,
        "people": spec.people,
        "seed": spec.seed,
        "replication": spec.replication,
        "shard": spec.shard,
        "check": spec.check,
        **failure,
    }


def with_command(failure: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The failure with what to enter to see it again, act by act."""
    return {**failure, "command": shlex.join(("yinxin", "runs", "failing", str(folder)))}


def spec_of(folder: Folder, failure: dict[str, Any]) -> Spec:
    """The shard that broke, as the plan of its run has it."""
    place = (failure["replication"], failure["shard"])
    return next(
        spec for spec in folder.plan().specs(folder.path) if (spec.replication, spec.shard) == place
    )


def again(spec: Spec, out: Path) -> Outcome:
    """The same shard once more, looked at after each act, so that it stops at the very one."""
    # Here, because a shard is what this is told of.
    from simulations.shards import run_shard

    return run_shard(dataclasses.replace(spec, out=out, check="act"))
