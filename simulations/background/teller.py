"""Who works tells how far it is, twice a second at most, and does what the folder was told."""

from __future__ import annotations

import abc
import contextlib
import errno
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.kernel import clock, errors
from simulations.background.folder import WorkFolder, write_json
from simulations.background.refusals import RunFolderUnusable
from simulations.background.telling import Order, State, WorkProgress
from simulations.shards import Stopped

_WRITE_EVERY_S = 0.5
_LOOK_S = 0.2
# What SQLite says of a disk that is full.
_FULL = "database or disk is full"


class Teller(abc.ABC):
    """Keeps the state of some work and the time that it takes, and writes both where others look."""

    def __init__(self, folder: WorkFolder, share_before: float) -> None:
        self._folder = folder
        self._wall = clock.SystemClock()
        self._began = time.monotonic()
        self._waited = 0.0
        self._share_before = share_before
        self._due = 0.0
        self._state: State = "starting"
        self._refusal: errors.EngineError | None = None

    @abc.abstractmethod
    def progress(self, problem: str = "") -> WorkProgress:
        """Everything together, as it is now."""

    @property
    def seconds(self) -> float:
        """How long this process has worked, pauses aside."""
        return time.monotonic() - self._began - self._waited

    def beat(self) -> None:
        """Say that the work is alive though there is nothing new."""
        self.write(soon=False)

    def becomes(self, state: State, problem: str = "") -> None:
        """It is in another state from now on."""
        self._state = state
        self.write(problem=problem)

    def paused(self, wait: Callable[[], None]) -> None:
        """Wait, in the state paused; the time that passes is nobody's."""
        before, since = self._state, time.monotonic()
        self.becomes("paused")
        try:
            wait()
        finally:
            self._waited += time.monotonic() - since
            self.becomes(before if before != "paused" else "running")

    def refuse(self, refusal: errors.EngineError) -> None:
        """It has failed of this."""
        self._refusal = refusal
        self.becomes("failed", problem=refusal.message())

    def left(self, share: float) -> float | None:
        """How many seconds are left by the share that is done; None where that cannot be told yet."""
        gained = share - self._share_before
        if gained <= 0.005 or self._state not in ("running", "paused"):
            return None
        return round(self.seconds * (1 - share) / gained, 1)

    def write(self, *, soon: bool = True, problem: str = "") -> None:
        """Write the progress: at once, or when it is time again."""
        moment = time.monotonic()
        if not soon and moment < self._due:
            return
        self._due = moment + _WRITE_EVERY_S
        told = self.progress(problem)
        if self._refusal is not None:
            params = {"refused": self._refusal.code, "params": self._refusal.params}
            told = told.model_copy(update=params)
        write_json(self._folder.path / "progress.json", told.model_dump(mode="json"))


_Tally = TypeVar("_Tally", bound=Teller)


@dataclass(frozen=True, slots=True)
class Watch(Generic[_Tally]):
    """Where to tell, and what one was told."""

    tally: _Tally
    orders: Callable[[], Order]

    def obey(self) -> None:
        """Wait while the work is paused.

        Raises: Stopped.
        """
        if self.orders() == "pause":
            self.tally.paused(self._wait)
        if self.orders() == "stop":
            self.tally.becomes("stopping")
            raise Stopped

    def _wait(self) -> None:
        never = threading.Event()
        while self.orders() == "pause":
            never.wait(_LOOK_S)
            self.tally.beat()


class Orders:
    """What the folder was told, read now and then; `stopping` is asked each time."""

    def __init__(self, folder: WorkFolder, stopping: Callable[[], bool]) -> None:
        self._folder, self._stopping = folder, stopping
        self._due = 0.0
        self._order: Order = "go"

    def __call__(self) -> Order:
        if self._stopping():
            return "stop"
        moment = time.monotonic()
        if moment >= self._due:
            self._due = moment + _LOOK_S
            self._order = self._folder.order()
        return self._order


@contextlib.contextmanager
def told_of(
    folder: WorkFolder, tally: _Tally, stopping: Callable[[], bool] = lambda: False
) -> Iterator[Watch[_Tally]]:
    """While somebody works: whatever ends it badly leaves its word in `progress.json` and is raised.

    Raises: RunFolderUnusable for what the system refuses; what the work raises.
    """
    try:
        folder.keep_reserve()
        tally.becomes("starting")
        yield Watch(tally=tally, orders=Orders(folder, stopping))
    except (Stopped, KeyboardInterrupt):
        tally.becomes("stopped")
        raise
    except OSError as problem:
        raise _refused_by_system(folder, tally, problem) from problem
    except errors.EngineError as refusal:
        tally.refuse(refusal)
        raise
    except Exception as problem:
        if _FULL in str(problem):
            full = OSError(errno.ENOSPC, str(problem))
            raise _refused_by_system(folder, tally, full) from problem
        tally.becomes("failed", problem=f"{type(problem).__name__}: {problem}")
        raise
    finally:
        folder.free_reserve()


def _refused_by_system(folder: WorkFolder, tally: Teller, problem: OSError) -> RunFolderUnusable:
    folder.free_reserve()
    for draft in folder.path.rglob("*.new*"):
        draft.unlink(missing_ok=True)
    full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
    why = "the disk is full; make room, then resume the run" if full else str(problem)
    tally.becomes("failed", problem=why)
    return RunFolderUnusable(file=str(folder.path), problem=why)
