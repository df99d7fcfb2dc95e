"""How a case passes through hands: the next one, taking over, handing on, holds with a reason."""

from __future__ import annotations

import pytest

from engine.kernel import actors, clock
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import deciding, fold, worlds

PLATFORM = Role.PLATFORM_REVIEWER


@pytest.fixture
def two(any_world) -> tuple[actors.Staff, actors.Staff]:
    return deciding.reviewer(any_world, PLATFORM), deciding.reviewer(any_world, PLATFORM)


@pytest.mark.row("OPS-1")
def test_a_colleagues_case_is_taken_over_with_a_reason(any_world, two):
    one, other = two
    case = deciding.bare_case(any_world)
    deciding.take(any_world, one, case)
    with worlds.unchanged(any_world), pytest.raises(actions.HandoverReasonMissing):
        deciding.do(any_world, actions.take_over, other, case, reason=" ")
    taken = deciding.do(any_world, actions.take_over, other, case, reason="同事去开会了")
    assert (taken.assignee, taken.status) == (other.text, "claimed")
    assert taken.lease_until == any_world.engine.now() + 15 * clock.MINUTE
    (said,) = deciding.facts(any_world, "case.taken_over")
    assert (said["from_staff"], said["reason"]) == (one.text, "同事去开会了")
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourCase):
        deciding.do(any_world, actions.release, one, case)
    fold.require(any_world)


@pytest.mark.row("OPS-1")
def test_there_is_nothing_to_take_over_from_oneself_or_once_the_lease_has_run_out(any_world, two):
    one, other = two
    case = deciding.bare_case(any_world)
    deciding.take(any_world, one, case)
    with worlds.unchanged(any_world), pytest.raises(actions.NobodyHasIt):
        deciding.do(any_world, actions.take_over, one, case, reason="x")
    worlds.clock_of(any_world).advance(15 * clock.MINUTE)
    with worlds.unchanged(any_world), pytest.raises(actions.NobodyHasIt):
        deciding.do(any_world, actions.take_over, other, case, reason="x")


@pytest.mark.row("OPS-1")
@pytest.mark.parametrize("hold", [False, True])
def test_its_holder_hands_a_case_on(any_world, two, hold):
    one, other = two
    case = deciding.bare_case(any_world)
    deciding.take(any_world, one, case)
    if hold:
        deciding.do(any_world, actions.hold, one, case, reason="applicant_asked")
    given = deciding.do(
        any_world, actions.reassign, one, case, staff_id=other.staff_id, reason="更熟悉这家企业"
    )
    assert (given.assignee, given.status) == (other.text, "held" if hold else "claimed")
    (said,) = deciding.facts(any_world, "case.reassigned")
    assert (said["from_staff"], said["to_staff"]) == (one.text, other.text)
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourCase):
        deciding.do(any_world, actions.reassign, one, case, staff_id=one.staff_id, reason="还给我")
    fold.require(any_world)


@pytest.mark.row("OPS-1")
def test_a_lead_gives_a_waiting_case_to_somebody_entitled_who_took_no_part(any_world, two):
    one, _ = two
    lead = deciding.reviewer(any_world, Role.LEAD)
    maker = deciding.reviewer(any_world, PLATFORM)
    elsewhere = deciding.reviewer(any_world, PLATFORM, scope_kind="platform", scope_id="yangguang")
    seals = deciding.reviewer(any_world, Role.SEAL_REVIEWER)
    case = deciding.bare_case(any_world, maker=maker.text)
    for staff_id in (maker.staff_id, elsewhere.staff_id, seals.staff_id, "stf_nobody"):
        with worlds.unchanged(any_world), pytest.raises(actions.ReceiverMayNot):
            deciding.do(any_world, actions.reassign, lead, case, staff_id=staff_id, reason="x")
    with worlds.unchanged(any_world), pytest.raises(actions.HandoverReasonMissing):
        deciding.do(any_world, actions.reassign, lead, case, staff_id=one.staff_id, reason="")
    given = deciding.do(
        any_world, actions.reassign, lead, case, staff_id=one.staff_id, reason="加急"
    )
    assert (given.status, given.assignee) == ("claimed", one.text)
    assert given.first_touched_at == any_world.engine.now()


def test_a_lead_who_took_part_hands_nothing_on(any_world, two):
    lead = deciding.reviewer(any_world, Role.LEAD)
    case = deciding.bare_case(any_world, excluded=(lead.text,))
    with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
        deciding.do(any_world, actions.reassign, lead, case, staff_id=two[0].staff_id, reason="x")
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourCase):
        deciding.do(any_world, actions.reassign, two[0], case, staff_id=two[1].staff_id, reason="x")


@pytest.mark.row("OPS-1")
def test_the_next_case_is_the_one_due_soonest_and_recorded_as_given(any_world, two):
    one, other = two
    first = deciding.bare_case(any_world, "ord_1")
    worlds.clock_of(any_world).advance(clock.HOUR)
    second = deciding.bare_case(any_world, "ord_2")
    given = any_world.engine.perform(actions.next_case, {}, actor=one)
    assert (given.id, given.assignee) == (first.id, one.text)
    assert any_world.engine.perform(actions.next_case, {}, actor=other).id == second.id
    with worlds.unchanged(any_world):
        assert any_world.engine.perform(actions.next_case, {}, actor=other) is None
    deciding.do(any_world, actions.release, one, case=first)
    deciding.take(any_world, other, first)
    assert [one["how"] for one in deciding.facts(any_world, "case.claimed")] == [
        "next",
        "next",
        "picked",
    ]


@pytest.mark.row("OPS-3")
def test_of_cases_due_about_the_same_time_chance_takes_one(world):
    who = deciding.reviewer(world, PLATFORM)
    cases = [deciding.bare_case(world, f"ord_{n}").id for n in range(6)]
    taken = [world.engine.perform(actions.next_case, {}, actor=who).id for _ in cases]
    assert sorted(taken) == sorted(cases)
    assert taken != cases, "a seeded draw that follows no order of opening"


@pytest.mark.row("OPS-3")
def test_the_next_case_is_never_one_s_own_nor_outside_one_s_scope(any_world):
    who = deciding.reviewer(any_world, PLATFORM, scope_kind="platform", scope_id="guangzheng")
    deciding.bare_case(any_world, "ord_own", maker=who.text)
    deciding.bare_case(any_world, "ord_took_part", excluded=(who.text,))
    deciding.bare_case(any_world, "ord_elsewhere", platform_id="yangguang")
    deciding.bare_case(any_world, "ord_ca", kind="certificate_ca")
    with worlds.unchanged(any_world):
        assert any_world.engine.perform(actions.next_case, {}, actor=who) is None
    allowed = deciding.bare_case(any_world, "ord_allowed")
    other = {"kinds": ("certificate_ca",)}
    assert any_world.engine.perform(actions.next_case, other, actor=who) is None
    view = {"wanted": model.Wanted(kinds=("certificate_platform",)), "kinds": ("seal",)}
    assert any_world.engine.perform(actions.next_case, view, actor=who) is None
    assert any_world.engine.perform(actions.next_case, {}, actor=who).id == allowed.id


def test_a_lapsed_lease_comes_up_again_as_the_next_case(any_world, two):
    case = deciding.bare_case(any_world)
    deciding.take(any_world, two[0], case)
    worlds.clock_of(any_world).advance(15 * clock.MINUTE)
    assert any_world.engine.perform(actions.next_case, {}, actor=two[1]).id == case.id


@pytest.mark.row("OPS-2")
def test_the_clocks_run_on_while_a_colleague_is_asked(any_world, two):
    case = deciding.bare_case(any_world)
    deciding.take(any_world, two[0], case)
    held = deciding.do(any_world, actions.hold, two[0], case, reason="colleague_asked")
    assert (held.held_at, held.paused_at) == (any_world.engine.now(), None)
    worlds.clock_of(any_world).advance(clock.HOUR)
    with any_world.engine.reader(two[0]) as q:
        row = queries.row(q, held)
    assert (row.clocks.paused, row.clocks.open_ms) == (False, clock.HOUR)
    assert deciding.do(any_world, actions.resume, two[0], case).held_ms == 0
    (said,) = deciding.facts(any_world, "case.held")
    assert (said["reason"], said["clocks_stop"]) == ("colleague_asked", False)


def test_the_reasons_to_hold_are_those_of_the_kind(world):
    with world.engine.reader(worlds.SYSTEM) as q:
        claim = queries.hold_reasons_for(q, "enterprise_claim")
        contract = queries.hold_reasons_for(q, "contract")
        rules = policy_queries.all_in_force(q, type(next(iter(claim.values()))))
    assert {"register_silent", "authority_unproven", "other"} <= claim.keys()
    assert not {"register_silent", "payment_unclear"} & contract.keys()
    for reason in rules.values():
        assert set(reason.kinds) <= model.RIGHT_FOR.keys(), reason


def test_only_staff_get_a_case(any_world):
    deciding.bare_case(any_world)
    person = actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=1 << 62)
    with worlds.unchanged(any_world):
        assert any_world.engine.perform(actions.next_case, {}, actor=person) is None
    administrator = deciding.reviewer(any_world, Role.ADMINISTRATOR)
    case = deciding.bare_case(any_world, "ord_2")
    with worlds.unchanged(any_world), pytest.raises(MayNot):
        deciding.do(any_world, actions.take_over, administrator, case, reason="x")


@pytest.mark.row("OPS-1")
def test_nobody_has_more_cases_in_hand_than_the_desk_s_rules_let_them(any_world, two):
    one, other = two
    limit = any_world.engine.ask(policy_queries.in_force, worlds.SYSTEM, policies.DeskRules, "")
    cases = [deciding.bare_case(any_world, f"ord_{n}") for n in range(limit.in_hand_at_once + 1)]
    for case in cases[:-1]:
        deciding.take(any_world, one, case)
    with worlds.unchanged(any_world), pytest.raises(actions.HandsFull):
        deciding.take(any_world, one, cases[-1])
    with worlds.unchanged(any_world), pytest.raises(actions.HandsFull):
        any_world.engine.perform(actions.next_case, {}, actor=one, key="next")
    deciding.take(any_world, other, cases[-1])
    with worlds.unchanged(any_world), pytest.raises(actions.HandsFull):
        deciding.do(any_world, actions.take_over, one, cases[-1], reason="同事去开会了")
    # What one has in hand can be claimed anew, and what is held is not in hand.
    deciding.take(any_world, one, cases[0])
    deciding.do(any_world, actions.hold, one, cases[0], reason="applicant_asked")
    assert deciding.do(any_world, actions.take_over, one, cases[-1], reason="同事去开会了")
