"""Certificate and service orders of a generated population: placed, paid, reviewed, downloaded, or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering, reviews
from tools.benchmarking.lifecycles.chance import DAY, END, HOUR, MINUTE, Chance, Column
from tools.benchmarking.lifecycles.gathering import Cases, Gathered, moments, named

STATUSES = (
    *("awaiting_payment", "awaiting_papers", "platform_review", "agency_review"),
    *("awaiting_download", "completed", "rejected", "cancelled", "active", "refunded"),
)
BUSINESS = ("new", "renewal", "replacement", "change", "delegation", "information", "platform")
KINDS = ("certificate", "information", "platform")
_YEAR_FEN = np.array([20000, 13000, 16000])
_SERVICE_FEN = np.array([0, 36000, 58000])


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who lives in a part of the year: their accounts, where they are and when they came."""

    refs: pa.Array
    registered_at: Column
    region: Column


@dataclass(slots=True, kw_only=True)
class Orders:
    """The orders of a part, a column a fact; an instant counts only where its `_known` says so."""

    cases: Cases
    owner: Column  # whose of the people
    kind: Column
    business: Column
    years: Column
    amount: Column
    placed_at: Column
    paid_at: Column
    paid: Column
    submitted_at: Column
    submitted: Column
    first_reviewed_at: Column
    reviewed: Column
    issued_at: Column
    issued: Column
    downloaded_at: Column
    downloaded: Column
    ended_at: Column
    ended: Column
    status: Column
    refunded: Column  # fen
    invoiced: Column  # fen

    def __len__(self) -> int:
        return len(self.owner)


def placed(chance: Chance, people: People, wished: int) -> Orders:
    """Orders as they were placed, each by one of the people; those of next year are left out."""
    owner = np.sort(chance.number(wished, 0, len(people.refs) - 1))
    placed_at = people.registered_at[owner] + chance.wait(wished, 20 * HOUR, 1.6)
    owner, placed_at = owner[placed_at < END], placed_at[placed_at < END]
    count = len(owner)
    kind = chance.one_of(count, (0.82, 0.11, 0.07))
    certificate = kind == 0
    product = np.where(certificate, chance.one_of(count, (0.7, 0.2, 0.1)), gathering.NOTHING)
    agency = np.where(certificate, chance.one_of(count, (0.45, 0.3, 0.25)), gathering.NOTHING)
    business = np.where(certificate, chance.one_of(count, (0.66, 0.2, 0.05, 0.04, 0.05)), kind + 4)
    years = np.where(product == 2, 0, chance.number(count, 1, 3))
    fen = np.where(certificate, _YEAR_FEN[agency] * np.maximum(years, 1), _SERVICE_FEN[kind])
    # Some have a price that doesn't divide evenly by what tax makes of it.
    fen = fen + np.where(chance.happens(count, 0.2), chance.number(count, 1, 99), 0)
    nowhere = np.zeros(count, dtype=np.int64)
    known = lambda: np.zeros(count, dtype=bool)
    cases = Cases(
        kind="certificate_order",
        ids=chance.ids("ord", placed_at),
        platform=chance.one_of(count, (0.55, 0.3, 0.15)),
        agency=agency,
        region=people.region[owner],
        product=product,
    )
    return Orders(
        cases=cases, owner=owner, kind=kind, business=business, years=years, amount=fen,
        placed_at=placed_at, paid_at=nowhere, paid=known(), submitted_at=nowhere,
        submitted=known(), first_reviewed_at=nowhere, reviewed=known(), issued_at=nowhere,
        issued=known(), downloaded_at=nowhere, downloaded=known(), ended_at=nowhere, ended=known(),
        status=np.zeros(count, dtype=np.int32), refunded=nowhere, invoiced=nowhere,
    )  # fmt: skip


def lived(chance: Chance, orders: Orders, out: Gathered) -> None:
    """What became of the orders, up to invoices."""
    _paid(chance, orders)
    _submitted(chance, orders)
    approved_at, approved = reviews.both(chance, orders, out)
    _issued(chance, orders, approved_at, approved)
    _told(orders, out)


def _paid(chance: Chance, orders: Orders) -> None:
    count = len(orders)
    orders.paid_at = orders.placed_at + chance.wait(count, 6 * MINUTE, 1.3)
    orders.paid = chance.happens(count, 0.91) & (orders.paid_at < END)
    orders.ended_at = orders.placed_at + chance.wait(count, 2 * DAY, 0.4)
    orders.ended = ~orders.paid & chance.happens(count, 0.7) & (orders.ended_at < END)
    orders.status[orders.ended] = STATUSES.index("cancelled")
    orders.status[orders.paid] = STATUSES.index("awaiting_papers")
    service = orders.paid & (orders.kind > 0)
    orders.status[service] = STATUSES.index("active")


def _submitted(chance: Chance, orders: Orders) -> None:
    count = len(orders)
    orders.submitted_at = orders.paid_at + chance.wait(count, 2 * HOUR, 1.5)
    orders.submitted = (
        orders.paid & (orders.kind == 0) & chance.happens(count, 0.96) & (orders.submitted_at < END)
    )
    orders.status[orders.submitted] = STATUSES.index("platform_review")


def _issued(chance: Chance, orders: Orders, approved_at: Column, approved: Column) -> None:
    count = len(orders)
    orders.issued_at = approved_at + chance.wait(count, 2_500, 0.6)
    orders.issued = approved & (orders.issued_at < END)
    orders.status[orders.issued] = STATUSES.index("awaiting_download")
    orders.downloaded_at = orders.issued_at + chance.wait(count, 5 * HOUR, 1.7)
    orders.downloaded = orders.issued & chance.happens(count, 0.96) & (orders.downloaded_at < END)
    orders.status[orders.downloaded] = STATUSES.index("completed")
    orders.ended_at = np.where(orders.downloaded, orders.downloaded_at, orders.ended_at)
    orders.ended |= orders.downloaded


def _told(orders: Orders, out: Gathered) -> None:
    tell = lambda activity, at, which, actor="person": out.happened(
        orders.cases, activity, at, which, actor
    )
    certificate = orders.kind == 0
    everyone = np.ones(len(orders), dtype=bool)
    tell("order.placed", orders.placed_at, everyone & certificate)
    tell("service_order.placed", orders.placed_at, everyone & ~certificate)
    tell("payment.requested", orders.placed_at + 700, orders.paid)
    tell("order.paid", orders.paid_at, orders.paid & certificate, "machine")
    tell("service_order.paid", orders.paid_at, orders.paid & ~certificate, "machine")
    tell("order.papers_attached", orders.submitted_at, orders.submitted)
    tell("certificate.requested", orders.issued_at - 900, orders.issued, "system")
    tell("certificate.issued", orders.issued_at, orders.issued, "system")
    tell("certificate.activated", orders.downloaded_at, orders.downloaded)
    tell("order.completed", orders.downloaded_at, orders.downloaded, "system")
    tell("order.cancelled", orders.ended_at, orders.ended & ~orders.paid & certificate)
    tell("service_order.cancelled", orders.ended_at, orders.ended & ~orders.paid & ~certificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Certificates that were downloaded: which order each is of, and its two ids."""

    which: Column
    signing: pa.Array
    encryption: pa.Array


def written(chance: Chance, orders: Orders, people: People, out: Gathered) -> Held:
    """The orders' own rows and their certificates', when money has had its say."""
    count = len(orders)
    out.add(
        "order_fact",
        {
            "id": orders.cases.ids,
            "number": chance.ids("ZS", orders.placed_at),
            "order_kind": named(orders.kind, KINDS),
            "platform_id": named(orders.cases.platform, gathering.PLATFORMS),
            "agency_id": named(orders.cases.agency, gathering.AGENCIES),
            "region": named(orders.cases.region, gathering.REGIONS),
            "account_ref": people.refs.take(pa.array(orders.owner)),
            "enterprise_id": pa.nulls(count, pa.string()),
            "years": orders.years,
            "status": named(orders.status, STATUSES),
            "amount_fen": orders.amount.astype(np.int64),
            "paid_fen": np.where(orders.paid, orders.amount, 0).astype(np.int64),
            "refunded_fen": orders.refunded,
            "invoiced_fen": orders.invoiced,
            "created_at": orders.placed_at,
            "paid_at": moments(orders.paid_at, orders.paid),
            "submitted_at": moments(orders.submitted_at, orders.submitted),
            "first_reviewed_at": moments(orders.first_reviewed_at, orders.reviewed),
            "issued_at": moments(orders.issued_at, orders.issued),
            "downloaded_at": moments(orders.downloaded_at, orders.downloaded),
            "ended_at": moments(orders.ended_at, orders.ended),
            "product": named(orders.cases.product, gathering.PRODUCTS),
            "business": named(orders.business, BUSINESS),
        },
    )
    return _certificates(chance, orders, out)


def _certificates(chance: Chance, orders: Orders, out: Gathered) -> Held:
    which = np.flatnonzero(orders.issued)
    count, taken = len(which), pa.array(which)
    made_at, used_at = orders.issued_at[which], orders.downloaded_at[which]
    used = orders.downloaded[which]
    revoked_at = used_at + chance.wait(count, 60 * DAY, 1.0)
    revoked = used & chance.happens(count, 0.04) & (revoked_at < END)
    status = np.where(revoked, 2, np.where(used, 1, 0))
    pairs = {}
    for usage in ("signing", "encryption"):
        ids = pairs[usage] = chance.ids("cert", made_at)
        out.add(
            "certificate_fact",
            {
                "id": ids,
                "order_id": orders.cases.ids.take(taken),
                "agency_id": named(orders.cases.agency[which], gathering.AGENCIES),
                "product": named(orders.cases.product[which], gathering.PRODUCTS),
                "usage": usage,
                "status": named(status, ("issued", "active", "revoked")),
                "serial_hex": chance.ids("0", made_at),
                "not_after": made_at + np.maximum(orders.years[which], 1) * 365 * DAY,
                "created_at": made_at,
                "activated_at": moments(used_at, used),
                "revoked_at": moments(revoked_at, revoked),
                "revocation_reason": named(
                    np.where(revoked, chance.one_of(count, (0.5, 0.3, 0.2)), gathering.NOTHING),
                    ("key_compromise", "superseded", "cessation_of_operation"),
                ),
                "replaced_by": pa.nulls(count, pa.string()),
            },
        )
        if usage == "signing":
            out.keep("certificate_fact", ids)
            gone = np.flatnonzero(revoked)
            out.noted("certificate.issued", ids, made_at, "system")
            out.noted("certificate.revoked", ids.take(pa.array(gone)), revoked_at[gone])
            _pins(chance, ids, used_at, used, out)
    held = pa.array(np.flatnonzero(used))
    return Held(
        which=which[used],
        signing=pairs["signing"].take(held),
        encryption=pairs["encryption"].take(held),
    )


def _pins(chance: Chance, ids: pa.Array, used_at: Column, used: Column, out: Gathered) -> None:
    for kind, share in (("wrong", 0.3), ("locked", 0.02), ("unlocked", 0.015), ("changed", 0.03)):
        at = used_at + chance.wait(len(used), 30 * DAY, 1.0)
        those = np.flatnonzero(used & chance.happens(len(used), share) & (at < END))
        out.noted(f"pin.{kind}", ids.take(pa.array(those)), at[those])


def cases_like(orders: Orders, which: Column, kind: str, ids: pa.Array) -> Cases:
    """Cases that came of some of the orders."""
    one = orders.cases
    return Cases(
        kind=kind, ids=ids, platform=one.platform[which], agency=one.agency[which],
        region=one.region[which], product=one.product[which],
    )  # fmt: skip
