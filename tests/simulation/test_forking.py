"""Today's queue in a model run: exact where it can be computed by hand, and nobody named in its files."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine import boot
from engine.boot import World, tables
from engine.kernel import actors, clock
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from simulations import forking, opening, personas, population, replaying
from simulations.cli import main
from simulations.forking import forecasting, playing
from simulations.forking.history import Hours, Pace
from simulations.forking.snapshot import Member, NobodyWorks, OpenCase, Rule, Snapshot
from simulations.staffing.ways import Step, Way
from tests.support import kept_run

# A Tuesday.
NINE = clock.from_datetime(datetime.datetime(2026, 6, 2, 9, tzinfo=clock.SHANGHAI))
MINUTE = clock.MINUTE
ALL = ("seal", "all", "")


def case(number: int, *, due_min: int, **told: object) -> OpenCase:
    plain = OpenCase(
        number=number,
        kind="seal",
        platform="",
        agency="dongfang",
        opened_at=NINE - clock.HOUR + number,
        touched=False,
        touch_due=NINE + 600 * MINUTE,
        due=NINE + due_min * MINUTE,
        office_ms=0,
        held=False,
        paused=False,
        blind=False,
        urged=False,
        approvals=(),
        taken_part=(),
        in_hand_of=None,
        lease_until=0,
    )
    return dataclasses.replace(plain, **told)  # type: ignore[arg-type]


def desk(
    *cases: OpenCase, members: int = 1, may: tuple[str, str, str] = ALL, look_min: int = 10
) -> Snapshot:
    """A desk where every look takes as long and nobody else comes."""
    return Snapshot(
        at_ms=NINE,
        cases=cases,
        members=tuple(
            Member(number=n, may=(may,), hours=Hours(start_min=540, end_min=1080, days=5))
            for n in range(members)
        ),
        rules={"seal": Rule(decision_min=540, first_look_min=120, approvers=1, lease_min=60)},
        paces={"": Pace(median=look_min, p90=look_min, seen=9)},
        places={},
        ways=(),
        begun=(),
        days=10,
    )


def foretold(taken: Snapshot, **told: int) -> forking.Forecast:
    until = NINE + told.pop("until_min", 300) * MINUTE
    return forecasting.forecast(taken, until, replications=3, **told)


@pytest.mark.row("SIM-8")
def test_what_breaches_is_what_one_pair_of_hands_cannot_do_in_time() -> None:
    # Cases due within a quarter of an hour are equals, so these are further apart. One pair of hands
    # ends at 20, 40, 60, 80, 100, 120; two at 20, 20, 40, 40, 60, 60.
    found = foretold(desk(*(case(n, due_min=25 + 16 * n) for n in range(6)), look_min=20))
    one, two = found.outlooks
    # Due at 25, 41, 57, 73, 89, 105.
    assert (one.breaches.low, one.breaches.mean, one.breaches.high) == (4, 4, 4)
    assert [line.risks[0] for line in found.cases] == [0, 0, 1, 1, 1, 1]
    assert two.breaches.mean == 0
    assert (found.saved[0].mean, found.saved[1].mean) == (0, 4)
    assert one.kinds[0].kind == "seal"
    assert one.open.mean == 0


def test_what_is_late_already_is_told_apart_from_what_becomes_late() -> None:
    found = foretold(desk(case(0, due_min=-5), case(1, due_min=15)))
    assert found.late_now == 1
    assert found.cases[0].late_now
    # The late one is due soonest, so the other waits ten minutes and becomes late.
    assert found.outlooks[0].breaches.mean == 1
    assert found.outlooks[0].late.mean == 0


def test_who_has_a_case_in_hand_finishes_it_first() -> None:
    taken = case(0, due_min=200, in_hand_of=0, lease_until=NINE + 15 * MINUTE, touched=True)
    found = foretold(desk(taken, case(1, due_min=15)))
    assert found.outlooks[0].breaches.mean == 1
    lapsed = dataclasses.replace(taken, lease_until=NINE - 1)
    assert foretold(desk(lapsed, case(1, due_min=15))).outlooks[0].breaches.mean == 0


@pytest.mark.row("SIM-8", "OPS-3")
def test_four_eyes_and_scopes_hold_in_the_model() -> None:
    apart = case(0, due_min=60, taken_part=(0,))
    alone = foretold(desk(apart), extra=(0, 1))
    assert alone.outlooks[0].breaches.mean == 1
    assert alone.outlooks[1].breaches.mean == 0
    assert foretold(desk(apart, members=2)).outlooks[0].breaches.mean == 0
    elsewhere = ("seal", "agency", "huaxia")
    found = foretold(desk(case(0, due_min=60), may=elsewhere))
    assert found.outlooks[0].breaches.mean == 1
    assert "nobody_for_some" in found.assumed


def test_a_case_that_needs_two_is_looked_at_by_two() -> None:
    taken = desk(case(0, due_min=60), members=2)
    rules = {"seal": dataclasses.replace(taken.rules["seal"], approvers=2)}
    one, two = (
        foretold(dataclasses.replace(desk(case(0, due_min=60), members=n), rules=rules), extra=(0,))
        for n in (1, 2)
    )
    assert one.outlooks[0].open.mean == 1
    assert two.outlooks[0].open.mean == 0
    # One that somebody approved already needs only the other.
    given = case(0, due_min=60, approvals=(0,), taken_part=(0,))
    again = dataclasses.replace(desk(given, members=2), rules=rules)
    assert foretold(again, extra=(0,)).outlooks[0].open.mean == 0


def test_held_cases_stay_and_run_out_only_where_their_clocks_run() -> None:
    paused = case(0, due_min=60, held=True, paused=True)
    running = case(1, due_min=60, held=True)
    found = foretold(desk(paused, running))
    assert found.paused_now == 1
    assert found.outlooks[0].breaches.mean == 1
    assert found.outlooks[0].open.mean == 2
    assert [one.risks[0] for one in found.cases] == [0, 1]


def test_a_first_look_that_comes_too_late_is_counted() -> None:
    # The second is looked at after ten minutes.
    pair = (case(0, due_min=100), case(1, due_min=200, touch_due=NINE + 5 * MINUTE))
    assert foretold(desk(*pair)).outlooks[0].first_looks.mean == 1
    assert foretold(desk(*pair)).outlooks[1].first_looks.mean == 0


def test_nobody_works_after_hours() -> None:
    evening = dataclasses.replace(desk(case(0, due_min=700)), at_ms=NINE + 10 * clock.HOUR)
    found = forecasting.forecast(evening, evening.at_ms + 2 * clock.HOUR, replications=2)
    assert found.outlooks[1].decided.mean == 0
    assert forking.tonight(NINE) == NINE + 8 * clock.HOUR
    # Past five it is tomorrow's closing; on a Friday evening Monday's.
    assert forking.tonight(NINE + 10 * clock.HOUR) == NINE + 32 * clock.HOUR
    assert forking.tonight(NINE + 82 * clock.HOUR) == NINE + 152 * clock.HOUR


@pytest.mark.parametrize(
    ("until_min", "replications"), [(0, 3), (-5, 3), (60 * 24 * 40, 3), (9, 1)]
)
def test_what_cannot_be_foretold_is_refused(until_min: int, replications: int) -> None:
    refused = (forecasting.TooFar, forecasting.TooFew)
    with pytest.raises(refused):
        forecasting.forecast(desk(), NINE + until_min * MINUTE, replications=replications)


@pytest.mark.row("SIM-8", "SIM-6")
def test_the_model_foretells_what_the_engine_then_does() -> None:
    """New people's orders wait at the platform, all made by real actions, for two pairs of hands."""
    rules = {
        "certificate_platform": Rule(
            decision_min=540, first_look_min=120, approvers=1, lease_min=15
        ),
        "certificate_ca": Rule(decision_min=540, first_look_min=120, approvers=1, lease_min=15),
    }
    may = tuple((kind, "all", "") for kind in ("certificate_ca", "certificate_platform"))
    ten = NINE + clock.HOUR
    cases = tuple(
        case(n, due_min=0, kind="certificate_platform", opened_at=ten - clock.DAY + at * MINUTE)
        for n, at in enumerate((5, 21, 37, 53))
    )
    # What the platform approves goes to the agency, where somebody else looks at it.
    follows = Way(
        began_at=0,
        steps=(
            Step(kind="certificate_platform", delay=0),
            Step(kind="certificate_ca", delay=0, follows=0, apart=True),
        ),
    )
    plain = desk(*cases, members=2, look_min=13)
    taken = dataclasses.replace(
        plain,
        at_ms=ten,
        rules=rules,
        ways=(follows,),
        members=tuple(dataclasses.replace(one, may=may) for one in plain.members),
    )
    played = playing.play(taken, ten + 50 * MINUTE)
    assert played.left_out == 0
    assert len(played.desk.cases) == len(cases)
    assert all(
        abs(made.opened_at - wanted.opened_at) < 2 * MINUTE
        for made, wanted in zip(played.desk.cases, cases, strict=True)
    )
    found = forecasting.forecast(
        played.desk, played.until_ms, extra=(0,), replications=20, people=False
    ).outlooks[0]
    # Looks last as long each time, so that only who takes which of two that open together is chance.
    for name, came in (
        ("decided", played.decided),
        ("open", played.open),
        ("breaches", played.breaches),
    ):
        told = getattr(found, name)
        assert (told.low, told.mean, told.high) == (came, came, came), (name, told, played)
    assert played.decided >= 4
    assert played.open >= 1


# -- a world's own queue -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def midway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The kept run as it stood when somebody's order went to the platform's reviewers."""
    folder = kept_run.folder()
    way = replaying.way(folder, person=2)
    step = next(
        one.number for one in way.steps if any(f.kind == "order.papers_attached" for f in one.facts)
    )
    done = replaying.replay(folder, person=2, step=step, out=tmp_path_factory.mktemp("midway"))
    yield done.world()
    opening.close_all()


@pytest.mark.row("SIM-8")
def test_a_world_s_queue_and_roster_are_copied(midway: World) -> None:
    taken = forking.taken(midway)
    with midway.engine.reader(tables.INSIDE) as q:
        rows = q.rows(
            "SELECT id, kind FROM review_case WHERE status IN ('waiting', 'claimed', 'held')"
            " ORDER BY opened_at, id"
        )
    assert [one.kind for one in taken.snapshot.cases] == [row["kind"] for row in rows]
    assert list(taken.case_ids) == [row["id"] for row in rows]
    assert any(one.kind == "certificate_platform" for one in taken.snapshot.cases)
    assert len(taken.snapshot.members) >= 1
    # What is known of the desk comes out of the log: nobody was asked.
    assert taken.snapshot.paces[""].seen > 0
    assert taken.snapshot.ways


@pytest.mark.row("SIM-8")
def test_a_forecast_is_the_same_twice_and_more_hands_never_do_harm(midway: World) -> None:
    until = midway.engine.now() + 12 * clock.HOUR
    one, again = (forking.fork_now(midway, until, replications=10) for _ in range(2))
    assert one == again
    assert forking.fork_now(midway, until, replications=10, seed=2) != one
    assert one.saved[1].mean >= 0
    assert one.outlooks[0].decided.mean > 0


@pytest.mark.row("SIM-8", "S-PI-4")
def test_nobody_is_named_in_what_a_forecast_keeps(midway: World, tmp_path: Path) -> None:
    made = forking.fork_now(midway, midway.engine.now() + 12 * clock.HOUR, replications=3)
    forking.write(made, tmp_path)
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir()))
    assert len(list(tmp_path.iterdir())) == 2
    everybody = population.Population(kept_run.SEED, kept_run.quiet().reference)
    casting = personas.Casting(kept_run.quiet(), kept_run.SEED, everybody)
    for index in range(kept_run.PEOPLE):
        persona = casting.persona(index)
        one, firm = persona.person, persona.enterprise
        for value in (one.name, one.phone, one.resident_id, one.bank_card, firm.name, firm.uscc):
            assert value not in text
    for profile in midway.engine.ask(staff_queries.everyone, tables.INSIDE):
        for value in (profile.id, profile.login, profile.name):
            assert value not in text
    # Nor an id of anything: numbers alone.
    with midway.engine.reader(tables.INSIDE) as q:
        ids = [
            row["id"]
            for name in ("account", "review_case")
            for row in q.rows(f"SELECT id FROM {name}")
        ]
    assert ids
    assert not [one for one in ids if one in text]
    assert forking.kept(tmp_path)["at_ms"] == made.at_ms  # type: ignore[index]


@pytest.mark.row("SIM-8")
def test_the_command_foretells_a_world(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    boot.create_world(path, kind="demo", world_id="demo")
    empty = CliRunner().invoke(main, ["fork", "--world", str(path), "--json"])
    assert empty.exit_code == 2
    assert json.loads(empty.stdout)["error"] == NobodyWorks.code
    world = boot.open_world(path)
    world.engine.perform(
        staffing.create_staff,
        {"login": "one", "name": "One", "password": "a long enough word", "roles": ("lead",)},
        actor=actors.System(job="setup"),
    )
    world.close()
    boot.worlds.pop(world.id, None)
    out = tmp_path / "forecast"
    call = ["fork", "--world", str(path), "--replications", "2", "--out", str(out)]
    kept = str(tmp_path / "what-if")
    done = CliRunner().invoke(main, [*call, "--folder", kept, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["open_now"] == 0
    assert told["assumed"] == ["hours", "pace", "arrivals"]
    assert (out / "snapshot.json").is_file()
    # Each asks of its own instant: another folder, or the first one's answer again.
    call += ["--folder", str(tmp_path / "another")]
    plain = CliRunner().invoke(main, call)
    assert "0 cases open" in plain.output
    again = json.loads(CliRunner().invoke(main, ["what-ifs", "show", kept, "--json"]).stdout)
    assert (again["state"], again["done"]) == ("finished", 2)
    assert again["answer"] == {name: told[name] for name in again["answer"]}
    wrong = CliRunner().invoke(main, [*call, "--until", "tonight"])
    assert wrong.exit_code == 2
