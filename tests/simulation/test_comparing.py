"""Indicators of a run agree with its tables, and runs are compared pair by pair."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from engine.kernel import calendar, catalog, clock, database
from engine.reports import snapshot
from simulations import comparing, indicators, office_time, runs, scenario
from simulations.cli import main
from simulations.indicators import Spread, tallies
from simulations.scenario import Scenario
from simulations.statistics import intervals
from simulations.statistics.queueing import MMc
from tests.support import theory

QUIET_FILE = catalog.DATA / "scenarios" / "quiet_day.toml"
QUIET = scenario.load(QUIET_FILE)


def changed(**told: object) -> Scenario:
    """The quiet day with other keys, and without contracts."""
    return Scenario.model_validate_json(
        json.dumps({**QUIET.model_dump(mode="json"), "crypto": "none", **told})
    )


def reviewers(count: int) -> list[dict[str, object]]:
    group = QUIET.reviewers[0].model_dump(mode="json")
    return [{**group, "count": count}]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same people with four reviewers and with three, who cost something."""
    place = tmp_path_factory.mktemp("compared")
    for name, told in (
        ("four", {}),
        ("three", {"reviewers": reviewers(3), "cost": {"hour_fen": 5_000}}),
    ):
        plan = runs.Plan.of(changed(**told), 2, 7, replications=2, label=name)
        runs.carry_out(plan, runs.Folder(place / name))
    return place / "four", place / "three"


@pytest.mark.row("SIM-4")
def test_the_indicators_are_those_of_the_tables(two: tuple[Path, Path]) -> None:
    folder = runs.Folder(two[0])
    told = folder.indicators()
    assert told is not None
    assert told["replications"][0]["seed"] == 7
    found = told["replications"][0]["indicators"]
    copy = database.SqliteDatabase(two[0] / "world-0.sqlite3")
    with copy.read() as connection:
        cases = connection.rows("SELECT * FROM review_case WHERE sample_of IS NULL")
        paid = connection.rows("SELECT SUM(amount_fen) AS n FROM payment WHERE paid_at IS NOT NULL")
    copy.close()
    days, end = calendar.china(), QUIET.end_ms
    waits = [
        days.business_ms(row["opened_at"], row["first_touched_at"] or end) / clock.MINUTE
        for row in cases
    ]
    assert found["cases"] == len(cases)
    assert found["wait_mean"] == pytest.approx(math.fsum(waits) / len(waits))
    assert found["cases_open"] == sum(row["decided_at"] is None for row in cases)
    assert found["paid_yuan"] == paid[0]["n"] / 100
    assert found["people"] == found["registered"] == 2
    assert found["certified_share"] == 1
    assert 0.5 < found["to_certificate_p50"] < 9
    # Four people from 8:00 to 17:30.
    assert found["staff_hours"] == 38
    assert found["violations"] == 0
    assert set(found) <= {name for name in found if indicators.definition(name)}


@pytest.mark.row("SIM-4")
def test_the_indicators_agree_with_the_reports_of_the_same_run(two: tuple[Path, Path]) -> None:
    told = runs.Folder(two[0]).indicators()
    assert told is not None
    found = told["replications"][0]["indicators"]
    with snapshot.open_copy(snapshot.of_run(two[0].parent, two[0].name)) as copy:
        cases, wait, handled, late = copy.execute(
            "SELECT count(*), avg(wait_business_ms) / 60000, avg(handle_business_ms) / 60000,"
            " count(*) FILTER (WHERE overdue) FROM review_task WHERE sample_of IS NULL"
        ).fetchone()
        issued, paid = copy.execute(
            "SELECT count(issued_at), sum(paid_fen) FROM order_fact"
        ).fetchone()
        (invoiced,) = copy.execute(
            "SELECT coalesce(sum(total_fen), 0) FROM invoice_fact WHERE issued_at > 0"
        ).fetchone()
    assert found["cases"] == cases
    assert found["wait_mean"] == pytest.approx(wait)
    assert found["handle_mean"] == pytest.approx(handled)
    assert (found["late_share"], late) == (0, 0)
    assert found["certificates_issued"] == issued
    assert (found["paid_yuan"], found["invoiced_yuan"]) == (paid / 100, invoiced / 100)


@pytest.mark.row("SIM-4")
def test_two_runs_are_compared_by_what_differs_and_pair_by_pair(two: tuple[Path, Path]) -> None:
    found = comparing.compare(two)
    assert [one.label for one in found.runs] == ["four", "three"]
    keys = {one.key: one.values for one in found.scenario}
    assert keys["reviewers.all-round.count"] == (4, 3)
    assert keys["cost.hour_fen"] == (None, 5_000)
    assert not {key for key in keys if key.startswith(("people", "arrivals", "seed"))}
    assert found.paired == (True, True)
    rows = {row.name: row for row in found.rows}
    hours = rows["staff_hours"]
    assert hours.means == (38, 28.5)
    difference = hours.differences[1]
    assert difference is not None
    assert (difference.mean, difference.low, difference.high) == (-9.5, -9.5, -9.5)
    assert hours.better(1) is True
    # Both met the same people, who did the same.
    registered = rows["registered"].differences[1]
    assert registered is not None
    assert registered.mean == 0
    assert rows["registered"].better(1) is None
    # What one of them does not have is said and not guessed.
    assert rows["staff_yuan"].means == (None, 28.5 * 50)
    assert rows["staff_yuan"].differences == (None, None)


@pytest.mark.row("SIM-4")
def test_strangers_are_compared_as_such_and_one_run_is_not_compared(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    runs.carry_out(runs.Plan.of(changed(), 1, 8), runs.Folder(other))
    found = comparing.compare([two[0], other])
    assert found.paired == (True, False)
    assert {"people (run)", "seed (run)", "replications (run)"} == {
        one.key for one in found.scenario
    }
    # One replication is a mean without an interval.
    wait = next(row for row in found.rows if row.name == "wait_mean")
    assert wait.intervals[0] is not None
    assert (wait.intervals[1], wait.differences[1]) == (None, None)
    with pytest.raises(comparing.OneRunAlone):
        comparing.compare([other])
    (other / "indicators.json").unlink()
    with pytest.raises(comparing.NotFinished) as refusal:
        comparing.compare([two[0], other])
    assert "other" in refusal.value.message()


@pytest.mark.row("SIM-6")
def test_common_random_numbers_narrow_the_difference_of_two_models() -> None:
    """A look of 6.0 minutes against one of 5.8 (`simulation.md` 6): by entity, and by order of events."""
    slow, quick = MMc(24, 10, 3), MMc(24, 60 / 5.8, 3)

    def waits(queue: MMc, name: str) -> list[float]:
        found = []
        for number in range(16):
            one = theory.waits(theory.one_queue(queue, name, number, 1_500))[300:]
            found.append(math.fsum(one) / len(one))
        return found

    first, together, strangers = waits(slow, "crn"), waits(quick, "crn"), waits(quick, "other")
    paired = intervals.paired_difference(first, together)
    apart = intervals.difference(first, strangers)
    assert paired.high < 0
    assert (apart.half_width / paired.half_width) ** 2 > 10


# -- the parts ---------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(st.integers(0, 40 * clock.DAY), st.integers(-clock.DAY, 20 * clock.DAY)),
        min_size=1,
        max_size=20,
    )
)
def test_office_time_of_columns_is_the_calendar_s(pairs: list[tuple[int, int]]) -> None:
    """Over the National Day holiday and its make-up days."""
    begins = clock.start_of(QUIET.reference) + 100 * clock.DAY
    starts = np.array([begins + start for start, _ in pairs], dtype=np.int64)
    ends = np.array([begins + start + lasts for start, lasts in pairs], dtype=np.int64)
    expected = [
        calendar.china().business_ms(int(start), int(end)) if end > start else 0
        for start, end in zip(starts, ends, strict=True)
    ]
    assert office_time.between(starts, ends).tolist() == expected


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.sampled_from([0.5, 0.9, 0.99]))
def test_a_spread_keeps_quantiles_to_a_tenth_or_one_percent(
    values: list[float], share: float
) -> None:
    halves = [Spread(), Spread()]
    for place, value in enumerate(values):
        halves[place % 2].add([value])
    together = Spread(halves[0].as_json())
    together.merge(Spread(halves[1].as_json()))
    exact = sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
    assert together.n == len(values)
    assert together.quantile(share) == pytest.approx(exact, abs=0.051, rel=0.01)


def test_a_replication_s_indicators_are_those_of_its_shards_together(
    two: tuple[Path, Path],
) -> None:
    shards = []
    for name in two:
        copy = database.SqliteDatabase(name / "world-0.sqlite3")
        with copy.read() as connection:
            shards.append(tallies.of_shard(connection, QUIET, QUIET.end_ms))
        copy.close()
    apart = [indicators.of_replication([one]) for one in shards]
    both = indicators.of_replication(shards)
    assert both["cases"] == apart[0]["cases"] + apart[1]["cases"]
    assert both["wait_mean"] == pytest.approx(
        sum(one["wait_mean"] * one["cases"] for one in apart) / both["cases"]
    )
    assert min(one["wait_p90"] for one in apart) <= both["wait_p90"]
    # Nothing to be a share of is left out, and is no zero.
    assert "precision_both" not in both
    assert indicators.of_replication([]) == {}


def test_what_a_warm_up_leaves_out(two: tuple[Path, Path]) -> None:
    copy = database.SqliteDatabase(two[0] / "world-0.sqlite3")
    with copy.read() as connection:
        warm = QUIET.model_copy(update={"warm_up_days": 1})
        told = tallies.of_shard(connection, warm, QUIET.end_ms)
    copy.close()
    assert told["sums"]["cases"] == told["sums"]["registered"] == told["sums"]["paid_fen"] == 0
    assert "wait_mean" not in indicators.of_replication([told])


def test_every_indicator_is_defined_in_both_languages() -> None:
    for name, one in indicators.known().items():
        assert one.term.zh, name
        assert one.counts.en.endswith("."), name
    with pytest.raises(KeyError):
        indicators.definition("nothing")


@pytest.mark.row("SIM-4")
def test_how_many_replications_are_needed_is_told_from_a_run(two: tuple[Path, Path]) -> None:
    folder = runs.Folder(two[0])
    found = {one.name: one for one in comparing.needed(folder, 0.1)}
    told = folder.indicators()
    assert told is not None
    values = [one["indicators"]["actions"] for one in told["replications"]]
    assert found["actions"].replications == intervals.replications_needed(values, 0.1)
    assert found["actions"].relative == intervals.mean_interval(values).relative
    # What does not vary needs no more of them.
    assert "staff_hours" not in found


# -- in the terminal ---------------------------------------------------------------------------------


def command(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(main, list(arguments))


@pytest.mark.row("SIM-4")
def test_two_runs_side_by_side(two: tuple[Path, Path], tmp_path: Path) -> None:
    four, three = map(str, two)
    shown = command("compare", four, three)
    assert shown.exit_code == 0
    for text in ("reviewers.all-round.count", "Hours on shift, h", "-9.50 [-9.50, -9.50] better"):
        assert text in shown.output
    told = json.loads(command("compare", four, three, "--json").stdout)
    assert told["paired"] == [True, True]
    rows = {one["name"]: one for one in told["indicators"]}
    assert rows["staff_hours"]["differences"][1]["mean"] == -9.5
    assert rows["staff_hours"]["better"] == [None, True]
    out = tmp_path / "compared.csv"
    assert command("compare", four, three, "--out", str(out)).exit_code == 0
    table = list(csv.DictReader(out.open(encoding="utf-8")))
    assert {row["run"] for row in table} == {"four", "three"}
    assert [row["difference"] for row in table if row["indicator"] == "staff_hours"] == ["", "-9.5"]


@pytest.mark.row("SIM-4")
def test_what_cannot_be_compared_is_refused_with_exit_code_two(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    alone = command("compare", str(two[0]))
    assert (alone.exit_code, "at least two runs" in alone.output) == (2, True)
    nothing = command("compare", str(two[0]), str(tmp_path / "none"), "--json")
    assert nothing.exit_code == 2
    assert json.loads(nothing.stdout)["error"].endswith("no_run")


@pytest.mark.row("SIM-4")
def test_how_many_replications_are_needed(two: tuple[Path, Path]) -> None:
    told = json.loads(command("replications", str(two[0]), "--json").stdout)
    needed = {one["name"]: one["replications"] for one in told["needed"]}
    assert needed
    assert min(needed.values()) >= 2
    coarse = json.loads(command("replications", str(two[0]), "--within", "0.5", "--json").stdout)
    for one in coarse["needed"]:
        assert one["replications"] <= needed[one["name"]]


@pytest.mark.row("SIM-6")
def test_rosters_are_tried_and_the_cheapest_is_named(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "swept.csv"
    given = ("--from", str(two[0]), "--people", "30", "--replications", "5")
    folders = (tmp_path / f"what-if-{number}" for number in range(4))

    def options() -> tuple[str, ...]:
        return (*given, "--folder", str(next(folders)))

    shown = command(
        "staffing", str(QUIET_FILE), *options(), "--try", "all-round=3..5", "--out", str(out)
    )
    assert shown.exit_code == 0
    assert "The cheapest that keeps what is promised: all-round" in shown.output
    assert "of 3 tried" in shown.output
    assert len(list(csv.DictReader(out.open(encoding="utf-8")))) == 15
    told = json.loads(
        command("staffing", str(QUIET_FILE), *options(), "--try", "all-round=1", "--json").stdout
    )
    # One reviewer alone: no claim gets the second approval that it needs.
    assert told["cheapest"] is None
    assert told["rosters"][0]["in_time"]["mean"] == 0
    assert command("staffing", str(QUIET_FILE), *options(), "--try", "all-round=1").exit_code == 1
    days = command("staffing", str(QUIET_FILE), *options(), "--same-days", "--try", "all-round=4,5")
    assert "2 periods of its own" in days.output


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--try", "all-round=many"), "cannot be tried"),
        (("--try", "nobody=1"), "It has: all-round"),
        (
            (
                "--try",
                "all-round=1..200",
                "--hours",
                "all-round=09:00-17:00,08:00-16:00,10:00-18:00",
            ),
            "600",
        ),
        ((), "at least one group"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    two: tuple[Path, Path], given: tuple[str, ...], said: str
) -> None:
    refused = command("staffing", str(QUIET_FILE), "--from", str(two[0]), *given)
    assert refused.exit_code == 2
    assert said in refused.output
