"""Orders as their applicants see them: what can be chosen, the list, and one order with its history."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.catalog import Text
from engine.ordering.model.order import Order, PriceLine
from engine.policies import model as policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term that can be chosen and what it costs; 0 years are the rest of a term, or an event's day."""

    years: int
    amount_fen: int
    price: tuple[PriceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one CA offers: to be compared with the others.

    `country_wide` is what the trust list says of it now, and `national_refused` why it says no.
    `measured_ms` is the median of its last `measured_of` decisions; None where they are too few to say.
    """

    agency_id: str
    label: Text
    country_wide: bool
    national_refused: Text | None
    certificate_kinds: tuple[str, ...]
    terms: tuple[Term, ...]
    pin_digits: int
    pin_tries: int
    promised_ms: int
    measured_ms: int | None
    measured_of: int
    refund_percent_ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A CA of the platform that does not offer this kind of order, and why."""

    agency_id: str
    label: Text
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What a platform offers and asks for with one kind of order, and what its CAs offer."""

    platform_id: str
    label: Text
    open: bool
    product: str
    business: str
    offered: bool
    download_mode: str
    payment: str
    attachments: tuple[policies.Attachment, ...]
    platform_review: bool
    agency_review: bool
    seal_agencies: dict[str, Text]
    offers: tuple[Offer, ...]
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to an order: what, when, and who in the applicant's words.

    `who` is a code: you, applicant, delegate, platform, agency, provider or system.
    """

    occurred_at: int
    code: str
    who: str
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShown:
    """A line of the list. `state` is the one label of it: both reviews are in review (审核中)."""

    id: str
    number: str
    product: str
    business: str
    platform_id: str
    title: str
    state: str
    amount_fen: int
    years: int
    created_at: int
    ended_at: int | None
    delegated_to_me: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """A part of the list, newest first. `next_before` asks for the part after it; empty at the end."""

    orders: tuple[OrderShown, ...]
    next_before: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """One order with everything that its applicant asks about: where it stands, and what can be done."""

    order: Order
    title: str
    state: str
    mine: bool
    delegate: str
    scope: tuple[Text, ...]
    attachments: tuple[policies.Attachment, ...]
    history: tuple[Step, ...]
    cancellable: bool
    refund_fen: int
