"""Trying an act and telling what it would stop. It writes nothing."""

from __future__ import annotations

import collections

from engine.impact import model
from engine.impact.acts import ACTS
from engine.kernel import errors, notes, trial
from engine.kernel.engine import look_only, name_of
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


class ActUnknown(errors.NotFound):
    """Nobody can say beforehand what “{what}” would stop."""


def working(q: Reader, within: notes.Within) -> dict[tuple[str, str], notes.Note]:
    """What works now or is under way within somebody's things: (kind, id) → what it is called."""
    return {(one.code, one.subject): one for stage in q.parts.working for one in stage(q, within)}


@look_only
def would_stop(op: Operation, *, act: str, subject: str, reason: str = "") -> model.Radius:
    """What an act on a subject would stop if the actor did it now; nothing is changed by asking.

    `act` is one of `ACTS`, `reason` what it would be done for. No fresh second factor is asked for: that is
    when it is done. Emits: nothing. Raises: ActUnknown, NotFound, MayNot and NotPermitted (who may not do
    it is not told what it would do).
    """
    known = ACTS.get(act)
    if known is None:
        raise ActUnknown(what=act)
    given = {known.subject: subject}
    if "reason" in known.arguments:
        given["reason"] = reason

    def tried(inner: Operation) -> list[notes.Note]:
        within = known.within(inner, subject)
        before = working(inner, within)
        known.action(inner, **given)
        inner.settle()
        after = working(inner, within)
        return [one for place, one in before.items() if place not in after]

    doer = known.doer(op, subject)
    outcome = trial.inside(op, tried, name=name_of(known.action), actor=doer)
    if isinstance(outcome, errors.NotPermitted | errors.NotFound):
        raise outcome
    if isinstance(outcome, errors.EngineError):
        return model.Radius(act=act, subject=subject, at=op.now, refusal=outcome.code)
    if isinstance(outcome, Exception):
        raise outcome
    return model.Radius(
        act=act, subject=subject, at=op.now, count=len(outcome), stops=_by_kind(outcome)
    )


def _by_kind(lost: list[notes.Note]) -> tuple[model.Stopped, ...]:
    kinds: dict[str, list[notes.Note]] = collections.defaultdict(list)
    for one in lost:
        kinds[one.code].append(one)
    return tuple(
        model.Stopped(kind=kind, count=len(found), listed=tuple(found[: model.LISTED]))
        for kind, found in sorted(kinds.items(), key=lambda one: (-len(one[1]), one[0]))
    )
