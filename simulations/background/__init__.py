"""Work that outlives the page and the command that began it: a process of the system and a folder.

Runs (`simulations.runs`) and what-ifs (`simulations.studies`) are of this kind. The folder holds what was
asked, how far it is, what it was told last, and what has come of it so far; whoever works holds its lock.
"""

from __future__ import annotations

from simulations.background.folder import WorkFolder, new_place, read_json, write_json
from simulations.background.process import begin, stoppable
from simulations.background.refusals import RunBusy, RunFolderUnusable
from simulations.background.teller import Teller, Watch, told_of
from simulations.background.telling import MOVING, Order, State, WorkProgress

__all__ = [
    "MOVING",
    "Order",
    "RunBusy",
    "RunFolderUnusable",
    "State",
    "Teller",
    "Watch",
    "WorkFolder",
    "WorkProgress",
    "begin",
    "new_place",
    "read_json",
    "stoppable",
    "told_of",
    "write_json",
]
