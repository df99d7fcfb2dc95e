"""Review cases: leases, four eyes in the engine and in the database, clocks that stand still."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import actors, clock, errors
from engine.kernel.workflow import NotPossibleNow
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import fold, registering, worlds

LEASE = 15 * clock.MINUTE


@pytest.fixture
def case(any_world: World) -> model.Case:
    """The case of an enterprise claim."""
    person = registering.sign_up(any_world)
    registering.prove(any_world, person)
    claim = registering.claim(any_world, person)
    return any_world.engine.ask(queries.of_subject, worlds.SYSTEM, claim.id)[0]


def reviewer(world: World) -> actors.Staff:
    return worlds.staff(world, Role.ENTERPRISE_REVIEWER)


def do(world: World, action, actor: actors.Actor, case: model.Case, **more: object) -> model.Case:
    return world.engine.perform(action, {"case_id": case.id, **more}, actor=actor)


def rule(world: World) -> policies.ReviewRule:
    return world.engine.ask(
        policy_queries.in_force, worlds.SYSTEM, policies.ReviewRule, "enterprise_claim"
    )


def open_for_a_platform(world: World, maker: str, **more: object) -> model.Case:
    """A case that one platform's reviewers decide; no stage answers its decision here."""
    arguments = {
        "kind": "certificate_platform",
        "subject_id": "ord_x",
        "title": "x",
        "maker": maker,
        "platform_id": "guangzheng",
        **more,
    }
    return world.engine.perform(actions.open_case, arguments, actor=worlds.SYSTEM)


@pytest.mark.row("ENT-1")
def test_claim_and_approve_hand_the_case_on_to_somebody_else(any_world, case):
    who = reviewer(any_world)
    claimed = do(any_world, actions.claim, who, case)
    assert (claimed.status, claimed.assignee) == (model.CaseStatus.CLAIMED, who.text)
    assert claimed.lease_until == any_world.engine.now() + LEASE
    first = do(any_world, actions.approve, who, case, note="齐全")
    assert (first.status, first.approved_by, first.assignee) == ("waiting", (who.text,), None)
    given = worlds.rows(any_world, "SELECT staff, note FROM case_approval")
    assert given == [{"staff": who.text, "note": "齐全"}]
    with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
        do(any_world, actions.claim, who, case)
    fold.require(any_world)


def test_a_case_is_decided_by_who_holds_it(any_world, case):
    one, other = reviewer(any_world), reviewer(any_world)
    for action, more in ((actions.approve, {}), (actions.reject, {"reasons": ("x",)})):
        with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
            do(any_world, action, one, case, **more)
    do(any_world, actions.claim, one, case)
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourCase):
        do(any_world, actions.approve, other, case)
    with worlds.unchanged(any_world), pytest.raises(actions.TakenByColleague):
        do(any_world, actions.claim, other, case)


@pytest.mark.row("OPS-1")
def test_a_lapsed_lease_frees_the_case_for_others_and_ends_it_for_its_holder(any_world, case):
    one, other = reviewer(any_world), reviewer(any_world)
    do(any_world, actions.claim, one, case)
    worlds.clock_of(any_world).advance(LEASE - 1)
    with pytest.raises(actions.TakenByColleague):
        do(any_world, actions.claim, other, case)
    worlds.clock_of(any_world).advance(1)
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourCase):
        do(any_world, actions.approve, one, case)
    do(any_world, actions.claim, other, case)
    do(any_world, actions.approve, other, case)


def test_claiming_again_prolongs_one_s_own_lease(any_world, case):
    who = reviewer(any_world)
    do(any_world, actions.claim, who, case)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    again = do(any_world, actions.claim, who, case)
    assert again.lease_until == any_world.engine.now() + LEASE


def test_a_released_case_waits_again(any_world, case):
    who = reviewer(any_world)
    do(any_world, actions.claim, who, case)
    freed = do(any_world, actions.release, who, case)
    assert (freed.status, freed.assignee, freed.lease_until) == ("waiting", None, 0)


def test_a_case_is_decided_once(any_world, case):
    who, other = reviewer(any_world), reviewer(any_world)
    do(any_world, actions.claim, who, case)
    do(any_world, actions.reject, who, case, reasons=("licence_unreadable",))
    with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
        do(any_world, actions.approve, who, case)
    with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
        do(any_world, actions.claim, other, case)


def test_a_rejection_gives_reasons_that_exist_for_this_kind(any_world, case):
    who = reviewer(any_world)
    do(any_world, actions.claim, who, case)
    with worlds.unchanged(any_world), pytest.raises(actions.ReasonMissing):
        do(any_world, actions.reject, who, case, reasons=())
    with worlds.unchanged(any_world), pytest.raises(actions.ReasonUnknown, match="because"):
        do(any_world, actions.reject, who, case, reasons=("licence_unreadable", "because"))
    done = do(any_world, actions.reject, who, case, reasons=("licence_unreadable",))
    assert done.reasons == ("licence_unreadable",)
    assert worlds.rows(any_world, "SELECT status FROM enterprise_claim") == [{"status": "rejected"}]
    told = worlds.rows(any_world, "SELECT todo FROM message WHERE kind = 'claim.rejected'")
    assert told == [{"todo": 1}]


@pytest.mark.row("OPS-3")
def test_the_maker_and_the_excluded_neither_claim_nor_decide(any_world):
    maker, excluded, third = (worlds.staff(any_world, Role.LEAD) for _ in range(3))
    case = open_for_a_platform(any_world, maker.text, excluded=(excluded.text,))
    for who in (maker, excluded):
        for action, more in (
            (actions.claim, {}),
            (actions.approve, {}),
            (actions.hold, {"reason": "x"}),
            (actions.reject, {"reasons": ("x",)}),
        ):
            with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
                do(any_world, action, who, case, **more)
        with any_world.engine.reader(who) as q:
            assert queries.possible_actions(q, case) == ()
    assert do(any_world, actions.claim, third, case).assignee == third.text


@pytest.mark.row("OPS-3")
@pytest.mark.parametrize("column", ["decided_by", "assignee"])
def test_the_database_refuses_a_maker_who_checks(any_world, case, column):
    with worlds.unchanged(any_world), pytest.raises(Exception, match=r"(?i)check"):
        worlds.run_sql(any_world, f"UPDATE review_case SET {column} = maker WHERE id = ?", case.id)


@pytest.mark.parametrize(
    ("scope_kind", "scope_id", "allowed"),
    [
        ("all", "", True),
        ("platform", "guangzheng", True),
        ("platform", "yangguang", False),
        ("agency", "dongfang", False),
    ],
)
def test_a_grant_holds_in_its_scope_alone(any_world, scope_kind, scope_id, allowed):
    who = worlds.staff(any_world, Role.PLATFORM_REVIEWER, scope_kind=scope_kind, scope_id=scope_id)
    case = open_for_a_platform(any_world, "person:acc_x")
    with any_world.engine.reader(who) as q:
        assert bool(queries.page(q, model.Wanted()).rows) is allowed
    if allowed:
        assert any_world.engine.ask(queries.case, who, case.id).id == case.id
        do(any_world, actions.claim, who, case)
        return
    with pytest.raises(MayNot):
        any_world.engine.ask(queries.case, who, case.id)
    with worlds.unchanged(any_world), pytest.raises(MayNot):
        do(any_world, actions.claim, who, case)


def test_another_kind_of_reviewer_and_people_see_nothing(any_world, case):
    for who in (
        worlds.staff(any_world, Role.SEAL_REVIEWER),
        worlds.staff(any_world, Role.ADMINISTRATOR),
        actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=1 << 62),
        worlds.SYSTEM,
    ):
        with any_world.engine.reader(who) as q:
            assert queries.page(q, model.Wanted()).rows == ()
            assert queries.recently_decided(q) == []
        with worlds.unchanged(any_world), pytest.raises(MayNot):
            do(any_world, actions.claim, who, case)


@pytest.mark.row("OPS-2")
def test_a_hold_stops_the_clocks_and_needs_a_reason(any_world, case):
    """Office hours of 1 June 2026, from 08:00: held from 10:00 to 15:00."""
    who, now = reviewer(any_world), worlds.clock_of(any_world)
    now.advance(2 * clock.HOUR)
    do(any_world, actions.claim, who, case)
    with worlds.unchanged(any_world), pytest.raises(actions.HoldReasonUnknown):
        do(any_world, actions.hold, who, case, reason="  ")
    with worlds.unchanged(any_world), pytest.raises(actions.HoldReasonUnknown):
        do(any_world, actions.hold, who, case, reason="payment_unclear")
    with worlds.unchanged(any_world), pytest.raises(actions.HoldNoteMissing):
        do(any_world, actions.hold, who, case, reason="other", note=" ")
    held = do(any_world, actions.hold, who, case, reason="other", note="等客户补充")
    assert (held.hold_reason, held.hold_note) == ("other", "等客户补充")
    now.advance(5 * clock.HOUR)
    paused = model.clocks(held, rule(any_world), any_world.engine.now())
    assert (paused.paused, paused.open_ms) == (True, 2 * clock.HOUR)
    resumed = do(any_world, actions.resume, who, case)
    assert (resumed.held_ms, resumed.held_at) == (5 * clock.HOUR, None)
    now.advance(clock.HOUR)
    running = model.clocks(resumed, rule(any_world), any_world.engine.now())
    assert (running.paused, running.open_ms) == (False, 3 * clock.HOUR)
    unheld = model.clocks(case, rule(any_world), any_world.engine.now())
    later = running.decision_due - unheld.decision_due
    assert later >= 5 * clock.HOUR
    fold.require(any_world)


@pytest.mark.row("OPS-2")
def test_a_case_is_overdue_after_its_office_hours_and_not_before(any_world, case):
    due = model.clocks(case, rule(any_world), any_world.engine.now())
    assert due.first_touch_due == case.opened_at + 2 * clock.HOUR
    assert due.decision_due == case.opened_at + 9 * clock.HOUR
    assert not model.clocks(case, rule(any_world), due.first_touch_due).overdue
    assert model.clocks(case, rule(any_world), due.first_touch_due + 1).overdue
    who = reviewer(any_world)
    do(any_world, actions.claim, who, case)
    touched = any_world.engine.ask(queries.case, who, case.id)
    assert not model.clocks(touched, rule(any_world), due.decision_due).overdue
    assert model.clocks(touched, rule(any_world), due.decision_due + 1).overdue


def test_only_one_case_of_a_kind_is_open_for_a_subject(any_world):
    open_for_a_platform(any_world, "person:acc_x")
    with worlds.unchanged(any_world), pytest.raises(errors.Conflict):
        open_for_a_platform(any_world, "person:acc_x")


def test_buttons_are_what_is_possible(any_world, case):
    one, other = reviewer(any_world), reviewer(any_world)

    def buttons(who: actors.Actor) -> tuple[str, ...]:
        with any_world.engine.reader(who) as q:
            return queries.possible_actions(q, queries.case(q, case.id))

    assert buttons(one) == ("claim",)
    do(any_world, actions.claim, one, case)
    assert buttons(one) == ("approve", "reject", "hold", "release", "reassign")
    assert buttons(other) == ("take_over",)
    do(any_world, actions.hold, one, case, reason="applicant_asked")
    assert (buttons(one), buttons(other)) == (("resume", "reassign"), ("resume",))


@pytest.mark.row("OPS-1")
def test_the_queue_shows_the_soonest_due_first(any_world):
    who = worlds.staff(any_world, Role.LEAD)
    first = open_for_a_platform(any_world, "person:a", subject_id="ord_1")
    worlds.clock_of(any_world).advance(clock.MINUTE)
    second = open_for_a_platform(any_world, "person:a", subject_id="ord_2")
    with any_world.engine.reader(who) as q:
        assert [row.case.id for row in queries.page(q, model.Wanted()).rows] == [
            first.id,
            second.id,
        ]
        assert queries.page(q, model.Wanted(kinds=("contract",))).rows == ()
        assert queries.count(q, model.Wanted()) == (2, False)
