"""Opening, claiming, holding and deciding cases.

What a decision means belongs to the stage of its subject: the facts `case.approved` and
`case.rejected` are answered in `boot`'s table.
"""

from engine.reviewing.actions.deciding import ReasonUnknown, approve, reject
from engine.reviewing.actions.opening import close_open, open_case, withdraw
from engine.reviewing.actions.sheets import keep_sheet
from engine.reviewing.actions.urging import NothingToUrge, urge, urge_own
from engine.reviewing.actions.working import (
    MakerIsNotChecker,
    NotYourCase,
    ReasonMissing,
    TakenByColleague,
    claim,
    hold,
    release,
    resume,
)

__all__ = [
    "MakerIsNotChecker",
    "NotYourCase",
    "NothingToUrge",
    "ReasonMissing",
    "ReasonUnknown",
    "TakenByColleague",
    "approve",
    "claim",
    "close_open",
    "hold",
    "keep_sheet",
    "open_case",
    "reject",
    "release",
    "resume",
    "urge",
    "urge_own",
    "withdraw",
]
