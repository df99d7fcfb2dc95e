"""An order and the table of its steps."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel import clock
from engine.kernel.workflow import Workflow


class Product(enum.StrEnum):
    """What kind of certificate an order is for (CRT-1, CRT-2)."""

    ENTERPRISE = "enterprise"  # of an enterprise, for a term
    INDIVIDUAL = "individual"  # of a person of their own, for a term
    EVENT = "event"  # for one act on one day


class Business(enum.StrEnum):
    """What is done with an order (CRT-3, ENT-3)."""

    NEW = "new"
    RENEWAL = "renewal"  # the same again, with the days that are left
    REPLACEMENT = (
        "replacement"  # the phone is lost or the PIN forgotten: a new pair for the same term
    )
    CHANGE = "change"  # the enterprise's particulars changed: a new pair that names the new ones
    DELEGATION = "delegation"  # one for a member, within the enterprise's own


# Business whose new certificate takes the place of the old one, which ends when the new one is in use.
TAKING_OVER = frozenset({Business.RENEWAL, Business.REPLACEMENT, Business.CHANGE})


YEAR_MS = 365 * clock.DAY


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
            "pay_then_agency": _S.AGENCY_REVIEW,
            "pay_then_download": _S.AWAITING_DOWNLOAD,
            "cancel": _S.CANCELLED,
        },
        _S.AWAITING_PAPERS: {"attach": _S.PLATFORM_REVIEW, "cancel": _S.CANCELLED},
        _S.PLATFORM_REVIEW: {
            "approve": _S.AGENCY_REVIEW,
            "approve_alone_paid": _S.AWAITING_DOWNLOAD,
            "approve_alone_unpaid": _S.AWAITING_PAYMENT,
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
        _S.AWAITING_DOWNLOAD: {"complete": _S.COMPLETED, "cancel": _S.CANCELLED},
        _S.COMPLETED: {},
        _S.REJECTED: {},
        _S.CANCELLED: {},
    },
)


IN_REVIEW = frozenset({_S.PLATFORM_REVIEW, _S.AGENCY_REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One line of what an order costs: a code that is told in the reader's language, and the amount."""

    code: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A certificate order. `policy_version` is the CA's price list it was made under, `platform_version`
    what the platform asked for then (empty for orders from before that was kept).

    `holder` is for whom there is one open order and one living certificate per platform and product.
    `replaces` is the certificate before it, or the enterprise's own that a delegation is within, and
    `carries_until` when that one ends: the new one keeps to it. A term of 0 years is the rest of that
    term or, for an event, its one day. `certificate_until` is the instant at which its own certificate ends
    (exclusive), once there is one.
    """

    id: str
    number: str
    account_id: str
    enterprise_id: str | None
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
    product: Product = Product.ENTERPRISE
    business: Business = Business.NEW
    holder: str
    delegate_account_id: str | None = None
    scope: tuple[str, ...] = ()
    replaces: str | None = None
    why: str = ""
    carries_until: int | None = None
    download_mode: str = "manual"
    price: tuple[PriceLine, ...] = ()
    platform_reviews: int = 1
    agency_reviews: int = 1

    @property
    def downloader(self) -> str:
        """The account whose phone the certificate comes to: a delegate's, or the applicant's own."""
        return self.delegate_account_id or self.account_id

    @property
    def settled(self) -> bool:
        """Whether nothing is left to pay."""
        return self.paid_at is not None or self.amount_fen == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperUpload:
    """A paper that the platform asked for: its code and the file."""

    code: str
    content: bytes
