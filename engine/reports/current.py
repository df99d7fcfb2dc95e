"""The copy that a reader asks now: the world's own, brought up to date, or that of a finished run."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.kernel import catalog, errors
from engine.kernel.engine import Engine
from engine.reports import snapshot
from engine.reports.snapshot import Freshness

# Where `yinxin simulate` and the lab put their runs unless they are told otherwise.
RUNS = Path(os.environ.get("YINXIN_RUNS", catalog.DATA / "var" / "runs"))


@functools.lru_cache(maxsize=8)
def _kept_for(engine: Engine) -> Path:
    """Where a world in memory keeps its copy while it lives."""
    return snapshot.scratch()


def path_of(engine: Engine, place: Path | None, run: str = "") -> Path:
    """The published copy of the world in a folder, brought up to date, or that of a run.

    Raises: RunUnknown, NotFound.
    """
    if run:
        path: Path | None = snapshot.of_run(RUNS, run)
    else:
        folder = (place or _kept_for(engine)) / "analytics"
        snapshot.refresh(engine, folder)
        path = snapshot.newest(folder)
    if path is None:
        raise errors.NotFound(what="report")
    return path


@contextlib.contextmanager
def copy_of(engine: Engine, place: Path | None, run: str = "") -> Iterator[tuple[Any, Freshness]]:
    """The copy of the world in a folder (None: in memory) or of a run, and how far it goes.

    Raises: RunUnknown, NotFound.
    """
    path = path_of(engine, place, run)
    with snapshot.open_copy(path) as copy:
        yield copy, snapshot.freshness(copy)


def runs() -> list[str]:
    """The finished runs that reports can be asked of, the newest first."""
    return snapshot.runs(RUNS) if RUNS.is_dir() else []
