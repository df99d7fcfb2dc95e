"""The forecast: what breaches by an instant, with the roster as it is and with more hands, with intervals.

The replications are made by the fast model of the desk (`simulations.staffing.desk`), which agrees with
the engine in the loop and with queueing theory; each begins with the very queue of the world.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.boot import World
from engine.kernel import calendar, clock, errors
from engine.reviewing.actions.handing import EQUALS_MS
from simulations.forking import snapshot as copying
from simulations.forking import working
from simulations.forking.coming import Night, Nights, key_of, parts_of
from simulations.forking.counting import Figures, counted
from simulations.forking.snapshot import Member, OpenCase, Snapshot
from simulations.staffing import desk
from simulations.staffing.desk import Seen
from simulations.statistics.intervals import Interval, mean_interval, paired_difference

REPLICATIONS = 40
MOST_REPLICATIONS = 2_000
_FURTHEST_MS = 31 * clock.DAY


class TooFar(errors.InvalidInput):
    """A forecast reaches from now to at most 31 days ahead."""


class TooFew(errors.InvalidInput):
    """A forecast needs from 2 to {most} replications, for an interval to mean something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindForecast:
    """Cases of one kind: how many come due undecided from now on, and how many are open at the end."""

    kind: str
    breaches: Interval
    open: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is to be expected with so many more reviewers.

    `breaches` come due undecided between now and then; `first_looks` come due unseen; `late` are past
    their time and still open at the end; `open` are all that are open then.
    """

    extra: int
    breaches: Interval
    first_looks: Interval
    late: Interval
    open: Interval
    decided: Interval
    kinds: tuple[KindForecast, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForecast:
    """One case that is open now: in which share of the replications it comes due undecided by the end.

    One share for each outlook, in their order. `late_now`: its time is over already.
    """

    number: int
    kind: str
    due: int
    late_now: bool
    held: bool
    risks: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a fork has foretold. `saved` is by how much each outlook has fewer breaches than the first.

    `assumed` are codes of what no history was there for.
    """

    at_ms: int
    until_ms: int
    replications: int
    seed: int
    reviewers: int
    open_now: int
    late_now: int
    paused_now: int
    outlooks: tuple[Outlook, ...]
    saved: tuple[Interval, ...]
    cases: tuple[OpenForecast, ...]
    assumed: tuple[str, ...]
    snapshot: Snapshot
    # Which case each number stands for; never written down.
    case_ids: tuple[str, ...] = ()


def tonight(now_ms: int) -> int:
    """When the office closes next: today, or after hours on the next business day."""
    day = clock.civil_date(now_ms)
    while True:
        window = calendar.china().window(day)
        if window is not None and window[1] > now_ms:
            return window[1]
        day += datetime.timedelta(days=1)


def fork_now(
    world: World,
    until: int | None = None,
    *,
    extra: Sequence[int] = (0, 1),
    replications: int = REPLICATIONS,
    seed: int = 1,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Forecast:
    """Foretell the desk of a world from now until an instant (tonight, where none is given).

    `extra`: with how many more reviewers, who decide everything and keep the others' hours. The world is
    read once and never written to. Raises: NobodyWorks, TooFar, TooFew.
    """
    found = copying.taken(world)
    made = forecast(
        found.snapshot,
        tonight(found.snapshot.at_ms) if until is None else until,
        extra=extra,
        replications=replications,
        seed=seed,
        told=told,
    )
    return with_ids(made, found.case_ids)


def with_ids(made: Forecast, case_ids: tuple[str, ...]) -> Forecast:
    """A forecast that knows which case each number stands for."""
    values = {name: getattr(made, name) for name in Forecast.__slots__}
    return Forecast(**{**values, "case_ids": case_ids})


def forecast(
    taken: Snapshot,
    until: int,
    *,
    extra: Sequence[int] = (0, 1),
    replications: int = REPLICATIONS,
    seed: int = 1,
    people: bool = True,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Forecast:
    """What `fork_now` does, of a snapshot; without `people` nobody comes and nobody goes on by themselves.

    Raises: TooFar, TooFew.
    """
    check(taken, until, replications)
    nights = Nights(taken, until, seed, people)
    found = []
    for number in range(replications):
        found.append(replication(nights, extra, number))
        told(number + 1, replications)
    return summed(taken, until, extra, found, seed)


def check(taken: Snapshot, until: int, replications: int) -> None:
    """Refuse a forecast that would reach too far or say nothing.

    Raises: TooFar, TooFew.
    """
    if not taken.at_ms < until <= taken.at_ms + _FURTHEST_MS:
        raise TooFar(field="until")
    if not 2 <= replications <= MOST_REPLICATIONS:
        raise TooFew(field="replications", most=MOST_REPLICATIONS)


def replication(nights: Nights, extra: Sequence[int], number: int) -> list[Figures]:
    """One replication: the figures of each outlook, all of the same night."""
    night = nights.draw(number)
    return [_one(nights.snapshot, night, nights.until, more) for more in extra]


def _one(taken: Snapshot, night: Night, until: int, more: int) -> Figures:
    keys = sorted({task.kind for task in night.demand.tasks})
    worked = desk.run(
        night.demand,
        [*working.teams(taken, keys, until), *working.more_hands(taken, keys, until, more)],
        {key: working.rule_of(taken, parts_of(key)[0]) for key in keys},
        begins=taken.at_ms,
        until=until,
        equals_ms=EQUALS_MS,
        # Seen changes while the desk works: each outlook has its own.
        standing=[_fresh(one) for one in night.standing],
    )
    number_at = {place: number for number, place in night.places.items()}
    return counted(taken, worked.seen, number_at, until)


def _fresh(one: Seen) -> Seen:
    return Seen(
        task=one.task,
        place=one.place,
        opened_at=one.opened_at,
        due=one.due,
        touched_at=one.touched_at,
        assignee=one.assignee,
        lease_until=one.lease_until,
        excluded=one.excluded,
        approved_by=one.approved_by,
    )


# -- what it comes to -------------------------------------------------------------------------------


def summed(
    taken: Snapshot,
    until: int,
    extra: Sequence[int],
    found: Sequence[Sequence[Figures]],
    seed: int,
) -> Forecast:
    """What the figures of two or more replications, each of all outlooks, foretell together."""
    figures = [[one[which] for one in found] for which in range(len(extra))]
    totals = [[float(sum(one.breaches.values())) for one in outlook] for outlook in figures]
    return Forecast(
        at_ms=taken.at_ms,
        until_ms=until,
        replications=len(figures[0]),
        seed=seed,
        reviewers=len(taken.members),
        open_now=sum(not case.blind for case in taken.cases),
        late_now=sum(not case.blind and case.due <= taken.at_ms for case in taken.cases),
        paused_now=sum(not case.blind and case.paused for case in taken.cases),
        outlooks=tuple(
            _outlook(more, outlook) for more, outlook in zip(extra, figures, strict=True)
        ),
        saved=tuple(paired_difference(one, totals[0]) for one in totals),
        cases=tuple(_case(taken, case, figures) for case in taken.cases if not case.blind),
        assumed=_assumed(taken),
        snapshot=taken,
    )


def _outlook(more: int, found: Sequence[Figures]) -> Outlook:
    kinds = sorted({kind for one in found for kind in (*one.breaches, *one.open)})
    return Outlook(
        extra=more,
        breaches=mean_interval([float(sum(one.breaches.values())) for one in found]),
        first_looks=mean_interval([float(one.first_looks) for one in found]),
        late=mean_interval([float(one.late) for one in found]),
        open=mean_interval([float(sum(one.open.values())) for one in found]),
        decided=mean_interval([float(one.decided) for one in found]),
        kinds=tuple(
            KindForecast(
                kind=kind,
                breaches=mean_interval([float(one.breaches[kind]) for one in found]),
                open=mean_interval([float(one.open[kind]) for one in found]),
            )
            for kind in kinds
        ),
    )


def _case(taken: Snapshot, case: OpenCase, figures: Sequence[Sequence[Figures]]) -> OpenForecast:
    return OpenForecast(
        number=case.number,
        kind=case.kind,
        due=case.due,
        late_now=case.due <= taken.at_ms and not case.paused,
        held=case.held,
        risks=tuple(
            sum(case.number in one.missed for one in outlook) / len(outlook) for outlook in figures
        ),
    )


def _assumed(taken: Snapshot) -> tuple[str, ...]:
    """What no history was there for."""
    found = []
    if all(one.hours.days == 0 for one in taken.members):
        found.append("hours")
    if set(taken.paces) == {""}:
        found.append("pace")
    if not taken.begun:
        found.append("arrivals")
    if any(not any(_may(one, case) for one in taken.members) for case in taken.cases):
        found.append("nobody_for_some")
    return tuple(found)


def _may(member: Member, case: OpenCase) -> bool:
    return member.decides(*parts_of(key_of(case.kind, case.platform, case.agency)))
