"""Devices and sessions, misuse reported, another number, and an account that its person gets back."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.boot import World
from engine.http import doors
from engine.kernel import actors, clock, errors
from engine.registration import actions, model, queries
from engine.registration.actions import accounts, codes, recovery, security
from tests.support import fold, registering, worlds

PHONE, NEW = "13800138000", "13700137000"
Purpose = model.CodePurpose
PARTICULARS = {"name": registering.NAME, "resident_id": registering.resident_id()}


def sign_in(world: World, device: str, phone: str = PHONE) -> model.HandsetSession:
    """The account on another phone."""
    worlds.clock_of(world).advance(clock.HOUR)
    asked = registering.ask_for_code(world, phone)
    given = {
        "request_id": asked.request.request_id,
        "phone": phone,
        "code": asked.code,
        "device_key": b"\x04" + device.encode(),
        "device_label": device,
    }
    return world.engine.perform(actions.sign_in_by_code, given, actor=worlds.SYSTEM)


def as_person(session: model.HandsetSession) -> actors.Person:
    return actors.Person(
        account_id=session.account_id,
        device_id=session.device_id,
        second_factor_at=registering.ALWAYS,
    )


def lives(world: World, session: model.HandsetSession) -> bool:
    return world.engine.ask(queries.person_by_token, worlds.SYSTEM, session.token) is not None


def status(world: World, account_id: str) -> model.AccountStatus:
    return world.engine.ask(queries.account, worlds.SYSTEM, account_id).status


def messages(world: World) -> list[str]:
    return [r["kind"] for r in worlds.rows(world, "SELECT kind FROM message ORDER BY id")]


# -- devices and sessions (ACC-5) ------------------------------------------------------------------


@pytest.mark.row("ACC-5")
def test_a_person_sees_and_ends_what_is_signed_in(any_world):
    one, two, three = (sign_in(any_world, name) for name in ("one", "two", "three"))
    me = as_person(three)
    seen = any_world.engine.ask(queries.my_security, me)
    assert [(d.label, d.current) for d in seen.devices] == [
        ("three", True),
        ("two", False),
        ("one", False),
    ]
    assert [(s.device_label, s.way, s.current) for s in seen.sessions] == [
        ("three", "sms", True),
        ("two", "sms", False),
        ("one", "sms", False),
    ]
    any_world.engine.perform(actions.end_session, {"session_id": seen.sessions[1].id}, actor=me)
    assert [lives(any_world, s) for s in (one, two, three)] == [True, False, True]
    assert any_world.engine.perform(actions.end_other_sessions, {}, actor=me) == 1
    assert [lives(any_world, s) for s in (one, two, three)] == [False, False, True]
    assert any_world.engine.perform(actions.end_other_sessions, {}, actor=me) == 0
    seen = any_world.engine.ask(queries.my_security, me)
    assert [s.device_label for s in seen.sessions] == ["three"]
    assert [s.device_label for s in seen.sign_ins] == ["three", "two", "one"]
    fold.require(any_world)


@pytest.mark.row("ACC-5")
def test_a_new_phone_beside_others_is_told_of_and_the_first_is_not(any_world):
    sign_in(any_world, "one")
    assert messages(any_world) == []
    sign_in(any_world, "one")
    assert messages(any_world) == []
    sign_in(any_world, "two")
    assert messages(any_world) == ["account.new_device"]


@pytest.mark.row("ACC-5")
def test_a_removed_phone_is_signed_out_and_known_again_when_it_comes_back(any_world):
    one, two = sign_in(any_world, "one"), sign_in(any_world, "two")
    me = as_person(two)
    with worlds.unchanged(any_world), pytest.raises(security.DeviceInHand):
        any_world.engine.perform(actions.remove_device, {"device_id": two.device_id}, actor=me)
    any_world.engine.perform(actions.remove_device, {"device_id": one.device_id}, actor=me)
    assert not lives(any_world, one)
    assert [d.label for d in any_world.engine.ask(queries.my_security, me).devices] == ["two"]
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        any_world.engine.perform(actions.remove_device, {"device_id": one.device_id}, actor=me)
    assert sign_in(any_world, "one").device_id == one.device_id
    assert messages(any_world).count("account.new_device") == 2
    fold.require(any_world)


def test_nobody_touches_anothers_sessions_and_phones(any_world):
    mine, other = sign_in(any_world, "one"), sign_in(any_world, "two", NEW)
    me = as_person(mine)
    [theirs] = any_world.engine.ask(queries.my_security, as_person(other)).sessions
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        any_world.engine.perform(actions.end_session, {"session_id": theirs.id}, actor=me)
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        any_world.engine.perform(actions.remove_device, {"device_id": other.device_id}, actor=me)
    assert lives(any_world, other)


@pytest.mark.row("ACC-5")
def test_one_phone_has_one_session(any_world):
    first, again = sign_in(any_world, "one"), sign_in(any_world, "one")
    assert not lives(any_world, first)
    assert lives(any_world, again)


@pytest.mark.row("ACC-5")
def test_use_is_noted_once_a_minute(any_world):
    session = sign_in(any_world, "one")
    door = doors.DirectDoor(any_world.engine)
    door.sign_in(session.token)
    began = any_world.engine.now()
    seen = []
    for seconds in (0, 59, 1, 30, 30):
        worlds.clock_of(any_world).advance(seconds * clock.SECOND)
        door.ask("registration.me", {})
        [row] = worlds.rows(any_world, "SELECT last_seen_at FROM handset_session")
        seen.append((row["last_seen_at"] - began) // clock.SECOND)
    assert seen == [0, 0, 60, 60, 120]


# -- misuse (ACC-5) ----------------------------------------------------------------------------------


def frozen(world: World, *, named: bool = True) -> str:
    """An account whose person reported misuse; its id."""
    person = registering.sign_up(world, PHONE)
    if named:
        registering.prove(world, person)
    world.engine.perform(actions.report_misuse, {}, actor=person)
    worlds.clock_of(world).advance(clock.HOUR)
    return person.account_id


def ask_unfreezing(world: World, **changes: object) -> model.RecoveryStarted:
    """A code, and the fresh check of the name."""
    asked = registering.ask_for_code(world, PHONE, Purpose.UNFREEZE)
    given = {
        "request_id": asked.request.request_id,
        "phone": PHONE,
        "code": asked.code,
        "way": "alipay",
        "face": registering.PNG,
        **PARTICULARS,
        **changes,
    }
    return world.engine.perform(actions.unfreeze, given, actor=worlds.SYSTEM)


def outcome(world: World, started: model.RecoveryStarted) -> model.RecoveryOutcome:
    [row] = worlds.rows(
        world, "SELECT request_id FROM recovery WHERE proof_id = ?", started.proof_id
    )
    given = {"proof_id": started.proof_id, "request_id": row["request_id"]}
    return world.engine.ask(queries.proof_outcome, worlds.SYSTEM, **given)


@pytest.mark.row("ACC-5")
def test_misuse_reported_freezes_at_once_everywhere(any_world):
    sessions = [sign_in(any_world, name) for name in ("one", "two")]
    any_world.engine.perform(actions.report_misuse, {}, actor=as_person(sessions[0]))
    assert [lives(any_world, s) for s in sessions] == [False, False]
    assert status(any_world, sessions[0].account_id) is model.AccountStatus.FROZEN
    assert messages(any_world).count("account.frozen") == 1
    with pytest.raises(accounts.AccountFrozen):
        sign_in(any_world, "three")
    fold.require(any_world)


@pytest.mark.row("ACC-5")
def test_misuse_is_reported_by_a_code_without_signing_in(any_world):
    session = sign_in(any_world, "one")
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = registering.ask_for_code(any_world, PHONE, Purpose.REPORT_MISUSE)
    given = {"request_id": asked.request.request_id, "phone": PHONE, "code": asked.code}
    any_world.engine.perform(actions.report_misuse_by_code, given, actor=worlds.SYSTEM)
    assert not lives(any_world, session)
    assert status(any_world, session.account_id) is model.AccountStatus.FROZEN


@pytest.mark.row("ACC-5")
def test_a_frozen_account_opens_by_a_code_and_a_fresh_proof(any_world):
    account_id = frozen(any_world)
    started = ask_unfreezing(any_world)
    assert outcome(any_world, started).status == "requested"
    assert status(any_world, account_id) is model.AccountStatus.FROZEN
    worker.run_due(any_world, subject=started.proof_id)
    assert outcome(any_world, started).status == "matched"
    assert status(any_world, account_id) is model.AccountStatus.ACTIVE
    assert messages(any_world)[-1] == "account.unfrozen"
    assert sign_in(any_world, "one").account_id == account_id
    fold.require(any_world)


@pytest.mark.row("ACC-5")
def test_an_account_without_a_name_opens_for_whoever_proves_one_and_has_it_then(any_world):
    account_id = frozen(any_world, named=False)
    started = ask_unfreezing(any_world)
    worker.run_due(any_world, subject=started.proof_id)
    assert status(any_world, account_id) is model.AccountStatus.ACTIVE
    assert any_world.engine.ask(queries.account, worlds.SYSTEM, account_id).real_name_at


@pytest.mark.row("ACC-5")
@pytest.mark.parametrize(
    "changes",
    [{"name": "王大明"}, {"resident_id": registering.resident_id(sequence="024")}],
)
def test_somebody_else_does_not_unfreeze_it(any_world, changes):
    account_id = frozen(any_world)
    with pytest.raises(codes.DetailsWrong) as refused:
        ask_unfreezing(any_world, **changes)
    assert refused.value.params == {"left": 4}
    assert status(any_world, account_id) is model.AccountStatus.FROZEN


def test_an_account_that_is_not_frozen_is_not_unfrozen(any_world):
    registering.prove(any_world, registering.sign_up(any_world, PHONE))
    worlds.clock_of(any_world).advance(clock.HOUR)
    with pytest.raises(recovery.NotFrozen):
        ask_unfreezing(any_world)


def test_the_outcome_is_told_to_whoever_began_it_alone(any_world):
    frozen(any_world)
    started = ask_unfreezing(any_world)
    for given in (
        {"proof_id": started.proof_id, "request_id": "cod_x"},
        {"proof_id": "prf_x", "request_id": ""},
    ):
        with pytest.raises(errors.NotFound):
            any_world.engine.ask(queries.proof_outcome, worlds.SYSTEM, **given)


# -- another number (ACC-6) ----------------------------------------------------------------------------


@pytest.mark.row("ACC-6")
def test_the_number_changes_with_a_code_to_the_new_one(any_world):
    elsewhere, here = sign_in(any_world, "one"), sign_in(any_world, "two")
    asked = registering.ask_for_code(any_world, NEW, Purpose.CHANGE_NUMBER)
    given = {"new_phone": NEW, "request_id": asked.request.request_id, "code": asked.code}
    any_world.engine.perform(actions.change_number, given, actor=as_person(here))
    worker.run_due(any_world)
    assert any_world.engine.ask(queries.me, as_person(here)).phone == "137****7000"
    assert [lives(any_world, s) for s in (elsewhere, here)] == [False, True]
    assert "account.number_changed" in messages(any_world)
    # Whoever still has the old number hears of it there, and the number is free.
    assert any("改用其他手机号" in sms.text for sms in any_world.sms.outbox(PHONE))
    assert sign_in(any_world, "three", NEW).account_id == here.account_id
    assert sign_in(any_world, "four", PHONE).new_account
    fold.require(any_world)


@pytest.mark.row("ACC-6")
def test_a_number_of_another_account_is_not_taken_over(any_world):
    mine, _other = sign_in(any_world, "one"), sign_in(any_world, "two", NEW)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = registering.ask_for_code(any_world, NEW, Purpose.CHANGE_NUMBER)
    given = {"new_phone": NEW, "request_id": asked.request.request_id, "code": asked.code}
    with worlds.unchanged(any_world), pytest.raises(recovery.NumberTaken):
        any_world.engine.perform(actions.change_number, given, actor=as_person(mine))


def ask_recovery(world: World, **changes: object) -> model.RecoveryStarted:
    asked = registering.ask_for_code(world, NEW, Purpose.RECOVER_NUMBER)
    given = {
        "request_id": asked.request.request_id,
        "new_phone": NEW,
        "code": asked.code,
        "way": "alipay",
        "face": registering.PNG,
        **PARTICULARS,
        **changes,
    }
    return world.engine.perform(actions.recover_number, given, actor=worlds.SYSTEM)


@pytest.mark.row("ACC-6")
def test_whoever_lost_the_number_gets_the_account_by_their_name(any_world):
    session = sign_in(any_world, "one")
    registering.prove(any_world, as_person(session))
    started = ask_recovery(any_world)
    assert outcome(any_world, started).status == "requested"
    worker.run_due(any_world, subject=started.proof_id)
    assert outcome(any_world, started).status == "matched"
    assert not lives(any_world, session)
    assert sign_in(any_world, "two", NEW).account_id == session.account_id
    assert NEW not in repr(worlds.content(any_world))
    fold.require(any_world)


@pytest.mark.row("ACC-6")
@pytest.mark.row("S-AUTH-4")
def test_particulars_of_nobody_read_like_particulars_that_were_not_confirmed(any_world):
    session = sign_in(any_world, "one")
    number = registering.resident_id(sequence="024")
    registering.prove(any_world, as_person(session), number)
    told = []
    for given in (
        {"resident_id": registering.resident_id()},
        {"resident_id": number, "name": "王大明"},
    ):
        started = ask_recovery(any_world, **given)
        worker.run_due(any_world)
        told.append(outcome(any_world, started))
        assert started.proof_id.startswith("prf_")
        worlds.clock_of(any_world).advance(clock.HOUR)
    assert (
        told
        == [model.RecoveryOutcome(status="mismatched", reason="not_confirmed", mismatched=())] * 2
    )
    assert lives(any_world, session)


def test_a_number_that_was_registered_meanwhile_stays_with_its_account(any_world):
    session = sign_in(any_world, "one")
    registering.prove(any_world, as_person(session))
    started = ask_recovery(any_world)
    other = sign_in(any_world, "two", NEW)
    worker.run_due(any_world, subject=started.proof_id)
    assert outcome(any_world, started).reason == "number_taken"
    assert sign_in(any_world, "three", NEW).account_id == other.account_id
    assert sign_in(any_world, "one").account_id == session.account_id


# -- what the table of an account says (ACC-5, ACC-7) ----------------------------------------------------


def test_an_account_is_frozen_once(any_world):
    account_id = frozen(any_world)
    person = dataclasses.replace(registering.sign_up(any_world, NEW), account_id=account_id)
    with worlds.unchanged(any_world), pytest.raises(errors.IllegalTransition):
        any_world.engine.perform(actions.report_misuse, {}, actor=person)
