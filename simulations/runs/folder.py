"""The folder of a run: what it says of itself while it runs and afterwards, and how it is told to wait.

Every file is written beside its place and renamed, so that a reader sees an old one or a new one and never
half of one. Whoever runs holds the lock of the folder, which the system gives back when they die: a
run that says it is running while nobody holds the lock was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulations import shards
from simulations.runs import plan as plans
from simulations.runs.plan import Plan
from simulations.runs.refusals import NoRun, RunBusy, RunFolderUnusable
from simulations.runs.telling import Order, RunProgress
from simulations.shards import Outcome

_SHARD = re.compile(r"shard-(\d+)-(\d+)\.json")
# Held back so that a run on a full disk can still say so.
_RESERVE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """A run by its folder. Reading changes nothing, and holds nothing up."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name: its folder's."""
        return self.path.name

    # -- what it is ------------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether there is a run of ours."""
        return (self.path / "plan.json").is_file()

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
            raise NoRun(what="run", path=str(self.path))
        return plans.read(self.path / "plan.json")

    def progress(self) -> RunProgress:
        """How far it is."""
        told = self._told()
        if told.moving and not self.is_held():
            # It may have ended between the two looks.
            told = self._told()
            if told.moving and not self.is_held():
                return told.model_copy(update={"state": "killed", "eta_s": None, "rate": 0.0})
        return told

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

    # -- who runs it -----------------------------------------------------------------------------

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
        """Hold the folder for running it; the number of the lock's file, which a child can be handed.

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
        # Who only looks holds it for a moment, so a refusal is asked for twice; a run holds it to its end.
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
        """Let it wait where it is, as soon as each shard has ended its step.

        Raises: NoRun.
        """
        self._tell("pause")

    def go(self) -> None:
        """Let it go on after a pause.

        Raises: NoRun.
        """
        self._tell("go")

    def stop(self) -> None:
        """End it now; what its shards have finished is kept, and `resume` goes on from there.

        Raises: NoRun.
        """
        self._tell("stop")

    def resume(self) -> Folder:
        """Begin it again as a process of its own; what its shards have finished is kept.

        Raises: NoRun, PlanWrong; RunBusy, CodeChanged.
        """
        # Here, because to begin a run is more than to look at one.
        from simulations.runs import starting

        return starting.resume(self.path)

    def _tell(self, order: Order) -> None:
        if not self.exists():
            raise NoRun(what="run", path=str(self.path))
        write_json(self.path / "control.json", {"order": order})

    # -- the reserve -----------------------------------------------------------------------------

    def keep_reserve(self) -> None:
        """Hold some bytes of the disk back, so that a run on a full disk can say so."""
        (self.path / ".reserve").write_bytes(b"\0" * _RESERVE_BYTES)

    def free_reserve(self) -> None:
        """Give those bytes to who has something to say."""
        (self.path / ".reserve").unlink(missing_ok=True)


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
