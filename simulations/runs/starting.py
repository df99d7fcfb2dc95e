"""A run as a process of the system: it outlives the page and the command that began it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.kernel import catalog, errors
from simulations.runs.folder import Folder, write_json
from simulations.runs.plan import Plan
from simulations.runs.running import begun, carry_out
from simulations.runs.telling import RunProgress
from simulations.shards import Stopped

_RUN_ENDED_BADLY, _STOPPED, _BROKEN = 2, 130, 1
# Held so that the system is told when one has ended, as long as whoever started it lives.
_begun: list[subprocess.Popen[bytes]] = []


def start(plan: Plan, path: Path) -> Folder:
    """Begin a run in a folder, as a process of its own; at once, without waiting for anything of it.

    What is there already of the same plan is kept: to start again is to resume.
    Raises: RunBusy, OtherPlan, CodeChanged; RunFolderUnusable.
    """
    folder = Folder(path)
    with folder.held() as lock:
        begun(plan, folder)
        write_json(path / "progress.json", RunProgress(state="starting").model_dump(mode="json"))
        _begin(path, lock)
    return folder


def resume(path: Path) -> Folder:
    """Begin a run again that was stopped or killed, or failed: what its shards have finished is kept.

    Raises: NoRun, PlanWrong; RunBusy, CodeChanged.
    """
    return start(Folder(path).plan(), path)


def _begin(path: Path, lock: int) -> None:
    _begun[:] = [one for one in _begun if one.poll() is None]
    with (path / "run.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "simulations.runs", str(path.resolve()), str(lock)],
            cwd=catalog.DATA.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            # It holds the folder from its first moment on.
            pass_fds=(lock,),
            env={**os.environ, "PYTHONUTF8": "1"},
        )
    _begun.append(process)


def serve(path: Path, lock: int | None = None) -> int:
    """Be the process of a run; its exit code: 0 good, 1 an invariant broken, 2 failed, 130 stopped."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: told.append(received))
    folder = Folder(path)
    try:
        result = carry_out(folder.plan(), folder, stopping=lambda: bool(told), lock=lock)
    except Stopped:
        return _STOPPED
    except errors.EngineError as refusal:
        sys.stderr.write(f"{refusal.message()}\n")
        return _RUN_ENDED_BADLY
    return _BROKEN if result.violations else 0


def listed(place: Path) -> list[Folder]:
    """The runs whose folders are in a place, the newest first."""
    if not place.is_dir():
        return []
    found = [
        Folder(path)
        for path in place.iterdir()
        if (path / "plan.json").is_file() or (path / "manifest.json").is_file()
    ]
    return sorted(found, key=lambda one: (_began_at(one), one.name), reverse=True)


def _began_at(folder: Folder) -> int:
    for name in ("plan.json", "manifest.json"):
        path = folder.path / name
        if path.is_file():
            return path.stat().st_mtime_ns
    return 0
