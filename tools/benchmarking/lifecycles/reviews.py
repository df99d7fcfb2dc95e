"""Reviews of a generated population: at the platform, then at the CA; sent back, looked at twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering
from tools.benchmarking.lifecycles.chance import (
    END,
    HOUR,
    MINUTE,
    Chance,
    Column,
    office_ms,
    when_open,
)
from tools.benchmarking.lifecycles.gathering import Gathered, moments, named

if TYPE_CHECKING:
    from tools.benchmarking.lifecycles.orders import Orders

STATUSES = ("waiting", "claimed", "held", "approved", "rejected", "withdrawn")
APPROVED, REJECTED = STATUSES.index("approved"), STATUSES.index("rejected")
KINDS = ("certificate_platform", "certificate_ca")
ATTEMPTS = 4
STAFF = 24
REVIEWERS = tuple(f"staff:{kind[12:]}-{one:02d}" for kind in KINDS for one in range(STAFF))
REASONS = (
    *("power_of_attorney_missing_stamp", "power_of_attorney_wrong_person", "applicant_differs"),
    *("power_of_attorney_unclear", "enterprise_name_differs", "wrong_agency"),
    *("identity_not_confirmed", "already_has_certificate"),
)
_OFTEN = (34, 21, 14, 11, 8, 5, 4, 3)
# A first look, then a correction: the second time more pass.
_PASS = (0.86, 0.93, 0.95, 0.97)
_AGAIN = 0.72
_SAMPLED = 0.04
# A working day: the limit of a decision.
_LIMIT = 8 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One round of reviews: for the orders `which`, when each was decided and how."""

    ids: pa.Array
    decided_at: Column
    decided: Column
    approved: Column


def both(chance: Chance, orders: Orders, out: Gathered) -> tuple[Column, Column]:
    """When each order was approved by platform and CA, and whether."""
    approved_at = np.zeros(len(orders), dtype=np.int64)
    approved = np.zeros(len(orders), dtype=bool)
    which = np.flatnonzero(orders.submitted)
    at, before = orders.submitted_at[which], None
    for attempt in range(1, ATTEMPTS + 1):
        first = _round(chance, orders, out, which, at, 0, attempt, before)
        passed = np.flatnonzero(first.approved)
        orders.status[which[passed]] = 3  # agency_review
        second = _round(
            chance, orders, out, which[passed], first.decided_at[passed], 1, attempt, None
        )
        through = passed[second.approved]
        approved[which[through]] = True
        approved_at[which[through]] = second.decided_at[second.approved]
        sent_back = np.concatenate(
            [
                np.flatnonzero(first.decided & ~first.approved),
                passed[second.decided & ~second.approved],
            ]
        )
        said_at = first.decided_at.copy()
        said_at[passed] = second.decided_at
        again = chance.happens(len(sent_back), _AGAIN if attempt < ATTEMPTS else 0)
        given_up = which[sent_back[~again]]
        orders.status[given_up] = 6  # rejected
        orders.ended[given_up] = True
        orders.ended_at[given_up] = said_at[sent_back[~again]]
        at_all = said_at[sent_back[again]] + chance.wait(int(again.sum()), 8 * HOUR, 1.2)
        soon = at_all < END
        back = sent_back[again][soon]
        orders.status[which[back]] = 2  # platform_review
        first_ids = first.ids.take(pa.array(back))
        which, at, before = which[back], at_all[soon], first_ids
        out.happened(
            orders.cases, "order.papers_attached", _spread(orders, which, at), _of(orders, which)
        )
    return approved_at, approved


def _of(orders: Orders, which: Column) -> Column:
    found = np.zeros(len(orders), dtype=bool)
    found[which] = True
    return found


def _spread(orders: Orders, which: Column, at: Column) -> Column:
    found = np.zeros(len(orders), dtype=np.int64)
    found[which] = at
    return found


def _round(
    chance: Chance,
    orders: Orders,
    out: Gathered,
    which: Column,
    at: Column,
    kind: int,
    attempt: int,
    before: Any,
) -> Looked:
    count = len(which)
    opened_at = at + 40
    touched_at = when_open(opened_at + chance.wait(count, 35 * MINUTE, 1.1))
    held_ms = np.where(chance.happens(count, 0.05), chance.wait(count, 3 * HOUR, 0.8), 0)
    handled = chance.wait(count, (4, 7)[kind] * MINUTE, 0.7)
    decided_at = touched_at + handled + held_ms
    touched, decided = touched_at < END, decided_at < END
    approved = decided & chance.happens(count, _PASS[attempt - 1])
    reviewer = kind * STAFF + chance.one_of(count, [1 / (1 + one / 8) for one in range(STAFF)])
    status = np.where(approved, APPROVED, np.where(decided, REJECTED, np.where(touched, 1, 0)))
    ids = chance.ids("case", opened_at)
    rows = _Rows(
        kind=kind, which=which, attempt=attempt, opened_at=opened_at, touched_at=touched_at,
        touched=touched, decided_at=decided_at, decided=decided, held_ms=held_ms,
        reviewer=reviewer, status=status, ids=ids,
    )  # fmt: skip
    _write(chance, orders, out, rows, before)
    _sampled(chance, orders, out, rows)
    tell = lambda activity, moment, those, actor: out.happened(
        orders.cases,
        activity,
        _spread(orders, which, moment),
        _of(orders, which[those]),
        actor,
    )
    everyone = np.ones(count, dtype=bool)
    tell(f"case.opened:{KINDS[kind]}", opened_at, everyone, "system")
    tell(f"case.claimed:{KINDS[kind]}", touched_at, touched, "staff")
    tell(f"case.approved:{KINDS[kind]}", decided_at, approved, "staff")
    tell(f"case.rejected:{KINDS[kind]}", decided_at, decided & ~approved, "staff")
    if not kind and attempt == 1:
        orders.reviewed[which] = decided
        orders.first_reviewed_at[which] = decided_at
    return Looked(ids=ids, decided_at=decided_at, decided=decided, approved=approved)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    kind: int
    which: Column
    attempt: int
    opened_at: Column
    touched_at: Column
    touched: Column
    decided_at: Column
    decided: Column
    held_ms: Column
    reviewer: Column
    status: Column
    ids: pa.Array


def _write(chance: Chance, orders: Orders, out: Gathered, rows: _Rows, before: Any) -> None:
    count, which = len(rows.which), rows.which
    rejected = rows.status == REJECTED
    reason = np.where(rejected, chance.one_of(count, _OFTEN), gathering.NOTHING)
    nobody = pa.nulls(count, pa.string())
    _tasks(orders, out, rows, reason, nobody if before is None else before, nobody)
    said = np.flatnonzero(rejected)
    if len(said):
        out.add(
            "reason_fact",
            {
                "case_id": rows.ids.take(pa.array(said)),
                "stage": KINDS[rows.kind],
                "code": named(reason[said], REASONS),
                "decided_at": rows.decided_at[said],
                "decided_by": named(rows.reviewer[said], REVIEWERS),
                "platform_id": named(orders.cases.platform[which[said]], gathering.PLATFORMS),
                "agency_id": named(orders.cases.agency[which[said]], gathering.AGENCIES),
                "region": named(orders.cases.region[which[said]], gathering.REGIONS),
                "attempt": rows.attempt,
            },
        )


def _tasks(
    orders: Orders,
    out: Gathered,
    rows: _Rows,
    reason: Column,
    corrects: pa.Array,
    sample_of: pa.Array,
) -> None:
    which = rows.which
    own = orders.cases.ids.take(pa.array(which))
    office = lambda begin, end: office_ms(end) - office_ms(begin)
    held_end = rows.touched_at + rows.held_ms  # holds begin as soon as somebody has looked
    took = office(rows.opened_at, rows.touched_at) + office(held_end, rows.decided_at)
    out.keep("review_task", rows.ids)
    out.add(
        "review_task",
        {
            "id": rows.ids,
            "kind": KINDS[rows.kind],
            "stage": KINDS[rows.kind],
            "platform_id": named(orders.cases.platform[which], gathering.PLATFORMS),
            "agency_id": named(orders.cases.agency[which], gathering.AGENCIES),
            "region": named(orders.cases.region[which], gathering.REGIONS),
            "product": named(orders.cases.product[which], gathering.PRODUCTS),
            "status": named(rows.status, STATUSES),
            "opened_at": rows.opened_at,
            "first_touched_at": moments(rows.touched_at, rows.touched),
            "decided_at": moments(rows.decided_at, rows.decided),
            "ended_at": moments(rows.decided_at, rows.decided),
            "decided_by": named(np.where(rows.decided, rows.reviewer, -1), REVIEWERS),
            "held_ms": np.where(rows.decided, rows.held_ms, 0),
            "corrects": corrects,
            "attempt": rows.attempt,
            "reasons": named(np.where(reason >= 0, reason, len(REASONS)), _LISTS),
            "sample_of": sample_of,
            "subject_id": own,
            "case_kind": orders.cases.kind,
            "case_id": own,
            "wait_ms": moments(rows.touched_at - rows.opened_at, rows.touched),
            "handle_ms": moments(rows.decided_at - rows.touched_at - rows.held_ms, rows.decided),
            "wait_business_ms": moments(office(rows.opened_at, rows.touched_at), rows.touched),
            "handle_business_ms": moments(office(held_end, rows.decided_at), rows.decided),
            "overdue": rows.decided & (took > _LIMIT),
        },
    )


_LISTS = (*(f'["{one}"]' for one in REASONS), "[]")


def _sampled(chance: Chance, orders: Orders, out: Gathered, rows: _Rows) -> None:
    """Second, blind looks at some of the decided; one in fifteen sees it differently."""
    those = np.flatnonzero(rows.decided & chance.happens(len(rows.which), _SAMPLED))
    if not len(those):
        return
    count, which = len(those), rows.which[those]
    opened_at = rows.decided_at[those] + MINUTE
    touched_at = when_open(opened_at + chance.wait(count, 5 * HOUR, 0.8))
    decided_at = touched_at + chance.wait(count, 5 * MINUTE, 0.6)
    touched, decided = touched_at < END, decided_at < END
    same = chance.happens(count, 14 / 15)
    first = rows.status[those] == APPROVED
    status = np.where(decided, np.where(first == same, APPROVED, REJECTED), np.where(touched, 1, 0))
    # Somebody else than who decided first.
    base = rows.kind * STAFF
    reviewer = base + (rows.reviewer[those] - base + chance.number(count, 1, STAFF - 1)) % STAFF
    again = _Rows(
        kind=rows.kind, which=which, attempt=rows.attempt, opened_at=opened_at,
        touched_at=touched_at, touched=touched, decided_at=decided_at, decided=decided,
        held_ms=np.zeros(count, dtype=np.int64), reviewer=reviewer, status=status,
        ids=chance.ids("case", opened_at),
    )  # fmt: skip
    nobody = pa.nulls(count, pa.string())
    reason = np.where(status == REJECTED, 0, gathering.NOTHING)
    _tasks(orders, out, again, reason, nobody, rows.ids.take(pa.array(those)))
