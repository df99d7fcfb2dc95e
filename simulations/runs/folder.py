"""The folder of a run: what it says of itself while it runs and afterwards, and how it goes on."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.kernel import errors
from simulations import shards
from simulations.background import WorkFolder, read_json
from simulations.runs import plan as plans
from simulations.runs.plan import Plan
from simulations.runs.refusals import NoRun
from simulations.runs.telling import RunProgress
from simulations.shards import Outcome

_SHARD = re.compile(r"shard-(\d+)-(\d+)\.json")


@dataclass(frozen=True, slots=True)
class Folder(WorkFolder):
    """A run by its folder. Reading changes nothing, and holds nothing up."""

    def missing(self) -> errors.EngineError:
        """What is raised where there is no run."""
        return NoRun(what="run", path=str(self.path))

    def plan(self) -> Plan:
        """The plan that the folder holds for good.

        Raises: NoRun; PlanWrong.
        """
        return self._plan()[0]

    def identity(self) -> str:
        """The run's identity as it was when it began.

        Raises: NoRun; PlanWrong.
        """
        return self._plan()[1]

    def _plan(self) -> tuple[Plan, str]:
        if not self.exists():
            raise self.missing()
        return plans.read(self.path / "plan.json")

    def progress(self) -> RunProgress:
        """How far it is."""
        told = self._lives(self._told)
        return told.model_copy(update={"rate": 0.0}) if told.state == "killed" else told

    def _told(self) -> RunProgress:
        found = read_json(self.path / "progress.json")
        if found is not None:
            with contextlib.suppress(ValidationError):
                return RunProgress.model_validate_json(json.dumps(found))
        # Older runs, and those whose last word is lost: the manifest comes last and says enough.
        done = self.manifest()
        if done is None:
            return RunProgress(state="stopped" if self.exists() else "failed")
        return RunProgress(
            state="broken" if done.get("violations") else "finished",
            shards=len(done["shards"]),
            shards_done=len(done["shards"]),
            people=done["people"],
            actions=done["actions"],
            violations=done["violations"],
            seconds=done["seconds"],
            share=1.0,
        )

    def boards(self) -> list[dict[str, Any]]:
        """The live board of each shard that has shown one, in order."""
        found = [read_json(path) for path in sorted(self.path.glob("board-*.json"))]
        return sorted(
            (one for one in found if one is not None),
            key=lambda one: (one["replication"], one["shard"]),
        )

    def outcomes(self) -> list[Outcome]:
        """Every shard that is done and whose files are there, in order."""
        found = []
        for path in self.path.glob("shard-*.json"):
            told = read_json(path) if _SHARD.fullmatch(path.name) else None
            if told is None:
                continue
            outcome = Outcome.from_json(told)
            where = plans.place(self.path, outcome.replication)
            names = (shards.events_name(outcome.shard), shards.world_name(outcome.shard))
            if all((where / name).is_file() for name in names):
                found.append(outcome)
        return sorted(found, key=lambda one: (one.replication, one.shard))

    def manifest(self) -> dict[str, Any] | None:
        """What was run and what came of it; None before its end."""
        return read_json(self.path / "manifest.json")

    def indicators(self) -> dict[str, Any] | None:
        """The indicators of each replication; None where there are none yet."""
        return read_json(self.path / "indicators.json")

    def invariants(self) -> dict[str, Any] | None:
        """What was checked, and how it fared; None before the end."""
        return read_json(self.path / "invariants.json")

    def coverage(self) -> dict[str, Any] | None:
        """What was reached and what never; None before the end."""
        return read_json(self.path / "coverage.json")

    def failure(self) -> dict[str, Any] | None:
        """What broke, and how to play it again; None where nothing did."""
        return read_json(self.path / "failure.json")

    def worlds(self, replication: int = 0) -> list[Path]:
        """The databases that the shards of a replication have left, in order of the shards."""
        found = plans.place(self.path, replication).glob("world-*.sqlite3")
        return sorted(found, key=lambda path: int(path.stem.split("-")[1]))

    def resume(self) -> Folder:
        """Begin it again as a process of its own; what its shards have finished is kept.

        Raises: NoRun, PlanWrong; RunBusy, CodeChanged.
        """
        # Here, because to begin a run is more than to look at one.
        from simulations.runs import starting

        return starting.resume(self.path)
