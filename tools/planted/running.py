"""Planting bugs in a copy of the tree and running the tests that must notice them.

The copy lies in a temporary folder and shares the environment; nothing is ever changed in the tree itself.
A bug is caught when each of its tests fails in its own body by an assertion or a refusal. An error of the
kind that a careless change makes by itself (a name, a type, an import) catches nothing, nor does one while
collecting or setting up.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.planted import catalogue
from tools.planted.catalogue import ROOT, Bug

# What a change that is only careless ends by: it shows nothing about the tests.
CARELESS = frozenset(
    {
        "AttributeError",
        "ImportError",
        "NameError",
        "NotImplementedError",
        "SyntaxError",
        "TypeError",
    }
)
SECONDS = 300.0
# Beside what is under version control: what the tree is run with.
_BESIDES = ("data/locales/*/LC_MESSAGES/*.mo",)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one bug: `caught`, or why not; its seconds."""

    bug: str
    caught: bool
    why: str
    seconds: float


def files_of(root: Path = ROOT) -> list[str]:
    """The files of the tree as it is now, those that are not committed yet among them."""
    listed = ("git", "-C", str(root), "ls-files", "-z", "-c", "-o", "--exclude-standard")
    done = subprocess.run(listed, capture_output=True, check=True)
    named = {name for name in done.stdout.decode().split("\0") if name}
    named |= {one.relative_to(root).as_posix() for kind in _BESIDES for one in root.glob(kind)}
    return sorted(name for name in named if (root / name).is_file())


@contextmanager
def scratch(root: Path = ROOT) -> Iterator[Path]:
    """A copy of the tree in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder) / "tree"
        for name in files_of(root):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # Somebody may be at work in the tree: a file that has just gone is not copied.
            with suppress(FileNotFoundError):
                shutil.copy2(root / name, target)
        (copy / ".venv").symlink_to(root / ".venv")
        yield copy


@contextmanager
def planted(bug: Bug, copy: Path) -> Iterator[None]:
    """The bug stands in the copy for a while.

    Raises: ValueError where its place has changed.
    """
    texts = catalogue.changed(bug, copy)
    before = {name: (copy / name).read_bytes() for name in texts}
    try:
        for name, text in texts.items():
            _write(copy / name, text.encode())
        yield
    finally:
        for name, content in before.items():
            _write(copy / name, content)


def _write(path: Path, content: bytes) -> None:
    """Write a file of the copy; what Python compiled of it before is of another text."""
    path.write_bytes(content)
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()


def run(
    copy: Path, tests: Sequence[str], *, seconds: float = SECONDS
) -> list[dict[str, Any]] | None:
    """Run tests in the copy; what became of each phase, or None where the time was over."""
    told = copy.parent / "outcomes.json"
    told.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
        *("-p", "tools.planted.outcomes", "--tb=short", *tests),
    ]
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("YINXIN_COUNTS", "PYTHONPATH")
    }
    environment |= {"PYTHONPATH": str(copy), "YINXIN_OUTCOMES": str(told)}
    process = subprocess.Popen(
        command,
        cwd=copy,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    found: list[dict[str, Any]] = json.loads(told.read_text("utf-8")) if told.exists() else []
    return found


def judged(bug: Bug, found: Sequence[dict[str, Any]] | None) -> str:
    """Why a bug is not caught by what its tests did; empty where it is."""
    if found is None:
        return "its tests did not come to an end"
    for one in found:
        if one["failed"] and one["when"] != "call":
            return f"{one['name']} failed while it was to {one['when']}: {one['told']}"
    for test in bug.tests:
        cases = [one for one in found if one["name"].split("[", 1)[0] == test]
        failed = [one for one in cases if one["failed"]]
        if not cases:
            return f"{test} was not run"
        if not failed:
            return f"{test} passes with it"
        if all(CARELESS & set(one["kinds"]) for one in failed):
            return f"{test} ends by an error of its own kind: {failed[0]['told']}"
    return ""


def canary(copy: Path, chosen: Sequence[Bug]) -> str:
    """Why the copy is not sound before anything is planted; empty where all tests pass."""
    tests = catalogue.tests_of(chosen)
    found = run(copy, tests, seconds=SECONDS * 6)
    if found is None:
        return "without a bug the tests did not come to an end"
    failed = [one for one in found if one["failed"]]
    if failed:
        return f"without a bug {failed[0]['name']} fails: {failed[0]['told']}"
    ran = {one["name"].split("[", 1)[0] for one in found}
    missing = sorted(set(tests) - ran)
    return f"{missing[0]} is not there" if missing else _imports_the_copy(copy)


def _imports_the_copy(copy: Path) -> str:
    """The tests of the copy have to be about the copy's code."""
    command = (sys.executable, "-c", "import engine, simulations; print(engine.__file__)")
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=True
    )
    where = Path(done.stdout.strip())
    return "" if where.is_relative_to(copy) else f"the tests of the copy run {where}"


def plant_all(chosen: Sequence[Bug], root: Path = ROOT) -> Iterable[Told]:
    """Plant one bug after the other; first the canary, which is told as a bug without a name."""
    with scratch(root) as copy:
        start = time.monotonic()
        why = canary(copy, chosen)
        yield Told("", not why, why, time.monotonic() - start)
        if why:
            return
        for bug in chosen:
            yield plant(bug, copy)


def plant(bug: Bug, copy: Path) -> Told:
    """Plant one bug in a copy and run its tests."""
    start = time.monotonic()
    try:
        with planted(bug, copy):
            why = judged(bug, run(copy, bug.tests))
    except ValueError as problem:
        why = str(problem)
    return Told(bug.id, not why, why, time.monotonic() - start)
