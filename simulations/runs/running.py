"""Carrying out a run in its folder: from the plan to the manifest, and on from wherever it was cut short.

Files are written beside their place and renamed; the manifest comes last, and a folder without one is a
run that was stopped. A shard that is done is never computed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from simulations import background, shards
from simulations.background import write_json
from simulations.runs import executing, summing
from simulations.runs import plan as plans
from simulations.runs.folder import Folder
from simulations.runs.plan import Plan
from simulations.runs.refusals import CodeChanged, OtherPlan
from simulations.runs.summing import RunResult
from simulations.runs.tally import Tally
from simulations.scenario import Scenario
from simulations.shards import Outcome, Progress, Spec

Listener = Callable[[Progress], None]


def run(
    scenario: Scenario,
    people: int,
    seed: int,
    workers: int,
    out: Path,
    on_progress: Listener = lambda progress: None,
    *,
    journey: str = shards.JOURNEY,
) -> RunResult:
    """Run a scenario with so many people; `out` becomes the run's folder.

    Raises: KeyboardInterrupt, with no manifest written, when stopped.
    """
    plan = Plan.of(scenario, people, seed, workers=workers, journey=journey)
    return carry_out(plan, Folder(out), on_progress)


def carry_out(
    plan: Plan,
    folder: Folder,
    on_progress: Listener = lambda progress: None,
    *,
    anew: bool = False,
    stopping: Callable[[], bool] = lambda: False,
    lock: int | None = None,
) -> RunResult:
    """Carry a plan out in a folder, here and now; what is there already of the same plan is kept.

    With `anew` nothing is kept. `stopping` is asked now and then, beside what the folder is told. `lock` is
    the folder's, where it was handed over.
    Raises: Stopped, KeyboardInterrupt; RunBusy, OtherPlan, CodeChanged; RunFolderUnusable; WorkerLost,
    ShardFailed. Each but the refusals of the folder leaves its word in `progress.json`.
    """
    with folder.held(lock):
        if anew:
            _forget(folder)
        done = folder.manifest() if begun(plan, folder, heed=lock is not None) else None
        if done is not None:
            return RunResult.from_manifest(done)
        known = folder.outcomes()
        tally = Tally(plan, folder, known, on_progress)
        with background.told_of(folder, tally, stopping) as watch:
            outcomes = _computed(plan, folder, known, watch)
            result = summing.leave(plan, folder, outcomes, tally.seconds)
            tally.becomes("broken" if result.violations else "finished")
        return result


def begun(plan: Plan, folder: Folder, *, heed: bool = False) -> bool:
    """Put the plan into the folder, for who holds it; whether it was there already.

    What was finished by other code is not mixed with what this one would do; where nothing is finished, the
    run is this code's. `heed` what it was told already: by whoever began it a moment ago.
    Raises: OtherPlan, CodeChanged, PlanWrong.
    """
    before = folder.exists()
    if before:
        held, identity = plans.read(folder.path / "plan.json")
        if not held.same_run(plan):
            raise OtherPlan(path=str(folder.path), differs=held.difference(plan))
        if identity != plan.identity and folder.outcomes():
            raise CodeChanged(path=str(folder.path))
        if folder.manifest() is not None:
            return True
    elif (folder.path / "manifest.json").exists():
        raise OtherPlan(path=str(folder.path), differs="manifest.json")
    for draft in folder.path.rglob("*.new*"):
        draft.unlink(missing_ok=True)
    plans.write(plan, folder.path / "plan.json")
    if not heed:
        write_json(folder.path / "control.json", {"order": "go"})
    return before


_OURS = (
    *("plan.json", "progress.json", "control.json", "manifest.json", "invariants.json"),
    *("indicators.json", "coverage.json", "failure.json", "board-*.json", "shard-*.json"),
    *("events-*.parquet", "world-*.sqlite3", "cases-*.parquet", "answers-*.parquet"),
    *("replication-*/*", "*.new*"),
)


def _forget(folder: Folder) -> None:
    """Remove what a run has left, and nothing else."""
    for pattern in _OURS:
        for path in folder.path.glob(pattern):
            if path.is_file():
                path.unlink(missing_ok=True)


def _computed(
    plan: Plan, folder: Folder, known: list[Outcome], watch: executing.Watch
) -> list[Outcome]:
    """Every shard's outcome, in order; those that are not there yet are computed."""
    there = {(one.replication, one.shard) for one in known}
    missing = [
        spec for spec in plan.specs(folder.path) if (spec.replication, spec.shard) not in there
    ]
    found = list(known)
    for outcome in _executed(plan, folder.path, missing, watch):
        name = f"shard-{outcome.replication}-{outcome.shard}.json"
        write_json(folder.path / name, outcome.as_json())
        found.append(outcome)
        watch.tally.done(outcome)
    return sorted(found, key=lambda one: (one.replication, one.shard))


def _executed(
    plan: Plan, folder: Path, specs: list[Spec], watch: executing.Watch
) -> Iterator[Outcome]:
    if plan.executor == "cluster":
        # Here, because it is an extra: nobody who does not ask for it needs it.
        from simulations import cluster

        return cluster.outcomes(specs, folder, plan.workers, plan.cluster, watch)
    if plan.executor == "pool" and specs:
        return executing.pool(specs, plan.workers, watch)
    return executing.inline(specs, watch)
