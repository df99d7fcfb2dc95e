"""Guessing codes and passwords: how often it is tried at all, and when it ends."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import clock, errors
from engine.registration import actions, model
from engine.registration.actions import codes, failures, passwords
from tests.support import registering, worlds

VICTIM = "13800138000"
SECRET = "山重水复疑无路柳暗花明又一村"


def with_password(world: World, phone: str = VICTIM) -> None:
    """An account that has a password."""
    asked = registering.ask_for_code(world, phone)
    given = {
        "request_id": asked.request.request_id,
        "phone": phone,
        "code": asked.code,
        "device_key": b"\x04" + phone.encode(),
        "device_label": "Pixel 9",
        "password": SECRET,
    }
    world.engine.perform(actions.sign_in_by_code, given, actor=worlds.SYSTEM)


def try_password(world: World, password: str, phone: str = VICTIM) -> model.HandsetSession:
    given = {
        "phone": phone,
        "password": password,
        "terms_accepted": True,
        "device_key": b"\x04 another phone",
        "device_label": "another phone",
    }
    return world.engine.perform(actions.sign_in_by_password, given, actor=worlds.SYSTEM)


@pytest.mark.row("S-AUTH-2")
@pytest.mark.parametrize("known", [True, False])
def test_thirty_days_of_guessing_are_a_hundred_guesses(world, known):
    """An attacker who asks for every code there is and guesses whenever a guess is taken."""
    if known:
        registering.sign_up(world, VICTIM)
        worlds.clock_of(world).advance(clock.DAY)
    end = world.engine.now() + 30 * clock.DAY
    checked, request_id, guess = 0, "", 0
    while world.engine.now() < end:
        guess += 1
        given = {
            "request_id": request_id,
            "phone": VICTIM,
            # Never the right one: what is counted is how many are looked at.
            "code": "wrong!",
            "device_key": b"\x04",
            "device_label": "x",
        }
        try:
            world.engine.perform(actions.sign_in_by_code, given, actor=worlds.SYSTEM)
            raise AssertionError("a guess came true")
        except codes.CodeWrong:
            checked += 1
            continue
        except failures.TooManyFailures as wait:
            worlds.clock_of(world).advance(int(wait.params["seconds"]) * clock.SECOND)
            continue
        except failures.NumberLocked:
            worlds.clock_of(world).advance(clock.HOUR)
            continue
        except codes.CodeExpired:
            pass
        try:
            request_id = registering.request_code(world, VICTIM).request_id
        except errors.EngineError:
            worlds.clock_of(world).advance(clock.MINUTE)
    assert checked == failures.LOCKED_AT
    assert checked / 1_000_000 <= 1e-4


@pytest.mark.row("S-AUTH-2")
def test_codes_and_passwords_count_together_and_a_new_code_resets_nothing(any_world):
    with_password(any_world)
    for number in range(5):
        with pytest.raises(passwords.WrongPhoneOrPassword):
            try_password(any_world, f"wrong {number}")
    worlds.clock_of(any_world).advance(clock.HOUR)
    asked = registering.ask_for_code(any_world, VICTIM)
    wrong = f"{(int(asked.code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(codes.CodeWrong):
            registering.enter_code(any_world, asked, wrong)
    # Ten in a row: now it waits, whichever way is tried, and a fresh code does not help.
    with worlds.unchanged(any_world), pytest.raises(failures.TooManyFailures) as refused:
        try_password(any_world, SECRET)
    assert refused.value.params == {"seconds": 30}
    worlds.clock_of(any_world).advance(31 * clock.SECOND)
    with pytest.raises(passwords.WrongPhoneOrPassword):
        try_password(any_world, "wrong again")
    worlds.clock_of(any_world).advance(59 * clock.SECOND)
    asked = registering.ask_for_code(any_world, VICTIM)
    with worlds.unchanged(any_world), pytest.raises(failures.TooManyFailures) as refused:
        registering.enter_code(any_world, asked)
    assert refused.value.params == {"seconds": 1}
    worlds.clock_of(any_world).advance(clock.SECOND)
    registering.enter_code(any_world, asked)
    assert worlds.rows(any_world, "SELECT * FROM sign_in_failure") == []


@pytest.mark.row("S-AUTH-2")
def test_a_right_password_forgives_no_guess_of_a_code(world):
    with_password(world)
    worlds.clock_of(world).advance(clock.MINUTE)
    asked = registering.ask_for_code(world, VICTIM)
    wrong = f"{(int(asked.code) + 1) % 1_000_000:06d}"
    for number in range(5):
        with pytest.raises(codes.CodeWrong):
            registering.enter_code(world, asked, wrong)
        with pytest.raises(passwords.WrongPhoneOrPassword):
            try_password(world, f"wrong {number}")
        try_password(world, SECRET)
    [row] = worlds.rows(world, "SELECT codes, passwords FROM sign_in_failure")
    assert row == {"codes": 5, "passwords": 0}


@pytest.mark.row("S-AUTH-2")
def test_a_locked_number_opens_by_a_reset_with_code_and_real_name(any_world):
    person = registering.sign_up(any_world, VICTIM)
    assert registering.prove(any_world, person) is model.ProofStatus.MATCHED
    for _ in range(failures.LOCKED_AT):
        try:
            try_password(any_world, "wrong")
        except passwords.WrongPhoneOrPassword:
            [row] = worlds.rows(any_world, "SELECT wait_until FROM sign_in_failure")
            worlds.clock_of(any_world).set(max(any_world.engine.now(), row["wait_until"]))
    with worlds.unchanged(any_world), pytest.raises(failures.NumberLocked):
        try_password(any_world, "wrong")
    asked = registering.ask_for_code(any_world, VICTIM, model.CodePurpose.FORGOTTEN_PASSWORD)
    reset = {
        "request_id": asked.request.request_id,
        "phone": VICTIM,
        "code": asked.code,
        "new_password": SECRET,
    }
    with worlds.unchanged(any_world), pytest.raises(failures.NumberLocked):
        any_world.engine.perform(actions.reset_password, reset, actor=worlds.SYSTEM)
    reset |= {"name": registering.NAME, "resident_id": registering.resident_id()}
    any_world.engine.perform(actions.reset_password, reset, actor=worlds.SYSTEM)
    assert try_password(any_world, SECRET).account_id == person.account_id


@pytest.mark.row("S-AUTH-2")
def test_a_lock_that_nothing_could_recover_ends_after_30_days(world):
    for _ in range(failures.LOCKED_AT):
        with pytest.raises(passwords.WrongPhoneOrPassword):
            try_password(world, "wrong")
        [row] = worlds.rows(world, "SELECT wait_until FROM sign_in_failure")
        last = world.engine.now()
        worlds.clock_of(world).set(max(last, row["wait_until"]))
    worlds.clock_of(world).set(last + 30 * clock.DAY - 1)
    with worlds.unchanged(world), pytest.raises(failures.NumberLocked):
        try_password(world, "wrong")
    worlds.clock_of(world).advance(1)
    registering.sign_up(world, VICTIM)


@pytest.mark.row("S-AUTH-1")
def test_a_stored_code_is_a_mac_that_differs_for_equal_codes(world):
    first, other = (registering.ask_for_code(world, p) for p in (VICTIM, "13900139000"))
    rows = worlds.rows(world, "SELECT code_mac FROM verification_code")
    assert len({bytes(row["code_mac"]) for row in rows}) == 2
    assert all(len(bytes(row["code_mac"])) == 32 for row in rows)
    assert len(first.code) == len(other.code) == 6


def test_the_wait_doubles_from_30_seconds_to_an_hour():
    waits = [failures.wait_after(n) // clock.SECOND for n in range(9, 20)]
    assert waits == [0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
