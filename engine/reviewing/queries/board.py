"""The board: what breaches next, how the queue stands by kind and reviewer, what came before whom."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine.kernel import calendar, clock
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing.model import board as told
from engine.reviewing.queries.paging import page, within
from engine.reviewing.queries.queue import kinds_seen, row, sees
from engine.reviewing.store import board as sql
from engine.reviewing.store import by_ids
from engine.reviewing.store import queue as parts
from engine.staffing import queries as staffing
from engine.staffing.model import Right

HOURS = 9
ESCALATED_LISTED = 50
_LISTED = 12
_KINDS = ("taken", "held", "warning", "late", "lead", "administrator")


def board(q: Reader) -> told.Board:
    """The board as the reader may see it; counts alone for who manages staff and decides nothing.

    Counts don't leave out the few cases that a reader has to do with as a customer; the lists do.
    Raises: staffing.MayNot.
    """
    kinds = kinds_seen(q)
    everywhere = not kinds
    if everywhere:
        staffing.require(q, Right.MANAGE_STAFF, anywhere=True)
    rules = q.policies(policies.ReviewRule)
    kinds = [kind for kind in (kinds or model.RIGHT_FOR) if kind in rules]
    edges = _edges(q.now)
    counts: list[told.KindCount] = []
    hours: list[told.Breaches] = []
    coming: list[tuple[int, str]] = []
    for kind in kinds:
        where = parts.Condition() if everywhere else within(q.actor, model.RIGHT_FOR[kind])
        few = _few(q, kind, rules[kind], where)
        coming += _coming(q, kind, rules[kind], where, few)
        found = _standing(q, kind, rules[kind], where, edges, few)
        counts.append(
            told.KindCount(kind=kind, open=found["open"], **{n: found[n] for n in _KINDS})
        )
        hours += [
            told.Breaches(kind=kind, after=begin, until=end, count=found[f"hour{number}"])
            for number, (begin, end) in enumerate(edges)
            if found[f"hour{number}"]
        ]
    return told.Board(
        now=q.now,
        office_open=calendar.china().is_open(q.now),
        kinds=tuple(counts),
        reviewers=_reviewers(q, everywhere),
        hours=tuple(hours),
        marks=tuple(end for _, end in edges),
        soonest=_soonest(q, coming),
        oldest=page(q, model.Wanted(sort="opened"), limit=_LISTED, counted=False).rows,
        escalated=page(
            q, model.Wanted(state="escalated"), limit=ESCALATED_LISTED, counted=False
        ).rows,
    )


def _edges(now: int) -> list[tuple[int, int]]:
    """The next office hours: after, until."""
    days = calendar.china()
    marks = [now, *(days.add_business_ms(now, (n + 1) * clock.HOUR) for n in range(HOURS))]
    return list(itertools.pairwise(marks))


_Few = list[tuple[model.Case, model.Clocks]]


def _few(q: Reader, kind: str, rule: policies.ReviewRule, where: parts.Condition) -> _Few:
    """The cases of a kind that are or were on hold, with their clocks."""
    of_kind = parts.among("kind", (kind,)) + where
    found: list[parts.Part] = ["held", "resumed"]
    ids = [one.id for part in found for one in parts.few(q, part, of_kind)]
    return [(case, model.clocks(case, rule, q.now)) for case in by_ids(q, ids).values()]


def _standing(
    q: Reader,
    kind: str,
    rule: policies.ReviewRule,
    where: parts.Condition,
    edges: list[tuple[int, int]],
    few: _Few,
) -> Counter[str]:
    """The counts of one kind: those never on hold by the database, the few others one by one."""
    found: Counter[str] = Counter()
    steady = sql.standing(
        q, kind, where, rungs=_rungs(rule, q.now), hours=_hours(rule, q.now, edges)
    )
    found.update(steady)
    # Warned are those whose warning has come, without those that are late.
    found["warning"] = steady.get("warned_or_late", 0) - steady.get("late", 0)
    for case, clocks in few:
        found["open"] += 1
        found["held"] += case.status is model.CaseStatus.HELD
        found["taken"] += case.status is model.CaseStatus.CLAIMED and case.lease_until > q.now
        found["late"] += clocks.overdue
        found["warning"] += clocks.warning
        for to in {step.to for step in clocks.escalated} - {"assignee"}:
            found[to] += 1
        if not clocks.paused and not clocks.overdue:
            for number, (begin, end) in enumerate(edges):
                if begin < clocks.breach_at <= end or (number == 0 and clocks.breach_at == begin):
                    found[f"hour{number}"] += 1
    return found


def _rungs(rule: policies.ReviewRule, now: int) -> dict[str, sql.Before]:
    """Before which instants a case was opened that is late, warned, or stands on a rung by now."""
    days = calendar.china()
    decision, touch = rule.decision_minutes * clock.MINUTE, rule.first_touch_minutes * clock.MINUTE
    late = (days.earliest_start(now, decision), days.earliest_start(now, touch))
    warned = max(days.earliest_start(now, model.warn_ms(rule)), late[0])
    brought = {to: model.rung_before(rule, now, to) for to in ("lead", "administrator")}
    return {"late": late, "warned_or_late": (warned, late[1]), **brought}


def _hours(
    rule: policies.ReviewRule, now: int, edges: list[tuple[int, int]]
) -> list[tuple[int, int, int, int]]:
    """Between which instants a case was opened that breaches in each hour: decision, first look."""
    days = calendar.china()
    found = []
    for begin, end in edges:
        row: list[int] = []
        for minutes in (rule.decision_minutes, rule.first_touch_minutes):
            time = minutes * clock.MINUTE
            first = days.earliest_start(begin if begin == now else begin + 1, time)
            row += (first, days.earliest_start(end + 1, time))
        found.append((row[0], row[1], row[2], row[3]))
    return found


def _coming(
    q: Reader, kind: str, rule: policies.ReviewRule, where: parts.Condition, few: _Few
) -> list[tuple[int, str]]:
    """(Breach, id) of the cases of a kind that breach next, more than are listed of all kinds.

    Looked at ones breach by their decision, the others by their first look.
    """
    days = calendar.china()
    found = [
        (clocks.breach_at, case.id)
        for case, clocks in few
        if not clocks.overdue and case.status is not model.CaseStatus.HELD
    ]
    for minutes, looked in (
        (rule.decision_minutes, parts.TOUCHED),
        (min(rule.first_touch_minutes, rule.decision_minutes), parts.UNTOUCHED),
    ):
        time = minutes * clock.MINUTE
        asked = parts.steady(
            q,
            kind,
            where + looked,
            from_ms=days.earliest_start(q.now, time),
            after=(-1, ""),
            limit=2 * _LISTED,
        )
        found += [(days.add_business_ms(opened, time), case_id) for opened, case_id in asked]
    return found


def _soonest(q: Reader, coming: list[tuple[int, str]]) -> tuple[model.QueueRow, ...]:
    """The first of the cases that breach next, without those that the reader may not see."""
    first = sorted(coming)[: 4 * _LISTED]
    cases = by_ids(q, [case_id for _, case_id in first])
    seen = (cases[case_id] for _, case_id in first if sees(q, cases[case_id]))
    return tuple(row(q, case) for case in itertools.islice(seen, _LISTED))


def _reviewers(q: Reader, everywhere: bool) -> tuple[told.ReviewerCount, ...]:
    def mine_to_see(row: Mapping[str, Any]) -> bool:
        right = model.RIGHT_FOR.get(row["kind"])
        return right is not None and (
            everywhere
            or staffing.has(
                q.actor, right, platform_id=row["platform_id"], agency_id=row["agency_id"]
            )
        )

    taken: Counter[str] = Counter()
    held: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    for one in filter(mine_to_see, sql.in_hand(q)):
        (held if one["status"] == "held" else taken)[one["who"]] += one["n"]
    today = clock.start_of(clock.civil_date(q.now))
    for one in filter(mine_to_see, sql.decided_since(q, today)):
        decided[one["who"]] += one["n"]
    found = []
    for who in {*taken, *held, *decided} - {None}:
        staff_id = who.removeprefix("staff:")
        found.append(
            told.ReviewerCount(
                staff_id=staff_id,
                name=staffing.name_of(q, staff_id),
                taken=taken[who],
                held=held[who],
                decided=decided[who],
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.taken - one.held, -one.decided, one.staff_id)))
