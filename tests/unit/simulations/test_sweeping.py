"""What a sweep says of rosters, by figures that are given: who keeps the promise, and how sure that is."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from engine.kernel import catalog
from simulations import scenario
from simulations.scenario import Promise
from simulations.staffing import sweeping
from simulations.statistics import intervals

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml").model_copy(
    update={"service_level": {"seal": Promise(share=0.8, within_hours=4.0)}}
)


def figures(name: str, hours: float, seal: list[float], claim: list[float]) -> pd.DataFrame:
    """One roster's replications."""
    return pd.DataFrame(
        {
            "roster": name,
            "replication": range(len(seal)),
            "hours": hours,
            "cost_yuan": math.nan,
            "busy": 0.5,
            "open": 0.0,
            "wait_mean": 10.0,
            "taken_mean": 12.0,
            "way_mean": 40.0,
            "wait_mean.seal": 10.0,
            "in_time.seal": seal,
            "in_time.enterprise_claim": claim,
        }
    )


ALWAYS = [1.0] * 6
TWO = pd.concat(
    [
        figures("few", 10, [0.75, 0.95, 0.97, 0.99, 1.0, 0.96], ALWAYS),
        figures("many", 30, [0.97, 0.98, 0.97, 0.99, 1.0, 0.98], ALWAYS),
    ]
)


@pytest.mark.row("SIM-6")
def test_a_mean_above_the_promise_is_not_enough() -> None:
    """The whole interval has to be, and for all rosters and kinds at once."""
    few, many = sweeping.lines(TWO, QUIET)
    assert (few.roster, few.tightest) == ("few", "seal")
    assert few.in_time.mean > 0.8 > few.in_time.low
    assert (few.keeps, many.keeps) == (False, True)
    alone = intervals.mean_interval(TWO[TWO["roster"] == "few"]["in_time.seal"].tolist())
    # By itself it would have been enough: two rosters and two kinds were looked at.
    assert alone.low > 0.8
    assert few.in_time.confidence == pytest.approx(1 - 0.05 / 4)
    found = sweeping.cheapest(TWO, QUIET)
    assert found is not None
    assert (found.line.roster, found.tried) == ("many", 2)


@pytest.mark.row("SIM-6")
def test_a_period_keeps_the_promise_when_every_kind_does() -> None:
    few, many = sweeping.lines(TWO, QUIET)
    assert few.periods_kept.mean == pytest.approx(5 / 6)
    assert (many.periods_kept.mean, many.periods_kept.n) == (1, 6)
    # Where nothing is promised for a kind, the level that is asked for holds.
    late = figures("late", 10, ALWAYS, [0.93] * 6)
    assert not sweeping.lines(late, QUIET, level=0.95)[0].keeps
    assert sweeping.lines(late, QUIET, level=0.9)[0].keeps


def test_shares_stay_within_nothing_and_all() -> None:
    wide = figures("wide", 10, [1.0, 0.2, 1.0, 1.0, 0.1, 1.0], ALWAYS)
    assert sweeping.lines(wide, QUIET)[0].in_time.high == 1
    assert sweeping.lines(wide, QUIET)[0].in_time.low >= 0


def test_a_kind_that_came_once_is_told_of_and_not_judged() -> None:
    once = figures("once", 10, [0.0, *[math.nan] * 5], ALWAYS)
    line = sweeping.lines(once, QUIET)[0]
    assert (line.unjudged, line.tightest, line.keeps) == (("seal",), "enterprise_claim", True)
    nothing = figures("nothing", 10, [math.nan] * 6, [math.nan] * 6)
    with pytest.raises(sweeping.NothingCame):
        sweeping.lines(nothing, QUIET)
