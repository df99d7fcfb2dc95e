"""Opening, claiming, holding and deciding cases.

What a decision means belongs to the stage of its subject: the facts `case.approved` and
`case.rejected` are answered in `boot`'s table.
"""

from engine.reviewing.actions.approving import EarlierApprovalFell, PapersChanged, approve
from engine.reviewing.actions.batches import (
    LookedAtAlone,
    approve_as_one_of_many,
    hold_as_one_of_many,
    put_back,
    reject_as_one_of_many,
    resume_as_one_of_many,
)
from engine.reviewing.actions.deciding import ReasonUnknown, reject
from engine.reviewing.actions.handing import (
    HandoverReasonMissing,
    NobodyHasIt,
    ReceiverMayNot,
    next_case,
    reassign,
    take_over,
)
from engine.reviewing.actions.noting import (
    HandoverTaken,
    NoteEmpty,
    NotForYou,
    NothingToHandOver,
    ReceiverUnknown,
    forget_handover,
    hand_over,
    note_case,
    take_handover,
)
from engine.reviewing.actions.opening import close_open, open_case, withdraw
from engine.reviewing.actions.sampling import NoteMissing, settle_difference
from engine.reviewing.actions.sheets import keep_sheet
from engine.reviewing.actions.urging import NothingToUrge, urge, urge_own
from engine.reviewing.actions.viewing import (
    NotYourView,
    ViewNameMissing,
    ViewNameTaken,
    change_view,
    count_views,
    delete_view,
    look,
    save_view,
)
from engine.reviewing.actions.working import (
    HandsFull,
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
    "HandoverTaken",
    "HandsFull",
    "HoldNoteMissing",
    "HoldReasonUnknown",
    "LookedAtAlone",
    "MakerIsNotChecker",
    "NobodyHasIt",
    "NotForYou",
    "NotYourCase",
    "NotYourView",
    "NoteEmpty",
    "NoteMissing",
    "NothingToHandOver",
    "NothingToUrge",
    "PapersChanged",
    "ReasonMissing",
    "ReasonUnknown",
    "ReceiverMayNot",
    "ReceiverUnknown",
    "TakenByColleague",
    "ViewNameMissing",
    "ViewNameTaken",
    "approve",
    "approve_as_one_of_many",
    "change_view",
    "claim",
    "close_open",
    "count_views",
    "delete_view",
    "forget_handover",
    "hand_over",
    "hold",
    "hold_as_one_of_many",
    "keep_sheet",
    "look",
    "next_case",
    "note_case",
    "open_case",
    "put_back",
    "reassign",
    "reject",
    "reject_as_one_of_many",
    "release",
    "resume",
    "resume_as_one_of_many",
    "save_view",
    "settle_difference",
    "take_handover",
    "take_over",
    "urge",
    "urge_own",
    "withdraw",
]
