"""An order and the table of its steps."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class OrderStatus(enum.StrEnum):
    """Where an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"  # the applicant pays
    AWAITING_PAPERS = "awaiting_papers"  # the applicant uploads
    PLATFORM_REVIEW = "platform_review"  # the platform's reviewer decides
    AGENCY_REVIEW = "agency_review"  # the CA's reviewer decides
    AWAITING_DOWNLOAD = "awaiting_download"  # the applicant downloads and sets a PIN
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


_S = OrderStatus


ORDER = Workflow(
    "order",
    _S.AWAITING_PAYMENT,
    {
        _S.AWAITING_PAYMENT: {
            "pay_then_papers": _S.AWAITING_PAPERS,
            "pay_then_review": _S.PLATFORM_REVIEW,
            "pay_then_download": _S.AWAITING_DOWNLOAD,
            "cancel": _S.CANCELLED,
        },
        _S.AWAITING_PAPERS: {"attach": _S.PLATFORM_REVIEW, "cancel": _S.CANCELLED},
        _S.PLATFORM_REVIEW: {
            "approve": _S.AGENCY_REVIEW,
            "reject": _S.REJECTED,
            "cancel": _S.CANCELLED,
        },
        _S.AGENCY_REVIEW: {
            "approve_paid": _S.AWAITING_DOWNLOAD,
            "approve_unpaid": _S.AWAITING_PAYMENT,
            "look_again": _S.PLATFORM_REVIEW,
            "reject": _S.REJECTED,
            "cancel": _S.CANCELLED,
        },
        _S.AWAITING_DOWNLOAD: {"complete": _S.COMPLETED},
        _S.COMPLETED: {},
        _S.REJECTED: {},
        _S.CANCELLED: {},
    },
)


IN_REVIEW = frozenset({_S.PLATFORM_REVIEW, _S.AGENCY_REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A certificate order. `policy_version` is the CA's price list it was made under, `platform_version`
    what the platform asked for then (empty for orders from before that was kept).

    `certificate_until` is the instant at which its certificate ends (exclusive), once there is one.
    """

    id: str
    number: str
    account_id: str
    enterprise_id: str
    platform_id: str
    agency_id: str
    seal_agency_id: str
    certificate_kind: str
    years: int
    amount_fen: int
    policy_version: str
    status: OrderStatus
    papers: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    platform_approved_by: str | None
    agency_approved_by: str | None
    paid_at: int | None
    created_at: int
    ended_at: int | None
    certificate_until: int | None = None
    platform_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperUpload:
    """A paper that the platform asked for: its code and the file."""

    code: str
    content: bytes
