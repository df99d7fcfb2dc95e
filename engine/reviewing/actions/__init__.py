"""Opening, claiming, holding and deciding cases.

What a decision means belongs to the stage of its subject: the facts `case.approved` and
`case.rejected` are answered in `boot`'s table.
"""

from engine.reviewing.actions.approving import EarlierApprovalFell, PapersChanged, approve
from engine.reviewing.actions.deciding import ReasonUnknown, reject
from engine.reviewing.actions.handing import (
    HandoverReasonMissing,
    NobodyHasIt,
    ReceiverMayNot,
    next_case,
    reassign,
    take_over,
)
from engine.reviewing.actions.opening import close_open, open_case, withdraw
from engine.reviewing.actions.sampling import NoteMissing, settle_difference
from engine.reviewing.actions.sheets import keep_sheet
from engine.reviewing.actions.urging import NothingToUrge, urge, urge_own
from engine.reviewing.actions.working import (
    HoldNoteMissing,
    HoldReasonUnknown,
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
    "EarlierApprovalFell",
    "HandoverReasonMissing",
    "HoldNoteMissing",
    "HoldReasonUnknown",
    "MakerIsNotChecker",
    "NobodyHasIt",
    "NotYourCase",
    "NoteMissing",
    "NothingToUrge",
    "PapersChanged",
    "ReasonMissing",
    "ReasonUnknown",
    "ReceiverMayNot",
    "TakenByColleague",
    "approve",
    "claim",
    "close_open",
    "hold",
    "keep_sheet",
    "next_case",
    "open_case",
    "reassign",
    "reject",
    "release",
    "resume",
    "settle_difference",
    "take_over",
    "urge",
    "urge_own",
    "withdraw",
]
