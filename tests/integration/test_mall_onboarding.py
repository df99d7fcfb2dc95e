"""Onboarding at a PC, an account's own information, and the change of its password (MAL-1, MAL-2)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.boot import World
from engine.http.doors import DirectDoor
from engine.kernel import actors, clock, errors, passwords
from engine.mall import actions, model, queries
from engine.policies import queries as settings
from engine.registration.actions import codes
from tests.support import malls, parties, registering, worlds
from tests.support.line import Line

PHONE = "13800130001"
BETTER = "a much better secret than before"


@pytest.fixture
def party(world: World) -> parties.Party:
    """An enterprise whose administrator's phone is PHONE, onboarded at the default platform alone."""
    return parties.enterprise(world, parties.Reviewers.of(world))


@pytest.mark.row("MAL-1")
def test_an_enterprise_is_onboarded_at_the_pc_by_its_administrators_code(any_world):
    party = parties.enterprise(any_world, parties.Reviewers.of(any_world))
    account = malls.onboard(any_world, malls.at_pc(any_world, PHONE))
    assert (account.enterprise_id, account.account_id, account.role) == (
        party.enterprise_id,
        party.person.account_id,
        model.MallRole.PURCHASER,
    )
    [fact] = malls.facts(any_world, "mall_account.opened")[1:]
    assert fact.subject == account.id
    assert any_world.engine.ask(queries.onboarded, worlds.SYSTEM, "yangguang", party.enterprise_id)


@pytest.mark.row("MAL-1")
def test_one_enterprise_may_be_purchaser_and_supplier_of_one_platform(world, party):
    given = malls.at_pc(world, PHONE, platform_id="guangzheng")
    bought = malls.onboard(world, given)
    assert bought.enterprise_id == party.enterprise_id
    worlds.clock_of(world).advance(2 * clock.HOUR)
    again = malls.at_pc(world, PHONE, platform_id="guangzheng", login="tianshan2")
    with worlds.unchanged(world), pytest.raises(actions.OnboardedAlready):
        malls.onboard(world, again)


REFUSALS = {
    "somebody without an account": ({"phone": "13900000009"}, codes.CodeExpired),
    "another enterprise's code": ({"uscc": registering.credit_code(7)}, actions.EnterpriseUnknown),
    "another name": ({"enterprise_name": "新疆天池有限公司"}, actions.EnterpriseUnknown),
    "a login of three letters": ({"login": "abc"}, actions.LoginInvalid),
    "a short password": ({"password": "short"}, errors.EngineError),
    "no such platform": ({"platform_id": "nowhere"}, settings.SettingUnknown),
    "a code that is no credit code": ({"uscc": "9132"}, errors.InvalidInput),
}


@pytest.mark.row("MAL-1")
@pytest.mark.parametrize("case", REFUSALS)
def test_whoever_may_not_is_refused_and_nothing_changes(world, party, case):
    changes, refusal = REFUSALS[case]
    given = malls.at_pc(world, PHONE) | changes
    with worlds.unchanged(world), pytest.raises(refusal):
        malls.onboard(world, given)


@pytest.mark.row("MAL-1")
def test_after_a_refusal_the_same_code_still_serves(world, party):
    given = malls.at_pc(world, PHONE, enterprise_name="新疆天池有限公司")
    with pytest.raises(actions.EnterpriseUnknown) as refused:
        malls.onboard(world, given)
    assert "phone first" in refused.value.message()
    assert malls.onboard(world, given | {"enterprise_name": party.name}).login == "tianshan"


@pytest.mark.row("MAL-1")
def test_a_number_without_an_account_and_one_of_no_member_are_told_what_to_do(world, party):
    with pytest.raises(actions.PersonUnknown, match="Register on the phone"):
        malls.onboard(world, malls.at_pc(world, "13900000009"))
    registering.sign_up(world, "13900000008")
    worlds.clock_of(world).advance(2 * clock.HOUR)
    given = malls.at_pc(world, "13900000008")
    with worlds.unchanged(world), pytest.raises(actions.NotItsHandler, match="administrator"):
        malls.onboard(world, given)


@pytest.mark.row("MAL-1")
def test_a_wrong_code_is_counted(world, party):
    given = malls.at_pc(world, PHONE)
    wrong = f"{(int(given['code']) + 1) % 1_000_000:06d}"
    with pytest.raises(codes.CodeWrong):
        malls.onboard(world, given | {"code": wrong})
    assert malls.facts(world, "code.refused")


@pytest.mark.row("MAL-1")
def test_the_person_is_told_that_the_enterprise_was_onboarded_at_a_pc(world, party):
    account = malls.onboard(world, malls.at_pc(world, PHONE))
    [message] = worlds.rows(
        world,
        "SELECT * FROM message WHERE kind = 'mall_account.opened' AND subject = ?",
        account.id,
    )
    assert message["account_id"] == party.person.account_id


@pytest.mark.row("MAL-2")
@pytest.mark.guide("G-scansign-3")
def test_the_mall_opens_with_login_and_password_at_a_door(world):
    line = Line.on(world)
    person = line.person(0)
    line.onboarded(person)
    person.sign_in_by_password()
    found = person.browser.ask("mall.profile", {})
    assert (found["enterprise"], found["role"]) == (person.identity.enterprise, "purchaser")
    assert "*" in found["person"]
    assert "*" in found["phone"]
    assert malls.facts(world, "mall_account.signed_in")[-1].subject == found["mall_account_id"]


def _in_browser(world: World, login: str, password: str = worlds.PASSWORD) -> DirectDoor:
    door = DirectDoor(world.engine)
    door.sign_in(malls.session(world, login, password).token, "mall")
    return door


@pytest.mark.row("MAL-2")
def test_a_changed_password_ends_the_sessions_in_other_browsers_and_not_this_one(any_world):
    parties.enterprise(any_world, parties.Reviewers.of(any_world))
    here, there = (_in_browser(any_world, "party0001") for _ in range(2))
    change = {"old_password": worlds.PASSWORD, "new_password": BETTER}
    here.perform("mall.change_password", change, key="once")
    assert here.ask("mall.profile", {})["login"] == "party0001"
    with pytest.raises(errors.NotPermitted):
        there.ask("mall.profile", {})
    with pytest.raises(actions.WrongCredentials):
        malls.session(any_world, "party0001")
    worlds.clock_of(any_world).advance(clock.HOUR)
    assert malls.session(any_world, "party0001", BETTER).token
    assert malls.facts(any_world, "mall_account.password_changed")


@pytest.mark.row("MAL-2")
def test_the_old_password_is_needed_and_wrong_tries_count_with_those_of_signing_in(world, party):
    door = _in_browser(world, "party0001")
    wrong = {"old_password": "not the old one at all", "new_password": BETTER}
    for number in range(10):
        with pytest.raises(errors.EngineError) as refused:
            door.perform("mall.change_password", wrong, key=f"try {number}")
        if isinstance(refused.value, actions.TooManyTries):
            break
        assert isinstance(refused.value, actions.OldPasswordWrong)
    assert isinstance(refused.value, actions.TooManyTries)
    with pytest.raises(actions.TooManyTries):
        malls.session(world, "party0001")


@pytest.mark.row("MAL-2")
def test_a_bad_new_password_changes_nothing(world, party):
    given = {"old_password": worlds.PASSWORD, "new_password": "12345678"}
    with worlds.unchanged(world), pytest.raises(errors.EngineError):
        world.engine.perform(actions.change_password, given, actor=party.mall)
    assert passwords.wait_after(0) == 0


@pytest.mark.row("MAL-2")
def test_only_a_signed_in_account_changes_its_password(world, party):
    given = {"old_password": worlds.PASSWORD, "new_password": BETTER}
    for actor in (party.person, actors.System(job="visitor")):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.change_password, given, actor=actor)


def test_a_session_is_the_accounts_own_in_whatever_browser(party):
    assert dataclasses.replace(party.mall, session_id="ses_1") == party.mall


def test_a_code_for_onboarding_serves_no_sign_in(world, party):
    request_id, code = malls.code_for(world, PHONE)
    asked = registering.Asked(
        request=registering.model.CodeRequested(request_id=request_id, expires_at=0, next_at=0),
        phone=PHONE,
        code=code,
    )
    with pytest.raises(codes.CodeExpired):
        registering.enter_code(world, asked)
    worker.tick(world, owner="test")
