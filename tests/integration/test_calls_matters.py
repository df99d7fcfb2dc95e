"""Every state that can be open is told of a caller, each brought about once (OPS-8)."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.boot import World
from engine.boot.matters import MATTERS
from engine.calls import model, queries
from engine.invoicing import actions as invoicing
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.issuing.model import KeyProof
from engine.kernel import actors, clock
from engine.kernel.notes import Mover
from engine.ordering import actions as ordering
from engine.registration import actions as registration
from engine.registration import model as people
from engine.sealing import actions as sealing
from engine.sealing import model as seals
from engine.signing import actions as signing
from tests.support import (
    calling,
    certifying,
    closing,
    key_proofs,
    parties,
    proving,
    registering,
    trading,
    worlds,
)

PHONE = "13800138000"
BOSS = "王建国"
BOSS_NUMBER = registering.resident_id(sequence="116")


@pytest.fixture
def agent(world: World) -> actors.Staff:
    return calling.agent(world)


@pytest.fixture
def person(world: World) -> actors.Person:
    found = registering.sign_up(world, PHONE)
    registering.prove(world, found)
    return found


@pytest.fixture
def reviewers(world: World) -> parties.Reviewers:
    return parties.Reviewers.of(world)


def told(world: World, agent: actors.Staff, who: actors.Person) -> dict[str, model.Told]:
    """What is unfinished of somebody, by code, as the agent would say it."""
    with world.engine.reader(agent) as q:
        found = queries.matters(q, who.account_id)
    for one in found:
        for both in (one.title, one.stands, one.next, one.say):
            assert both.zh, one.matter.code
            assert both.en, one.matter.code
            assert not set(both.zh + both.en) & set("{}"), both
    return {one.matter.code: one for one in found}


def do(world: World, action: object, who: actors.Actor, **given: object) -> object:
    """One action."""
    return world.engine.perform(action, given, actor=who)  # type: ignore[arg-type]


def test_no_state_is_left_out():
    here = Path(__file__).parent
    named = {
        node.value
        for path in here.glob("test_calls_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    movers = {code for stage in MATTERS for code in stage.movers}
    assert movers - named == set()


@pytest.mark.row("OPS-8")
def test_a_frozen_account(world: World, agent: actors.Staff, person: actors.Person) -> None:
    do(world, registration.report_misuse, person)
    found = told(world, agent, person)["account_frozen"]
    assert found.mover is Mover.CALLER
    assert found.matter.since == world.engine.now()


@pytest.mark.row("OPS-8")
def test_a_name_that_was_not_proved(world: World, agent: actors.Staff) -> None:
    someone = registering.sign_up(world, PHONE)
    assert told(world, agent, someone) == {}
    registering.prove(world, someone, registering.resident_id(sequence="404"))
    assert list(told(world, agent, someone)) == ["proof_mismatched"]
    registering.prove(world, someone)
    assert told(world, agent, someone) == {}


@pytest.mark.row("OPS-8")
def test_a_bank_s_code_that_is_waited_for(world: World, agent: actors.Staff) -> None:
    line, caller = proving.signed_in(world)
    caller.prove_name("bankcard")
    line.work()
    (row,) = worlds.rows(world, "SELECT id FROM account")
    someone = actors.Person(account_id=row["id"], device_id="")
    assert told(world, agent, someone)["proof_awaiting_code"].mover is Mover.CALLER
    worlds.clock_of(world).advance(2 * clock.DAY)
    assert list(told(world, agent, someone)) == ["proof_mismatched"]


@pytest.mark.row("OPS-8")
def test_a_claim_whose_authority_is_still_to_be_shown(
    world: World, agent: actors.Staff, person: actors.Person
) -> None:
    claim = registering.claim(
        world,
        person,
        representative=BOSS,
        legal_representative_id=BOSS_NUMBER,
        authority=people.AuthorityWay.PAYMENT,
    )
    do(world, registration.start_reverse_payment, person, claim_id=claim.id)
    boss = registering.sign_up(world, "13700137000")
    registering.prove(world, boss, BOSS_NUMBER, name=BOSS)
    given = {"claim_id": claim.id, "phone": "13700137000"}
    do(world, registration.ask_representative, person, **given)
    found = told(world, agent, person)
    assert found["claim_in_review"].mover is Mover.STAFF
    assert found["claim_payment_awaiting"].mover is Mover.CALLER
    assert found["claim_representative_asked"].mover is Mover.OTHER
    do(world, registration.authorize_claim, boss, claim_id=claim.id)
    assert list(told(world, agent, person)) == ["claim_in_review"]


@pytest.mark.row("OPS-8")
def test_a_claim_that_was_returned_until_there_is_another(
    world: World, agent: actors.Staff, person: actors.Person, reviewers: parties.Reviewers
) -> None:
    claim = registering.claim(world, person)
    parties.reject(world, "enterprise_claim", claim.id, reviewers.enterprise)
    assert list(told(world, agent, person)) == ["claim_rejected"]
    worlds.clock_of(world).advance(1_000)
    registering.claim(world, person)
    assert list(told(world, agent, person)) == ["claim_in_review"]


@pytest.mark.row("OPS-8")
def test_a_change_of_particulars(
    world: World, agent: actors.Staff, reviewers: parties.Reviewers
) -> None:
    party = parties.enterprise(world, reviewers)
    given = {
        "enterprise_id": party.enterprise_id,
        "name": "新疆天山净水设备有限公司",
        "legal_representative": registering.NAME,
        "legal_representative_id": registering.resident_id(),
        "papers": registering.papers_of_claim(),
        "confirmed": True,
    }
    made = do(world, registration.change_enterprise, party.person, **given)
    assert "change_in_review" in told(world, agent, party.person)
    parties.reject(world, "enterprise_change", made.id, reviewers.second)
    assert told(world, agent, party.person)["change_rejected"].mover is Mover.CALLER


@pytest.mark.row("OPS-8")
def test_an_account_on_its_way_out(
    world: World, agent: actors.Staff, person: actors.Person
) -> None:
    closing.ask_to_cancel(world, person)
    assert told(world, agent, person)["closing_in_review"].expected_at is not None
    do(world, registration.withdraw_cancellation, person)
    assert told(world, agent, person) == {}
    worlds.clock_of(world).advance(1_000)
    one, other, _ = closing.officers(world)
    given = {"account_id": person.account_id, "reason": "account_passed_on", "note": "他人使用"}
    do(world, registration.propose_termination, one, **given)
    # Its person has not been told of it yet, and does not learn it on the phone.
    assert told(world, agent, person) == {}
    proposed = closing.closing_of(world, person.account_id)
    parties.approve(world, "account_termination", proposed.id, other)
    assert told(world, agent, person)["closing_notice"].matter.until is not None
    do(world, registration.appeal, person, text="手机一直是我本人在使用，同事只是看过。")
    assert told(world, agent, person)["closing_appealed"].mover is Mover.STAFF


@pytest.mark.row("OPS-8")
def test_who_is_invited_and_who_asks_to_be_let_in(
    world: World, agent: actors.Staff, person: actors.Person, reviewers: parties.Reviewers
) -> None:
    party = parties.enterprise(world, reviewers, number=2)
    given = {
        "enterprise_id": party.enterprise_id,
        "phone": PHONE,
        "role": people.MemberRole.HANDLER,
    }
    do(world, registration.invite_by_phone, party.person, **given)
    assert list(told(world, agent, person)) == ["invitation_open"]
    worlds.clock_of(world).advance(60 * clock.DAY)
    assert told(world, agent, person) == {}
    given = {"enterprise_id": party.enterprise_id, "note": "我是财务"}
    do(world, registration.apply_to_join, person, **given)
    assert told(world, agent, person)["invitation_waiting"].mover is Mover.OTHER


@pytest.mark.row("OPS-8")
def test_an_order_that_is_rejected_and_its_money(
    world: World, agent: actors.Staff, reviewers: parties.Reviewers
) -> None:
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve(world, "certificate_platform", party.order_id, reviewers.platform)
    assert "order_agency_review" in told(world, agent, party.person)
    parties.reject(world, "certificate_ca", party.order_id, reviewers.agency)
    found = told(world, agent, party.person)
    assert found["order_rejected"].mover is Mover.CALLER
    assert found["payment_refunding"].mover is Mover.OUTSIDE
    parties.settle(world)
    assert "payment_refunding" not in told(world, agent, party.person)
    again = parties.order(world, party)
    assert "order_rejected" not in told(world, agent, party.person)
    do(world, ordering.cancel, party.person, order_id=again.order_id)
    assert not [c for c in told(world, agent, party.person) if c.startswith("order")]


@pytest.mark.row("OPS-8")
def test_money_that_came_twice(
    world: World, agent: actors.Staff, reviewers: parties.Reviewers
) -> None:
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    (payment,) = worlds.rows(world, "SELECT id, amount_fen FROM payment")
    second = {"payment_id": payment["id"], "trade_no": "T-second", "amount_fen": 20_000}
    notice = {"merchant": "yinxin", "currency": "CNY", "status": "paid", **second}
    body = json.dumps(notice).encode()
    signed = {"body": body, "signature": world.keyring.mac("payment-callbacks", body)}
    world.engine.perform(ordering.receive_callback, signed, actor=actors.Machine(name="payment"))
    assert told(world, agent, party.person)["payment_came_twice"].mover is Mover.STAFF


@pytest.mark.row("OPS-8")
def test_a_certificate_on_hold_locked_and_ending(
    world: World, agent: actors.Staff, reviewers: parties.Reviewers
) -> None:
    party = parties.certified(world, reviewers)
    certificate_id = party.certificate_id
    do(world, issuing.suspend, reviewers.agency, certificate_id=certificate_id)
    assert told(world, agent, party.person)["certificate_suspended"].mover is Mover.STAFF
    do(world, issuing.resume, reviewers.agency, certificate_id=certificate_id)
    assert not [c for c in told(world, agent, party.person) if c.startswith("certificate")]
    found = certifying.found(world, certificate_id)
    worlds.clock_of(world).advance(found.not_after - world.engine.now() - 10 * clock.DAY)
    ending = told(world, agent, party.person)["certificate_ending"]
    assert ending.matter.until == found.not_after
    for _ in range(5):
        opened = key_proofs.open_try(world, party.person, certificate_id)
        wrong = KeyProof(try_id=opened.id, half=b"y")
        given = {"certificate_id": certificate_id, "message": b"x", "proof": wrong, "act": "own"}
        with pytest.raises((proofs.WrongPin, proofs.PinLocked)):
            do(world, proofs.require_proof, party.person, **given)
    assert "certificate_locked" in told(world, agent, party.person)
    worlds.clock_of(world).advance(11 * clock.DAY)
    assert not [c for c in told(world, agent, party.person) if c.startswith("certificate")]


@pytest.mark.row("OPS-8")
def test_seals_from_the_application_to_the_made_one(
    world: World, agent: actors.Staff, reviewers: parties.Reviewers
) -> None:
    party = parties.certified(world, reviewers)
    assert "seal_in_making" in told(world, agent, party.person)
    parties.approve_seal(world, party)
    assert told(world, agent, party.person)["seal_making"].mover is Mover.OUTSIDE
    parties.settle(world, rounds=1)
    assert "seal_making" not in told(world, agent, party.person)
    seal_id = parties.seal_of(world, party).id
    do(world, sealing.suspend, party.person, seal_id=seal_id)
    assert "seal_suspended" in told(world, agent, party.person)
    given = {
        "enterprise_id": party.enterprise_id,
        "kind": seals.SealKind.CONTRACT,
        "form": registering.PNG,
    }
    made = do(world, sealing.apply_for_seal, party.person, **given)
    assert "seal_in_review" in told(world, agent, party.person)
    parties.reject(world, "seal", made.id, reviewers.seal)
    assert told(world, agent, party.person)["seal_rejected"].mover is Mover.CALLER


@pytest.mark.row("OPS-8")
def test_a_contract_in_review_and_returned(world: World, agent: actors.Staff) -> None:
    found = trading.trade(world)
    contract = trading.signed(world, found)
    do(world, signing.submit, found.purchaser.mall, contract_id=contract.id)
    sides = (found.purchaser.person, found.supplier.person)
    for side in sides:
        assert told(world, agent, side)["contract_in_review"].mover is Mover.STAFF
    parties.reject(world, "contract", contract.id, found.reviewers.contract)
    assert "contract_returned" in told(world, agent, sides[0])
    assert told(world, agent, sides[1])["contract_other_revises"].mover is Mover.OTHER


@pytest.mark.row("OPS-8")
def test_a_contract_declined_or_overdue(world: World, agent: actors.Staff) -> None:
    found = trading.trade(world)
    declined = trading.draft(world, found)
    sides = (found.purchaser.person, found.supplier.person)
    say = {"contract_id": declined.id, "opinion": "价格有误"}
    do(world, signing.decline, found.supplier.mall, **say)
    assert told(world, agent, sides[0])["contract_declined"].mover is Mover.CALLER
    assert told(world, agent, sides[1])["contract_other_declined"].mover is Mover.OTHER
    do(
        world,
        signing.create_contract,
        found.purchaser.mall,
        purchase_order_id=found.purchase_order.id,
        terms=replace(trading.TERMS, number="HT-2"),
        sign_by=world.engine.now() + clock.DAY,
    )
    worlds.clock_of(world).advance(2 * clock.DAY)
    assert told(world, agent, sides[0])["contract_overdue"].mover is Mover.CALLER
    assert told(world, agent, sides[1])["contract_other_overdue"].mover is Mover.OTHER


@pytest.mark.row("OPS-8")
def test_an_invoice_that_the_tax_service_has_not_numbered(
    world: World, agent: actors.Staff, reviewers: parties.Reviewers
) -> None:
    party = parties.certified(world, reviewers)
    given = {"order_ids": (party.order_id,), "kind": "ordinary"}
    do(world, invoicing.apply_for_invoice, party.person, **given)
    assert told(world, agent, party.person)["invoice_applied"].mover is Mover.OUTSIDE
    parties.settle(world, rounds=1)
    assert "invoice_applied" not in told(world, agent, party.person)
