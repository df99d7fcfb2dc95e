"""密码登录 beside the QR: the password sends the ticket to the phone; digits and PIN are entered there."""

from __future__ import annotations

import pytest

from engine import worker
from engine.kernel import clock, errors
from engine.mall import actions as mall
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.scanning import queries as scanned
from engine.signing import actions, model, queries, signatures
from tests.support import fold, many_proofs, parties, trading, worlds
from tests.support.key_proofs import TRIES

PASSWORD = worlds.PASSWORD


@pytest.fixture
def deal(world):
    return trading.trade(world)


@pytest.fixture
def asked(world, deal):
    contract = trading.draft(world, deal)
    return trading.ask_to_sign(world, deal.purchaser, contract.id)


def send(world, party, signature_id, password=PASSWORD):
    arguments = {"signature_id": signature_id, "password": password, "nonce": trading.NONCE}
    return world.engine.perform(actions.send_to_phone, arguments, actor=party.mall)


def number_of(world, party, ticket_id):
    return world.engine.ask(scanned.watch, party.mall, ticket_id, trading.NONCE).number


def confirm(world, party, ticket_id, number):
    messages = world.engine.ask(queries.to_be_signed, party.person, ticket_id)
    proof = many_proofs.prove(world, party.person, party.certificate_id, party.key, messages)
    return world.engine.perform(
        actions.confirm_signature,
        {"ticket_id": ticket_id, "proof": proof, "number": number},
        actor=party.person,
    )


@pytest.mark.row("SGN-3")
def test_the_password_sends_it_to_the_phone_and_the_pin_signs_it(any_world):
    world = any_world
    deal = trading.trade(world)
    contract = trading.draft(world, deal)
    party = deal.purchaser
    asked = trading.ask_to_sign(world, party, contract.id)
    sent = send(world, party, asked.id)
    assert sent.expires_at - sent.created_at == 180 * clock.SECOND
    (waiting,) = world.engine.ask(queries.sent_to_me, party.person)
    assert waiting.id == sent.id
    assert world.engine.ask(queries.sent_to_me, deal.supplier.person) == []
    told = worlds.rows(world, "SELECT kind FROM message WHERE subject = ?", sent.id)
    assert told == [{"kind": "contract.confirm_on_phone"}]
    number = number_of(world, party, sent.id)
    (done,) = confirm(world, party, sent.id, number)
    assert done.status is model.SignatureStatus.SIGNED
    assert world.engine.ask(queries.sent_to_me, party.person) == []
    worker.tick(world, owner="test")
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"
    assert parties.violations(world) == {}
    fold.require(world)


def test_without_the_digits_on_the_pc_nothing_is_signed(world, deal, asked):
    sent = send(world, deal.purchaser, asked.id)
    right = number_of(world, deal.purchaser, sent.id)
    with worlds.unchanged(world, without=TRIES), pytest.raises(scanning.NumberNeeded):
        confirm(world, deal.purchaser, sent.id, "")
    wrong = "10" if right != "10" else "11"
    for left in (2, 1):
        with pytest.raises(scanning.WrongNumber) as refused:
            confirm(world, deal.purchaser, sent.id, wrong)
        assert refused.value.params["left"] == left
    with pytest.raises(scanning.NumberSpent):
        confirm(world, deal.purchaser, sent.id, wrong)
    with pytest.raises(errors.EngineError):
        confirm(world, deal.purchaser, sent.id, right)
    assert "signature.signed" not in worlds.kinds(world)


def test_a_wrong_password_counts_as_at_sign_in_and_sends_nothing(world, deal, asked):
    for _ in range(3):
        with pytest.raises(mall.PasswordWrong):
            send(world, deal.purchaser, asked.id, "not the password")
    assert worlds.kinds(world).count("mall_account.sign_in_refused") == 3
    for _ in range(10):
        with pytest.raises((mall.PasswordWrong, mall.TooManyTries)):
            send(world, deal.purchaser, asked.id, "not the password")
    with worlds.unchanged(world), pytest.raises(mall.TooManyTries):
        send(world, deal.purchaser, asked.id)
    assert worlds.rows(world, "SELECT id FROM ticket WHERE purpose = 'sign'") == []
    worlds.clock_of(world).advance(clock.DAY)
    assert send(world, deal.purchaser, asked.id).status is tickets.TicketStatus.SCANNED


def test_it_lapses_after_three_minutes(world, deal, asked):
    sent = send(world, deal.purchaser, asked.id)
    number = number_of(world, deal.purchaser, sent.id)
    worlds.clock_of(world).advance(180 * clock.SECOND)
    assert world.engine.ask(queries.sent_to_me, deal.purchaser.person) == []
    with worlds.unchanged(world, without=TRIES), pytest.raises(scanning.TicketExpired):
        confirm(world, deal.purchaser, sent.id, number)


def test_the_other_party_cannot_send_it_nor_confirm_it(world, deal, asked):
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        send(world, deal.supplier, asked.id)
    sent = send(world, deal.purchaser, asked.id)
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.to_be_signed, deal.supplier.person, sent.id)


def test_it_can_be_refused_on_the_phone(world, deal, asked):
    sent = send(world, deal.purchaser, asked.id)
    refused = world.engine.perform(
        scanning.refuse, {"ticket_id": sent.id}, actor=deal.purchaser.person
    )
    assert refused.status is tickets.TicketStatus.REFUSED
    assert world.engine.ask(queries.sent_to_me, deal.purchaser.person) == []


def test_it_is_sent_once_the_document_is_prepared(world, deal):
    contract = trading.draft(world, deal)
    early = trading.ask(world, deal.purchaser, contract)
    with worlds.unchanged(world), pytest.raises(signatures.NotPreparedYet):
        send(world, deal.purchaser, early.id)
