"""The folder of work: who holds it, what it was told, and files that are whole or not there.

Every file is written beside its place and renamed, so that a reader sees an old one or a new one and never
half of one. Whoever works holds the lock of the folder, which the system gives back when they die: work
that says it is going on while nobody holds the lock was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from engine.kernel import clock, errors
from simulations.background.refusals import RunBusy, RunFolderUnusable
from simulations.background.telling import Order, WorkProgress

# Held back so that work on a full disk can still say so.
_RESERVE_BYTES = 256 * 1024
_Progress = TypeVar("_Progress", bound=WorkProgress)


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """Work by its folder. Reading changes nothing, and holds nothing up."""

    path: Path

    @property
    def name(self) -> str:
        """What the work is called: as its folder."""
        return self.path.name

    def exists(self) -> bool:
        """Whether there is work of ours."""
        return (self.path / "plan.json").is_file()

    def missing(self) -> errors.EngineError:
        """What is raised where there is none."""
        raise NotImplementedError

    def resume(self) -> WorkFolder:
        """Begin it again as a process of its own; what is finished is kept."""
        raise NotImplementedError

    def _lives(self, told: Callable[[], _Progress]) -> _Progress:
        """The progress that is told, or that whoever worked was killed."""
        found = told()
        if found.moving and not self.is_held():
            # It may have ended between the two looks.
            found = told()
            if found.moving and not self.is_held():
                return found.model_copy(update={"state": "killed", "eta_s": None})
        return found

    # -- who works on it -------------------------------------------------------------------------

    def is_held(self) -> bool:
        """Whether somebody computes it now, on this machine or on one that shares the disk."""
        try:
            with (self.path / ".lock").open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    @contextlib.contextmanager
    def held(self, lock: int | None = None) -> Iterator[int]:
        """Hold the folder for working on it; the number of the lock's file, which a child can be handed.

        With the number that somebody handed over it is held already.
        Raises: RunBusy; RunFolderUnusable.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / ".lock").open("wb") if lock is None else os.fdopen(lock, "wb")
        except OSError as problem:
            raise RunFolderUnusable(
                file=str(self.path), problem=problem.strerror or str(problem)
            ) from problem
        with file:
            self._lock(file.fileno())
            yield file.fileno()

    def _lock(self, number: int) -> None:
        # Who only looks holds it for a moment, so a refusal is asked for twice; work holds it to its end.
        for _ in range(1_000):
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            return
        raise RunBusy(path=str(self.path))

    # -- telling it ------------------------------------------------------------------------------

    def order(self) -> Order:
        """What it was told last."""
        found = read_json(self.path / "control.json") or {}
        told = found.get("order")
        return told if told in ("pause", "stop") else "go"

    def pause(self) -> None:
        """Let it wait where it is, as soon as its present step is done.

        Raises: NoRun, NoStudy.
        """
        self._tell("pause")

    def go(self) -> None:
        """Let it go on after a pause.

        Raises: NoRun, NoStudy.
        """
        self._tell("go")

    def stop(self) -> None:
        """End it now; what is finished is kept, and `resume` goes on from there.

        Raises: NoRun, NoStudy.
        """
        self._tell("stop")

    def _tell(self, order: Order) -> None:
        if not self.exists():
            raise self.missing()
        write_json(self.path / "control.json", {"order": order})

    # -- the reserve -----------------------------------------------------------------------------

    def keep_reserve(self) -> None:
        """Hold some bytes of the disk back, so that work on a full disk can say so."""
        (self.path / ".reserve").write_bytes(b"\0" * _RESERVE_BYTES)

    def free_reserve(self) -> None:
        """Give those bytes to who has something to say."""
        (self.path / ".reserve").unlink(missing_ok=True)


def new_place(place: Path, stem: str) -> Path:
    """Where work that begins now goes: by the time, so that a list of folders tells their order."""
    now = clock.to_datetime(clock.SystemClock().now_ms()).astimezone(clock.SHANGHAI)
    stem = f"{now:%Y%m%d-%H%M%S}-{stem[:40]}"
    number, name = 2, stem
    while (place / name).exists():
        number, name = number + 1, f"{stem}-{number}"
    return place / name


def read_json(path: Path) -> dict[str, Any] | None:
    """A file's object; None where it is missing or not one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write an object whole or not at all."""
    # A name of its own: a page and a command may write the same file.
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, path)
