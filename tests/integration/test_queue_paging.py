"""The queue a page at a time says what a look at every single case would say (OPS-1, OPS-2)."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import actors, clock
from engine.policies import model as policies
from engine.reviewing import model, queries
from engine.staffing.model import Right, Role
from tests.support import queue, worlds

CASES = 700


def naive(
    world: World, who: actors.Staff, cases: list[model.Case], wanted: model.Wanted
) -> list[str]:
    """The ids that a page over everything has to show, by looking at each case."""
    with world.engine.reader(who) as q:
        rules = q.policies(policies.ReviewRule)
        found = []
        for case in cases:
            clocks = model.clocks(case, rules[case.kind], q.now)
            mine, living = case.assignee == who.text, case.lease_until > q.now
            is_open = case.status in ("waiting", "claimed", "held")
            in_state = {
                "all": True,
                "claimable": "claim" in queries.possible_actions(q, case),
                "mine": mine and (case.status == "held" or (case.status == "claimed" and living)),
                "colleagues": not mine and case.status == "claimed" and living,
                "held": case.status == "held",
                "late": clocks.overdue,
                "warning": clocks.warning,
                "escalated": any(
                    step.to == "lead" or (step.to == "assignee" and mine)
                    for step in clocks.escalated
                ),
            }[wanted.state]
            fits = (
                (not wanted.kinds or case.kind in wanted.kinds)
                and (not wanted.platforms or case.platform_id in wanted.platforms)
                and (not wanted.corrected or case.corrects is not None)
                and (not wanted.urged or case.urged_at is not None)
                and wanted.text in case.title
                and (wanted.opened_from is None or case.opened_at >= wanted.opened_from)
                and (wanted.opened_to is None or case.opened_at < wanted.opened_to)
            )
            if is_open and in_state and fits and queries.sees(q, case):
                if wanted.sort == "opened":
                    place = (0, case.opened_at, case.opened_at, case.id)
                else:
                    place = (int(clocks.paused), clocks.decision_due, case.opened_at, case.id)
                found.append(place)
        return [place[-1] for place in sorted(found)]


def everything(world: World, who: actors.Staff, wanted: model.Wanted, limit: int) -> list[str]:
    """The ids of all pages, one behind the other."""
    ids: list[str] = []
    after = ""
    while True:
        page = world.engine.ask(queries.page, who, wanted, after=after, limit=limit)
        assert len(page.rows) <= limit
        ids += [row.case.id for row in page.rows]
        after = page.following
        if not after:
            return ids


def every_filter(now: int) -> list[model.Wanted]:
    by_state = [model.Wanted(state=state) for state in model.STATES]
    return [
        *by_state,
        *(model.Wanted(state=state, sort="opened") for state in model.STATES),
        model.Wanted(kinds=("seal", "contract")),
        model.Wanted(platforms=("yangguang",), state="claimable"),
        model.Wanted(corrected=True),
        model.Wanted(urged=True, state="late"),
        model.Wanted(text="第77"),
        model.Wanted(text="50%_!"),
        model.Wanted(opened_from=now - clock.DAY, opened_to=now - clock.HOUR),
    ]


@pytest.mark.row("OPS-1")
@pytest.mark.row("OPS-2")
def test_pages_are_what_a_look_at_every_case_would_say(any_world):
    lead = worlds.staff(any_world, Role.LEAD)
    cases = queue.fill(any_world, CASES, open_share=0.8, me=lead)
    for wanted in every_filter(any_world.engine.now()):
        expected = naive(any_world, lead, cases, wanted)
        assert everything(any_world, lead, wanted, 23) == expected, wanted
        page = any_world.engine.ask(queries.page, lead, wanted, limit=5)
        assert (page.total, page.more) == (len(expected), False), wanted
        assert bool(page.following) == (len(expected) > 5), wanted


@pytest.mark.row("OPS-1")
def test_a_night_s_worth_of_cases_due_at_one_instant_is_paged_without_loss(world):
    """Whatever comes in after hours is due at the same minute as all the rest of that night."""
    lead = worlds.staff(world, Role.LEAD)
    cases = [
        case for case in queue.fill(world, 900) if case.status == "waiting" and not case.held_ms
    ]
    worlds.run_sql(world, "UPDATE review_case SET opened_at = opened_at / 7200000 * 7200000")
    with world.engine.reader(lead) as q:
        now_rows = q.all(model.Case, "SELECT * FROM review_case")
    assert len({case.opened_at for case in now_rows}) < len(cases) / 5
    assert everything(world, lead, model.Wanted(), 7) == naive(
        world, lead, now_rows, model.Wanted()
    )


@pytest.mark.row("OPS-1")
def test_who_reviews_for_one_platform_sees_that_platform_s_cases_alone(any_world):
    one = worlds.staff(
        any_world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang"
    )
    cases = queue.fill(any_world, 300)
    expected = naive(any_world, one, cases, model.Wanted())
    assert expected
    assert everything(any_world, one, model.Wanted(), 11) == expected
    with any_world.engine.reader(one) as q:
        shown = queries.page(q, model.Wanted(), limit=200).rows
        foreign = queries.page(q, model.Wanted(platforms=("guangzheng",)))
        other_kind = queries.page(q, model.Wanted(kinds=("seal",)))
    theirs = {kind for kind, right in model.RIGHT_FOR.items() if right is Right.REVIEW_PLATFORM}
    assert {(row.case.kind, row.case.platform_id) for row in shown} == {
        (kind, "yangguang") for kind in theirs
    }
    assert foreign.rows == other_kind.rows == ()
    assert (foreign.total, other_kind.total) == (0, 0)


@pytest.mark.row("OPS-1")
def test_nobody_without_a_right_to_review_sees_a_case(world):
    queue.fill(world, 50)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.PRODUCT):
        who = worlds.staff(world, role)
        page = world.engine.ask(queries.page, who, model.Wanted())
        assert (page.rows, page.total) == ((), 0)


@pytest.mark.row("OPS-1")
def test_counting_stops_at_a_thousand_and_says_so(world):
    lead = worlds.staff(world, Role.LEAD)
    queue.fill(world, 1_400)
    page = world.engine.ask(queries.page, lead, model.Wanted(), limit=10)
    assert (page.total, page.more, len(page.rows)) == (1_000, True, 10)
    assert world.engine.ask(queries.count, lead, model.Wanted()) == (1_000, True)


def test_a_place_that_nobody_gave_out_is_refused(world):
    lead = worlds.staff(world, Role.LEAD)
    for after in ("x", "1.2.3", "a.b.c.d"):
        with pytest.raises(queries.NoSuchPlace):
            world.engine.ask(queries.page, lead, model.Wanted(), after=after)


@pytest.mark.row("OPS-1")
def test_a_page_is_read_off_the_indexes(world):
    """No step of a page scans the table; SQLite says how it would answer."""
    lead = worlds.staff(world, Role.LEAD)
    queue.fill(world, 50)
    asked: list[tuple[str, tuple[object, ...]]] = []
    with world.engine.reader(lead) as q:
        plain = q.connection.rows
        q.connection.rows = lambda sql, given=(): (asked.append((sql, given)), plain(sql, given))[1]
        try:
            for state in model.STATES:
                queries.page(q, model.Wanted(state=state))
        finally:
            q.connection.rows = plain
        plans = [
            step["detail"]
            for sql, given in dict(asked).items()
            if "review_case" in sql
            for step in plain(f"EXPLAIN QUERY PLAN {sql}", given)
        ]
    # The index of what is in somebody's hand holds no more than that, and is read whole.
    small = ("found", "review_case_in_hand")
    scans = {plan for plan in plans if plan.startswith("SCAN") and not plan.endswith(small)}
    assert plans
    assert not scans
    assert any("review_case_due" in plan for plan in plans)
