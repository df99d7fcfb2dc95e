"""The queue, a page at a time, at any size.

Cases of one kind that were never on hold are due in the order in which they were opened, because office
hours pass for all of them alike. So each kind is a stream that is read off an index, and a page is the
merge of a dozen streams, with the few cases that were or are on hold between them. Which are late or
nearly so is asked by instants worked out backwards on the calendar. Nothing computes a clock that it
does not show.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping

from engine.kernel import actors, calendar, clock, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model, store
from engine.reviewing.queries.deciding import conflicting
from engine.reviewing.queries.queue import kinds_seen, possible_actions, sees
from engine.reviewing.store import queue as sql
from engine.staffing import queries as staffing
from engine.staffing.model import Right

COUNTED = 1_000
_BATCH = 500
# Paused ones last; then the instant that orders; then opening and id, so that no two are equal.
_Place = tuple[int, int, int, str]


class NoSuchPlace(errors.InvalidInput):
    """This place in the list is not known. Open the list from its beginning."""


def page(
    q: Reader, wanted: model.Wanted, *, after: str = "", limit: int = 50, counted: bool = True
) -> model.Page:
    """A page of the open cases that the reader may see, the soonest due (or opened) first.

    `after` is the `following` of the page before; `total` is 0 where it is not `counted`.
    Raises: NoSuchPlace.
    """
    view = _View(q, wanted)
    limit = max(1, min(limit, 200))
    rows: list[model.QueueRow] = []
    places = view.places(_place(after) if after else None)
    last, following = after, ""
    while chunk := list(itertools.islice(places, limit + 1 - len(rows))):
        for place, row in view.rows(chunk):
            if len(rows) == limit:
                following = last
                break
            rows.append(row)
            last = ".".join(str(part) for part in place)
        if following:
            break
    total = view.count() if counted else 0
    return model.Page(
        rows=tuple(rows),
        total=min(total, COUNTED),
        more=total > COUNTED,
        following=following,
    )


def count(q: Reader, wanted: model.Wanted) -> tuple[int, bool]:
    """How many cases a page's `total` would say, and whether there are more than counted."""
    total = _View(q, wanted).count()
    return min(total, COUNTED), total > COUNTED


def _place(text: str) -> _Place:
    try:
        paused, rank, opened, case_id = text.split(".", 3)
        return int(paused), int(rank), int(opened), case_id
    except ValueError as problem:
        raise NoSuchPlace(field="after") from problem


def brought_before(actor: actors.Actor, case: model.Case, clocks: model.Clocks) -> bool:
    """Whether a case has been brought before somebody: as who has it, or as who leads there."""
    leads = staffing.has(
        actor, Right.LEAD_REVIEWS, platform_id=case.platform_id, agency_id=case.agency_id
    )
    return any(
        (step.to == "assignee" and case.assignee == actor.text) or (step.to == "lead" and leads)
        for step in clocks.escalated
    )


def within(actor: actors.Actor, right: Right) -> sql.Condition:
    """What is asked of the cases of where somebody holds a right."""
    return sql.Condition(*staffing.within(actor, right))


class _View:
    """One reader's look at the queue through one filter, at one instant."""

    def __init__(self, q: Reader, wanted: model.Wanted) -> None:
        self.q = q
        self.wanted = wanted
        self.rules: Mapping[str, policies.ReviewRule] = q.policies(policies.ReviewRule)
        self.kinds = [
            kind
            for kind in kinds_seen(q)
            if kind in self.rules and (not wanted.kinds or kind in wanted.kinds)
        ]
        who = q.actor
        # What the reader has to do with as a customer is neither listed nor counted.
        self._theirs = sorted(conflicting(q, who.staff_id)) if isinstance(who, actors.Staff) else []
        narrowed = self._narrowed()
        self._where = {kind: within(who, model.RIGHT_FOR[kind]) + narrowed for kind in self.kinds}
        self._clocks: dict[str, model.Clocks] = {}
        self._few_places: list[_Place] | None = None

    # -- what is asked of the database ---------------------------------------------------------

    def _narrowed(self) -> sql.Condition:
        """What is asked of the cases of every kind."""
        wanted = self.wanted
        found = sql.opened(wanted.opened_from, wanted.opened_to)
        for text in self._theirs:
            found += sql.not_about(text)
        if wanted.platforms:
            found += sql.among("platform_id", wanted.platforms)
        if wanted.agencies:
            found += sql.among("agency_id", wanted.agencies)
        if wanted.corrected:
            found += sql.CORRECTED
        if wanted.urged:
            found += sql.URGED
        if wanted.text.strip():
            found += sql.titled(wanted.text.strip())
        if wanted.state == "claimable":
            found += sql.free(self.q.now) + sql.not_of(self.q.actor.text)
        return found

    def _steady(self, kind: str) -> sql.Condition:
        """What is asked of the cases of a kind that were never on hold."""
        where, rule, days = self._where[kind], self.rules[kind], calendar.china()
        if self.wanted.state == "escalated":
            return where + self._brought_before_me(kind)
        if self.wanted.state not in ("late", "warning"):
            return where
        due = days.earliest_start(self.q.now, rule.decision_minutes * clock.MINUTE)
        touch = days.earliest_start(self.q.now, rule.first_touch_minutes * clock.MINUTE)
        if self.wanted.state == "late":
            return where + sql.untouched_before(due, touch)
        warned = days.earliest_start(self.q.now, model.warn_ms(rule))
        return where + sql.opened(due, warned) + sql.touched_or_after(touch)

    def _brought_before_me(self, kind: str) -> sql.Condition:
        leads = within(self.q.actor, Right.LEAD_REVIEWS)
        lead = model.rung_before(self.rules[kind], self.q.now, "lead")
        own = model.rung_before(self.rules[kind], self.q.now, "assignee")
        return sql.brought_before(leads, lead, self.q.actor.text, own)

    @property
    def _streams(self) -> list[str]:
        few_alone = self.wanted.state in ("mine", "colleagues", "held")
        return [] if few_alone else self.kinds

    def _few(self) -> list[_Place]:
        """The places of the cases with an order of their own, all of them."""
        if self._few_places is None:
            found = [
                self._place_of(one)
                for part, where in self._parts()
                for one in sql.few(self.q, part, where)
            ]
            self._few_places = sorted(self._late_enough(found))
        return self._few_places

    def _parts(self) -> Iterator[tuple[sql.Part, sql.Condition]]:
        me, now, state = self.q.actor.text, self.q.now, self.wanted.state
        if state in ("late", "warning", "escalated"):
            for kind in self.kinds:
                # Holds only put off what is due, so whatever was opened later has time left.
                warned = calendar.china().earliest_start(now, model.warn_ms(self.rules[kind]))
                where = sql.among("kind", (kind,)) + self._where[kind] + sql.opened(None, warned)
                yield from (("held", where), ("resumed", where))
            return
        for where in sql.of_kinds(self._where):
            if state == "mine":
                yield "in_hand", where + sql.taken_by(me, now)
                yield "held", where + sql.assigned_to(me)
            elif state == "colleagues":
                yield "in_hand", where + sql.taken_by_others(me, now)
            else:
                if state != "held":
                    yield "resumed", where
                if state != "claimable":
                    yield "held", where

    def _late_enough(self, places: list[_Place]) -> list[_Place]:
        if self.wanted.state not in ("late", "warning", "escalated"):
            return places
        cases = store.by_ids(self.q, [place[-1] for place in places])
        return [place for place in places if self._fits(cases[place[-1]])]

    # -- order -----------------------------------------------------------------------------------

    def _due(self, kind: str, opened_at: int, held_ms: int = 0) -> int:
        """What orders a case of a kind."""
        if self.wanted.sort == "opened":
            return opened_at
        return model.due_at(self.rules[kind], opened_at, held_ms)

    def _place_of(self, one: sql.Bearing) -> _Place:
        paused = 0 if self.wanted.sort == "opened" else one.paused
        return paused, self._due(one.kind, one.opened_at, one.held_ms), one.opened_at, one.id

    def _begin(self, kind: str, after: _Place | None) -> tuple[int, tuple[int, str]] | None:
        """Where a kind's stream goes on behind a place: from an instant, and behind (opened, id)."""
        if after is None:
            return 0, (-1, "")
        paused, rank, opened, case_id = after
        if paused:
            return None
        if self.wanted.sort == "opened":
            return 0, (opened, case_id)
        there = self._due(kind, opened)
        if there == rank:
            return 0, (opened, case_id)
        allowed = self.rules[kind].decision_minutes * clock.MINUTE
        # Behind all that are due by then, or (opened later, in a kind that has more time) with them.
        return calendar.china().earliest_start(rank + (there > rank), allowed), (-1, "")

    def _stream(self, kind: str, after: _Place | None, size: int) -> Iterator[_Place]:
        begin = self._begin(kind, after)
        if begin is None:
            return
        from_ms, behind = begin
        where = self._steady(kind)
        while True:
            found = sql.steady(self.q, kind, where, from_ms=from_ms, after=behind, limit=size)
            for opened, case_id in found:
                yield 0, self._due(kind, opened), opened, case_id
            if len(found) < size:
                return
            behind, size = found[-1], _BATCH

    def places(self, after: _Place | None) -> Iterator[_Place]:
        """The places of the cases behind one, in order."""
        few = [place for place in self._few() if after is None or place > after]
        streams = (self._stream(kind, after, 51) for kind in self._streams)
        return heapq.merge(few, *streams)

    # -- rows ------------------------------------------------------------------------------------

    def clocks(self, case: model.Case) -> model.Clocks:
        """A case's clocks, worked out once."""
        if case.id not in self._clocks:
            self._clocks[case.id] = model.clocks(case, self.rules[case.kind], self.q.now)
        return self._clocks[case.id]

    def _fits(self, case: model.Case) -> bool:
        """Whether a case that was read belongs here; the clocks themselves have the last word."""
        state = self.wanted.state
        if state == "late":
            return self.clocks(case).overdue
        if state == "warning":
            return self.clocks(case).warning
        if state == "escalated":
            return brought_before(self.q.actor, case, self.clocks(case))
        return True

    def rows(self, chunk: list[_Place]) -> Iterator[tuple[_Place, model.QueueRow]]:
        """The rows of places, without those that the reader may not see after all."""
        found = store.by_ids(self.q, [place[-1] for place in chunk])
        for place in chunk:
            case = found[place[-1]]
            if not sees(self.q, case) or not self._fits(case):
                continue
            possible = possible_actions(self.q, case)
            if self.wanted.state == "claimable" and "claim" not in possible:
                continue
            yield place, model.QueueRow(case=case, clocks=self.clocks(case), possible=possible)

    def count(self) -> int:
        """How many cases there are, counted up to one more than `COUNTED`."""
        total = len(self._few())
        for kind in self._streams:
            left = COUNTED + 1 - total
            if left <= 0:
                break
            total += sql.count_steady(self.q, kind, self._steady(kind), limit=left)
        return total
