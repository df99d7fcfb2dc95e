"""When the clocks of open reviews run out, if nobody acts before; they stand still while a case is held."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.deadlines import Deadline
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model, store


def _clocks(q: Reader) -> Iterator[tuple[model.Case, model.Clocks]]:
    rules = q.policies(policies.ReviewRule)
    for case in store.running(q):
        yield case, model.clocks(case, rules[case.kind], q.now)


def _first_looks(q: Reader, after: int, until: int) -> Iterator[tuple[int, str]]:
    for case, clocks in _clocks(q):
        if case.first_touched_at is None and after < clocks.first_touch_due <= until:
            yield clocks.first_touch_due, case.id


def _decisions(q: Reader, after: int, until: int) -> Iterator[tuple[int, str]]:
    for case, clocks in _clocks(q):
        if after < clocks.decision_due <= until:
            yield clocks.decision_due, case.id


DEADLINES = (Deadline("first_look_late", _first_looks), Deadline("decision_late", _decisions))
