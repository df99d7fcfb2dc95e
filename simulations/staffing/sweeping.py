"""The what-if: several rosters against the same days, what each costs, which is the cheapest good one.

Every roster meets the same people with the same work in each replication (common random numbers), so that
what differs between two of them is the roster. A terminating study: each replication is the scenario's
horizon from an empty desk, unless the scenario has warm-up days.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from engine.kernel import errors
from simulations.scenario import Scenario
from simulations.staffing import periods, rosters, ways
from simulations.staffing.demand import Demand
from simulations.statistics import intervals
from simulations.statistics.intervals import CONFIDENCE, Interval

# The share of cases in time that is kept where a scenario promises nothing.
LEVEL = 0.95
Told = Callable[[int, int], None]
Row = dict[str, Any]


class NothingCame(errors.InvalidInput):
    """No case came to the desk after the warm-up, so that no roster can be judged. Take more people."""


@dataclass(frozen=True, slots=True)
class Days:
    """What the rosters meet: a demand for each replication, at one desk with so many people.

    `periods` is how many different ones there are; None means as many as replications. Where there are
    fewer, who came and when comes again, and intervals say less of other days than they seem to.
    """

    scenario: Scenario
    seed: int
    people: int
    demand: Callable[[int], Demand]
    periods: int | None = None


def days_like(scenario: Scenario, learned: ways.Learned, people: int, seed: int) -> Days:
    """Other days of the same scenario: new people on the ways that a run has shown.

    The people of a scenario with several shards come to as many desks; this is one of them.
    """
    people = max(1, round(people / scenario.shards))
    return Days(
        scenario=scenario,
        seed=seed,
        people=people,
        demand=lambda number: ways.drawn(learned, scenario, people, seed, number),
    )


def days_of_run(scenario: Scenario, folder: Path, seed: int) -> Days:
    """The very days of a run: the same people at the same times, only the work of each case drawn anew.

    Each of its desks (a shard of a replication) is a period; with more replications they come again.
    Raises: NoRun, NothingLearned.
    """
    desks = [one for one in ways.of_folder(folder) if one.ways]
    return Days(
        scenario=scenario,
        seed=seed,
        people=max(one.people for one in desks),
        demand=lambda number: ways.as_they_came(desks[number % len(desks)].ways, seed, number),
        periods=len(desks),
    )


def sweep(
    days: Days,
    tried: Sequence[rosters.Roster],
    replications: int,
    told: Told = lambda done, of: None,
) -> pd.DataFrame:
    """One row for each roster and replication: `roster`, `replication`, and `periods.figures`."""
    rows: list[Row] = []
    for number in range(replications):

        def tell(done: int, of: int, before: int = len(rows)) -> None:
            told(before + done, replications * of)

        rows += replication(days, tried, number, tell)
    return pd.DataFrame(rows)


def replication(
    days: Days, tried: Sequence[rosters.Roster], number: int, told: Told = lambda done, of: None
) -> list[Row]:
    """One replication of a sweep: a row for each roster, all against the same demand."""
    demand = days.demand(number)
    rows: list[Row] = []
    for roster in tried:
        found = periods.figures(days.scenario, roster, demand)
        rows.append({"roster": roster.name, "replication": number, **found})
        told(len(rows), len(tried))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a sweep says of one roster: minutes until the first look (`wait`) and the decision (`taken`).

    `way` is what a person waits for the desk along their whole way, and `waits` the mean wait by kind: with
    more reviewers at an early step the wait moves on to the next one, so that `wait`, which is of all
    cases, may rise while everybody is done sooner.

    `in_time` is the kind that is nearest to breaking its promise.

    `periods_kept` is the share of the replications in which every kind kept its promise. `unjudged` are
    kinds that came in one replication alone, of which no interval can be told.
    """

    roster: str
    hours: float
    cost_yuan: float
    wait: Interval
    taken: Interval
    way: Interval
    waits: dict[str, float]
    in_time: Interval
    tightest: str
    periods_kept: Interval
    busy: float
    open: Interval
    keeps: bool
    unjudged: tuple[str, ...] = ()

    @property
    def price(self) -> tuple[float, float]:
        """What rosters are ordered by: cost where it is known, then hours."""
        return (0.0 if math.isnan(self.cost_yuan) else self.cost_yuan, self.hours)


def lines(
    sweep: pd.DataFrame, scenario: Scenario, level: float = LEVEL, confidence: float = CONFIDENCE
) -> list[Line]:
    """A line for each roster, the cheapest first.

    A roster keeps the promise when, for every kind, the whole interval of the share in time over the
    replications lies at or above what is promised. The intervals hold for all rosters and kinds together
    (Bonferroni), because the cheapest is picked by looking at all of them.
    Raises: TooFewValues for fewer than two replications, NothingCame.
    """
    kinds = sorted(name for name in sweep.columns if name.startswith("in_time."))
    names = list(dict.fromkeys(sweep["roster"]))
    each = 1 - (1 - confidence) / max(1, len(names) * len(kinds))
    return sorted(
        (_line(sweep[sweep["roster"] == name], scenario, kinds, level, each) for name in names),
        key=lambda line: (*line.price, line.roster),
    )


def _line(
    rows: pd.DataFrame, scenario: Scenario, kinds: Sequence[str], level: float, each: float
) -> Line:
    wait = intervals.mean_interval(_numbers(rows["wait_mean"]))
    found, unjudged = [], []
    for kind in kinds:
        shares = _numbers(rows[kind])
        if len(shares) < 2:
            unjudged += [kind.removeprefix("in_time.")] * len(shares)
            continue
        promised = periods.promised_share(scenario, kind.removeprefix("in_time."), level)
        interval = _within(intervals.mean_interval(shares, each))
        found.append((interval.low - promised, kind.removeprefix("in_time."), interval))
    if not found:
        raise NothingCame()
    margin, tightest, in_time = min(found, key=lambda one: one[:2])
    return Line(
        roster=str(rows["roster"].iloc[0]),
        hours=float(rows["hours"].iloc[0]),
        cost_yuan=float(rows["cost_yuan"].iloc[0]),
        wait=wait,
        taken=intervals.mean_interval(_numbers(rows["taken_mean"])),
        way=intervals.mean_interval(_numbers(rows["way_mean"])),
        waits={
            name.removeprefix("wait_mean."): float(rows[name].mean())
            for name in rows.columns
            if name.startswith("wait_mean.") and rows[name].notna().any()
        },
        in_time=in_time,
        tightest=tightest,
        periods_kept=intervals.proportion_interval(
            sum(periods.kept(scenario, shares, level) for shares in _shares(rows, kinds)), len(rows)
        ),
        busy=float(rows["busy"].mean()),
        open=intervals.mean_interval(_numbers(rows["open"])),
        keeps=margin >= 0,
        unjudged=tuple(unjudged),
    )


def _numbers(column: pd.Series[Any]) -> list[float]:
    """A column's numbers; periods in which there was nothing to count have none."""
    return [float(value) for value in column if not math.isnan(value)]


def _shares(rows: pd.DataFrame, kinds: Sequence[str]) -> Iterator[dict[str, float]]:
    for values in rows[list(kinds)].itertuples(index=False):
        yield dict(zip(kinds, map(float, values), strict=True))


def _within(share: Interval) -> Interval:
    """The interval of a share, which is never below 0 or above 1."""
    return dataclasses.replace(share, low=max(0.0, share.low), high=min(1.0, share.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheapest:
    """The cheapest roster that keeps the promise, the confidence of that, and among how many it was."""

    line: Line
    confidence: float
    tried: int
    replications: int


def cheapest(
    sweep: pd.DataFrame,
    scenario: Scenario,
    service_level: float = LEVEL,
    confidence: float = CONFIDENCE,
) -> Cheapest | None:
    """The cheapest roster of a sweep that keeps the service level; None where none is shown to.

    That none is shown to can also mean that there were too few replications: see `Line.in_time`.
    Raises: TooFewValues for fewer than two replications.
    """
    found = lines(sweep, scenario, service_level, confidence)
    good = next((line for line in found if line.keeps), None)
    if good is None:
        return None
    return Cheapest(
        line=good,
        confidence=confidence,
        tried=len(found),
        replications=int(sweep["replication"].nunique()),
    )
