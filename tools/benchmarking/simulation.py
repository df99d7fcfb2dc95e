"""Simulations: the engine beside a bare loop, and populations by the second, by the core and by memory.

Sizes come from the environment, because a machine may have an hour or a minute: `YINXIN_BENCH_PEOPLE` (a
shard's people, default 24), `YINXIN_BENCH_SHARDS` (of the larger runs, default 4), `YINXIN_BENCH_ROUNDS`.
What is scaled up from fewer people says so.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from engine.kernel import catalog, database
from engine.reports import snapshot
from simulations import runs, scenario, shards
from tools.benchmarking import actions, features, results, simulated_acts

ROOT = Path(__file__).resolve().parents[2]
_SCENARIO = catalog.DATA / "scenarios" / "quiet_day.toml"
_ACTIONS_PEOPLE = 12
_ABOUT_ACTIONS = (
    "engine actions a second in memory, of a population that lives through quiet_day: every call that its"
    " people, reviewers, outside parties and worker make, done again from their log, which comes out the"
    " same byte for byte; baseline: the same statements with the same parameters in the same transactions,"
    " hashes, MACs, ciphers and verified signatures over the same bytes, as a bare loop. What is prepared"
    " before a transaction (typesetting, pictures) is left out of both"
)


def _size(name: str, default: int) -> int:
    return int(os.environ.get(f"YINXIN_BENCH_{name}", default))


def measure() -> list[results.Result]:
    """Everything about simulations."""
    with tempfile.TemporaryDirectory(prefix="yinxin-bench-") as folder:
        place = Path(folder)
        return [
            _actions(),
            _whole_life(place / "life"),
            _hundred_thousand(place / "many"),
            _million(place / "million"),
            _scaling(place / "scaling"),
        ]


def _declared() -> scenario.Scenario:
    return scenario.load(_SCENARIO)


# -- the engine beside a bare loop -----------------------------------------------------------------


def _actions() -> results.Result:
    ground = simulated_acts.Ground(file=_declared(), people=_ACTIONS_PEOPLE)
    calls, mix = ground.play()
    again = ground.copy(database.SqliteDatabase(None))
    for call in calls:
        call.on(again)
    if simulated_acts.head_of(again) != ground.log:
        raise AssertionError("the calls done again wrote another log")
    notes = actions.record(ground, calls)
    found = actions.compare(
        ground,
        calls,
        notes,
        lambda: database.SqliteDatabase(None),
        rounds=_size("ROUNDS", 5),
        split=True,
    )
    about = {
        "about": _ABOUT_ACTIONS,
        "people": _ACTIONS_PEOPLE,
        "actions": len(calls),
        "refused": sum(call.refused for call in calls),
        "mix": mix,
        "an_action": {
            kind: results.rounded(number / len(calls)) for kind, number in notes.counts().items()
        },
        "storage": "memory",
        "profile": features.profile(ground, calls),
    }
    return actions.result("simulation_actions", found, about, clock="cpu")


# -- populations -------------------------------------------------------------------------------------


def _spec(place: Path, people: int) -> shards.Spec:
    [spec] = runs.Plan.of(_declared(), people, 7, shard_count=1).specs(place)
    return spec


def _whole_life(place: Path) -> results.Result:
    people = _size("PEOPLE", 24)
    # A first one, so that what is made once a process is not counted.
    shards.run_shard(_spec(place, 1))
    begin = time.perf_counter()
    outcome = shards.run_shard(_spec(place, people))
    seconds = time.perf_counter() - begin
    profiler = cProfile.Profile()
    profiler.enable()
    shards.run_shard(_spec(place, people))
    profiler.disable()
    share, by = _ours(profiler)
    rate = people / seconds
    return results.Result(
        name="people_whole_life",
        value=rate,
        unit="people/s",
        # Were our own Python free, and only what it calls took its time.
        baseline=rate / (1 - share),
        options={
            "about": "people a second through the whole life of quiet_day in one process, with real"
            " certificates and signed contracts, invariants checked every day, all files written; baseline:"
            " the same without the time of our own Python, by profile, so that one less the ratio is our"
            " share",
            "people": people,
            "actions": outcome.actions,
            "cpu_seconds": outcome.cpu_seconds,
            "peak_mb": outcome.peak_mb,
            "our_share": results.rounded(share),
            "where_time_goes": by,
        },
    )


def _ours(profiler: cProfile.Profile) -> tuple[float, dict[str, float]]:
    """The share of the time that our own Python took itself, and the largest shares by place."""
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]]
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    took: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in stats.items():
        took[_place(file, name)] += own
    whole = sum(took.values())
    ours = sum(own for where, own in took.items() if where.startswith(("engine/", "simulations")))
    return ours / whole, {
        where: results.rounded(own / whole) for where, own in took.most_common(30)
    }


def _place(file: str, name: str) -> str:
    path = Path(file)
    if "site-packages" in path.parts:
        return f"library {path.parts[path.parts.index('site-packages') + 1]}"
    if path.is_relative_to(ROOT):
        return "/".join(path.relative_to(ROOT).parts[:2])
    return name.strip("<>")[:60] if file in ("~", "") else f"python {path.stem}"


def _run(place: Path, shard_count: int, workers: int) -> dict[str, Any]:
    """The manifest of a run with so many shards of the usual size, led by a process of its own."""
    plan = runs.Plan.of(
        _declared(),
        _size("PEOPLE", 24) * shard_count,
        7,
        shard_count=shard_count,
        workers=workers,
        executor="pool",
    )
    folder = runs.start(plan, place)
    ended = threading.Event()
    while folder.progress().moving:
        ended.wait(0.2)
    manifest = folder.manifest()
    if manifest is None or manifest["violations"]:
        raise AssertionError("the run did not end well")
    return manifest


def _hundred_thousand(place: Path) -> results.Result:
    runs_place = place / "runs"
    begin = time.perf_counter()
    manifest = _run(runs_place / "one", _size("SHARDS", 4), os.cpu_count() or 1)
    ran = time.perf_counter() - begin
    copy = snapshot.of_run(runs_place, "one")
    whole = time.perf_counter() - begin
    people = int(manifest["people"])
    scale = 100_000 / people
    return results.Result(
        name="people_100k_s",
        value=whole * scale,
        unit="s/100,000 people",
        baseline=ran * scale,
        options={
            "about": "seconds for 100,000 people from the start to reports that answer, on all cores of"
            " this machine; baseline: the run alone, without making its reports ready",
            "people": people,
            "scaled_up": people < 100_000,
            "workers": os.cpu_count(),
            "seconds": results.rounded(whole),
            "peak_mb_of_a_worker": manifest["peak_mb"],
            "peak_mb_of_who_leads": manifest["peak_mb_leading"],
            "copy_mb": results.rounded(copy.stat().st_size / 1e6),
        },
    )


def _million(place: Path) -> results.Result:
    shard_count = _size("SHARDS", 4)
    few, many = (
        _run(place / name, count, 1) for name, count in (("few", 1), ("many", shard_count))
    )
    leads = [float(one["peak_mb_leading"]) for one in (few, many)]
    return results.Result(
        name="people_1m_peak_mb",
        value=float(many["peak_mb"]),
        unit="MB",
        baseline=float(few["peak_mb"]),
        options={
            "about": "the largest memory of a worker that computes one shard after the other, which is all"
            " that a million people need at a time; baseline: a worker with one such shard, so that a ratio"
            " of 1 means that memory does not grow with the people",
            "people": many["people"],
            "people_of_a_shard": _size("PEOPLE", 24),
            "shards": shard_count,
            "scaled_up": many["people"] < 1_000_000,
            "peak_mb_of_who_leads": leads,
        },
    )


def _scaling(place: Path) -> results.Result:
    shard_count = _size("SHARDS", 4)

    def rate(workers: int) -> float:
        begin = time.perf_counter()
        manifest = _run(place / str(workers), shard_count, workers)
        return float(manifest["people"]) / (time.perf_counter() - begin)

    one, two = (rate(workers) for workers in (1, 2))
    return results.Result(
        name="scaling_2_workers",
        value=two,
        unit="people/s",
        baseline=one,
        options={
            "about": "people a second by two workers, the start of their processes included; baseline: by"
            " one",
            "people": _size("PEOPLE", 24) * shard_count,
            "shards": shard_count,
        },
    )
