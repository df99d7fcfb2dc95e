"""The guide's steps from the account to the three ways to sign in, walked with a phone through its door."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine import worker
from engine.boot import World
from engine.handset.handset import Handset
from engine.handset.store import HandsetStore
from engine.http.doors import DirectDoor
from engine.kernel import clock, errors, identifiers, ids
from engine.kernel.engine import SecondFactorNeeded
from engine.registration.actions import codes, one_tap, proof_checks
from engine.registration.actions.passwords import WrongPhoneOrPassword
from simulations.people import b64
from tests.support import registering, worlds
from tools import locales

PHONE = "13800138000"
SECRET = "山重水复疑无路柳暗花明又一村"
SCREENS = Path(__file__).resolve().parents[2] / "pages" / "apps"


def require_label(label: str) -> None:
    """A screen of the handset says this in Chinese."""
    chinese = locales.catalogue()
    scripts = [*SCREENS.glob("handset/**/*.js"), *SCREENS.glob("common/**/*.js")]
    said = {
        chinese.get(text, "")
        for script in scripts
        for text in re.findall(r'\b_\("([^"]+)"', script.read_text(encoding="utf-8"))
    }
    assert label in said


def phone(world: World, name: str = "phone") -> Handset:
    """A phone, nobody signed in."""
    entropy = ids.seeded(7, name)
    return Handset(
        store=HandsetStore(None, entropy),
        door=DirectDoor(world.engine),
        entropy=entropy,
        hashing=world.engine.parts.hashing,
    )


def tap(world: World, handset: Handset, sim: str = PHONE, *, terms: bool = True) -> dict[str, str]:
    """Press the one-tap button with this SIM in the phone."""
    token = world.carrier.token_for(sim)
    return handset.one_tap(
        token, "Pixel 9", terms_accepted=terms, wait=lambda: worker.run_due(world) and None
    )


def by_sms(world: World, handset: Handset, number: str = PHONE, **more: str) -> dict[str, str]:
    """Sign in with a code by SMS."""
    asked = handset.request_code(number, terms_accepted=True)
    worker.run_due(world)
    return handset.sign_in(asked["request_id"], number, read_code(world, number), "Pixel 9", **more)


def read_code(world: World, number: str = PHONE) -> str:
    found = re.search(r"验证码 (\d{6})", world.sms.outbox(number)[0].text)
    assert found is not None
    return found.group(1)


def prove(world: World, handset: Handset, number: str) -> dict[str, str]:
    given = {
        "way": "alipay",
        "name": registering.NAME,
        "resident_id": number,
        "face": b64(registering.PNG),
    }
    done = handset.door.perform("registration.prove_name", given, key=ids.token(handset.entropy))
    worker.run_due(world)
    return done


def facts(world: World) -> list[str]:
    return worlds.kinds(world)


# -- the account (三) --------------------------------------------------------------------------------


@pytest.mark.row("ACC-1")
@pytest.mark.guide("G-account-1", "G-account-4")
def test_an_account_is_a_persons_who_accepts_the_terms_and_registers(any_world):
    require_label("同意协议")
    handset = phone(any_world)
    by_sms(any_world, handset)
    me = handset.door.ask("registration.me", {})
    assert me["phone"] == "138****8000"
    [row] = worlds.rows(any_world, "SELECT kind FROM data_subject")
    assert row["kind"] == "person"
    [account] = worlds.rows(any_world, "SELECT terms_version FROM account")
    assert account["terms_version"] == handset.door.ask("registration.terms", {})["version"]
    assert "account.registered" in facts(any_world)


@pytest.mark.row("ACC-1")
@pytest.mark.guide("G-account-4")
def test_without_the_terms_nobody_becomes_a_user(any_world):
    handset = phone(any_world)
    token = any_world.carrier.token_for(PHONE)
    with worlds.unchanged(any_world):
        with pytest.raises(codes.TermsNotAccepted):
            handset.request_code(PHONE, terms_accepted=False)
        with pytest.raises(codes.TermsNotAccepted):
            handset.request_one_tap(token, "Pixel 9", terms_accepted=False)
        with pytest.raises(codes.TermsNotAccepted):
            handset.sign_in_by_password(PHONE, SECRET, "Pixel 9", terms_accepted=False)


@pytest.mark.row("ACC-1")
@pytest.mark.guide("G-account-2")
def test_nobody_under_18_proves_a_name(any_world):
    handset = phone(any_world)
    by_sms(any_world, handset)
    child = registering.resident_id(born="20100312")
    with worlds.unchanged(any_world), pytest.raises(proof_checks.UnderAge):
        prove(any_world, handset, child)
    prove(any_world, handset, registering.resident_id())
    assert "account.named" in facts(any_world)


@pytest.mark.row("ACC-1")
@pytest.mark.guide("G-account-3")
def test_false_particulars_are_not_accepted(any_world):
    handset = phone(any_world)
    with worlds.unchanged(any_world), pytest.raises(identifiers.PhoneInvalid):
        handset.request_code("12345", terms_accepted=True)
    by_sms(any_world, handset)
    with worlds.unchanged(any_world), pytest.raises(identifiers.ResidentIdInvalid):
        prove(any_world, handset, registering.resident_id()[:-1] + "0")
    # Somebody who is not in the register: the provider says so.
    prove(any_world, handset, registering.resident_id(sequence="404"))
    assert not handset.door.ask("registration.me", {})["real_named"]
    assert "proof.mismatched" in facts(any_world)


@pytest.mark.row("ACC-1")
@pytest.mark.guide("G-account-3")
def test_true_particulars_are(any_world):
    handset = phone(any_world)
    by_sms(any_world, handset)
    prove(any_world, handset, registering.resident_id())
    assert handset.door.ask("registration.me", {})["real_named"]
    assert "proof.matched" in facts(any_world)


@pytest.mark.row("ACC-8")
@pytest.mark.row("IDV-3")
@pytest.mark.guide("G-account-5", "G-account-8")
def test_a_second_proof_must_be_of_the_same_person(any_world):
    handset = phone(any_world)
    by_sms(any_world, handset)
    prove(any_world, handset, registering.resident_id())
    with worlds.unchanged(any_world), pytest.raises(proof_checks.OtherPerson):
        prove(any_world, handset, registering.resident_id(sequence="024"))
    assert facts(any_world).count("account.named") == 1


@pytest.mark.row("ACC-5")
@pytest.mark.guide("G-account-6")
def test_every_sign_in_can_be_looked_up(any_world):
    handset = phone(any_world)
    tap(any_world, handset)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    by_sms(any_world, handset)
    seen = handset.door.ask("registration.my_security", {})
    assert [one["way"] for one in seen["sign_ins"]] == ["sms", "one_tap"]
    assert {one["device_label"] for one in seen["sign_ins"]} == {"Pixel 9"}
    assert facts(any_world).count("account.signed_in") == 2


@pytest.mark.row("ACC-5")
@pytest.mark.guide("G-account-7")
def test_who_finds_misuse_reports_it_and_the_account_is_frozen_at_once(any_world):
    mine, thief = phone(any_world), phone(any_world, "thief")
    by_sms(any_world, thief)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    by_sms(any_world, mine)
    mine.door.perform("registration.report_misuse", {}, key="report-misuse")
    for handset in (mine, thief):
        with pytest.raises(errors.NotPermitted):
            handset.door.ask("registration.me", {})
    assert facts(any_world)[-3:] == [
        "account.frozen",
        "account.sessions_ended",
        "message.sent",
    ]


# -- one-tap (7.1.1.2) -------------------------------------------------------------------------------


@pytest.mark.row("ACC-2")
@pytest.mark.guide("G-onetap-1", "G-onetap-3", "G-onetap-4")
def test_one_tap_signs_in_and_registers_an_unknown_number(any_world):
    for label in ("一键登录", "同意协议", "本机号码一键登录"):
        require_label(label)
    handset = phone(any_world)
    assert not handset.signed_in
    session = tap(any_world, handset)
    assert session["new_account"]
    assert handset.signed_in
    assert handset.door.ask("registration.me", {})["phone"] == "138****8000"
    assert [k for k in facts(any_world) if k.startswith(("one_tap", "account"))] == [
        "one_tap.requested",
        "account.registered",
        "one_tap.confirmed",
        "account.signed_in",
    ]


@pytest.mark.row("ACC-2")
@pytest.mark.guide("G-onetap-2")
def test_with_a_sim_one_tap_is_there(any_world):
    handset = phone(any_world)
    tap(any_world, handset)
    assert "account.signed_in" in facts(any_world)


@pytest.mark.row("ACC-2")
@pytest.mark.guide("G-onetap-2")
def test_without_a_sim_sms_is_offered_and_works(any_world):
    handset = phone(any_world)
    with worlds.unchanged(any_world), pytest.raises(errors.PolicyRefused) as refused:
        tap(any_world, handset, sim="")
    assert refused.value.code == "providers.no_sim"
    assert "SMS" in refused.value.message()
    by_sms(any_world, handset)
    assert handset.signed_in


@pytest.mark.row("ACC-2")
@pytest.mark.guide("G-onetap-2")
def test_a_carrier_that_is_away_leaves_sms(world):
    handset = phone(world)
    with pytest.raises(one_tap.OneTapPending):
        tap(world, handset, sim="13800130500")
    assert not handset.signed_in
    by_sms(world, handset, "13800130500")
    assert handset.signed_in


# -- SMS (7.1.2.2) -----------------------------------------------------------------------------------


@pytest.mark.row("ACC-3")
@pytest.mark.guide("G-sms-1", "G-sms-2", "G-sms-3")
def test_the_way_by_sms_sends_a_code_once_the_terms_are_ticked(any_world):
    for label in ("登录方式选择", "发送验证码", "同意协议"):
        require_label(label)
    handset = phone(any_world)
    with worlds.unchanged(any_world), pytest.raises(codes.TermsNotAccepted):
        handset.request_code(PHONE, terms_accepted=False)
    handset.request_code(PHONE, terms_accepted=True)
    worker.run_due(any_world)
    assert re.search(r"\b\d{6}\b", any_world.sms.outbox(PHONE)[0].text)
    assert facts(any_world)[-1] == "code.requested"


@pytest.mark.row("ACC-3")
@pytest.mark.guide("G-sms-2")
def test_a_code_that_was_not_asked_for_opens_nothing(any_world):
    handset = phone(any_world)
    with worlds.unchanged(any_world), pytest.raises(codes.CodeExpired):
        handset.sign_in("cod_none", PHONE, "123456", "Pixel 9")


@pytest.mark.row("ACC-3")
@pytest.mark.guide("G-sms-4")
def test_six_right_digits_sign_in(any_world):
    require_label("发送验证码")
    handset = phone(any_world)
    asked = handset.request_code(PHONE, terms_accepted=True)
    worker.run_due(any_world)
    code = read_code(any_world)
    with pytest.raises(codes.CodeWrong):
        handset.sign_in(asked["request_id"], PHONE, f"{(int(code) + 1) % 1_000_000:06d}", "Pixel 9")
    assert not handset.signed_in
    assert handset.sign_in(asked["request_id"], PHONE, code, "Pixel 9")["new_account"]
    assert facts(any_world)[-1] == "account.signed_in"


@pytest.mark.row("ACC-3")
def test_the_phone_does_the_work_of_another_code_by_itself(any_world):
    handset = phone(any_world)
    for _ in range(5):
        handset.request_code(PHONE, terms_accepted=True)
        worlds.clock_of(any_world).advance(clock.MINUTE)
    with worlds.unchanged(any_world), pytest.raises(codes.CodesThisHour):
        handset.request_code(PHONE, terms_accepted=True)
    assert facts(any_world).count("code.requested") == 5


# -- password (7.1.3.2) ------------------------------------------------------------------------------


@pytest.mark.row("ACC-4")
@pytest.mark.guide("G-password-1", "G-password-3", "G-password-4")
def test_number_password_and_terms_sign_in(any_world):
    for label in ("登录方式选择", "密码登录", "同意协议"):
        require_label(label)
    by_sms(any_world, phone(any_world), password=SECRET)
    handset = phone(any_world, "another")
    with worlds.unchanged(any_world), pytest.raises(codes.TermsNotAccepted):
        handset.sign_in_by_password(PHONE, SECRET, "Mate 70", terms_accepted=False)
    handset.sign_in_by_password(PHONE, SECRET, "Mate 70", terms_accepted=True)
    assert handset.signed_in
    assert "account.signed_in" in facts(any_world)[-3:]


@pytest.mark.row("ACC-4")
@pytest.mark.guide("G-password-2")
def test_an_account_with_a_password_is_the_precondition(any_world):
    by_sms(any_world, phone(any_world), password=SECRET)
    handset = phone(any_world)
    handset.sign_in_by_password(PHONE, SECRET, "Pixel 9", terms_accepted=True)
    assert facts(any_world)[-1] == "account.signed_in"


@pytest.mark.row("ACC-4")
@pytest.mark.guide("G-password-2")
@pytest.mark.parametrize("known", [True, False])
def test_without_one_the_app_says_so_and_names_sms(any_world, known):
    if known:
        by_sms(any_world, phone(any_world))
    handset = phone(any_world)
    # What is counted is the failure, as for a wrong password; nothing else happens.
    counted = ("sign_in_failure", "event", "reply")
    with (
        worlds.unchanged(any_world, without=counted),
        pytest.raises(WrongPhoneOrPassword) as refused,
    ):
        handset.sign_in_by_password(PHONE, SECRET, "Pixel 9", terms_accepted=True)
    assert refused.value.code == "registration.wrong_phone_or_password"
    assert "SMS" in refused.value.message()
    assert not handset.signed_in


@pytest.mark.row("S-AUTH-3")
def test_a_phone_signed_in_by_password_confirms_itself_before_it_changes_anything(any_world):
    by_sms(any_world, phone(any_world), password=SECRET)
    handset = phone(any_world, "another")
    handset.sign_in_by_password(PHONE, SECRET, "Mate 70", terms_accepted=True)
    with worlds.unchanged(any_world), pytest.raises(SecondFactorNeeded):
        prove(any_world, handset, registering.resident_id())
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = handset.request_step_up()
    worker.run_due(any_world)
    handset.step_up(asked["request_id"], read_code(any_world))
    prove(any_world, handset, registering.resident_id())
    assert "account.named" in facts(any_world)
