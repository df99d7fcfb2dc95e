"""The board counts what a look at every case would count, and says what breaches next (OPS-2)."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter

import pytest

from engine.boot import World
from engine.kernel import calendar, clock
from engine.policies import model as policies
from engine.reviewing import model, queries
from engine.staffing.model import Right, Role
from engine.staffing.queries import MayNot
from tests.support import queue, worlds


def at(day: int, hour: int, minute: int = 0) -> int:
    moment = datetime.datetime(2026, 11, day, hour, minute, tzinfo=clock.SHANGHAI)
    return clock.from_datetime(moment)


def clocks_of(world: World, cases: list[model.Case]) -> dict[str, model.Clocks]:
    with world.engine.reader(worlds.SYSTEM) as q:
        rules = q.policies(policies.ReviewRule)
        return {
            case.id: model.clocks(case, rules[case.kind], q.now)
            for case in cases
            if case.status in ("waiting", "claimed", "held")
        }


@pytest.mark.row("OPS-2")
@pytest.mark.parametrize("hour", [3, 8, 11, 17, 22])
def test_the_board_counts_what_a_look_at_every_case_would(any_world, hour):
    worlds.clock_of(any_world).set(at(27, hour))
    lead = worlds.staff(any_world, Role.LEAD)
    cases = queue.fill(any_world, 500, open_share=0.9, me=lead)
    clocks = clocks_of(any_world, cases)
    by_id = {case.id: case for case in cases}
    now = any_world.engine.now()
    board = any_world.engine.ask(queries.board, lead)

    def count(fits) -> Counter[str]:
        return Counter(by_id[id_].kind for id_, found in clocks.items() if fits(by_id[id_], found))

    def level(to: str):
        return lambda case, found: any(step.to == to for step in found.escalated)

    expected = {
        "open": count(lambda case, found: True),
        "taken": count(lambda case, found: case.status == "claimed" and case.lease_until > now),
        "held": count(lambda case, found: case.status == "held"),
        "warning": count(lambda case, found: found.warning),
        "late": count(lambda case, found: found.overdue),
        "lead": count(level("lead")),
        "administrator": count(level("administrator")),
    }
    told = {
        name: Counter({one.kind: getattr(one, name) for one in board.kinds if getattr(one, name)})
        for name in expected
    }
    assert told == expected
    assert board.total.late == expected["late"].total() > 0
    assert board.total.warning > 0

    breaches = Counter()
    days = calendar.china()
    marks = [now, *(days.add_business_ms(now, n * clock.HOUR) for n in range(1, 10))]
    edges = list(itertools.pairwise(marks))
    for id_, found in clocks.items():
        for after, until in edges:
            first = after == now and found.breach_at == now
            if (
                not found.paused
                and not found.overdue
                and (after < found.breach_at <= until or first)
            ):
                breaches[by_id[id_].kind, after, until] += 1
    assert Counter({(b.kind, b.after, b.until): b.count for b in board.hours}) == breaches
    assert board.hours

    steady = [
        (found.breach_at, id_)
        for id_, found in clocks.items()
        if not found.overdue and by_id[id_].status != "held"
    ]
    assert [row.case.id for row in board.soonest] == [id_ for _, id_ in sorted(steady)[:12]]
    assert {row.case.id for row in board.escalated} <= {
        id_ for id_, found in clocks.items() if found.escalated
    }
    assert [row.case.opened_at for row in board.oldest] == sorted(
        by_id[id_].opened_at for id_ in clocks
    )[:12]


@pytest.mark.row("OPS-2")
def test_the_board_says_who_has_what_and_has_decided_how_much_today(world):
    lead = worlds.staff(world, Role.LEAD)
    cases = queue.fill(world, 400, open_share=0.7, me=lead)
    now = world.engine.now()
    today = clock.start_of(clock.civil_date(now))
    world_board = world.engine.ask(queries.board, lead)
    told = {one.staff_id: (one.taken, one.held, one.decided) for one in world_board.reviewers}
    expected: dict[str, list[int]] = {}
    for case in cases:
        living = case.status == "claimed" and case.lease_until > now
        for who, place in (
            (case.assignee if living else None, 0),
            (case.assignee if case.status == "held" else None, 1),
            (case.decided_by if case.decided_at and case.decided_at >= today else None, 2),
        ):
            if who is not None:
                expected.setdefault(who.removeprefix("staff:"), [0, 0, 0])[place] += 1
    assert told == {who: tuple(numbers) for who, numbers in expected.items()}
    assert next(one.name for one in world_board.reviewers if one.staff_id == lead.staff_id)


@pytest.mark.row("OPS-7")
def test_the_board_shows_what_its_reader_may_see(world):
    cases = queue.fill(world, 300)
    one = worlds.staff(world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang")
    board = world.engine.ask(queries.board, one)
    theirs = [kind for kind, right in model.RIGHT_FOR.items() if right is Right.REVIEW_PLATFORM]
    found = Counter(case.kind for case in cases if case.platform_id == "yangguang")
    assert {kind.kind: kind.open for kind in board.kinds} == {kind: found[kind] for kind in theirs}
    assert board.escalated == ()
    # Who manages staff is told how much, and sees none of it.
    administrator = worlds.staff(world, Role.ADMINISTRATOR)
    board = world.engine.ask(queries.board, administrator)
    assert board.total.open == len(cases)
    assert board.total.administrator > 0
    assert board.soonest == board.oldest == board.escalated == ()
    with pytest.raises(MayNot):
        world.engine.ask(queries.board, worlds.staff(world, Role.AUDITOR))


# -- clocks --------------------------------------------------------------------------------------


def case_of(opened: int, **more: object) -> model.Case:
    values = {
        "id": "cas_1",
        "kind": "seal",
        "subject_id": "s",
        "platform_id": None,
        "agency_id": None,
        "title": "",
        "status": model.CaseStatus.WAITING,
        "maker": "person:a",
        "first_opened_at": opened,
        "opened_at": opened,
        **more,
    }
    return model.Case(**values)  # type: ignore[arg-type]


RULE = policies.ReviewRule.model_validate(
    {
        "label": {"zh": "印", "en": "Seal"},
        "lease_minutes": 15,
        "first_touch_minutes": 120,
        "decision_minutes": 540,
        "warn_percent": 75,
        "escalation": (
            {"when": "warning", "to": "assignee"},
            {"when": "breach", "to": "lead"},
            {"when": "breach", "after_minutes": 60, "to": "administrator"},
        ),
    }
)


def levels(found: model.Clocks) -> tuple[str, ...]:
    return tuple(step.to for step in found.escalated)


@pytest.mark.row("OPS-2")
def test_a_case_is_warned_of_breaches_and_climbs_the_ladder_in_office_hours():
    """Opened on a Friday at 13:00, looked at: 9 office hours end on Monday at 13:00."""
    case = case_of(at(20, 13), first_touched_at=at(20, 14))

    def there(day: int, hour: int, minute: int = 0) -> tuple[bool, bool, tuple[str, ...], int]:
        found = model.clocks(case, RULE, at(day, hour, minute))
        return found.warning, found.overdue, levels(found), found.used_percent

    # Three quarters of nine hours are 6 h 45 min: four on Friday, the rest on Monday.
    found = model.clocks(case, RULE, at(20, 14))
    assert (found.decision_due, found.warn_at) == (at(23, 13), at(23, 10, 45))
    assert there(20, 17) == (False, False, (), 44)
    assert there(22, 12) == (False, False, (), 44)
    assert there(23, 10, 45) == (False, False, (), 75)
    assert there(23, 10, 46) == (True, False, ("assignee",), 75)
    assert there(23, 13) == (True, False, ("assignee",), 100)
    assert there(23, 13, 1) == (False, True, ("assignee", "lead"), 100)
    assert there(23, 14) == (False, True, ("assignee", "lead"), 111)
    assert there(23, 14, 1) == (False, True, ("assignee", "lead", "administrator"), 111)
    assert model.clocks(case, RULE, at(23, 14, 1)).level == "administrator"


@pytest.mark.row("OPS-2")
def test_nobody_has_looked_breaches_the_first_clock_and_goes_before_the_lead():
    case = case_of(at(23, 8))
    for minute, late in ((0, False), (1, True)):
        found = model.clocks(case, RULE, at(23, 10, minute))
        assert (found.overdue, found.breach_at) == (late, at(23, 10))
        assert levels(found) == (("lead",) if late else ())
    looked = case_of(at(23, 8), first_touched_at=at(23, 9))
    assert not model.clocks(looked, RULE, at(23, 10, 1)).overdue


@pytest.mark.row("OPS-2")
def test_clocks_stand_still_on_a_hold_that_stops_them_and_run_on_one_that_does_not():
    held = {"status": model.CaseStatus.HELD, "first_touched_at": at(23, 9), "held_at": at(23, 10)}
    stopped = model.clocks(case_of(at(23, 8), paused_at=at(23, 10), **held), RULE, at(25, 16))
    assert (stopped.paused, stopped.overdue, stopped.open_ms) == (True, False, 2 * clock.HOUR)
    running = model.clocks(case_of(at(23, 8), **held), RULE, at(25, 16))
    assert (running.paused, running.overdue) == (False, True)
    assert running.open_ms == 26 * clock.HOUR
    after = case_of(at(23, 8), first_touched_at=at(23, 9), held_ms=3 * clock.HOUR)
    resumed = model.clocks(after, RULE, at(24, 9))
    assert resumed.decision_due == at(24, 11)
    assert resumed.open_ms == 7 * clock.HOUR


@pytest.mark.row("OPS-2")
def test_the_total_runs_from_the_first_submission_through_corrections():
    """All office time since the first submission: rejected, corrected by its applicant, held, decided."""
    case = case_of(
        at(24, 8),
        first_opened_at=at(20, 13),
        held_ms=clock.HOUR,
        first_touched_at=at(24, 8),
        status=model.CaseStatus.APPROVED,
        decided_at=at(24, 12),
        decided_by="staff:x",
    )
    found = model.clocks(case, RULE, at(27, 12))
    assert found.open_ms == 3 * clock.HOUR
    assert found.total_ms == (4 + 9 + 4) * clock.HOUR


@pytest.mark.row("OPS-2")
def test_another_calendar_gives_other_figures(world, monkeypatch):
    """Nothing of a clock is stored: a make-up Saturday and a holiday Monday move every figure."""
    plain = calendar.china()
    worlds.clock_of(world).set(at(23, 11))
    lead = worlds.staff(world, Role.LEAD)
    queue.write(
        world, [case_of(at(20, 13), first_touched_at=at(20, 14), kind="certificate_platform")]
    )

    def seen() -> tuple[int, bool, int, int]:
        page = world.engine.ask(queries.page, lead, model.Wanted())
        late = world.engine.ask(queries.count, lead, model.Wanted(state="late"))[0]
        clocks = page.rows[0].clocks
        return clocks.decision_due, clocks.warning, clocks.open_ms, late

    assert seen() == (at(23, 13), True, 7 * clock.HOUR, 0)

    def with_days(**days: object) -> calendar.Calendar:
        years = tuple(
            year.model_copy(
                update={name: getattr(year, name) | value for name, value in days.items()}
            )
            if year.year == 2026
            else year
            for year in plain.year
        )
        return calendar.Calendar(zone=plain.zone, hours=plain.hours, year=years)

    worked = with_days(workdays=frozenset({datetime.date(2026, 11, 21)}))
    monkeypatch.setattr(calendar, "china", lambda: worked)
    assert seen() == (at(21, 13), False, 16 * clock.HOUR, 1)
    off = with_days(holidays=frozenset({datetime.date(2026, 11, 23)}))
    monkeypatch.setattr(calendar, "china", lambda: off)
    assert seen() == (at(24, 13), False, 4 * clock.HOUR, 0)
    monkeypatch.setattr(calendar, "china", lambda: plain)
    assert seen() == (at(23, 13), True, 7 * clock.HOUR, 0)


def test_the_first_instant_that_ends_no_earlier_is_found_for_every_duration(count):
    days, start = calendar.china(), at(2, 0)
    step = count(97, 7)
    for minutes in (1, 120, 540, 1_620):
        duration = minutes * clock.MINUTE
        for minute in range(0, 28 * 24 * 60, step):
            until = start + minute * clock.MINUTE
            for exact in (until, days.add_business_ms(until, duration)):
                first = days.earliest_start(exact, duration)
                assert days.add_business_ms(first, duration) >= exact
                assert days.add_business_ms(first - 1, duration) < exact


def test_the_next_office_hours_are_the_first_that_begin_later():
    days = calendar.china()
    monday = (at(23, 8), at(23, 17))
    assert days.next_window(at(20, 17)) == days.next_window(at(22, 3)) == monday
    assert days.next_window(at(23, 7, 59)) == monday
    assert days.next_window(at(23, 8)) == (at(24, 8), at(24, 17))
