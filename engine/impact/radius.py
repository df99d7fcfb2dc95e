"""Trying an act and telling what it would stop."""

from __future__ import annotations

import collections
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.impact.acts import ACTS
from engine.kernel import actors, errors, notes, trial
from engine.kernel.engine import Engine, name_of
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

# So many are listed by kind; the rest are counted.
LISTED = 100


class ActUnknown(errors.NotFound):
    """Nobody can say beforehand what “{what}” would stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Of one kind (`works.binding`): how many would stop working, and the first of them."""

    kind: str
    count: int
    listed: tuple[notes.Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Radius:
    """What an act would stop, by kind, the most numerous first; or why it would be refused (a code)."""

    act: str
    subject: str
    at: int
    stops: tuple[Stopped, ...] = ()
    refusal: str = ""

    @property
    def count(self) -> int:
        """How much would stop altogether."""
        return sum(one.count for one in self.stops)


def working(q: Reader, within: notes.Within) -> dict[tuple[str, str], notes.Note]:
    """What works now or is under way within somebody's things: (kind, id) → what it is called."""
    return {(one.code, one.subject): one for stage in q.parts.working for one in stage(q, within)}


def radius(
    engine: Engine,
    *,
    act: str,
    subject: str,
    arguments: Mapping[str, Any] | None = None,
    actor: actors.Actor,
) -> Radius:
    """What an act on a subject would stop if this actor did it now; `arguments` are the action's others.

    Nothing is changed, and no fresh second factor is asked for: that is when it is done.
    Raises: ActUnknown, MayNot and NotPermitted (who may not do it is not told what it would do), NotFound.
    """
    known = ACTS.get(act)
    if known is None:
        raise ActUnknown(what=act)
    given = {known.subject: subject, **(arguments or {})}

    def tried(op: Operation) -> list[notes.Note]:
        within = known.within(op, subject)
        before = working(op, within)
        known.action(op, **given)
        op.settle()
        after = working(op, within)
        return [one for place, one in before.items() if place not in after]

    [outcome] = trial.rehearse(engine, [tried], name=name_of(known.action), actor=actor)
    at = engine.now()
    if isinstance(outcome, errors.NotPermitted | errors.NotFound):
        raise outcome
    if isinstance(outcome, errors.EngineError):
        return Radius(act=act, subject=subject, at=at, refusal=outcome.code)
    if isinstance(outcome, Exception):
        raise outcome
    return Radius(act=act, subject=subject, at=at, stops=_by_kind(outcome))


def _by_kind(lost: list[notes.Note]) -> tuple[Stopped, ...]:
    kinds: dict[str, list[notes.Note]] = collections.defaultdict(list)
    for one in lost:
        kinds[one.code].append(one)
    return tuple(
        Stopped(kind=kind, count=len(found), listed=tuple(found[:LISTED]))
        for kind, found in sorted(kinds.items(), key=lambda one: (-len(one[1]), one[0]))
    )
