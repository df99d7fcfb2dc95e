"""What is due: every stage's deadlines and the jobs that wait for their instant, soonest first.

A demo world's clock walks from one to the next (`travel`), and whoever moves it sees what is coming.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.issuing import deadlines as issuing
from engine.kernel import actors, clock, errors, events, jobs
from engine.kernel.deadlines import Deadline, Due
from engine.kernel.reader import Reader
from engine.mall import deadlines as mall
from engine.operating import queries as operating
from engine.policies import deadlines as policies
from engine.providers import deadlines as providers
from engine.registration import deadlines as registration
from engine.rehearsing import deadlines as rehearsing
from engine.reviewing import deadlines as reviewing
from engine.scanning import deadlines as scanning
from engine.sealing import deadlines as sealing
from engine.staffing import deadlines as staffing_deadlines
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from engine.trusting import deadlines as trusting

DEADLINES: Sequence[Deadline] = (
    *policies.DEADLINES,
    *staffing_deadlines.DEADLINES,
    *trusting.DEADLINES,
    *reviewing.DEADLINES,
    *scanning.DEADLINES,
    *registration.DEADLINES,
    *mall.DEADLINES,
    *issuing.DEADLINES,
    *sealing.DEADLINES,
    *providers.DEADLINES,
    *rehearsing.DEADLINES,
)

# At these the platform itself does something, as it does a job.
LISTS = providers.LISTS
ACTED = frozenset({trusting.KIND, LISTS})
# How far ahead is looked: the longest that a certificate lasts, and its keeping.
AHEAD_MS = 20 * 366 * clock.DAY
HORIZONS_MS = (3 * clock.MINUTE, clock.DAY, 90 * clock.DAY, 365 * clock.DAY)


class OnlyInDemo(errors.NotPermitted):
    """Only the clock of a demo world can be moved."""


def require_mover(q: Reader) -> None:
    """Refuse whoever may not move this world's clock; who has its folder may (`yinxin clock`).

    Raises: OnlyInDemo, MayNot.
    """
    if q.parts.kind != "demo":
        raise OnlyInDemo()
    if not isinstance(q.actor, actors.System):
        staffing.require(q, Right.DEMO, anywhere=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueShown:
    """Something due, with the record it concerns (kind and id; both empty where there is none).

    `code` is the text that names its kind.
    """

    due: Due
    code: str
    record_kind: str
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page of what is due, and how much there is in all."""

    rows: tuple[DueShown, ...]
    total: int


def between(
    q: Reader,
    after: int,
    until: int,
    kinds: Collection[str] = (),
    among: Sequence[Deadline] = DEADLINES,
) -> list[Due]:
    """What comes due after one instant and up to another (of some kinds, where given), in order."""
    found = [
        Due(at, one.kind, subject)
        for one in among
        if not kinds or one.kind in kinds
        for at, subject in one.between(q, after, until)
    ]
    found += [
        Due(at, kind, subject)
        for at, kind, subject in jobs.due_between(q.connection, after, until)
        if not kinds or kind in kinds
    ]
    return sorted(found)


def due(
    q: Reader,
    *,
    until: int,
    after: int | None = None,
    kinds: Collection[str] = (),
    page: int = 0,
    size: int = 50,
) -> DuePage:
    """What comes due from now (or from `after`) up to an instant, soonest first, a page of it.

    Raises: OnlyInDemo, MayNot.
    """
    require_mover(q)
    found = between(q, q.now if after is None else after, until, kinds)
    rows = (_shown(q, one) for one in found[page * size : (page + 1) * size])
    return DuePage(rows=tuple(rows), total=len(found))


def next_due(q: Reader) -> DueShown | None:
    """What comes due next, whoever or whatever it concerns.

    Raises: OnlyInDemo, MayNot.
    """
    require_mover(q)
    found = between(q, q.now, q.now + AHEAD_MS)
    return _shown(q, found[0]) if found else None


def counted(q: Reader) -> dict[str, tuple[int, ...]]:
    """How much of each kind comes due in the next 3 minutes, then within a day, 90 days, and a year.

    Each count is of what the shorter ones leave. Raises: OnlyInDemo, MayNot.
    """
    require_mover(q)
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0] * len(HORIZONS_MS))
    for one in between(q, q.now, q.now + HORIZONS_MS[-1]):
        reach = next(i for i, ahead in enumerate(HORIZONS_MS) if one.at <= q.now + ahead)
        counts[one.kind][reach] += 1
    return {kind: tuple(each) for kind, each in counts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What happened at an instant: the text that names it, whether it is a fact of the log, the record."""

    at: int
    code: str
    fact: bool
    record_kind: str
    record_id: str


def happened(q: Reader, *, began: int, seq: int, most: int = 200) -> tuple[list[Happened], int]:
    """What the clock has passed since an instant at which the log stood at `seq`: the first, and how much.

    The facts in their order, and between them what lapsed without one. Raises: OnlyInDemo, MayNot.
    """
    require_mover(q)
    facts = [
        (one.occurred_at, one.kind, True, one.subject)
        for one in events.read(q.connection, after=seq)
        if one.kind != "clock.advanced"
    ]
    silent = [one for one in DEADLINES if one.kind not in ACTED]
    lapsed = [
        (at, code_of(one.kind), False, subject)
        for one in silent
        for at, subject in one.between(q, began, q.now)
    ]
    # A fact tells what was done at an instant; what lapsed then had lapsed before. Facts keep their order.
    found = sorted(lapsed + facts, key=lambda one: (one[0], one[2]))
    return [_happened(q, *one) for one in found[:most]], len(found)


def _happened(q: Reader, at: int, code: str, fact: bool, subject: str) -> Happened:
    kind, record_id = operating.record_of(q, subject)
    return Happened(at=at, code=code, fact=fact, record_kind=kind, record_id=record_id)


def code_of(kind: str) -> str:
    """The text that names a kind."""
    return f"due.kind.{kind}" if kind in _KINDS else f"job.kind.{kind}"


_KINDS = frozenset(one.kind for one in DEADLINES)


def _shown(q: Reader, one: Due) -> DueShown:
    kind, record_id = operating.record_of(q, one.subject)
    return DueShown(due=one, code=code_of(one.kind), record_kind=kind, record_id=record_id)
