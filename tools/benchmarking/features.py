"""What each feature of the engine costs, and where the rest of an action's time goes.

A feature is timed where it is called, its own statements included; nested calls of the same feature
count once, but one feature may contain another (a stored reply is encrypted, a reaction records
events), so the shares overlap and don't add up.
"""

from __future__ import annotations

import contextlib
import cProfile
import functools
import pstats
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from engine.kernel import codec, database, events, records, replies, vault
from engine.kernel import engine as kernel_engine
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from tools.benchmarking import mix, results

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
PROFILED = 30
_MICRO = 1_000_000
# Feature → what it is, and the places where it is entered.
FEATURES: dict[str, tuple[str, tuple[tuple[Any, str], ...]]] = {
    "replay_keys": (
        "digest of the arguments, lookup of the key, encrypted reply",
        ((kernel_engine, "codec"), (replies, "stored"), (replies, "store")),
    ),
    "event_chain": (
        "head of the chain, canonical body, keyed MAC, row of the log",
        ((Operation, "record"), (events, "head")),
    ),
    "reactions": (
        "what follows from facts in other stages, with all that it does itself",
        ((Operation, "settle"),),
    ),
    "encryption": (
        "fields, files, job bodies and replies sealed and opened, data keys wrapped, blind indexes",
        tuple((vault, name) for name in ("seal", "unseal", "wrap", "unwrap", "blind")),
    ),
    "policies": ("the settings in force", ((Reader, "policy"), (Reader, "policies"))),
    "records": (
        "rows as typed records and records as columns",
        tuple((records, name) for name in ("make", "columns")),
    ),
}


@dataclass
class Meter:
    """Seconds spent inside a feature, nested calls counted once."""

    seconds: float = 0.0
    _depth: int = field(default=0, repr=False)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, timed."""

        @functools.wraps(function)
        def timed(*values: Any, **named: Any) -> Any:
            if self._depth:
                return function(*values, **named)
            self._depth = 1
            begin = time.perf_counter()
            try:
                return function(*values, **named)
            finally:
                self.seconds += time.perf_counter() - begin
                self._depth = 0

        return timed


@contextlib.contextmanager
def _metered(feature: str) -> Iterator[Meter]:
    meter = Meter()
    with contextlib.ExitStack() as stack:
        for owner, name in FEATURES[feature][1]:
            if owner is kernel_engine:
                # The engine's own use of the codec, and nobody else's.
                given: Any = SimpleNamespace(
                    canonical=meter.around(codec.canonical),
                    load=codec.load,
                    reply_adapter=codec.reply_adapter,
                )
            else:
                given = meter.around(getattr(owner, name))
            stack.enter_context(mock.patch.object(owner, name, given))
        yield meter


def measure(ground: mix.Ground, calls: Sequence[mix.Call]) -> list[results.Result]:
    """One result a feature: microseconds an action, beside the whole action's in the same rounds."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in FEATURES}
    for _ in range(ROUNDS):
        for name in FEATURES:
            engine = ground.copy(database.SqliteDatabase(None))
            with _metered(name) as meter:
                begin = time.perf_counter()
                for call in calls:
                    call.on(engine)
                whole = time.perf_counter() - begin
            engine.parts.db.close()
            found[name].append((meter.seconds / len(calls), whole / len(calls)))
    made = []
    for name, rounds in found.items():
        # The round with the middle share, so that cost and whole belong together.
        cost, whole = sorted(rounds, key=lambda one: one[0] / one[1])[len(rounds) // 2]
        about = f"{FEATURES[name][0]}; the baseline is the whole action, so the ratio is its share"
        made.append(
            results.Result(
                name=f"engine_feature_{name}",
                value=cost * _MICRO,
                unit="µs/action",
                baseline=whole * _MICRO,
                options={"about": about, "storage": "memory", "rounds": ROUNDS},
            )
        )
    return made


# -- the profile -----------------------------------------------------------------------------------


def profile(ground: mix.Ground, calls: Sequence[mix.Call]) -> list[dict[str, Any]]:
    """The functions with the most cumulative time, a row each; times in microseconds an action."""
    engine = ground.copy(database.SqliteDatabase(None))
    profiler = cProfile.Profile()
    profiler.enable()
    for call in calls:
        call.on(engine)
    profiler.disable()
    engine.parts.db.close()
    # What pstats keeps of a function: its callers' counts, calls, own and cumulative seconds.
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]]
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    longest = sorted(stats.items(), key=lambda one: one[1][3], reverse=True)[:PROFILED]
    return [
        {
            "function": _place(*function),
            "calls": results.rounded(count / len(calls)),
            "own_us": results.rounded(own * _MICRO / len(calls)),
            "cumulative_us": results.rounded(cumulative * _MICRO / len(calls)),
        }
        for function, (_, count, own, cumulative, _) in longest
    ]


def _place(file: str, line: int, name: str) -> str:
    path = Path(file)
    if file in ("~", ""):
        return name.strip("<>")
    inside = path.is_relative_to(ROOT) and ".venv" not in path.parts
    shown = path.relative_to(ROOT).as_posix() if inside else path.name
    return f"{shown}:{line} {name}"
