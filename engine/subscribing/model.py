"""An order for a service that runs for some months: of information, or of a trading platform (PAY-2).

It is paid first and begins then, or where the one before it ends. Its price is the service's price per
month and unit, times months and quantity, as the setting said when it was ordered. Whoever gives a running
service up gets the months back that have not begun; one that has not begun at all is given back whole.
"""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass

from engine.kernel import clock
from engine.kernel.catalog import Text
from engine.kernel.workflow import Workflow

CATEGORIES = ("information", "platform")


class ServiceStatus(enum.StrEnum):
    """Where a service order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    ACTIVE = "active"  # paid: it runs, or will begin when the one before it ends
    COMPLETED = "completed"  # its term is over
    CANCELLED = "cancelled"  # never paid: taken back, or lapsed
    REFUNDED = "refunded"  # given up; what the rules give back went back


_S = ServiceStatus

SERVICE_ORDER = Workflow(
    "service order",
    _S.AWAITING_PAYMENT,
    {
        _S.AWAITING_PAYMENT: {
            "pay": _S.ACTIVE,
            "cancel": _S.CANCELLED,
            "lapse": _S.CANCELLED,
        },
        _S.ACTIVE: {"finish": _S.COMPLETED, "give_up": _S.REFUNDED},
        _S.COMPLETED: {},
        _S.CANCELLED: {},
        _S.REFUNDED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder:
    """An order for a service. `policy_version` is the setting it was ordered under.

    `holder` is the enterprise, or the account of a person of their own. `follows` is the running order that
    it continues. The term is from `starts_at` up to `ends_at` (exclusive), both known once it is paid.
    """

    id: str
    number: str
    category: str
    service_id: str
    account_id: str
    enterprise_id: str | None
    holder: str
    platform_id: str
    agency_id: str
    months: int
    quantity: int
    amount_fen: int
    policy_version: str
    status: ServiceStatus
    paid_at: int | None
    starts_at: int | None
    ends_at: int | None
    created_at: int
    ended_at: int | None
    follows: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term that can be chosen, in months, and what one unit costs for it."""

    months: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A platform that a service is offered for."""

    platform_id: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A service as it can be ordered. `most` is the greatest quantity of one order."""

    service_id: str
    category: str
    label: Text
    text: Text
    unit: Text
    price_fen: int
    terms: tuple[Term, ...]
    most: int
    platforms: tuple[Place, ...]
    agency_id: str
    buyers: tuple[str, ...]
    refund_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShown:
    """A service order as the one who ordered it sees it, with the names of what it names.

    `state` is its status, but `to_begin` while it is paid and has not begun. `days_left` counts the civil
    days until its end.
    """

    id: str
    number: str
    category: str
    service_id: str
    label: Text
    account_id: str
    enterprise_id: str | None
    enterprise_name: str
    platform_id: str
    platform_label: Text
    agency_id: str
    months: int
    quantity: int
    amount_fen: int
    status: ServiceStatus
    state: str
    paid_at: int | None
    starts_at: int | None
    ends_at: int | None
    created_at: int
    ended_at: int | None
    days_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to a service order: what, when, and the amount where it is about money."""

    occurred_at: int
    code: str
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One service order with what can be done: pay, take back, give up for `refund_fen`, renew."""

    order: OrderShown
    text: Text
    unit: Text
    payable: bool
    cancellable: bool
    refundable: bool
    refund_fen: int
    unused_months: int
    renewable: bool
    lapses_at: int | None
    history: tuple[Step, ...]


def months_after(instant: int, months: int) -> int:
    """The same civil time some months later in Shanghai; the last day of a shorter month."""
    local = clock.to_datetime(instant).astimezone(clock.SHANGHAI)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    first = local.replace(year=year, month=month + 1, day=1)
    last = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    days = (last - datetime.timedelta(days=1)).day
    return clock.from_datetime(first.replace(day=min(local.day, days)))


def unused_months(order: ServiceOrder, now: int) -> int:
    """How many whole months of a paid order have not begun."""
    if order.starts_at is None:
        return 0
    if now < order.starts_at:
        return order.months
    used = 1
    while used < order.months and months_after(order.starts_at, used) <= now:
        used += 1
    return order.months - used


def refund_fen(order: ServiceOrder, now: int, percent: int) -> int:
    """What giving a paid order up brings back: all before it begins, then a part of the unused months.

    Rounded down to the fen, so that no more than their share goes back.
    """
    if order.starts_at is not None and now < order.starts_at:
        return order.amount_fen
    return order.amount_fen * unused_months(order, now) * percent // (order.months * 100)
