"""Changes of an enterprise's particulars: reviewed, and with every consequence listed before (ENT-4)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.notes import Note
from engine.kernel.workflow import Workflow
from engine.registration.model.claims import Paper, PaperAsked, ReasonTold


class ChangeStatus(enum.StrEnum):
    """Where a change stands."""

    IN_REVIEW = "in_review"  # a reviewer moves next
    APPROVED = "approved"
    REJECTED = "rejected"  # the administrator may ask again with corrected papers


_S = ChangeStatus
CHANGE = Workflow(
    "change of particulars",
    _S.IN_REVIEW,
    {
        _S.IN_REVIEW: {"approve": _S.APPROVED, "reject": _S.REJECTED},
        _S.APPROVED: {},
        _S.REJECTED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseChange:
    """A change that an administrator asked for. The representative's name and number are ciphertexts.

    `changed` names the fields that differ; `consequences` is the list that was confirmed.
    """

    id: str
    enterprise_id: str
    account_id: str
    name: str
    legal_representative: bytes
    legal_representative_id: bytes
    changed: tuple[str, ...]
    papers: tuple[Paper, ...]
    consequences: tuple[Note, ...]
    status: ChangeStatus
    reasons: tuple[str, ...]
    created_at: int
    decided_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetail:
    """A change as its administrator sees it, and why it was rejected."""

    change: EnterpriseChange
    reasons: tuple[ReasonTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePreview:
    """What a change would bring about, and which papers it needs, before anything is asked for."""

    changed: tuple[str, ...]
    consequences: tuple[Note, ...]
    papers: tuple[PaperAsked, ...]
