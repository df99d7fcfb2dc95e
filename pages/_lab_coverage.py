"""What a run reached and what never: states, transitions, reasons, faults, kinds of messages."""

from __future__ import annotations

from pages import _console
from pages._console import _
from simulations.runs import Folder


def draw(folder: Folder) -> None:
    """Each kind of thing with how much of it was reached, and the names of what never was."""
    told = folder.coverage()
    if not told:
        _console.empty(_("This run has left no coverage. It is made at the end of a run."))
        return
