"""One fen, the representative in the app, and the register: how a claim is verified (IDV-6)."""

from __future__ import annotations

import re

import pytest

from engine import worker
from engine.kernel import actors, clock, codec, errors, identifiers
from engine.registration import actions, model, queries
from engine.registration.actions import verification
from tests.support import fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

REPRESENTATIVE = "王大明"
NUMBER = registering.resident_id(sequence="024")


def do(world, action, who, **arguments):
    return world.engine.perform(action, arguments, actor=who)


@pytest.fixture
def person(any_world):
    found = registering.sign_up(any_world)
    registering.prove(any_world, found)
    return found


def claim_by(world, person, way):
    return registering.claim(
        world,
        person,
        representative=REPRESENTATIVE,
        legal_representative_id=NUMBER,
        authority=way,
    )


def verified(world, claim):
    with world.engine.reader(SYSTEM) as q:
        return queries.verification(q, q.get(model.Claim, "enterprise_claim", claim.id))


@pytest.fixture
def paying(any_world, person):
    return claim_by(any_world, person, model.AuthorityWay.PAYMENT)


def transfer(world, sub_account, name, fen):
    trade_no = world.bank.transfer(sub_account, name, fen)
    assert world.deliver_transfers(trade_no) == 1
    return trade_no


# -- the register ----------------------------------------------------------------------------------


@pytest.mark.row("IDV-6")
def test_the_representative_is_asked_about_with_all_four_elements(any_world, person):
    own = registering.claim(any_world, person)
    found = verified(any_world, own)
    assert (found.elements, found.register) == (4, "matched")
    assert (found.way, found.authority) == (model.AuthorityWay.REPRESENTATIVE, "shown")
    assert found.complete


@pytest.mark.row("IDV-6")
@pytest.mark.parametrize(("class_", "elements"), [("11", 2), ("12", 3), ("91", 4)])
def test_others_are_asked_about_as_their_class_allows(any_world, person, class_, elements):
    first = f"{class_}320100MA0000001"
    made = registering.claim(
        any_world,
        person,
        uscc=first + identifiers.credit_code_check_character(first),
        representative=REPRESENTATIVE,
        papers=registering.papers_of_claim(REPRESENTATIVE, "authorization"),
    )
    assert verified(any_world, made).elements == elements


@pytest.mark.row("IDV-6")
@pytest.mark.row("IDV-5")
@pytest.mark.parametrize(
    ("organization", "reason", "mismatched"),
    [
        ("Q404", "no_record", ("uscc",)),
        ("Q405", "name_differs", ("name",)),
        (
            "Q406",
            "representative_differs",
            ("legal_representative", "legal_representative_id"),
        ),
        ("Q407", "representative_number_differs", ("legal_representative_id",)),
        ("Q410", "deregistered", ("uscc",)),
    ],
)
def test_a_mismatch_names_what_differs(any_world, person, organization, reason, mismatched):
    first = f"91320100{organization}00001"
    code = first + identifiers.credit_code_check_character(first)
    found = verified(any_world, registering.claim(any_world, person, uscc=code))
    assert (found.register, found.reason, found.mismatched) == ("mismatched", reason, mismatched)
    assert found.authority == "missing"


def test_the_register_s_answer_is_recorded_once_and_by_the_platform_alone(any_world, person):
    made = registering.claim(any_world, person)
    with any_world.engine.reader(SYSTEM) as q:
        check = q.row("SELECT id FROM register_check WHERE about = ?", (made.id,))
    answer = {"matched": True, "reason": "", "mismatched": (), "reference": "x"}
    for who, refusal in ((person, errors.NotPermitted), (SYSTEM, errors.IllegalTransition)):
        with worlds.unchanged(any_world), pytest.raises(refusal):
            do(any_world, actions.record_register_check, who, check_id=check["id"], **answer)


# -- one fen ---------------------------------------------------------------------------------------


@pytest.mark.row("IDV-6")
def test_one_fen_from_the_enterprises_own_account_shows_the_authority(any_world, person, paying):
    assert verified(any_world, paying).authority == "missing"
    asked = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    assert (asked.amount_fen, asked.tries_left) == (1, 2)
    again = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    assert again.sub_account == asked.sub_account
    transfer(any_world, asked.sub_account, paying.name, 1)
    found = verified(any_world, paying)
    assert (found.way, found.authority) == (model.AuthorityWay.PAYMENT, "shown")
    with worlds.unchanged(any_world), pytest.raises(verification.AuthorityShown):
        do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    parties.approve_claim(any_world, paying.id, parties.Reviewers.of(any_world))
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("IDV-6")
@pytest.mark.parametrize(
    ("name", "fen", "reason"),
    [
        ("", 2, "amount_differs"),
        ("", 100, "amount_differs"),
        ("江苏西方科技有限公司", 1, "payer_differs"),
        (registering.NAME, 1, "payer_differs"),
    ],
)
def test_any_other_transfer_fails_and_a_new_sub_account_is_given(
    any_world, person, paying, name, fen, reason
):
    asked = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    transfer(any_world, asked.sub_account, name or paying.name, fen)
    found = verified(any_world, paying)
    assert (found.authority, found.payment.reason) == ("missing", reason)
    # The right amount afterwards, to the old sub-account, helps no more.
    transfer(any_world, asked.sub_account, paying.name, 1)
    assert verified(any_world, paying).authority == "missing"
    again = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    assert again.sub_account != asked.sub_account
    told = worlds.rows(any_world, "SELECT kind, done_at FROM message WHERE todo = 1")
    assert [row["kind"] for row in told] == ["claim.payment_failed"]
    assert told[0]["done_at"] is not None


@pytest.mark.row("IDV-6")
def test_three_tries_and_no_more(any_world, person, paying):
    for left in (2, 1, 0):
        asked = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
        assert asked.tries_left == left
        transfer(any_world, asked.sub_account, paying.name, 3)
    with worlds.unchanged(any_world), pytest.raises(verification.PaymentsUsedUp):
        do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)


@pytest.mark.row("IDV-6")
def test_a_transfer_at_the_last_instant_is_late(any_world, person, paying):
    asked = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    worlds.clock_of(any_world).set(asked.expires_at)
    assert verified(any_world, paying).payment_expired
    transfer(any_world, asked.sub_account, paying.name, 1)
    assert verified(any_world, paying).payment.reason == "late"


@pytest.mark.row("IDV-6")
def test_a_notice_counts_once_and_only_with_the_bank_s_signature(any_world, person, paying):
    asked = do(any_world, actions.start_reverse_payment, person, claim_id=paying.id)
    told = {
        "merchant": "yinxin",
        "currency": "CNY",
        "sub_account": asked.sub_account,
        "payer_name": paying.name,
        "amount_fen": 1,
        "trade_no": "X1",
    }
    body, bank = codec.canonical(told).encode(), actors.Machine(name="bank")
    genuine = any_world.keyring.mac("payment-callbacks", b"transfer|" + body)
    # Neither unsigned, nor signed as a notice of an order's payment, nor from a person.
    as_payment = any_world.keyring.mac("payment-callbacks", body)
    for who, signature in ((bank, b""), (bank, as_payment), (person, genuine)):
        with worlds.unchanged(any_world), pytest.raises(verification.TransferForged):
            do(any_world, actions.receive_transfer, who, body=body, signature=signature)
    first = do(any_world, actions.receive_transfer, bank, body=body, signature=genuine)
    with worlds.unchanged(any_world):
        again = do(any_world, actions.receive_transfer, bank, body=body, signature=genuine)
    assert (first, again) == ("matched", "repeated")


def test_a_transfer_to_nobody_is_recorded(any_world):
    trade_no = any_world.bank.transfer("6501028860000000000", "某人", 1)
    assert any_world.deliver_transfers(trade_no) == 1
    assert "reverse_payment.unknown" in worlds.kinds(any_world)
    assert any_world.deliver_transfers(trade_no) == 0


def test_somebody_else_can_neither_pay_for_nor_ask_about_a_claim(any_world, paying):
    other = registering.sign_up(any_world, "13900139000")
    for action, more in (
        (actions.start_reverse_payment, {}),
        (actions.ask_representative, {"phone": "13700137000"}),
    ):
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            do(any_world, action, other, claim_id=paying.id, **more)


# -- the representative ----------------------------------------------------------------------------


def representative(world, phone="13700137000", number=NUMBER, name=REPRESENTATIVE):
    found = registering.sign_up(world, phone)
    registering.prove(world, found, number, name=name)
    return found


@pytest.mark.row("IDV-6")
def test_the_representative_authorizes_in_the_app(any_world, person):
    made = claim_by(any_world, person, model.AuthorityWay.APP)
    boss = representative(any_world)
    asked = do(any_world, actions.ask_representative, person, claim_id=made.id, phone="13700137000")
    assert asked.verification.representative_asked
    assert asked.verification.representative_phone == "137****7000"
    (wanted,) = any_world.engine.ask(queries.authorizations_asked, boss)
    assert (wanted.enterprise, wanted.claimant) == (made.name, "李*东")
    do(any_world, actions.authorize_claim, boss, claim_id=made.id)
    found = verified(any_world, made)
    assert (found.way, found.authority) == (model.AuthorityWay.APP, "shown")
    assert any_world.engine.ask(queries.authorizations_asked, boss) == []
    todo = "SELECT done_at FROM message WHERE kind = 'claim.authorization_wanted'"
    assert [row["done_at"] is None for row in worlds.rows(any_world, todo)] == [False]
    fold.require(any_world)


@pytest.mark.row("IDV-6")
def test_who_has_no_account_gets_an_sms_and_the_same_answer(any_world, person):
    made = claim_by(any_world, person, model.AuthorityWay.APP)
    asked = do(any_world, actions.ask_representative, person, claim_id=made.id, phone="13700137000")
    worker.tick(any_world, owner="test")
    assert re.search(made.name, any_world.sms.outbox("13700137000")[0].text)
    assert asked.verification.representative_phone == "137****7000"
    boss = representative(any_world)
    do(any_world, actions.authorize_claim, boss, claim_id=made.id)
    assert verified(any_world, made).authority == "shown"


@pytest.mark.row("IDV-6")
def test_nobody_but_the_proven_representative_can_authorize(any_world, person):
    made = claim_by(any_world, person, model.AuthorityWay.APP)
    do(any_world, actions.ask_representative, person, claim_id=made.id, phone="13700137000")
    namesake = representative(any_world, number=registering.resident_id(sequence="026"))
    unnamed = registering.sign_up(any_world, "13600136000")
    for who, refusal in (
        (namesake, verification.NotTheRepresentative),
        (person, verification.NotTheRepresentative),
        (unnamed, queries.NotRealNamed),
    ):
        with worlds.unchanged(any_world), pytest.raises(refusal):
            do(any_world, actions.authorize_claim, who, claim_id=made.id)
    assert any_world.engine.ask(queries.authorizations_asked, namesake) == []


@pytest.mark.row("IDV-6")
def test_a_request_expires_and_asking_again_takes_the_earlier_one_back(any_world, person):
    made = claim_by(any_world, person, model.AuthorityWay.APP)
    boss = representative(any_world)
    for phone in ("13500135000", "13700137000"):
        do(any_world, actions.ask_representative, person, claim_id=made.id, phone=phone)
    sql = "SELECT status FROM representative_request ORDER BY ended_at IS NULL"
    assert [row["status"] for row in worlds.rows(any_world, sql)] == ["cancelled", "asked"]
    worlds.clock_of(any_world).advance(168 * clock.HOUR)
    assert any_world.engine.ask(queries.authorizations_asked, boss) == []
    with worlds.unchanged(any_world), pytest.raises(verification.NobodyAsked):
        do(any_world, actions.authorize_claim, boss, claim_id=made.id)


def test_a_decided_claim_is_verified_no_more(any_world, person):
    made = claim_by(any_world, person, model.AuthorityWay.APP)
    reviewers = parties.Reviewers.of(any_world)
    parties.reject(any_world, "enterprise_claim", made.id, reviewers.enterprise)
    with worlds.unchanged(any_world), pytest.raises(verification.ClaimClosed):
        do(any_world, actions.start_reverse_payment, person, claim_id=made.id)
    with worlds.unchanged(any_world), pytest.raises(verification.ClaimClosed):
        do(any_world, actions.ask_representative, person, claim_id=made.id, phone="13700137000")


@pytest.mark.row("S-PI-1")
def test_no_personal_value_of_a_verification_is_kept_in_the_clear(file_world):
    person = registering.sign_up(file_world)
    registering.prove(file_world, person)
    made = claim_by(file_world, person, model.AuthorityWay.APP)
    do(file_world, actions.ask_representative, person, claim_id=made.id, phone="13700137000")
    asked = do(file_world, actions.start_reverse_payment, person, claim_id=made.id)
    file_world.bank.transfer(asked.sub_account, "赵付款", 1)
    kept = codec.canonical(worlds.content(file_world))
    for value in (REPRESENTATIVE, NUMBER, "13700137000", "赵付款"):
        assert value not in kept
