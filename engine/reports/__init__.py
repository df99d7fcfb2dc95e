"""Reports: DuckDB over an incremental copy of the world's tables, one `.sql` a report.

In a notebook:

    from engine import reports
    copy = reports.open("data/var/demo")
    copy.frame("orders", by="month", platforms=["guangzheng"])

Nothing is loaded before it is asked for: the command line imports this too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.reports.definitions import Definition
    from engine.reports.frames import FrameCopy, OpenWorld

__all__ = ["definition", "names", "open"]


def open(place: OpenWorld | Path | str) -> FrameCopy:
    """A copy to ask, read-only: of a world, of the folder of a world or a finished run, or a copy's file.

    Raises: NothingToOpen.
    """
    from engine.reports import frames

    return frames.open_copy(place)


def names() -> tuple[str, ...]:
    """The reports there are."""
    from engine.reports import catalog

    return catalog.NAMES


def definition(term: str) -> Definition:
    """What a term of the reports counts, in both languages.

    Raises: TermUnknown.
    """
    from engine.reports import definitions

    return definitions.of(term)
