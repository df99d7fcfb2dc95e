"""Claims of enterprises, their papers, and what is asked to verify them (ENT-1, IDV-6)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.catalog import Text
from engine.kernel.workflow import Workflow


class ClaimStatus(enum.StrEnum):
    """Where an enterprise claim stands."""

    IN_REVIEW = "in_review"  # a reviewer moves next
    IN_SECOND_REVIEW = "in_second_review"  # another reviewer moves next
    APPROVED = "approved"
    REJECTED = "rejected"  # the claimant may claim again with corrected papers


_S = ClaimStatus
CLAIM = Workflow(
    "enterprise claim",
    _S.IN_REVIEW,
    {
        _S.IN_REVIEW: {"approve_in_part": _S.IN_SECOND_REVIEW, "reject": _S.REJECTED},
        _S.IN_SECOND_REVIEW: {
            "approve": _S.APPROVED,
            "approve_in_part": _S.IN_SECOND_REVIEW,
            "approvals_fell": _S.IN_REVIEW,
            "reject": _S.REJECTED,
        },
        _S.APPROVED: {},
        _S.REJECTED: {},
    },
)
# While a claim is in one of these, its verification goes on beside the review.
OPEN_CLAIMS = (_S.IN_REVIEW, _S.IN_SECOND_REVIEW)


class AuthorityWay(enum.StrEnum):
    """How a claimant shows that they may act for the enterprise."""

    REPRESENTATIVE = "representative"  # they are the legal representative, by all four elements
    LETTER = "letter"  # a stamped letter of authorization, which the reviewers judge
    PAYMENT = "payment"  # one fen from the corporate account
    APP = "app"  # the legal representative says so in the app


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperUpload:
    """A paper handed in: its code and the file."""

    code: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as it is kept."""

    code: str
    blob_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAsked:
    """A paper that a class of enterprise has to hand in.

    `condition` is empty, or `unless_representative`: needed where the claimant is somebody else and
    shows their authority in no other way.
    """

    code: str
    label: Text
    required: bool
    condition: str
    picture_only: bool
    word: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of an enterprise by a person. The representative's name and number are ciphertexts.

    `represents` is 1 when the claimant's proven name and number are the representative's.
    """

    id: str
    account_id: str
    subject_id: str
    name: str
    uscc: str
    legal_representative: bytes
    legal_representative_id: bytes | None
    represents: int
    authority: AuthorityWay
    papers: tuple[Paper, ...]
    status: ClaimStatus
    first_approved_by: str | None
    enterprise_id: str | None
    reasons: tuple[str, ...]
    created_at: int
    decided_at: int | None


def blob_of(papers: tuple[Paper, ...], code: str) -> str | None:
    """The kept file of a paper, or None when it was not handed in."""
    return next((paper.blob_id for paper in papers if paper.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonTold:
    """A reason of a rejection in both languages, and the field or paper that it is about."""

    code: str
    field: str
    text: Text
