"""The bank card way beyond its happy end: codes, limits, days, and a check that is used again (IDV-3)."""

from __future__ import annotations

import dataclasses

import pytest

from engine.kernel import clock, errors, identifiers
from engine.kernel.workflow import NotPossibleNow
from engine.registration import model, queries
from engine.registration.actions import codes, proof_checks, proof_completion, proofs
from tests.support import proving, worlds
from tests.support.line import Line

RESERVED = "13711112222"


def waiting(world, **values):
    """Somebody whose bank card matched, with a number at the bank that is not the account's."""
    line, person = proving.signed_in(world, **values)
    person.identity = dataclasses.replace(person.identity, phone=RESERVED)
    proof = person.prove_name("bankcard")
    line.work()
    return line, person, proof["id"]


@pytest.mark.row("IDV-3")
def test_the_code_goes_to_the_number_at_the_bank_and_not_to_the_accounts(any_world):
    _, person, proof_id = waiting(any_world)
    assert [sms.phone for sms in any_world.sms.outbox() if "银行卡" in sms.text] == [RESERVED]
    assert person.complete_proof(proof_id, person.read_bank_code())["status"] == "matched"


@pytest.mark.row("IDV-3")
@pytest.mark.row("S-PI-6")
def test_neither_card_nor_reserved_number_is_in_the_clear(any_world):
    _, person, proof_id = waiting(any_world)
    person.complete_proof(proof_id, person.read_bank_code())
    told = str(worlds.content(any_world))
    assert RESERVED not in told
    assert person.identity.bank_card not in told
    stored = worlds.rows(
        any_world, "SELECT reserved_phone FROM real_name_proof WHERE id = ?", proof_id
    )
    assert RESERVED.encode() not in bytes(stored[0]["reserved_phone"])
    with any_world.engine.reader(worlds.SYSTEM) as q:
        proof = q.get(model.Proof, "real_name_proof", proof_id)
        assert queries.proven(q, proof, "reserved_phone") == RESERVED


@pytest.mark.row("IDV-3")
def test_a_wrong_code_counts_and_the_sixth_try_finds_it_dead(any_world):
    _, person, proof_id = waiting(any_world)
    right = person.read_bank_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for left in (4, 3):
        with pytest.raises(codes.CodeWrong) as refused:
            person.complete_proof(proof_id, wrong)
        assert refused.value.params == {"left": left}
    for _ in range(3):
        with pytest.raises(errors.PolicyRefused):
            person.complete_proof(proof_id, wrong)
    with pytest.raises(errors.PolicyRefused):
        person.complete_proof(proof_id, right)
    assert person.newest_proof()["status"] == "awaiting_code"
    assert not person.me()["real_named"]


@pytest.mark.row("IDV-3")
def test_another_code_is_sent_after_a_minute_and_the_older_one_is_dead(any_world):
    line, person, proof_id = waiting(any_world)
    first = person.read_bank_code()
    with worlds.unchanged(any_world), pytest.raises(codes.CodeTooSoon):
        person.resend_proof_code(proof_id)
    line.work(60)
    person.resend_proof_code(proof_id)
    line.work()
    second = person.read_bank_code()
    assert second != first
    with pytest.raises(codes.CodeWrong):
        person.complete_proof(proof_id, first)
    assert person.complete_proof(proof_id, second)["status"] == "matched"


@pytest.mark.row("IDV-3")
def test_a_code_that_must_wait_for_its_number_is_sent_when_it_may(any_world):
    """The reserved number is the account's own, which got its sign-in code a moment ago."""
    line = Line.on(any_world)
    person = line.person(0)
    request_id = person.request_code()
    line.work()
    person.sign_in(request_id, person.read_code())
    proof = person.prove_name("bankcard")
    line.work()
    assert person.newest_proof()["status"] == "awaiting_code"
    assert person.read_bank_code() == ""
    line.work(60)
    assert person.complete_proof(proof["id"], person.read_bank_code())["status"] == "matched"


@pytest.mark.row("IDV-3")
def test_it_is_for_its_day_only(any_world):
    line, person, proof_id = waiting(any_world)
    tomorrow = clock.start_of(clock.civil_date(any_world.engine.now())) + clock.DAY
    worlds.clock_of(any_world).set(tomorrow - clock.MINUTE)
    person.resend_proof_code(proof_id)
    line.work()
    code = person.read_bank_code()
    worlds.clock_of(any_world).set(tomorrow)
    person.me()
    shown = person.newest_proof()
    assert (shown["status"], shown["reason"]) == ("mismatched", model.CODE_NOT_ENTERED)
    with worlds.unchanged(any_world), pytest.raises(proof_completion.ProofExpired):
        person.complete_proof(proof_id, code)
    with worlds.unchanged(any_world), pytest.raises(proof_completion.ProofExpired):
        person.resend_proof_code(proof_id)
    again = person.prove_name("bankcard")
    assert again["status"] == "requested"
    assert proving.newest_fact(any_world, "proof.mismatched") == proof_id


@pytest.mark.row("IDV-3")
def test_a_new_try_gives_up_the_one_that_waits_for_its_code(any_world):
    line, person, proof_id = waiting(any_world)
    person.prove_name("zhongjin")
    line.work()
    assert person.me()["real_named"]
    with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
        person.complete_proof(proof_id, "123456")


@pytest.mark.row("IDV-3")
def test_a_proof_is_completed_by_its_own_person_alone(any_world):
    _, person, proof_id = waiting(any_world)
    _, other = proving.signed_in(any_world, 1)
    code = person.read_bank_code()
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        other.complete_proof(proof_id, code)
    begun = {"proof_id": proof_id, "request_id": "", "code": code}
    for request_id in ("", "cod_0"):
        given = {**begun, "request_id": request_id}
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            other.handset.door.perform("registration.complete_begun_proof", given, key=other.key())


@pytest.mark.row("IDV-3")
@pytest.mark.row("S-AUTH-3")
def test_nobody_else_gets_such_a_code(any_world):
    _, person = proving.signed_in(any_world)
    given = {"phone": RESERVED, "purpose": "bank_card", "terms_accepted": True}
    with worlds.unchanged(any_world), pytest.raises(codes.PurposeRefused):
        person.handset.door.perform("registration.request_code", given, key=person.key())


@pytest.mark.row("IDV-3")
def test_a_match_within_a_year_is_used_again_for_the_same_four_values_alone(any_world):
    line, person, proof_id = waiting(any_world)
    person.complete_proof(proof_id, person.read_bank_code())
    asked = len(worlds.rows(any_world, "SELECT id FROM provider_answer"))
    line.work(60)
    again = person.prove_name("bankcard")
    assert again["status"] == "awaiting_code"
    row = worlds.rows(
        any_world, "SELECT reused_proof_id FROM real_name_proof WHERE id = ?", again["id"]
    )
    assert row == [{"reused_proof_id": proof_id}]
    line.work(60)
    done = person.complete_proof(again["id"], person.read_bank_code())
    assert done["status"] == "matched"
    assert len(worlds.rows(any_world, "SELECT id FROM provider_answer")) == asked
    line.work(60)
    person.identity = dataclasses.replace(person.identity, phone="13711112223")
    assert person.prove_name("bankcard")["status"] == "requested"


@pytest.mark.row("IDV-3")
def test_after_a_year_the_bank_is_asked_again(any_world):
    line, person, proof_id = waiting(any_world)
    person.complete_proof(proof_id, person.read_bank_code())
    worlds.clock_of(any_world).advance(365 * clock.DAY)
    own = line.person(0).identity
    person.identity = own
    request_id = person.request_code()
    line.work()
    person.sign_in(request_id, person.read_code())
    person.identity = dataclasses.replace(own, phone=RESERVED)
    assert person.prove_name("bankcard")["status"] == "requested"


@pytest.mark.row("IDV-4")
@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("6222021234567890120", identifiers.BankCardInvalid),
        ("622202123456", identifiers.BankCardInvalid),
        ("4111111111111111", queries.NotUnionPay),
        ("5500005555555559", queries.NotUnionPay),
        ("371449635398431", queries.NotUnionPay),
        ("3530111333300000", queries.NotUnionPay),
        ("1000000000009", queries.CardUnknown),
    ],
)
def test_what_is_no_unionpay_card_is_told_before_the_bank(any_world, number, refusal):
    _, person = proving.signed_in(any_world)
    person.identity = dataclasses.replace(person.identity, bank_card=number)
    with worlds.unchanged(any_world), pytest.raises(refusal) as refused:
        person.prove_name("bankcard")
    assert refused.value.field == "bank_card"
    with pytest.raises(refusal):
        person.handset.door.ask("registration.bank_of", {"bank_card": number})


@pytest.mark.row("IDV-4")
@pytest.mark.parametrize(
    ("first", "bank", "kind"),
    [
        ("622202123456789012", "中国工商银行", "debit"),
        ("622848123456789012", "中国农业银行", "debit"),
        ("621700123456789012", "中国建设银行", "debit"),
        ("622575123456789", "招商银行", "credit"),
        ("95599123456789012", "中国农业银行", "debit"),
        ("620000123456789", "模拟银行", "debit"),
        ("629999123456789", None, "unknown"),
    ],
)
def test_whose_a_card_is_is_told_while_it_is_typed(world, first, bank, kind):
    _, person = proving.signed_in(world)
    number = first + identifiers.luhn_digit(first)
    told = person.handset.door.ask("registration.bank_of", {"bank_card": number})
    assert (told["bank"] and told["bank"]["zh"], told["kind"]) == (bank, kind)


@pytest.mark.row("IDV-5")
def test_five_tries_a_way_and_ten_in_all_a_day(any_world):
    line, person = proving.signed_in(any_world, sequence="404")
    for way in ("zhongjin", "alipay"):
        for _ in range(5):
            person.prove_name(way)
            line.work()
        refusal = proof_checks.WayUsedUp if way == "zhongjin" else proof_checks.ProofsUsedUp
        with worlds.unchanged(any_world), pytest.raises(refusal) as refused:
            person.prove_name(way)
        assert refused.value.http_status == 429
    tomorrow = clock.start_of(clock.civil_date(any_world.engine.now())) + clock.DAY
    worlds.clock_of(any_world).set(tomorrow)
    assert person.prove_name("zhongjin")["status"] == "requested"


@pytest.mark.row("ACC-8")
def test_a_second_proof_must_be_of_the_same_person(any_world):
    line, person, proof_id = waiting(any_world)
    person.complete_proof(proof_id, person.read_bank_code())
    stranger = line.person(0, sequence="044").identity
    person.identity = dataclasses.replace(person.identity, resident_id=stranger.resident_id)
    with worlds.unchanged(any_world), pytest.raises(proof_checks.OtherPerson):
        person.prove_name("bankcard")


@pytest.mark.row("ACC-8")
def test_somebody_who_was_faster_keeps_the_person(any_world):
    """Two accounts prove one person; the slower one, at its code, is told that the person is known."""
    line, person, proof_id = waiting(any_world)
    _, other = proving.signed_in(any_world, 1)
    other.identity = dataclasses.replace(
        other.identity, name=person.identity.name, resident_id=person.identity.resident_id
    )
    other.prove_name("alipay")
    line.work()
    person.me()
    done = person.complete_proof(proof_id, person.read_bank_code())
    assert (done["status"], done["reason"]) == ("mismatched", model.PERSON_KNOWN)
    assert not person.me()["real_named"]


def test_one_proof_at_a_time(any_world):
    _, person = proving.signed_in(any_world)
    person.prove_name("bankcard")
    with worlds.unchanged(any_world), pytest.raises(proofs.ProofRunning):
        person.prove_name("alipay")


def test_a_proof_that_nobody_answered_all_day_gives_way_and_a_late_answer_changes_nothing(
    any_world,
):
    line, person = proving.signed_in(any_world)
    stale = person.prove_name("alipay")
    worlds.clock_of(any_world).advance(clock.DAY)
    person.me()
    fresh = person.prove_name("zhongjin")
    assert proving.newest_fact(any_world, "proof.mismatched") == stale["id"]
    line.work()
    found = worlds.rows(any_world, "SELECT id, status, reason FROM real_name_proof ORDER BY id")
    assert found == [
        {"id": stale["id"], "status": "mismatched", "reason": model.UNAVAILABLE},
        {"id": fresh["id"], "status": "matched", "reason": ""},
    ]
    assert worlds.rows(any_world, "SELECT id FROM job") == []
