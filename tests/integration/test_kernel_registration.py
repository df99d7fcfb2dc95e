"""Codes, accounts, real names and enterprises: what is taken and what is refused."""

from __future__ import annotations

import datetime

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import actors, clock, errors, files, identifiers
from engine.registration import actions, model, queries
from engine.registration.actions import accounts, codes, enterprises, proof_checks, proofs
from tests.support import fold, registering, worlds

PHONE = "13800138000"


def person_by(world: World, token: str) -> actors.Person | None:
    return world.engine.ask(queries.person_by_token, worlds.SYSTEM, token)


def prove(world: World, who: actors.Actor, **changes: object) -> model.Proof:
    arguments = {
        "way": "alipay",
        "name": registering.NAME,
        "resident_id": registering.resident_id(),
        "face": registering.PNG,
        **changes,
    }
    return world.engine.perform(actions.prove_name, arguments, actor=who)


# -- codes -----------------------------------------------------------------------------------


@pytest.mark.row("ACC-1")
def test_a_code_opens_an_account_and_signs_the_phone_in(any_world):
    asked = registering.ask_for_code(any_world, PHONE)
    session = registering.enter_code(any_world, asked)
    assert session.new_account
    person = person_by(any_world, session.token)
    assert (person.account_id, person.device_id) == (session.account_id, session.device_id)
    assert session.token not in repr(worlds.content(any_world))
    me = any_world.engine.ask(queries.me, person)
    assert (me.phone, me.name, me.real_named) == ("138****8000", "", False)
    fold.require(any_world)


@pytest.mark.row("ACC-3")
def test_the_same_number_is_the_same_account_on_the_same_device(any_world):
    one = registering.sign_up(any_world)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    again = registering.sign_up(any_world)
    assert again == one


@pytest.mark.row("ACC-3")
def test_a_second_code_waits_60_seconds(any_world):
    registering.ask_for_code(any_world, PHONE)
    worlds.clock_of(any_world).advance(59_001)
    with worlds.unchanged(any_world), pytest.raises(codes.CodeTooSoon) as refused:
        registering.ask_for_code(any_world, PHONE)
    assert refused.value.params == {"seconds": 1}
    registering.ask_for_code(any_world, "13900139000")
    worlds.clock_of(any_world).advance(999)
    registering.ask_for_code(any_world, PHONE)


@pytest.mark.row("ACC-3")
def test_a_number_gets_ten_codes_in_a_day(any_world):
    first = any_world.engine.now()
    for number in range(10):
        registering.ask_for_code(any_world, PHONE)
        # Five within an hour are as many as there are.
        worlds.clock_of(any_world).advance(clock.HOUR if number % 5 == 4 else clock.MINUTE)
    with worlds.unchanged(any_world), pytest.raises(codes.CodesUsedUp, match="10"):
        registering.ask_for_code(any_world, PHONE)
    worlds.clock_of(any_world).set(first + clock.DAY)
    registering.ask_for_code(any_world, PHONE)


@pytest.mark.row("ACC-3")
def test_five_wrong_tries_kill_a_code(any_world):
    asked = registering.ask_for_code(any_world, PHONE)
    wrong = "000000" if asked.code != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(codes.CodeWrong) as refused:
            registering.enter_code(any_world, asked, wrong)
        assert refused.value.params == {"left": left}
    with worlds.unchanged(any_world), pytest.raises(codes.CodeExpired):
        registering.enter_code(any_world, asked)
    assert worlds.kinds(any_world).count("code.refused") == 5


@pytest.mark.row("ACC-3")
def test_a_code_lives_five_minutes(any_world):
    last, late = (registering.ask_for_code(any_world, p) for p in (PHONE, "13900139000"))
    worlds.clock_of(any_world).advance(5 * clock.MINUTE - 1)
    registering.enter_code(any_world, last)
    worlds.clock_of(any_world).advance(1)
    with worlds.unchanged(any_world), pytest.raises(codes.CodeExpired):
        registering.enter_code(any_world, late)


def test_a_code_works_once_and_for_its_number_alone(any_world):
    asked = registering.ask_for_code(any_world, PHONE)
    with worlds.unchanged(any_world), pytest.raises(codes.CodeExpired):
        registering.enter_code(any_world, asked, phone="13900139000")
    registering.enter_code(any_world, asked)
    with worlds.unchanged(any_world), pytest.raises(codes.CodeExpired):
        registering.enter_code(any_world, asked)


def test_the_code_is_nowhere_in_the_clear(any_world):
    asked = registering.ask_for_code(any_world, PHONE)
    held = repr(worlds.content(any_world))
    assert f"'{asked.code}'" not in held
    assert f"验证码 {asked.code}" not in held


def test_terms_come_first_and_the_version_accepted_is_kept(any_world):
    arguments = {"phone": PHONE, "purpose": model.CodePurpose.SIGN_IN, "terms_accepted": False}
    with worlds.unchanged(any_world), pytest.raises(codes.TermsNotAccepted):
        any_world.engine.perform(actions.request_code, arguments, actor=worlds.SYSTEM)
    registering.sign_up(any_world)
    terms = any_world.engine.ask(queries.terms, worlds.SYSTEM)
    [row] = worlds.rows(any_world, "SELECT terms_version FROM account")
    assert row["terms_version"] == terms.version


def test_a_session_ends_after_its_days_by_signing_out_and_by_a_frozen_account(any_world):
    session = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    worlds.run_sql(any_world, "UPDATE account SET status = 'frozen'")
    assert person_by(any_world, session.token) is None
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = registering.ask_for_code(any_world, PHONE)
    with worlds.unchanged(any_world), pytest.raises(accounts.AccountClosed):
        registering.enter_code(any_world, asked)
    worlds.run_sql(any_world, "UPDATE account SET status = 'active'")
    assert person_by(any_world, session.token)
    any_world.engine.perform(actions.sign_out, {"token": session.token}, actor=worlds.SYSTEM)
    assert person_by(any_world, session.token) is None
    other = registering.enter_code(any_world, registering.ask_for_code(any_world, "13900139000"))
    worlds.clock_of(any_world).advance(30 * clock.DAY)
    assert person_by(any_world, other.token) is None


# -- real names ------------------------------------------------------------------------------


@pytest.mark.row("IDV-2")
def test_a_match_gives_the_account_its_name_and_a_message(any_world):
    person = registering.sign_up(any_world)
    assert registering.prove(any_world, person) is model.ProofStatus.MATCHED
    me = any_world.engine.ask(queries.me, person)
    assert (me.real_named, me.name) == (True, "李*东")
    assert worlds.rows(any_world, "SELECT kind FROM message") == [{"kind": "real_name.matched"}]
    held = repr(worlds.content(any_world))
    assert registering.NAME not in held
    assert registering.resident_id() not in held
    fold.require(any_world)


@pytest.mark.row("IDV-5")
@pytest.mark.parametrize(("sequence", "reason"), [("404", "no_record"), ("405", "not_passed")])
def test_a_mismatch_leaves_the_account_without_a_name_and_may_be_repeated(
    any_world, sequence, reason
):
    person = registering.sign_up(any_world)
    number = registering.resident_id(sequence=sequence)
    assert registering.prove(any_world, person, number) is model.ProofStatus.MISMATCHED
    newest = any_world.engine.ask(queries.my_newest_proof, person)
    assert (newest.reason, newest.mismatched) == (reason, ())
    assert not any_world.engine.ask(queries.me, person).real_named
    assert registering.prove(any_world, person) is model.ProofStatus.MATCHED


def test_an_unreachable_provider_leaves_the_proof_running(any_world):
    person = registering.sign_up(any_world)
    number = registering.resident_id(sequence="500")
    assert registering.prove(any_world, person, number) is model.ProofStatus.REQUESTED
    with worlds.unchanged(any_world), pytest.raises(proofs.ProofRunning):
        prove(any_world, person)


@pytest.mark.row("IDV-4")
def test_the_eighteenth_birthday_is_the_first_day(any_world):
    person = registering.sign_up(any_world)
    today = clock.civil_date(any_world.engine.now())
    birthday = today.replace(year=today.year - 18)
    tomorrow = birthday + datetime.timedelta(days=1)
    number = registering.resident_id(born=tomorrow.strftime("%Y%m%d"))
    with worlds.unchanged(any_world), pytest.raises(proof_checks.UnderAge):
        prove(any_world, person, resident_id=number)
    prove(any_world, person, resident_id=registering.resident_id(born=birthday.strftime("%Y%m%d")))


@pytest.mark.row("IDV-4")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"resident_id": registering.resident_id()[:-1] + "0"}, identifiers.ResidentIdInvalid),
        ({"name": "李"}, identifiers.NameInvalid),
        ({"face": b""}, proofs.FaceMissing),
        ({"face": b"%PDF-1.7"}, files.FileKindRefused),
        ({"way": "telepathy"}, errors.NotFound),
        ({"way": "bankcard", "bank_card": "6222021234567890"}, identifiers.BankCardInvalid),
        ({"way": "bankcard", "bank_card": "4111111111111111"}, queries.NotUnionPay),
        (
            {"way": "bankcard", "bank_card": "6222021234567890128", "phone": "1"},
            identifiers.PhoneInvalid,
        ),
    ],
)
def test_what_can_be_told_without_the_provider_is_told_first(any_world, changes, refusal):
    person = registering.sign_up(any_world)
    with worlds.unchanged(any_world), pytest.raises(refusal):
        prove(any_world, person, **changes)


@pytest.mark.row("ACC-8")
def test_an_account_does_not_change_its_person(any_world):
    person = registering.sign_up(any_world)
    registering.prove(any_world, person)
    with worlds.unchanged(any_world), pytest.raises(proof_checks.OtherPerson):
        prove(any_world, person, resident_id=registering.resident_id(sequence="024"))


@pytest.mark.row("ACC-8")
def test_a_person_has_one_account(any_world):
    registering.prove(any_world, registering.sign_up(any_world))
    other = registering.sign_up(any_world, "13900139000")
    with worlds.unchanged(any_world), pytest.raises(proof_checks.PersonKnown):
        prove(any_world, other)


def test_two_proofs_of_one_person_at_once_name_one_account(any_world):
    """Both were asked before either was answered: the second one is told why it came to nothing."""
    one, other = registering.sign_up(any_world), registering.sign_up(any_world, "13900139000")
    first, second = prove(any_world, one), prove(any_world, other)
    for proof in (first, second):
        worker.run_due(any_world, subject=proof.id)
    named = worlds.rows(any_world, "SELECT id FROM account WHERE real_name_at IS NOT NULL")
    assert named == [{"id": one.account_id}]
    newest = any_world.engine.ask(queries.my_newest_proof, other)
    assert (newest.status, newest.reason) == ("mismatched", model.PERSON_KNOWN)
    assert worlds.rows(any_world, "SELECT status FROM job") == []


# -- enterprises -------------------------------------------------------------------------------


def test_a_claim_needs_a_proven_name(any_world):
    person = registering.sign_up(any_world)
    with worlds.unchanged(any_world), pytest.raises(queries.NotRealNamed):
        registering.claim(any_world, person)


@pytest.mark.row("ENT-1")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"uscc": "91320100MA1K00001Y"}, identifiers.CreditCodeInvalid),
        ({"name": "东"}, enterprises.EnterpriseNameInvalid),
        ({"name": "东" * 65}, enterprises.EnterpriseNameInvalid),
        ({"representative": "王大明"}, enterprises.AuthorizationMissing),
        ({"representative": "1"}, identifiers.NameInvalid),
    ],
)
def test_a_wrong_claim_is_refused(any_world, changes, refusal):
    person = registering.sign_up(any_world)
    registering.prove(any_world, person)
    with worlds.unchanged(any_world), pytest.raises(refusal):
        registering.claim(any_world, person, **changes)


def test_an_enterprise_is_claimed_once_at_a_time(any_world):
    people = []
    for phone, sequence in ((PHONE, "002"), ("13900139000", "024")):
        people.append(registering.sign_up(any_world, phone))
        registering.prove(any_world, people[-1], registering.resident_id(sequence=sequence))
    registering.claim(any_world, people[0])
    for who in people:
        with worlds.unchanged(any_world), pytest.raises(enterprises.ClaimRunning):
            registering.claim(any_world, who)


def test_only_a_person_proves_and_claims(any_world):
    for who in (worlds.SYSTEM, actors.Staff(staff_id="s"), actors.Machine(name="m")):
        with worlds.unchanged(any_world), pytest.raises(errors.NotPermitted):
            prove(any_world, who)
        with worlds.unchanged(any_world), pytest.raises(errors.NotPermitted):
            registering.claim(any_world, who)


def test_a_person_sees_their_own_account_alone(any_world):
    one, other = registering.sign_up(any_world), registering.sign_up(any_world, "13900139000")
    registering.prove(any_world, one)
    registering.claim(any_world, one)
    assert len(any_world.engine.ask(queries.my_claims, one)) == 1
    assert any_world.engine.ask(queries.my_claims, other) == []
    assert any_world.engine.ask(queries.my_newest_proof, other) is None
    with any_world.engine.reader(worlds.SYSTEM) as q, pytest.raises(errors.NotPermitted):
        queries.me(q)
