"""What outsiders say of an enterprise and of who acts for it (IDV-6), beside its review.

The register is asked with two elements (name and code), three (with the legal representative) or four
(with the representative's number). Authority is shown by being the representative, by one fen from the
corporate account to a one-time sub-account, by the representative in the app, or by a letter.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.registration.model.claims import AuthorityWay, Claim, ReasonTold

REVERSE_PAYMENT_FEN = 1


class CheckStatus(enum.StrEnum):
    """Where a check with the register stands."""

    ASKED = "asked"  # the register moves next
    MATCHED = "matched"
    MISMATCHED = "mismatched"


REGISTER_CHECK = Workflow(
    "register check",
    CheckStatus.ASKED,
    {
        CheckStatus.ASKED: {"match": CheckStatus.MATCHED, "mismatch": CheckStatus.MISMATCHED},
        CheckStatus.MATCHED: {},
        CheckStatus.MISMATCHED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCheck:
    """A question to the register about a claim or a change (`about`), and its answer."""

    id: str
    about: str
    elements: int
    status: CheckStatus
    reason: str
    mismatched: tuple[str, ...]
    reference: str
    created_at: int
    decided_at: int | None


class PaymentStatus(enum.StrEnum):
    """Where a reverse payment stands; that its time is over is derived."""

    AWAITING = "awaiting"  # the enterprise pays next
    MATCHED = "matched"
    FAILED = "failed"  # another one may be started, three in all


REVERSE_PAYMENT = Workflow(
    "reverse payment",
    PaymentStatus.AWAITING,
    {
        PaymentStatus.AWAITING: {"match": PaymentStatus.MATCHED, "fail": PaymentStatus.FAILED},
        PaymentStatus.MATCHED: {},
        PaymentStatus.FAILED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePayment:
    """One fen that the enterprise pays to a sub-account made for it; never given back, no invoice.

    `reason` is why it failed: payer_differs, amount_differs or late.
    """

    id: str
    claim_id: str
    sub_account: str
    amount_fen: int
    status: PaymentStatus
    reason: str
    trade_no: str
    created_at: int
    expires_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePaymentAsked:
    """What the claimant tells their accountant."""

    payment_id: str
    account_name: str
    bank: str
    sub_account: str
    amount_fen: int
    expires_at: int
    tries_left: int


class RequestStatus(enum.StrEnum):
    """Where a request to the legal representative stands; that its time is over is derived."""

    ASKED = "asked"  # the representative moves next
    AUTHORIZED = "authorized"
    CANCELLED = "cancelled"  # asked again, perhaps at another number


REPRESENTATIVE_REQUEST = Workflow(
    "request to the representative",
    RequestStatus.ASKED,
    {
        RequestStatus.ASKED: {
            "authorize": RequestStatus.AUTHORIZED,
            "cancel": RequestStatus.CANCELLED,
        },
        RequestStatus.AUTHORIZED: {},
        RequestStatus.CANCELLED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeRequest:
    """The representative was asked to authorize a claimant. The number is kept masked, and findable."""

    id: str
    claim_id: str
    phone: str
    status: RequestStatus
    account_id: str | None
    created_at: int
    expires_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationAsked:
    """What the representative is asked in the app: who wants to act for which enterprise."""

    claim_id: str
    enterprise: str
    uscc: str
    claimant: str
    asked_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How far the verification of a claim is.

    `register` is asked, matched or mismatched; `authority` is shown, in_review (a letter, which the
    reviewers judge) or missing; `way` is how it was or is to be shown.
    """

    register: str
    elements: int
    mismatched: tuple[str, ...]
    reason: str
    authority: str
    way: AuthorityWay
    payment: ReversePayment | None
    payment_expired: bool
    payment_tries_left: int
    representative_asked: bool
    representative_phone: str

    @property
    def complete(self) -> bool:
        """Whether nothing of it is missing, the reviewers' judgement of a letter aside."""
        return self.register == CheckStatus.MATCHED and self.authority != "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDetail:
    """A claim as its claimant sees it."""

    claim: Claim
    verification: Verification
    reasons: tuple[ReasonTold, ...]
