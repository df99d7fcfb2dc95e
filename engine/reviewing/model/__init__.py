"""A review case: a question that a human answers, and the rules of answering it.

Four eyes stand here once for all (OPS-3): who made a thing, and whoever is named in `excluded`, can
neither claim nor decide its case; the database refuses it too. A lease is a promise of minutes: once
it has run out anybody else may claim the case, and nothing has to be written for that. Clocks run on
office hours and stand still while a case is held; whether one is overdue is derived when read.
"""

from engine.reviewing.model.approvals import (
    DIFFERENCE,
    Agreement,
    Approval,
    Difference,
    DifferenceStatus,
)
from engine.reviewing.model.board import Board, Breaches, KindCount, ReviewerCount
from engine.reviewing.model.case import (
    CASE,
    RIGHT_FOR,
    STAGE_BEFORE,
    Case,
    CaseStatus,
    Decision,
    open_at,
)
from engine.reviewing.model.clocks import Clocks, clocks, due_at, rung_before, warn_ms
from engine.reviewing.model.comparing import Changes, FieldChange, How, PaperChange, changes
from engine.reviewing.model.desk import (
    CaseNote,
    GivenHandover,
    HandoverList,
    HandoverRow,
    Looker,
    Note,
    ReceivedHandover,
    SavedView,
    View,
    about,
    wanted_of,
)
from engine.reviewing.model.evidence import Kept, evidence_digest, papers_of
from engine.reviewing.model.sheet import Check, Paper, Sheet, SheetField, coded
from engine.reviewing.model.wanted import STATES, Page, QueueRow, QueueState, Wanted

__all__ = [
    "CASE",
    "DIFFERENCE",
    "RIGHT_FOR",
    "STAGE_BEFORE",
    "STATES",
    "Agreement",
    "Approval",
    "Board",
    "Breaches",
    "Case",
    "CaseNote",
    "CaseStatus",
    "Changes",
    "Check",
    "Clocks",
    "Decision",
    "Difference",
    "DifferenceStatus",
    "FieldChange",
    "GivenHandover",
    "HandoverList",
    "HandoverRow",
    "How",
    "Kept",
    "KindCount",
    "Looker",
    "Note",
    "Page",
    "Paper",
    "PaperChange",
    "QueueRow",
    "QueueState",
    "ReceivedHandover",
    "ReviewerCount",
    "SavedView",
    "Sheet",
    "SheetField",
    "View",
    "Wanted",
    "about",
    "changes",
    "clocks",
    "coded",
    "due_at",
    "evidence_digest",
    "open_at",
    "papers_of",
    "rung_before",
    "wanted_of",
    "warn_ms",
]
