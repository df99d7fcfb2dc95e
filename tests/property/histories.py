"""Histories of a state machine as files: what failed is saved, and whatever was saved is walked again.

A file is JSON: which machine, and its steps as (rule, arguments). `recorded` makes a machine write down the
steps that it takes; `Saving` is its test case, which saves the history that Hypothesis came down to. Such a
file is walked again by

    .venv/bin/python -m pytest tests/property/test_histories.py --history FILE

and those in `tests/property/histories/` with every run of the tests: a bug's history goes there before the
bug is mended, and stays.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import os
import unittest
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import stateful

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("histories")
FORMAT = "yinxin history 1"
_MARKERS = (stateful.RULE_MARKER, stateful.INITIALIZE_RULE_MARKER)
Step = tuple[str, dict[str, Any]]


def folder() -> Path:
    """Where a failing history is saved: `YINXIN_HISTORIES`, by default below data/var."""
    return Path(os.environ.get("YINXIN_HISTORIES", ROOT / "data" / "var" / "histories"))


def recorded(machine: type) -> type:
    """The machine, which keeps the steps that its newest instance took as `newest`."""
    for name in dir(machine):
        found = getattr(machine, name, None)
        for marker in _MARKERS:
            rule = getattr(found, marker, None)
            if rule is not None:
                setattr(machine, name, _watched(machine, name, found, marker, rule))
    return machine


def _watched(machine: type, name: str, found: Any, marker: str, rule: Any) -> Any:
    def step(self: Any, **given: Any) -> Any:
        if marker == stateful.INITIALIZE_RULE_MARKER:
            machine.newest = []  # type: ignore[attr-defined]
        machine.newest.append((name, given))  # type: ignore[attr-defined]
        return found(self, **given)

    def called(self: Any, *args: Any, **given: Any) -> Any:
        return found(self, *args, **given)

    step.__name__ = called.__name__ = name
    step.__doc__ = called.__doc__ = found.__doc__
    setattr(called, marker, dataclasses.replace(rule, function=step))
    conditions = getattr(found, stateful.PRECONDITIONS_MARKER, None)
    if conditions is not None:
        setattr(called, stateful.PRECONDITIONS_MARKER, conditions)
    return called


def save(
    machine: type, steps: list[Step], problem: BaseException, into: Path | None = None
) -> Path:
    """Write a history down; the file."""
    told = {
        "format": FORMAT,
        "machine": f"{machine.__module__}:{machine.__name__}",
        "problem": f"{type(problem).__name__}: {problem}"[:2_000],
        "steps": [[name, given] for name, given in steps],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    digest = hashlib.sha256(json.dumps(told["steps"]).encode()).hexdigest()[:12]
    path = (into or folder()) / f"{machine.__name__.lower()}-{digest}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def walk(path: Path) -> None:
    """Take the steps of a file, with everything that always holds after each.

    Raises: ValueError for what is no history; whatever the machine finds.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("format") != FORMAT:
        raise ValueError(f"{path} is no history")
    module, _, name = told["machine"].partition(":")
    walk_steps(getattr(importlib.import_module(module), name), told["steps"])


def walk_steps(machine: type, steps: Sequence[Any]) -> Any:
    """Take steps in a new machine, which is torn down afterwards; the machine."""
    made = machine()
    try:
        take(made, steps)
    finally:
        made.teardown()
    return made


def take(machine: Any, steps: Sequence[Any]) -> None:
    """Take steps, and see after each that everything holds that always holds."""
    holds = [
        function
        for function in (getattr(machine, name) for name in dir(type(machine)))
        if getattr(function, stateful.INVARIANT_MARKER, None)
    ]
    for name, given in steps:
        getattr(machine, name)(**{key: _frozen(value) for key, value in given.items()})
        for function in holds:
            function()


def _frozen(value: Any) -> Any:
    """JSON knows no tuples, which is what rules are given where they are given several things."""
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def saving(machine: type, settings: Any) -> type[unittest.TestCase]:
    """The machine's test case, which saves the history that failed and says how to walk it again."""
    plain = machine.TestCase  # type: ignore[attr-defined]
    plain.settings = settings

    class Saving(plain):  # type: ignore[misc, valid-type]
        def runTest(self) -> None:
            """Hypothesis' own; the last history that it walks is the smallest that fails."""
            try:
                super().runTest()
            except Exception as problem:
                path = save(machine, machine.newest, problem)  # type: ignore[attr-defined]
                problem.add_note(
                    "walk it again: .venv/bin/python -m pytest"
                    f" tests/property/test_histories.py --history {path}"
                )
                raise

    Saving.__name__ = Saving.__qualname__ = f"Test{machine.__name__}"
    # As Hypothesis marks its own, so that pytest and the counts know it.
    Saving.runTest.is_hypothesis_test = True  # type: ignore[attr-defined]
    Saving.runTest._hypothesis_internal_use_settings = settings  # type: ignore[attr-defined]
    return Saving
