"""Work as a process of the system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from engine.kernel import catalog

# Held so that the system is told when one has ended, as long as whoever started it lives.
_begun: list[subprocess.Popen[bytes]] = []


def begin(module: str, path: Path, lock: int) -> None:
    """Begin `python -m module FOLDER LOCK`, which holds the folder from its first moment on."""
    _begun[:] = [one for one in _begun if one.poll() is None]
    with (path / "run.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(path.resolve()), str(lock)],
            cwd=catalog.DATA.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock,),
            env={**os.environ, "PYTHONUTF8": "1"},
        )
    _begun.append(process)


def stoppable() -> Callable[[], bool]:
    """Be a process that SIGTERM and SIGINT ask to stop; whether one has."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: told.append(received))
    return lambda: bool(told)
