"""A run: shards computed here or by worker processes, and the folder that is left of them.

The scenario says what the shards are; `workers` only says who computes them, so that the digest is the
same for one worker and for many. Files are written beside and renamed; the manifest comes last, and a
folder without one is a run that was stopped.
"""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.queues
import multiprocessing.synchronize
import os
import platform
import queue
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.boot import tables
from engine.boot.worlds import QUICK_HASHING
from simulations import digests, invariants, shards
from simulations.scenario import Scenario
from simulations.shards import Outcome, Progress, Spec, Stopped

Listener = Callable[[Progress], None]
_LIBRARIES = ("cryptography", "faker", "numpy", "pyarrow", "pysqlite3", "simpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run came to. `seconds` is real time and no part of the digest."""

    digest: str
    people: int
    actions: int
    violations: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The one object that `yinxin simulate --json` ends with."""
        return {
            "digest": self.digest,
            "people": self.people,
            "actions": self.actions,
            "violations": self.violations,
            "seconds": round(self.seconds, 3),
        }


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
    began = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)
    specs = [
        Spec(scenario=scenario, people=people, seed=seed, shard=shard, out=out, journey=journey)
        for shard in range(scenario.shards)
    ]
    compute = _inline(specs, on_progress) if workers == 1 else _pooled(specs, workers, on_progress)
    outcomes = sorted(compute, key=lambda outcome: outcome.shard)
    result = RunResult(
        digest=digests.of_campaign((outcome.shard, outcome.digest) for outcome in outcomes),
        people=sum(outcome.people for outcome in outcomes),
        actions=sum(outcome.actions for outcome in outcomes),
        violations=sum(invariants.broken(outcome.findings) for outcome in outcomes),
        seconds=time.perf_counter() - began,
    )
    _write_json(out / "invariants.json", _report(outcomes))
    _write_json(out / "manifest.json", _manifest(scenario, seed, workers, result, outcomes))
    return result


# -- who computes --------------------------------------------------------------------------------


def _inline(specs: list[Spec], on_progress: Listener) -> Iterator[Outcome]:
    for spec in specs:
        yield shards.compute(spec, on_progress)


# What a worker process was given at its start: where to tell, and when to stop.
_line: tuple[multiprocessing.queues.Queue[Progress], multiprocessing.synchronize.Event] | None = (
    None
)


def _start_worker(
    told: multiprocessing.queues.Queue[Progress], stop: multiprocessing.synchronize.Event
) -> None:
    global _line
    _line = (told, stop)
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(progress: Progress) -> None:
    if _line is None:
        raise RuntimeError("not a worker of a run")
    told, stop = _line
    if stop.is_set():
        raise Stopped
    told.put(progress)


def _compute(spec: Spec) -> Outcome:
    return shards.compute(spec, _tell)


def _pooled(specs: list[Spec], workers: int, on_progress: Listener) -> Iterator[Outcome]:
    # Never fork: the parent may be a threaded server.
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.queues.Queue[Progress] = context.Queue()
    stop = context.Event()
    with futures.ProcessPoolExecutor(
        max_workers=min(workers, len(specs)),
        mp_context=context,
        initializer=_start_worker,
        initargs=(told, stop),
    ) as pool:
        waiting = {pool.submit(_compute, spec) for spec in specs}
        try:
            while waiting:
                done, waiting = futures.wait(
                    waiting, timeout=0.2, return_when=futures.FIRST_COMPLETED
                )
                for progress in _heard(told):
                    on_progress(progress)
                yield from (future.result() for future in done)
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _heard(told: multiprocessing.queues.Queue[Progress]) -> Iterator[Progress]:
    while True:
        try:
            yield told.get_nowait()
        except queue.Empty:
            return


# -- what is left --------------------------------------------------------------------------------


def _report(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    return {
        "shards": [
            {
                "shard": outcome.shard,
                "violations": invariants.broken(outcome.findings),
                "invariants": [finding.as_json() for finding in outcome.findings],
            }
            for outcome in outcomes
        ]
    }


def _manifest(
    scenario: Scenario, seed: int, workers: int, result: RunResult, outcomes: list[Outcome]
) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "seed": seed,
        "workers": workers,
        "engine_version": tables.ENGINE_VERSION,
        "hashing": {
            "algorithm": "argon2id",
            "memory_kib": QUICK_HASHING.memory_kib,
            "passes": QUICK_HASHING.passes,
        },
        "crypto": scenario.crypto,
        "reference": scenario.reference.isoformat(),
        "horizon_days": scenario.horizon_days,
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _LIBRARIES},
        **result.as_json(),
        "shards": [shards.as_json(outcome) for outcome in outcomes],
        "scenario_contents": scenario.model_dump(mode="json"),
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, path)
