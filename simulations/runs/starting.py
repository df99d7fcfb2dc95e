"""A run as a process of the system: it outlives the page and the command that began it."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.kernel import errors
from simulations import background
from simulations.background import write_json
from simulations.runs.folder import Folder
from simulations.runs.plan import Plan
from simulations.runs.running import begun, carry_out
from simulations.runs.telling import RunProgress
from simulations.shards import Stopped

_RUN_ENDED_BADLY, _STOPPED, _BROKEN = 2, 130, 1


def start(plan: Plan, path: Path) -> Folder:
    """Begin a run in a folder, as a process of its own; at once, without waiting for anything of it.

    What is there already of the same plan is kept: to start again is to resume.
    Raises: RunBusy, OtherPlan, CodeChanged; RunFolderUnusable.
    """
    folder = Folder(path)
    with folder.held() as lock:
        begun(plan, folder)
        write_json(path / "progress.json", RunProgress(state="starting").model_dump(mode="json"))
        background.begin("simulations.runs", path, lock)
    return folder


def resume(path: Path) -> Folder:
    """Begin a run again that was stopped or killed, or failed: what its shards have finished is kept.

    Raises: NoRun, PlanWrong; RunBusy, CodeChanged.
    """
    return start(Folder(path).plan(), path)


def serve(path: Path, lock: int | None = None) -> int:
    """Be the process of a run; its exit code: 0 good, 1 an invariant broken, 2 failed, 130 stopped."""
    stopping, folder = background.stoppable(), Folder(path)
    try:
        result = carry_out(folder.plan(), folder, stopping=stopping, lock=lock)
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
