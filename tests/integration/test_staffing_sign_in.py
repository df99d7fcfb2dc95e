"""Signing in by steps, second factors taken once, sessions seen and ended (OPS-7; S-AUTH-2, 3)."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest

from engine import boot
from engine.boot import World, travel
from engine.kernel import clock
from engine.kernel.engine import SECOND_FACTOR_MS, StepUpNeeded
from engine.policies import actions as policies
from engine.staffing import actions, model, queries
from engine.staffing.model import Role
from tests.support import fold, staffing, worlds

pytestmark = pytest.mark.row("OPS-7")
START = 1_790_000_000_000
NEW = "einfach ein neuer Satz"


def code(world: World, token: str, text: str) -> model.SignedIn:
    given = {"token": token, "code": text}
    return world.engine.perform(actions.answer_code, given, actor=staffing.DOOR)


def enrolled(world: World, *roles: Role, login: str = "anna") -> staffing.App:
    worlds.staff(world, *roles, login=login)
    return staffing.enrol(world, staffing.signed_in(world, login))[0]


def test_who_has_a_second_factor_is_nobody_until_its_code(any_world):
    app = enrolled(any_world)
    step = staffing.sign_in(any_world, "anna")
    assert step.step == "code"
    assert staffing.who(any_world, step.token) is None
    whole = code(any_world, step.token, app.next_code())
    assert whole.step == ""
    assert whole.token != step.token
    found = staffing.who(any_world, whole.token)
    assert found is not None
    assert found.second_factor_at == any_world.engine.now()
    with pytest.raises(actions.SignInLapsed):
        code(any_world, step.token, app.next_code())
    fold.require(any_world)


def test_a_code_is_taken_once_in_whichever_sign_in(any_world):
    app = enrolled(any_world)
    shown = app.next_code()
    code(any_world, staffing.sign_in(any_world, "anna").token, shown)
    again = staffing.sign_in(any_world, "anna").token
    with pytest.raises(actions.CodeUsed):
        code(any_world, again, shown)
    with pytest.raises(actions.CodeUsed):
        code(any_world, again, app.code(-1))
    code(any_world, again, app.next_code())


def test_a_clock_half_a_minute_off_is_borne_and_a_minute_is_not(any_world):
    app = enrolled(any_world)
    worlds.clock_of(any_world).advance(10 * clock.MINUTE)
    for steps, works in ((-2, False), (2, False), (-1, True), (1, True)):
        token = staffing.sign_in(any_world, "anna").token
        if works:
            assert code(any_world, token, app.code(steps)).step == ""
        else:
            with pytest.raises(actions.WrongCode):
                code(any_world, token, app.code(steps))


@pytest.mark.row("S-AUTH-2")
def test_wrong_codes_wait_longer_and_after_a_hundred_nobody_is_let_in(any_world):
    app = enrolled(any_world)
    chance, waits, failures = random.Random(5), [], 0
    while failures < 100:
        token = staffing.sign_in(any_world, "anna").token
        with pytest.raises((actions.WrongCode, actions.CodeUsed, actions.TooManyTries)) as refused:
            code(any_world, token, f"x{chance.randrange(100_000):05}")
        if isinstance(refused.value, actions.TooManyTries):
            waits.append(refused.value.params["seconds"])
            worlds.clock_of(any_world).advance(int(refused.value.params["seconds"]) * 1000)
        else:
            failures += 1
    assert waits[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[8:]) == {3600}
    worlds.clock_of(any_world).advance(2 * clock.HOUR)
    token = staffing.sign_in(any_world, "anna").token
    with worlds.unchanged(any_world), pytest.raises(actions.SecondFactorLocked):
        code(any_world, token, app.code())
    # Another administrator takes it away; the password then suffices for one more setting up.
    admin = staffing.administrator(any_world)
    anna = next(one for one in any_world.engine.ask(queries.everyone, admin) if one.login == "anna")
    staffing.do(any_world, admin, actions.reset_totp, staff_id=anna.id)
    assert staffing.sign_in(any_world, "anna").step == ""
    assert staffing.facts(any_world, "staff.second_factor_reset")[0]["was"] == "enrolled"


def test_a_recovery_code_stands_in_once(any_world):
    worlds.staff(any_world, login="anna")
    _app, recovery = staffing.enrol(any_world, staffing.signed_in(any_world, "anna"))
    assert len(set(recovery.codes)) == 10
    held = repr(worlds.content(any_world))
    assert not [one for one in recovery.codes if one in held or one.replace("-", "") in held]
    first = recovery.codes[0]
    token = staffing.sign_in(any_world, "anna").token
    assert code(any_world, token, first.lower().replace("-", " ")).step == ""
    assert staffing.facts(any_world, "staff.recovery_code_used") == [{"left": 9}]
    token = staffing.sign_in(any_world, "anna").token
    with pytest.raises(actions.WrongCode):
        code(any_world, token, first)
    assert code(any_world, token, recovery.codes[1]).step == ""
    # A colleague's code opens nothing.
    worlds.staff(any_world, login="berta")
    _other, others = staffing.enrol(any_world, staffing.signed_in(any_world, "berta"))
    token = staffing.sign_in(any_world, "anna").token
    with pytest.raises(actions.WrongCode):
        code(any_world, token, others.codes[0])


def test_the_secret_stands_nowhere_in_the_clear_and_never_in_the_log(any_world):
    app = enrolled(any_world)
    assert app.secret not in repr(worlds.content(any_world))
    assert len(app.secret) == 32, "160 bits, as RFC 4226 asks"


def test_setting_up_takes_the_password_and_a_second_one_the_first(any_world):
    worlds.staff(any_world, login="anna")
    anna = staffing.signed_in(any_world, "anna")
    with pytest.raises(actions.WrongCredentials):
        staffing.do(any_world, anna, actions.begin_totp, password="not the password")
    with pytest.raises(actions.NotBegun):
        staffing.do(any_world, anna, actions.confirm_totp, code="123456")
    app, _codes = staffing.enrol(any_world, anna)
    with worlds.unchanged(any_world), pytest.raises(StepUpNeeded):
        staffing.do(any_world, anna, actions.begin_totp, password=worlds.PASSWORD)
    # The old one stays in use until the new one is confirmed.
    fresh = dataclasses.replace(anna, second_factor_at=any_world.engine.now())
    begun = staffing.do(any_world, fresh, actions.begin_totp, password=worlds.PASSWORD)
    token = staffing.sign_in(any_world, "anna").token
    assert code(any_world, token, app.next_code()).step == ""
    other = staffing.App(any_world, begun)
    staffing.do(any_world, fresh, actions.confirm_totp, code=other.code())
    token = staffing.sign_in(any_world, "anna").token
    worlds.clock_of(any_world).advance(clock.MINUTE)
    with pytest.raises(actions.WrongCode):
        code(any_world, token, app.code())
    assert code(any_world, token, other.code()).step == ""


def test_whose_role_asks_for_a_second_factor_sets_one_up_on_the_way_in(any_world):
    worlds.staff(any_world, Role.ADMINISTRATOR, login="root")
    step = staffing.sign_in(any_world, "root")
    assert step.step == "enrol"
    assert staffing.who(any_world, step.token) is None
    with pytest.raises(actions.SignInLapsed):
        code(any_world, step.token, "123456")
    given = {"token": step.token}
    begun = any_world.engine.perform(actions.begin_enrolment, given, actor=staffing.DOOR)
    assert any_world.engine.perform(actions.begin_enrolment, given, actor=staffing.DOOR) == begun
    # Whoever else begins with the same password is shown another secret, which is then the one that waits.
    elsewhere = {"token": staffing.sign_in(any_world, "root").token}
    other = any_world.engine.perform(actions.begin_enrolment, elsewhere, actor=staffing.DOOR)
    assert other.secret != begun.secret
    with pytest.raises(actions.NotBegun):
        staffing.do(any_world, staffing.DOOR, actions.finish_enrolment, **given, code="123456")
    begun = any_world.engine.perform(actions.begin_enrolment, given, actor=staffing.DOOR)
    app = staffing.App(any_world, begun)
    with pytest.raises(actions.WrongCode):
        staffing.do(any_world, staffing.DOOR, actions.finish_enrolment, token=step.token, code="x")
    done = staffing.do(
        any_world, staffing.DOOR, actions.finish_enrolment, token=step.token, code=app.code()
    )
    assert staffing.who(any_world, done.session.token) is not None
    assert len(done.recovery.codes) == 10
    assert staffing.sign_in(any_world, "root").step == "code"


def test_which_roles_need_one_is_a_setting(any_world):
    one, other = (worlds.staff(any_world, Role.LEAD) for _ in range(2))
    worlds.staff(any_world, Role.AUDITOR, login="audit")
    assert staffing.sign_in(any_world, "audit").step == ""
    body = {
        "staff_idle_minutes": 60,
        "staff_hours": 12,
        "handset_days": 30,
        "mall_hours": 12,
        "qr_source_seconds": 900,
        "staff_totp_roles": ["administrator", "auditor"],
    }
    given = {"kind": "sessions", "name": "", "body": body, "effective_at": 0}
    version = any_world.engine.perform(policies.propose, given, actor=one)
    staffing.do(any_world, other, policies.approve, version_id=version.id)
    worlds.clock_of(any_world).advance(1)
    assert staffing.sign_in(any_world, "audit").step == "enrol"


def test_a_password_given_by_an_administrator_is_for_one_sign_in(any_world):
    admin, anna = staffing.administrator(any_world), worlds.staff(any_world, login="anna")
    app, _codes = staffing.enrol(any_world, staffing.signed_in(any_world, "anna"))
    held = staffing.sign_in(any_world, "anna").token
    temporary = "temporary words for anna"
    reset = {"staff_id": anna.staff_id, "password": temporary.replace("anna", "her")}
    temporary = reset["password"]
    staffing.do(any_world, admin, actions.reset_staff_password, **reset)
    with pytest.raises(actions.SignInLapsed):
        code(any_world, held, app.next_code())
    # The second factor is asked for all the same: a reset never goes around it.
    step = staffing.sign_in(any_world, "anna", temporary)
    assert step.step == "code"
    step = code(any_world, step.token, app.next_code())
    assert step.step == "password"
    assert staffing.who(any_world, step.token) is None
    given = {"token": step.token}
    with pytest.raises(Exception, match="another password"):
        staffing.do(any_world, staffing.DOOR, actions.choose_password, **given, password=temporary)
    whole = staffing.do(any_world, staffing.DOOR, actions.choose_password, **given, password=NEW)
    assert staffing.who(any_world, whole.token) == anna
    assert staffing.sign_in(any_world, "anna", NEW).step == "code"
    with pytest.raises(actions.WrongCredentials):
        staffing.sign_in(any_world, "anna", temporary)
    fold.require(any_world)


def test_a_new_account_made_by_an_administrator_chooses_its_own_password(any_world):
    admin = staffing.administrator(any_world)
    given = {"login": "new", "name": "新人", "password": worlds.PASSWORD, "roles": ("auditor",)}
    told = staffing.do(any_world, admin, actions.create_staff, **given)
    assert told.must_change_password
    assert staffing.sign_in(any_world, "new").step == "password"


def test_a_sign_in_that_lacks_a_step_is_given_up_after_ten_minutes(any_world):
    app = enrolled(any_world)
    token = staffing.sign_in(any_world, "anna").token
    worlds.clock_of(any_world).advance(10 * clock.MINUTE)
    with pytest.raises(actions.SignInLapsed):
        code(any_world, token, app.code())


def test_ones_own_password_is_changed_by_the_old_one_and_other_sessions_end(any_world):
    worlds.staff(any_world, login="anna")
    here, there = (staffing.signed_in(any_world, "anna") for _ in range(2))
    given = {"old": "not the password", "new": NEW}
    with pytest.raises(actions.WrongCredentials):
        staffing.do(any_world, here, actions.change_my_password, **given)
    given["old"] = worlds.PASSWORD
    staffing.do(any_world, here, actions.change_my_password, **given)
    left = [one.id for one in any_world.engine.ask(queries.my_sessions, here)]
    assert left == [here.session_id]
    assert there.session_id not in left
    staffing.sign_in(any_world, "anna", NEW)
    (changed,) = staffing.facts(any_world, "staff.password_changed")
    assert changed == {"by": "owner", "sessions_ended": 1}


def test_a_session_tells_its_network_and_browser_and_no_more(any_world):
    worlds.staff(any_world, login="anna")
    anna = staffing.signed_in(any_world, "anna")
    (mine,) = any_world.engine.ask(queries.my_sessions, anna)
    assert (mine.network, mine.browser, mine.way) == ("203.0.*.*", "Chrome · Windows", "password")
    assert "203.0.113.9" not in repr(worlds.content(any_world))


def test_sessions_are_ended_one_by_one_and_all_at_once_by_their_owner_and_by_administrators(
    any_world,
):
    worlds.staff(any_world, login="anna")
    worlds.staff(any_world, Role.LEAD, login="berta")
    admin = staffing.administrator(any_world)
    one, two, three = (staffing.signed_in(any_world, "anna") for _ in range(3))
    berta = staffing.signed_in(any_world, "berta")
    with worlds.unchanged(any_world), pytest.raises(queries.MayNot):
        staffing.do(any_world, berta, actions.end_session, session_id=one.session_id)
    with pytest.raises(queries.MayNot):
        any_world.engine.ask(queries.sessions_of, berta, one.staff_id)
    staffing.do(any_world, two, actions.end_session, session_id=one.session_id)
    staffing.do(any_world, admin, actions.end_session, session_id=two.session_id)
    left = any_world.engine.ask(queries.sessions_of, admin, one.staff_id)
    assert [session.id for session in left] == [three.session_id]
    four = staffing.signed_in(any_world, "anna")
    assert staffing.do(any_world, four, actions.end_my_other_sessions) == 1
    assert staffing.do(any_world, admin, actions.end_sessions, staff_id=one.staff_id) == 1
    assert any_world.engine.ask(queries.sessions_of, admin, one.staff_id) == []
    assert any_world.engine.ask(queries.my_sessions, berta)
    by = [fact["by"] for fact in staffing.facts(any_world, "staff.session_ended")]
    assert by == ["owner", "administrator"]
    with worlds.unchanged(any_world), pytest.raises(queries.MayNot):
        staffing.do(any_world, berta, actions.end_sessions, staff_id=one.staff_id)


@pytest.mark.row("S-AUTH-3")
def test_a_step_up_lasts_five_minutes_in_its_own_session_alone(any_world):
    worlds.staff(any_world, Role.ADMINISTRATOR, login="root")
    step = staffing.sign_in(any_world, "root")
    door = {"token": step.token}
    begun = any_world.engine.perform(actions.begin_enrolment, door, actor=staffing.DOOR)
    app = staffing.App(any_world, begun)
    done = staffing.do(any_world, staffing.DOOR, actions.finish_enrolment, **door, code=app.code())
    token = done.session.token
    member = worlds.staff(any_world)
    grant = {"staff_id": member.staff_id, "role": "auditor"}
    worlds.clock_of(any_world).advance(SECOND_FACTOR_MS)
    root = staffing.who(any_world, token)
    assert root is not None
    with worlds.unchanged(any_world), pytest.raises(StepUpNeeded):
        staffing.do(any_world, root, actions.grant_role, **grant)
    with pytest.raises(actions.WrongCode):
        staffing.do(any_world, root, actions.step_up, code="000000x")
    staffing.do(any_world, root, actions.step_up, code=app.code())
    proved = staffing.who(any_world, token)
    staffing.do(any_world, proved, actions.grant_role, **grant)
    # Another session of the same person has proved nothing of late.
    worlds.clock_of(any_world).advance(SECOND_FACTOR_MS)
    other = code(any_world, staffing.sign_in(any_world, "root").token, app.code())
    fresh, stale = (staffing.who(any_world, one) for one in (other.token, token))
    with pytest.raises(StepUpNeeded):
        staffing.do(any_world, stale, actions.grant_role, **grant | {"role": "finance"})
    staffing.do(any_world, fresh, actions.grant_role, **grant | {"role": "finance"})


def test_who_has_no_second_factor_is_told_to_set_one_up_and_no_click_stands_in(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    lead = staffing.signed_in(any_world, "lead")
    with worlds.unchanged(any_world), pytest.raises(actions.NoSecondFactor):
        staffing.do(any_world, lead, actions.step_up, code="123456")
    with worlds.unchanged(any_world), pytest.raises(actions.NoSecondFactor):
        staffing.do(any_world, lead, actions.step_up_by_click)


def test_an_outside_account_opens_the_account_that_it_is_linked_to_and_no_other(any_world):
    admin, anna = staffing.administrator(any_world), worlds.staff(any_world, login="anna")
    outside = {"issuer": "https://id.example", "subject": "248289761001"}
    with worlds.unchanged(any_world), pytest.raises(actions.LinkUnknown):
        staffing.do(any_world, staffing.DOOR, actions.sign_in_by_link, **outside)
    linking = {"staff_id": anna.staff_id, **outside}
    staffing.do(any_world, admin, actions.link_oidc, **linking)
    with worlds.unchanged(any_world), pytest.raises(actions.LinkedAlready):
        staffing.do(any_world, admin, actions.link_oidc, **linking)
    opened = staffing.do(any_world, staffing.DOOR, actions.sign_in_by_link, **outside)
    assert staffing.who(any_world, opened.token) == anna
    for other in ({"issuer": "https://evil.example"}, {"subject": "1"}):
        with pytest.raises(actions.LinkUnknown):
            staffing.do(any_world, staffing.DOOR, actions.sign_in_by_link, **outside | other)
    ((link_id, issuer),) = any_world.engine.ask(queries.links, admin, anna.staff_id)
    assert issuer == outside["issuer"]
    assert outside["subject"] not in repr(worlds.content(any_world))
    # An own second factor is asked for all the same.
    staffing.enrol(any_world, staffing.signed_in(any_world, "anna"))
    assert staffing.do(any_world, staffing.DOOR, actions.sign_in_by_link, **outside).step == "code"
    staffing.do(any_world, admin, actions.unlink_oidc, link_id=link_id)
    with pytest.raises(actions.LinkUnknown):
        staffing.do(any_world, staffing.DOOR, actions.sign_in_by_link, **outside)
    staffing.do(any_world, admin, actions.link_oidc, **linking)
    fold.require(any_world)


@pytest.mark.row("S-AUTH-3")
def test_in_a_demo_a_click_stands_in_for_the_code_in_a_session_that_a_click_opened(
    tmp_path: Path,
) -> None:
    boot.create_world(tmp_path / "demo", kind="demo", world_id="clicks", reference_ms=START)
    world = boot.open_world(tmp_path / "demo", the_clock=clock.ManualClock(START))
    worlds.staff(world, Role.ADMINISTRATOR, login="root")
    member = worlds.staff(world, login="anna")
    given = {"staff_id": member.staff_id, "role": "auditor"}
    token = staffing.do(world, staffing.DOOR, actions.demo_sign_in, login="root").token
    worlds.clock_of(world).advance(SECOND_FACTOR_MS)
    root = staffing.who(world, token)
    with worlds.unchanged(world), pytest.raises(StepUpNeeded):
        staffing.do(world, root, actions.grant_role, **given)
    staffing.do(world, root, actions.step_up_by_click)
    staffing.do(world, staffing.who(world, token), actions.grant_role, **given)
    # Whoever came with a password proves a code, in a demo too.
    anna = staffing.signed_in(world, "anna")
    with worlds.unchanged(world), pytest.raises(actions.NoSecondFactor):
        staffing.do(world, anna, actions.step_up_by_click)
    world.close()
    boot.worlds.pop(world.id)


def test_an_apps_code_follows_the_real_clock_however_far_a_demo_was_moved_on(
    tmp_path: Path,
) -> None:
    boot.create_world(tmp_path / "demo", kind="demo", world_id="moved", reference_ms=START)
    world = boot.open_world(tmp_path / "demo", the_clock=clock.ManualClock(START))
    worlds.staff(world, Role.LEAD, login="lead")
    app, _codes = staffing.enrol(world, staffing.signed_in(world, "lead"))
    mover = worlds.staff(world, Role.PRODUCT)
    travel.go(world, by_ms=3 * 24 * clock.HOUR, actor=mover)
    assert code(world, staffing.sign_in(world, "lead").token, app.next_code()).step == ""
    world.close()
    boot.worlds.pop(world.id)
