"""Many seeds of the scenario in which everything fails, each held against every invariant (SIM-5).

200 seeds of 200 people over 30 days, two at a time. What is done is kept in `data/var/prove/seeds.json`
under the identity of the code and the scenario: begun again it goes on, and other code begins anew. Of a
seed that breaks the run's folder is kept and the one command that plays it again is printed; other folders
go at once. At the end the counts go into docs/proofs.json, with what the faults did in docs/faults.md.
`--seeds`, `--people`, `--workers` and `--minutes` choose less.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import json
import multiprocessing
import multiprocessing.connection
import os
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.kernel import catalog  # noqa: E402
from simulations import coverage, runs, scenario  # noqa: E402
from tools.proving import records, seeds_page  # noqa: E402

SCENARIO = catalog.DATA / "scenarios" / "everything_fails.toml"
PLACE = catalog.DATA / "var" / "prove"
NAME = "tests/simulation/test_fault_seeds.py::test_every_seed_of_the_scenario_in_which_everything_fails"
FIRST_SEED = 1


@dataclasses.dataclass(frozen=True)
class Task:
    """One seed of a scenario, which was read once for all of them."""

    seed: int
    people: int
    place: Path
    scenario: scenario.Scenario

    def plan(self) -> runs.Plan:
        """What is run of it."""
        return runs.Plan.of(self.scenario, self.people, self.seed)

    @property
    def folder(self) -> Path:
        """Where it is run, and kept when it breaks."""
        return self.place / f"seed-{self.seed}"


def tasks(*, seeds: int, people: int, days: int, place: Path) -> list[Task]:
    """The seeds that are wanted."""
    found = scenario.load(SCENARIO)
    found = found.at(found.reference, days)
    wanted = range(FIRST_SEED, FIRST_SEED + seeds)
    return [Task(seed=seed, people=people, place=place, scenario=found) for seed in wanted]


def run(task: Task) -> dict[str, Any]:
    """Run one seed; what came of it. The folder of one that holds goes away.

    What stopped it otherwise than by a broken invariant is told as a text: not every refusal comes whole
    out of another process.
    """
    folder = runs.Folder(task.folder)
    if folder.is_held():
        return {"seed": task.seed, "problem": "another process runs it"}
    shutil.rmtree(task.folder, ignore_errors=True)
    try:
        result = runs.carry_out(task.plan(), folder)
    except Exception:  # noqa: BLE001
        return {"seed": task.seed, "problem": traceback.format_exc()}
    manifest, failure = folder.manifest() or {}, folder.failure()
    reached = (folder.coverage() or {})["reached"]
    if failure is None:
        shutil.rmtree(task.folder)
    return {
        **result.as_json(),
        "seed": task.seed,
        "finished": sum(one["finished"] for one in manifest["shards"]),
        "events": sum(one["events"] for one in manifest["shards"]),
        "cpu_seconds": manifest["cpu_seconds"],
        "peak_mb": manifest["peak_mb"],
        "failure": failure,
        "coverage": reached,
    }


def _end_with_parent() -> None:
    """A worker whose parent was killed ends, so that nobody else finds it at work."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Store:
    """What is known of each seed, for one identity of plan and code."""

    def __init__(self, path: Path, identity: str) -> None:
        self._path = path
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        same = known.get("identity") == identity
        self.identity = identity
        self.seeds: dict[int, dict[str, Any]] = (
            {one["seed"]: one for one in known["seeds"]} if same else {}
        )

    def keep(self, told: dict[str, Any]) -> None:
        """Add a seed, and write."""
        self.seeds[told["seed"]] = told
        found = {"identity": self.identity, "seeds": [self.seeds[n] for n in sorted(self.seeds)]}
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._path)


def prove(
    *, seeds: int, people: int, days: int, workers: int, minutes: float, place: Path = PLACE
) -> tuple[Store, bool]:
    """Run the seeds that are not known yet; the store, and whether all of them are known now."""
    place.mkdir(parents=True, exist_ok=True)
    wanted = tasks(seeds=seeds, people=people, days=days, place=place)
    # The identity of the first seed's plan stands for all: they differ by their seed alone.
    store = Store(place / "seeds.json", wanted[0].plan().identity)
    todo = [task for task in wanted if task.seed not in store.seeds]
    print(f"{seeds - len(todo)} of {seeds} seeds are known", flush=True)
    end = time.monotonic() + minutes * 60
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=context, initializer=_end_with_parent
    ) as pool:
        waiting: set[concurrent.futures.Future[dict[str, Any]]] = set()
        while todo or waiting:
            while todo and len(waiting) < workers and time.monotonic() < end:
                waiting.add(pool.submit(run, todo.pop(0)))
            if not waiting:
                break
            done, waiting = concurrent.futures.wait(
                waiting, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in done:
                _tell(store, future.result())
    return store, all(task.seed in store.seeds for task in wanted)


def _tell(store: Store, told: dict[str, Any]) -> None:
    if "problem" in told:
        print(f"seed {told['seed']} was not run to its end: {told['problem']}", flush=True)
        return
    store.keep(told)
    fired = sum(one["fired"] for one in told["coverage"]["faults"].values())
    on = sum(one["on"] for one in told["coverage"]["faults"].values())
    print(
        f"seed {told['seed']}: {told['violations']} violations, {told['actions']} actions,"
        f" {fired} faults at {on} sites, {told['seconds']:.0f} s"
        f" ({told['cpu_seconds']:.0f} s of processor)",
        flush=True,
    )
    if told["failure"] is not None:
        names = ", ".join(one["name"] for one in told["failure"]["invariants"])
        print(f"  broken: {names}\n  again: {told['failure']['command']}", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run, record, and say what came of it: 0 where every seed was run and none breaks anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument(
        "--keep", action="store_true", help="write docs/proofs.json and docs/faults.md"
    )
    given = parser.parse_args(arguments)
    began = time.monotonic()
    store, complete = prove(
        seeds=given.seeds,
        people=given.people,
        days=given.days,
        workers=given.workers,
        minutes=given.minutes,
    )
    found = [store.seeds[seed] for seed in sorted(store.seeds)][: given.seeds]
    broken = [one for one in found if one["violations"]]
    print(
        f"{len(found)} of {given.seeds} seeds x {given.people} people x {given.days} days:"
        f" {sum(one['actions'] for one in found)} actions, {len(broken)} broken,"
        f" {time.monotonic() - began:.0f} s now,"
        f" {sum(one['cpu_seconds'] for one in found):.0f} s of processor"
    )
    reached = coverage.merged(one["coverage"] for one in found)
    silent = coverage.never(reached)["faults"]
    print("never fired: " + (", ".join(silent) or "none"))
    if given.keep:
        told = {
            "name": NAME,
            "n": [len(found), given.people, given.days],
            "failed": int(bool(broken) or not complete),
            "seconds": round(sum(one["seconds"] for one in found), 1),
            "at": int(time.time()),
        }
        share = "full" if (given.seeds, given.people, given.days) == (200, 200, 30) else "fewer"
        records.keep([told], counts=share, commit=records.commit())
        seeds_page.write(found, reached, given.people, given.days)
    return int(bool(broken) or not complete)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
