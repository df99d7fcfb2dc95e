"""Nobody at the desk sees or decides what they have to do with as a customer (`security.md` 3.4)."""

from __future__ import annotations

import pytest

from engine.kernel import actors
from engine.mall import actions as mall
from engine.mall import model as malls
from engine.registration import actions as registration
from engine.registration import model as people
from engine.reviewing import actions, model, queries
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import deciding, fold, registering, worlds

PHONE = "13800138000"


@pytest.fixture
def person(any_world) -> actors.Person:
    found = registering.sign_up(any_world, PHONE)
    registering.prove(any_world, found)
    return found


def also_customer(world, who: actors.Staff, **numbers: str) -> actors.Staff:
    """An administrator writes down a member of staff's own numbers."""
    administrator = deciding.reviewer(world, Role.ADMINISTRATOR)
    given = {"staff_id": who.staff_id, "name": "王审核", **numbers}
    world.engine.perform(staffing.change_staff, given, actor=administrator)
    return deciding.again(world, who)


def colleague(world, person: actors.Person, enterprise_id: str) -> actors.Person:
    """Somebody who joins an enterprise by its administrator's invitation."""
    invited = registering.sign_up(world, "13800138777")
    registering.prove(world, invited, registering.resident_id(sequence="334"))
    given = {
        "enterprise_id": enterprise_id,
        "phone": "13800138777",
        "role": people.MemberRole.HANDLER,
    }
    invitation = world.engine.perform(registration.invite_by_phone, given, actor=person)
    world.engine.perform(
        registration.accept_invitation, {"invitation_id": invitation.id}, actor=invited
    )
    return invited


def shut_out(world, who: actors.Staff, case: model.Case) -> None:
    """The case is neither listed, nor given, nor shown, nor taken, nor handed to them."""
    with world.engine.reader(who) as q:
        assert not queries.sees(q, case)
        assert queries.possible_actions(q, case) == ()
        listed = queries.page(q, model.Wanted())
        assert case.id not in [row.case.id for row in listed.rows]
        assert listed.total == len(listed.rows)
        with pytest.raises(queries.ConflictOfInterest):
            queries.case(q, case.id)
    with worlds.unchanged(world):
        assert world.engine.perform(actions.next_case, {}, actor=who) is None
    for action, more in (
        (actions.claim, {}),
        (actions.take_over, {"reason": "x"}),
        (actions.approve, {}),
        (actions.reject, {"reasons": ("licence_unreadable",)}),
    ):
        with worlds.unchanged(world), pytest.raises(queries.ConflictOfInterest):
            deciding.do(world, action, who, case, **more)
    lead = deciding.reviewer(world, Role.LEAD)
    with worlds.unchanged(world), pytest.raises(actions.ReceiverMayNot):
        deciding.do(world, actions.reassign, lead, case, staff_id=who.staff_id, reason="x")


@pytest.mark.row("S-INS-1")
@pytest.mark.row("OPS-3")
@pytest.mark.parametrize("by", ["phone", "resident_id"])
def test_a_member_of_staff_neither_sees_nor_decides_their_own_claim(any_world, person, by):
    number = PHONE if by == "phone" else registering.resident_id()
    who = also_customer(any_world, deciding.reviewer(any_world), **{by: number})
    case = deciding.claim_case(any_world, person=person)
    shut_out(any_world, who, case)
    other = also_customer(any_world, deciding.reviewer(any_world), phone="13911112222")
    assert any_world.engine.perform(actions.next_case, {}, actor=other).id == case.id
    fold.require(any_world)


@pytest.mark.row("S-INS-1")
def test_nor_what_a_colleague_of_their_own_enterprise_asks_for(any_world, person):
    first = deciding.claim_case(any_world, person=person)
    deciders = [deciding.reviewer(any_world) for _ in range(2)]
    for who in deciders:
        deciding.approve(any_world, who, first)
    enterprise_id = worlds.rows(any_world, "SELECT id FROM enterprise")[0]["id"]
    fellow = colleague(any_world, person, enterprise_id)
    who = also_customer(any_world, deciding.reviewer(any_world), phone=PHONE)
    case = deciding.claim_case(any_world, 2, person=fellow)
    shut_out(any_world, who, case)
    stranger = deciding.claim_case(any_world, 3)
    assert any_world.engine.perform(actions.next_case, {}, actor=who).id == stranger.id


@pytest.mark.row("S-INS-1")
def test_a_lead_settles_nothing_about_themself(any_world, person):
    deciding.sample_everything(any_world)
    lead = also_customer(any_world, deciding.reviewer(any_world, Role.LEAD), phone=PHONE)
    case = deciding.claim_case(any_world, person=person)
    one, other = deciding.reviewer(any_world), deciding.reviewer(any_world)
    deciding.take(any_world, one, case)
    deciding.do(any_world, actions.reject, one, case, reasons=("licence_unreadable",))
    look = worlds.rows(any_world, "SELECT id FROM review_case WHERE sample_of = ?", case.id)[0]
    given = {"case_id": look["id"]}
    any_world.engine.perform(actions.claim, given, actor=other)
    any_world.engine.perform(actions.approve, given, actor=other)
    assert any_world.engine.ask(queries.differences, lead) == []
    settle = {"case_id": case.id, "right": "first", "note": "x"}
    with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
        any_world.engine.perform(actions.settle_difference, settle, actor=lead)
    with worlds.unchanged(any_world), pytest.raises(queries.ConflictOfInterest):
        deciding.do(any_world, actions.reassign, lead, case, staff_id=other.staff_id, reason="x")


@pytest.mark.row("S-INS-1")
@pytest.mark.parametrize("side", ["maker", "excluded"])
def test_nor_a_contract_of_their_own_enterprise(any_world, person, side):
    first = deciding.claim_case(any_world, person=person)
    for _ in range(2):
        deciding.approve(any_world, deciding.reviewer(any_world), first)
    enterprise_id = worlds.rows(any_world, "SELECT id FROM enterprise")[0]["id"]
    given = {
        "platform_id": deciding.PLATFORM,
        "enterprise_id": enterprise_id,
        "role": malls.MallRole.SUPPLIER,
        "login": "dongfang",
        "password": "correct horse battery",
    }
    account_id = any_world.engine.perform(mall.onboard, given, actor=person).id
    parties = {"maker": "mall:mac_x", "excluded": ()}
    parties |= {side: f"mall:{account_id}" if side == "maker" else (f"mall:{account_id}",)}
    case = deciding.bare_case(any_world, "ctr_x", kind="contract", **parties)
    who = deciding.reviewer(any_world, Role.CONTRACT_REVIEWER)
    shut_out(any_world, also_customer(any_world, who, phone=PHONE), case)
    other = also_customer(
        any_world, deciding.reviewer(any_world, Role.CONTRACT_REVIEWER), phone="13911112222"
    )
    assert any_world.engine.perform(actions.next_case, {}, actor=other).id == case.id
