"""Each scenario that ships runs without a violation, and is what its first lines say it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engine import boot
from engine.kernel import calendar, clock, database
from simulations import answers, personas, population, scenario, shards, windows
from simulations.journeys import Way
from simulations.scenario import Scenario
from simulations.shards import Outcome

Count = Callable[[int, int], int]
# Other tests run quiet_day (test_runs.py) and demo (test_personal_values.py).
EIGHT = {
    "quiet_day",
    "launch_rush",
    "month_end",
    "ca_outage",
    "understaffed_week",
    "fraud_wave",
    "holiday_backlog",
    "demo",
}


def shipped(name: str) -> Scenario:
    return scenario.load(scenario.SHIPPED / f"{name}.toml")


def lived(plan: Scenario, people: int, folder: Path, seed: int = 7) -> Outcome:
    """A shard of it, which comes to its end as it should."""
    spec = shards.Spec(scenario=plan, people=people, seed=seed, shard=0, out=folder)
    outcome = shards.run_shard(spec)
    assert [one.name for one in outcome.findings if one.violations] == []
    assert [step for step in outcome.counts if step.startswith("stopped")] == []
    return outcome


def slower(plan: Scenario, times: float) -> Scenario:
    """A scenario whose claims take so many times as long."""
    groups = []
    for group in plan.reviewers:
        median, p90 = group.minutes.median, group.minutes.p90
        assert median is not None
        assert p90 is not None
        minutes = scenario.Minutes(median=median * times, p90=p90 * times)
        claims = group.group in ("claims", "part-time")
        groups.append(group.model_copy(update={"minutes": minutes}) if claims else group)
    return plan.model_copy(update={"reviewers": tuple(groups)})


def rows(folder: Path, sql: str) -> list[database.Row]:
    copy = database.SqliteDatabase(folder / shards.world_name(0))
    with copy.read() as connection:
        found = connection.rows(sql)
    copy.close()
    return found


def arrivals(plan: Scenario, people: int) -> list[datetime.datetime]:
    casting = personas.Casting(plan, 7, population.Population(7, plan.reference))
    instants = (casting.persona(index).arrives_at for index in range(people))
    return [clock.to_datetime(one).astimezone(clock.SHANGHAI) for one in instants]


@pytest.mark.row("SIM-1")
def test_eight_scenarios_ship_and_each_says_in_its_first_lines_what_it_shows() -> None:
    found = {path.stem: path for path in scenario.shipped()}
    assert set(found) >= EIGHT
    for path in found.values():
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert "\nversion = 1\nname = " in text
        plan = scenario.load(path)
        assert all((plan.title.zh, plan.title.en))


@pytest.mark.row("SIM-1")
def test_a_launch_rush_comes_in_its_first_hours(tmp_path: Path, count: Count) -> None:
    plan, quiet = shipped("launch_rush"), shipped("quiet_day")
    came = arrivals(plan, 300)
    first = [one for one in came if one.date() == plan.reference and 9 <= one.hour < 12]
    assert len(first) / 300 > 0.35
    calm = [one for one in arrivals(quiet, 300) if 9 <= one.hour < 12]
    busiest = max(
        sum(one.date() == plan.reference and one.hour == hour for one in came) for hour in range(24)
    )
    # Three days of people, and still more of them in one hour than come on the one quiet day.
    assert busiest > max(sum(one.hour == hour for one in calm) for hour in range(24)) * 0.8
    outcome = lived(plan, count(7, 120), tmp_path, seed=3)
    assert outcome.counts["bound"] >= 3
    kinds = {
        personas.Casting(plan, 3, population.Population(3, plan.reference)).persona(i).kind
        for i in range(60)
    }
    assert kinds == {"", "hurried", "agent"}


@pytest.mark.row("SIM-1")
def test_at_the_end_of_a_month_contracts_and_invoices_are_done(
    tmp_path: Path, count: Count
) -> None:
    plan = shipped("month_end")
    outcome = lived(plan, count(6, 60), tmp_path)
    issued = sum(n for step, n in outcome.counts.items() if step.startswith("invoice issued"))
    assert issued >= 4
    assert outcome.counts["contracted"] >= 1
    # The tax service is slow: some of them are not there at once.
    waited = [
        row["n"]
        for row in rows(
            tmp_path, "SELECT issued_at - created_at AS n FROM invoice WHERE issued_at > 0"
        )
    ]
    assert max(waited) > clock.HOUR


@pytest.mark.row("SIM-1")
@pytest.mark.row("SIM-5")
def test_in_a_ca_outage_certificates_wait_for_the_ca_that_is_away(
    tmp_path: Path, count: Count
) -> None:
    plan = shipped("ca_outage")
    lived(plan, count(12, 80), tmp_path)
    issued = {
        row["subject"]: row["occurred_at"]
        for row in pq.read_table(tmp_path / shards.events_name(0)).to_pylist()
        if row["kind"] == "certificate.issued"
    }
    sql = "SELECT id, agency_id, created_at FROM certificate WHERE usage = 'signing'"
    through = 0
    for row in rows(tmp_path, sql):
        for start, end in windows.spans(plan, "agency", row["agency_id"]):
            assert not start <= issued[row["id"]] < end
            through += start <= row["created_at"] < end <= issued[row["id"]]
    # Somebody asked while theirs was away and got it afterwards; the other CA's went on.
    assert through >= 1
    away = windows.spans(plan, "agency", "nanfang")[0]
    others = [row for row in rows(tmp_path, sql) if row["agency_id"] == "dongfang"]
    assert any(away[0] <= issued[row["id"]] < away[1] for row in others)
    # Dongfang was stopped for an incident: nothing of it came in between, and the record is closed.
    [stop] = rows(tmp_path, "SELECT * FROM issuing_stop")
    assert (stop["agency_id"], stop["status"]) == ("dongfang", "lifted")
    assert not any(stop["stopped_at"] < issued[row["id"]] < stop["lifted_at"] for row in others)
    assert rows(tmp_path, "SELECT status FROM incident") == [{"status": "closed"}]
    assert rows(tmp_path, "SELECT ground FROM reveal") == [{"ground": "fraud_inquiry"}]


@pytest.mark.row("SIM-1")
def test_in_an_understaffed_week_what_was_promised_is_not_kept(
    tmp_path: Path, count: Count
) -> None:
    people = count(8, 60)
    # The load of forty people, however many come.
    plan = slower(shipped("understaffed_week"), 40 / people)
    outcome = lived(plan, people, tmp_path)
    promise = plan.service_level["enterprise_claim"]
    kept, claims = 0, rows(tmp_path, "SELECT * FROM review_case WHERE kind = 'enterprise_claim'")
    for case in claims:
        until = case["decided_at"] or plan.end_ms
        took = calendar.china().business_ms(case["opened_at"], until)
        kept += case["decided_at"] is not None and took <= promise.within_hours * clock.HOUR
    assert kept / len(claims) < promise.share
    assert outcome.open_cases >= 1
    # Whoever works half days and has Wednesday off decided nothing then.
    absent = datetime.date(2026, 6, 10)
    part_time = rows(
        tmp_path,
        "SELECT e.occurred_at FROM event e JOIN staff s ON e.actor = 'staff:' || s.id"
        " WHERE s.login = 'part-time-1'",
    )
    assert part_time
    assert absent not in {clock.civil_date(row["occurred_at"]) for row in part_time}


@pytest.mark.row("SIM-1")
def test_a_fraud_wave_is_found_by_rules_and_people_and_not_all_of_it(
    tmp_path: Path, count: Count
) -> None:
    outcome = lived(shipped("fraud_wave"), count(14, 120), tmp_path)
    told = answers.read(tmp_path / shards.answers_name(0))
    assert {one.by for one in told if one.found} == {"rule", "review"}
    assert any(one.truth in answers.FOUND_AT and not one.found for one in told)
    for score in (answers.of_rules(told), answers.of_people(told), answers.of_both(told)):
        assert 0 < (score.recall or 0) < 1
        assert 0 < (score.precision or 0) <= 1
    assert outcome.more["answers"] == answers.summary(told)
    assert outcome.counts["second account refused"] >= 1
    planted = {one.index for one in told if one.truth not in (answers.HONEST, answers.FAULTY)}
    casting = personas.Casting(
        shipped("fraud_wave"), 7, population.Population(7, datetime.date(2026, 6, 2))
    )
    assert planted <= {
        index
        for index in range(outcome.people)
        if casting.persona(index).truth is not personas.Truth.HONEST
    }


@pytest.mark.row("SIM-1")
def test_over_a_holiday_everything_waits_for_its_first_day(tmp_path: Path, count: Count) -> None:
    plan = shipped("holiday_backlog")
    lived(plan, count(8, 60), tmp_path)
    back = clock.start_of(datetime.date(2026, 10, 8))
    cases = rows(tmp_path, "SELECT opened_at, decided_at FROM review_case")
    holiday = (clock.start_of(datetime.date(2026, 10, 1)), back)
    assert [one for one in cases if holiday[0] <= (one["decided_at"] or 0) < holiday[1]] == []
    waited = [one for one in cases if holiday[0] <= one["opened_at"] < back]
    assert len(waited) >= 3
    for one in waited:
        assert one["decided_at"] >= back
        # No clock of a case runs while offices are closed.
        assert calendar.china().business_ms(one["opened_at"], one["decided_at"]) < 9 * clock.HOUR


def test_sampled_signatures_are_those_of_a_share_of_people() -> None:
    plan = shipped("quiet_day")
    casting = personas.Casting(plan, 7, population.Population(7, plan.reference))
    world = boot.memory_world(seed=7, start=plan.start_ms, world_id="sampled")
    stage, _ = shards.set_up(world, plan, 7, shards.JOURNEY, range(0))
    ways = [Way(stage, casting.persona(index)) for index in range(80)]
    signing: dict[float, list[bool]] = {}
    for sampled in (0.0, 0.4, 0.6, 1.0):
        stage.scenario = plan.model_copy(update={"crypto": "sampled", "sampled": sampled})
        signing[sampled] = [way.signs for way in ways]
    assert not any(signing[0.0])
    assert all(signing[1.0])
    assert sum(signing[0.4]) / 80 == pytest.approx(0.4, abs=0.15)
    # Who signs where few do signs where more do.
    assert all(more for few, more in zip(signing[0.4], signing[0.6], strict=True) if few)
    stage.close()
    world.close()
    boot.worlds.pop(world.id)
