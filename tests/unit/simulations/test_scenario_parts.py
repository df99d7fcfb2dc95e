"""The parts of a scenario: versions, durations, kinds of people, shifts, outages; a run's identity."""

from __future__ import annotations

import datetime
import statistics
from pathlib import Path

import numpy as np
import pytest

from engine import boot
from engine.kernel import catalog, clock, errors, ports
from engine.staffing.model import Role
from simulations import answers, looking, papers, personas, population, rota, scenario, windows
from simulations.answers import Answer
from simulations.personas import Forgery, Truth
from simulations.population import Enterprise
from simulations.true_register import TrueRegister

SCENARIOS = catalog.DATA / "scenarios"
QUIET_TEXT = (SCENARIOS / "quiet_day.toml").read_text(encoding="utf-8")
QUIET = scenario.load(SCENARIOS / "quiet_day.toml")
MIX = """
[[personas]]
name = "elderly"
share = 0.25
behaviour = { wrong_pin = 1.0, pause = { median = 60.0, p90 = 240.0 } }

[[personas]]
name = "agent"
share = 0.5
people = { further_enterprises = 3 }
"""


def load(folder: Path, text: str) -> scenario.Scenario:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return scenario.load(path)


def with_(plan: scenario.Scenario, **parts: object) -> scenario.Scenario:
    """The scenario with some tables changed, checked as a file is."""
    told = plan.model_dump(mode="json", exclude_defaults=True)
    for name, part in parts.items():
        told[name] = {**told.get(name, {}), **part} if isinstance(part, dict) else part
    return catalog.build(told, scenario.Scenario, "mine.toml")


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.row("SIM-1")
def test_a_later_version_is_refused_by_its_version_and_nothing_else(tmp_path: Path) -> None:
    later = "version = 2\nfuture_key = 1\n" + QUIET_TEXT.replace("version = 1\n", "")
    with pytest.raises(scenario.ScenarioWrong, match="version: this is a scenario of version 2"):
        load(tmp_path, later)
    assert "future_key" not in str(_refused(tmp_path, later))


def _refused(folder: Path, text: str) -> str:
    with pytest.raises(scenario.ScenarioWrong) as refused:
        load(folder, text)
    return refused.value.message()


def test_a_file_without_a_version_is_one_of_the_first(tmp_path: Path) -> None:
    bare = QUIET_TEXT.replace("version = 1\n", "")
    assert load(tmp_path, bare).digest == QUIET.digest


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("[planted]\nforged_licence = 0.7\nunder_age = 0.4", "planted"),
        ("[planted]\nmoon = 0.1", "planted.moon"),
        ('[[personas]]\nname = "a"\nshare = 0.6\n[[personas]]\nname = "b"\nshare = 0.6', "personas.share"),
        ('[[personas]]\nname = "a"\nshare = 0.1\nbehaviour = { wrong_pin = 2.0 }',
         "personas.0.behaviour.wrong_pin"),
        ('[[personas]]\nname = "a"\nshare = 0.1\nbehaviour = { shouts = 0.5 }',
         "personas.0.behaviour.shouts"),
        ('[[personas]]\nname = "a"\nshare = 0.1\ncalls = { share = 0.5 }', "personas.0.calls"),
        ('[[providers.outages]]\nparty = "agency"\nstart = { day = 2, hour = 9.0 }\nend = { day = 2 }',
         "providers.outages.0"),
        ('[[providers.outages]]\nparty = "moon"\nstart = { day = 1 }\nend = { day = 2 }',
         "providers.outages.0.party"),
        ("[faults.moonquake]\nfires = 0.1", "faults.moonquake"),
        ("[cost]\nhour_fen = 6000\ngroups = { nobody = 1 }", "cost.groups.nobody"),
        ("[service_level.horoscope]\nshare = 0.9\nwithin_hours = 9.0", "service_level.horoscope"),
    ],
)  # fmt: skip
def test_a_wrong_part_is_refused_by_its_key(tmp_path: Path, more: str, key: str) -> None:
    assert key in _refused(tmp_path, f"{QUIET_TEXT}\n{more}\n")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("within = 0.6", "within = 0.6\npeaks = [{ day = 1, start = 9.0, end = 9.0, times = 2.0 }]",
         "arrivals.peaks.0"),
        ('end = "17:30"', 'end = "17:30"\nbreaks = [{ start = "12:00", end = "19:00" }]', "reviewers.0"),
        ('end = "17:30"', 'end = "17:30"\nweekdays = [8]', "reviewers.0.weekdays.0"),
        ('end = "17:30"', 'end = "17:30"\nskill = { horoscope = 2.0 }', "reviewers.0.skill.horoscope"),
        ("minutes = { median = 3.0, p90 = 7.0 }", 'minutes = { mean = 3.0 }', "reviewers.0.minutes"),
        ("horizon_days = 1", "horizon_days = 1\nwarm_up_days = 1", "warm_up_days"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in QUIET_TEXT
    assert key in _refused(tmp_path, QUIET_TEXT.replace(old, new))


# -- identity --------------------------------------------------------------------------------------


@pytest.mark.row("SIM-1")
def test_a_runs_identity_is_its_scenario_seed_people_and_code() -> None:
    known = scenario.identity(QUIET, 7, 20)
    assert known == scenario.identity(QUIET, 7, 20, scenario.code_version())
    others = {
        scenario.identity(QUIET, 8, 20),
        scenario.identity(QUIET, 7, 21),
        scenario.identity(QUIET.at(datetime.date(2026, 6, 3), 1), 7, 20),
        scenario.identity(QUIET, 7, 20, "0" * 64),
    }
    assert len(others | {known}) == 5


def test_a_key_that_says_what_is_so_without_it_moves_no_digest(tmp_path: Path) -> None:
    told = QUIET_TEXT + "\n[planted]\nforged_licence = 0.0\n\n[providers]\nsms_unreachable = 0.0\n"
    assert load(tmp_path, told).digest == QUIET.digest
    assert load(tmp_path, told.replace("licence = 0.0", "licence = 0.1")).digest != QUIET.digest


# -- durations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "deviation"), [("fixed", 0.0), ("uniform", 10 / 3**0.5), ("exponential", 10.0)]
)
def test_a_duration_by_its_mean_has_that_mean_and_its_own_spread(
    kind: str, deviation: float
) -> None:
    minutes = scenario.Minutes.model_validate({"mean": 10.0, "kind": kind})
    normals = np.random.Generator(np.random.PCG64(2)).standard_normal(40_000)
    drawn = [minutes.at(float(normal)) for normal in normals]
    assert statistics.fmean(drawn) == pytest.approx(10.0, rel=0.02)
    assert statistics.pstdev(drawn) == pytest.approx(deviation, rel=0.03, abs=1e-9)
    assert minutes.average == 10.0


def test_the_average_of_a_lognormal_duration_is_that_of_its_draws() -> None:
    minutes = scenario.Minutes(median=5.0, p90=12.0)
    normals = np.random.Generator(np.random.PCG64(3)).standard_normal(200_000)
    drawn = [minutes.at(float(normal)) for normal in normals]
    assert statistics.fmean(drawn) == pytest.approx(minutes.average, rel=0.01)


# -- who comes -------------------------------------------------------------------------------------


def cast(plan: scenario.Scenario, count: int, seed: int = 7) -> list[personas.Persona]:
    casting = personas.Casting(plan, seed, population.Population(seed, plan.reference))
    return [casting.persona(index) for index in range(count)]


@pytest.mark.row("SIM-1")
def test_kinds_of_people_have_their_shares_and_differ_only_where_they_say(tmp_path: Path) -> None:
    plan = load(tmp_path, QUIET_TEXT + MIX)
    mixed, plain = cast(plan, 600), cast(QUIET, 600)
    shares = {kind: sum(one.kind == kind for one in mixed) / 600 for kind in ("elderly", "agent")}
    assert shares == {
        "elderly": pytest.approx(0.25, abs=0.05),
        "agent": pytest.approx(0.5, abs=0.06),
    }
    for one, two in zip(mixed, plain, strict=True):
        assert (one.person, one.enterprise, one.role, one.arrives_at) == (
            two.person,
            two.enterprise,
            two.role,
            two.arrives_at,
        )
        assert one.conduct.wrong_pin is (True if one.kind == "elderly" else two.conduct.wrong_pin)
        assert len(one.further) == (3 if one.kind == "agent" else 0)
    assert plan.lived_by("elderly").behaviour.pause.median == 60.0
    assert plan.lived_by("agent").behaviour == plan.lived_by("").behaviour == QUIET.behaviour


def test_nobody_acts_for_an_enterprise_of_somebody_else() -> None:
    plan = with_(QUIET, people={"further_enterprises": 20})
    mixed = cast(plan, 60)
    codes = [one.enterprise.uscc for one in mixed]
    codes += [further.uscc for one in mixed for further in one.further]
    assert len(set(codes)) == len(codes) == 60 * 21


@pytest.mark.row("SIM-1")
def test_planted_truths_have_their_shares_and_move_nothing_else() -> None:
    shares = {
        "under_age": 0.05,
        "wrong_id": 0.05,
        "duplicate_person": 0.1,
        "forged_licence": 0.2,
        "wrong_representative": 0.15,
        "stamp_used_before": 0.1,
    }
    planted, plain = cast(with_(QUIET, planted=shares), 1_500), cast(QUIET, 1_500)
    for name, share in shares.items():
        found = sum(one.truth == name for one in planted) / 1_500
        assert found == pytest.approx(share, abs=0.03), name
    for one, two in zip(planted, plain, strict=True):
        assert (one.conduct, one.arrives_at, one.role) == (two.conduct, two.arrives_at, two.role)
        assert one.enterprise.uscc == two.enterprise.uscc
        assert (one.forgery is not None) is (one.truth is Truth.FORGED_LICENCE)
        assert bool(one.second_phone) is (one.truth is Truth.DUPLICATE_PERSON)
    forgeries = [one.forgery for one in planted if one.forgery]
    assert {*forgeries} == {*Forgery}
    assert forgeries.count(Forgery.COPIED) / len(forgeries) == pytest.approx(0.4, abs=0.1)


def test_who_says_that_they_represent_an_enterprise_does_so_against_the_register() -> None:
    for one in cast(with_(QUIET, planted={"wrong_representative": 1.0}), 20):
        assert one.registered is not None
        assert one.enterprise.legal_representative_id == one.person.resident_id
        assert one.registered.legal_representative_id != one.person.resident_id
        assert one.registered.uscc == one.enterprise.uscc


def test_a_peak_brings_its_people_in_its_hours() -> None:
    peak = {"day": 1, "start": 13.0, "end": 13.5, "times": 40.0}
    rush = cast(with_(QUIET, arrivals={"peaks": [peak]}), 400)
    hours = [clock.to_datetime(one.arrives_at).astimezone(clock.SHANGHAI).hour for one in rush]
    quiet = [
        clock.to_datetime(one.arrives_at).astimezone(clock.SHANGHAI).hour
        for one in cast(QUIET, 400)
    ]
    assert hours.count(13) > 3 * quiet.count(13) > 0


# -- who works -------------------------------------------------------------------------------------

FRIDAY = datetime.date(2026, 6, 5)


def group(**more: object) -> scenario.Reviewers:
    told = {
        "group": "one",
        "count": 1,
        "roles": [Role.ENTERPRISE_REVIEWER],
        "start": "09:00",
        "end": "17:00",
        "minutes": {"median": 3.0, "p90": 7.0},
        "error_rate": 0.1,
    }
    return catalog.build({**told, **more}, scenario.Reviewers, "mine.toml")


def hours(shifts: scenario.Shifts, day: datetime.date) -> list[tuple[str, str]]:
    return [
        tuple(f"{clock.to_datetime(one).astimezone(clock.SHANGHAI):%H:%M}" for one in span)
        for span in rota.spans(shifts, day)
    ]


@pytest.mark.row("SIM-1")
def test_a_shift_is_parted_by_its_breaks_and_has_its_days() -> None:
    noon = group(breaks=[{"start": "12:00", "end": "13:00"}])
    assert hours(noon, FRIDAY) == [("09:00", "12:00"), ("13:00", "17:00")]
    during = rota.spans(noon, FRIDAY)[0][1]
    assert rota.next_span(noon, during) == rota.spans(noon, FRIDAY)[1]
    assert hours(noon, FRIDAY + datetime.timedelta(days=1)) == []
    weekend = group(weekdays=[6, 7])
    assert hours(weekend, FRIDAY) == []
    assert hours(weekend, FRIDAY + datetime.timedelta(days=1)) == [("09:00", "17:00")]
    away = group(holidays=[FRIDAY.isoformat()])
    assert hours(away, FRIDAY) == []
    # A public holiday is nobody's day, whoever names the weekday, and a make-up Saturday only theirs
    # who go by the calendar.
    for day in (1, 3):
        assert hours(group(weekdays=[4, 6]), datetime.date(2026, 10, day)) == []
    assert hours(group(), datetime.date(2026, 10, 10)) == [("09:00", "17:00")]
    assert hours(group(weekdays=[1, 2, 3, 4, 5]), datetime.date(2026, 10, 10)) == []


@pytest.mark.row("SIM-1")
def test_strictness_misses_less_and_refuses_more_and_never_invents() -> None:
    assert looking.moved(0.1, 0.0) == 0.1
    assert looking.moved(0.1, 1.0) > 0.1 > looking.moved(0.1, -1.0)
    assert (looking.moved(0.0, 3.0), looking.moved(1.0, -3.0)) == (0.0, 1.0)


# -- outside parties -------------------------------------------------------------------------------


@pytest.mark.row("SIM-1")
def test_a_party_is_away_in_its_window_alone(clocked_world: boot.World) -> None:
    world = clocked_world
    the_clock = world.engine.parts.clock
    assert isinstance(the_clock, clock.ManualClock)
    outage = {
        "party": "register",
        "start": {"day": 1, "hour": 10.0},
        "end": {"day": 1, "hour": 12.5},
    }
    plan = with_(QUIET, providers={"outages": [outage]})
    behind = windows.with_windows(world, plan).ports.register
    query = ports.RegisterQuery(
        elements=2, name="乌鲁木齐市模拟有限公司", uscc="91650102YXALL1K0XC"
    )
    for minutes, away in ((599, False), (600, True), (749, True), (750, False)):
        the_clock.set(plan.start_ms + minutes * clock.MINUTE)
        try:
            found = behind.check(query, idempotency_key="k" * 12).matched
        except errors.ProviderUnavailable:
            found = None
        assert (found is None) is away
    assert windows.with_windows(world, QUIET) is world
    wrong = {"party": "agency", "label": "moon", "start": {"day": 1}, "end": {"day": 2}}
    with pytest.raises(windows.UnknownParty, match="moon"):
        windows.with_windows(world, with_(QUIET, providers={"outages": [wrong]}))


@pytest.fixture
def clocked_world() -> boot.World:
    found = boot.memory_world(seed=1, start=QUIET.start_ms, world_id="parties")
    yield found
    found.close()
    boot.worlds.pop(found.id, None)


def test_the_register_knows_who_lies_and_says_the_rest_as_ever(clocked_world: boot.World) -> None:
    real = Enterprise(
        index=0,
        name="乌鲁木齐市模拟有限公司",
        uscc="91650102YXALL1K0XC",
        legal_representative="王斌",
        legal_representative_id="310101200304102307",
    )
    register = TrueRegister(clocked_world.ports.register, 7, 0.0)
    behind = TrueRegister(clocked_world.ports.register, 7, 1.0)
    for one in (register, behind):
        one.knows(real)

    def asked(who: TrueRegister, **other: object) -> ports.Verdict:
        told = {
            "elements": 4,
            "name": real.name,
            "uscc": real.uscc,
            "legal_representative": real.legal_representative,
            "legal_representative_id": real.legal_representative_id,
        }
        return who.check(ports.RegisterQuery(**{**told, **other}), idempotency_key="k" * 12)

    assert asked(register).matched
    liar = {"legal_representative": "张冬兰", "legal_representative_id": "310101200304102308"}
    refused = asked(register, **liar)
    assert (refused.matched, refused.reason) == (False, "representative_differs")
    assert refused.mismatched == ("legal_representative", "legal_representative_id")
    assert asked(behind, **liar).matched
    register.knows_none(real.uscc)
    assert asked(register).reason == "no_record"
    # With two elements nobody asks about the representative.
    assert TrueRegister(clocked_world.ports.register, 7, 0.0) is not register


# -- papers and answers ----------------------------------------------------------------------------


def test_a_mark_is_seen_on_what_bears_it_and_survives_a_copy() -> None:
    honest = papers.picture("licence", "某企业")
    assert not papers.bears_mark(honest)
    assert papers.bears_mark(papers.marked(honest))
    for scan in (papers.form("letter", "某企业"), papers.picture("form", "x")):
        assert papers.bears_mark(papers.marked(scan)) is not papers.bears_mark(scan)


def answer(truth: str, **more: object) -> Answer:
    told = {
        "index": 1,
        "kind": "enterprise_claim",
        "found": False,
        "by": "",
        "flagged": False,
        "rejected": False,
        "decided_at": 5,
    }
    return Answer(truth=truth, **{**told, **more})


@pytest.mark.row("SIM-1")
def test_precision_and_recall_of_rules_and_people(tmp_path: Path) -> None:
    rows = [
        answer("under_age", kind="real_name", found=True, by="rule", rejected=True),
        answer("wrong_representative", found=True, by="rule", flagged=True, rejected=True),
        answer("forged_licence", flagged=True),  # warned of, and let through all the same
        answer("forged_licence", found=True, by="review", rejected=True),
        answer("forged_licence"),
        answer("faulty", found=True, by="review", rejected=True),
        answer("honest", rejected=True),
        answer("honest"),
        answer("honest", flagged=True),
    ]
    rules, people = answers.of_rules(rows), answers.of_people(rows)
    assert (rules.recall, rules.precision) == (3 / 5, 3 / 4)
    assert (people.recall, people.precision) == (2 / 3, 2 / 3)
    assert answers.of_both(rows).recall == 4 / 6
    assert answers.of_truth(rows, "forged_licence").recall == 1 / 3
    assert answers.of_rules([]).recall is answers.of_people([]).precision is None
    told = answers.summary(rows)
    assert (told["answers_planted"], told["answers_missed"]) == (5, 2)
    assert told["answers_false_alarms"] == 1
    answers.write(rows, tmp_path / "answers-0.parquet")
    assert answers.read(tmp_path / "answers-0.parquet") == rows
    answers.write([], tmp_path / "answers-1.parquet")
    assert answers.read(tmp_path / "answers-1.parquet") == []
