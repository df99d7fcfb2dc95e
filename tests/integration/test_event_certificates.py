"""A one-time certificate does its one act, is finished, and what it signed stays valid (CRT-2)."""

from __future__ import annotations

import collections
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine import worker
from engine.binding import actions as binding_actions
from engine.issuing import actions as issuing
from engine.issuing import coverage, proofs
from engine.issuing import model as certificates
from engine.issuing import queries as held_by
from engine.kernel import challenges, clock, errors, ids
from engine.kernel.workflow import NotPossibleNow
from engine.mall import queries as mall
from engine.pki import keys
from engine.scanning import model as tickets
from tests.support import (
    binding,
    certifying,
    covering,
    fold,
    key_proofs,
    ordering,
    parties,
    stuck,
    trading,
    worlds,
)
from tests.support.worlds import SYSTEM

S = certificates.CertificateStatus


@pytest.fixture
def deal(any_world):
    return trading.trade(any_world)


@pytest.fixture
def party(any_world):
    """A party whose account is bound to the enterprise's own certificate."""
    found = parties.certified(any_world, parties.Reviewers.of(any_world))
    binding.bind(any_world, found)
    return found


def status_of(world, held):
    return ordering.certificate(world, held.certificate_id)["status"]


@pytest.mark.row("CRT-2")
def test_it_signs_one_contract_and_is_finished_and_the_signature_stays_valid(any_world, deal):
    world = any_world
    held = covering.event(world, deal.purchaser, "contract")
    held = replace(held, seal_id=deal.purchaser.seal_id)
    contract = trading.draft(world, deal)
    trading.sign(world, held, contract.id)
    row = ordering.certificate(world, held.certificate_id)
    assert (row["status"], row["revoked_at"]) == ("finished", None)
    assert row["finished_at"] is not None
    assert ("certificate.finished", False) in ordering.messages(world, held.person)
    # Good to whoever asks, at its time and now: it was not revoked (RFC 6960), it does nothing more.
    serial = int(str(row["serial_hex"]), 16)
    found = world.engine.ask(held_by.status_for_ocsp, SYSTEM, agency_id="dongfang", serial=serial)
    assert found == ("good", 0, "")
    document = trading.document(world, contract)
    assert trading.verdict(world, document).verdict == "valid"
    worlds.clock_of(world).advance(2 * clock.DAY)
    assert trading.verdict(world, document).verdict == "valid"
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-2")
def test_a_second_act_is_refused_wherever_it_begins(any_world, deal):
    world = any_world
    held = covering.event(world, deal.purchaser, "contract")
    held = replace(held, seal_id=deal.purchaser.seal_id)
    contract = trading.draft(world, deal)
    trading.sign(world, held, contract.id)
    other = trading.draft(world, deal, terms=replace(trading.TERMS, number="HT-2026-002"))
    with worlds.unchanged(world), pytest.raises(proofs.CertificateNotUsable) as refused:
        trading.ask(world, held, other)
    assert refused.value.params == {"status": "finished"}
    with worlds.unchanged(world), pytest.raises(proofs.CertificateNotUsable):
        key_proofs.open_try(world, held.person, held.certificate_id)
    who = ordering.fresh(world, held.person)
    for action, more in (
        (issuing.suspend, {}),
        (issuing.revoke, {"reason": "cessationOfOperation"}),
    ):
        arguments = {"certificate_id": held.certificate_id, **more}
        with worlds.unchanged(world), pytest.raises(NotPossibleNow):
            world.engine.perform(action, arguments, actor=who)
    # The next event has a certificate of its own.
    following = covering.event(world, deal.purchaser, "contract", number=51)
    assert status_of(world, following) == S.ACTIVE


@pytest.mark.row("CRT-2")
@pytest.mark.row("LOG-1")
def test_it_signs_in_once_and_that_session_lives_on(any_world, party):
    world = any_world
    held = covering.event(world, party, "login")
    opened = binding.login_qr(world, "guangzheng", nonce="a PC")
    binding.scan(world, held, opened)
    binding.confirm(world, held, opened, nonce="a PC")
    assert status_of(world, held) == S.FINISHED
    session = binding.finish(world, opened, nonce="a PC")
    assert session.mall_account_id == party.mall.mall_account_id
    assert world.engine.ask(mall.account_by_token, SYSTEM, session.token) is not None
    again = binding.login_qr(world, "guangzheng", nonce="a PC")
    binding.scan(world, held, again)
    with pytest.raises(proofs.CertificateNotUsable):
        binding.confirm(world, held, again, nonce="a PC")
    # The enterprise's own signs in as before.
    binding.confirm(world, party, again, nonce="a PC")
    fold.require(world)


@pytest.mark.row("CRT-2")
def test_it_does_nothing_but_what_it_was_ordered_for(any_world, deal):
    world = any_world
    held = covering.event(world, deal.purchaser, "login")
    held = replace(held, seal_id=deal.purchaser.seal_id)
    contract = trading.draft(world, deal)
    with worlds.unchanged(world), pytest.raises(coverage.OtherEvent) as refused:
        trading.ask(world, held, contract)
    assert refused.value.params == {"covered": "Signing in by scan", "what": "Signing contracts"}
    world.engine.perform(binding_actions.unbind, {}, actor=deal.purchaser.mall)
    opened = binding.binding_qr(world, held)
    binding.scan(world, held, opened)
    with binding.untouched(world), pytest.raises(coverage.OtherEvent):
        binding.confirm(world, held, opened)
    assert status_of(world, held) == S.ACTIVE


def test_its_pin_is_changed_without_using_it_up(any_world, party):
    world = any_world
    held = covering.event(world, party, "login")
    opened = key_proofs.open_try(world, held.person, held.certificate_id)
    message = challenges.of_pin_change(certificate_id=held.certificate_id, try_id=opened.id)
    proof = certificates.KeyProof(try_id=opened.id, half=key_proofs.half(held.key, message))
    arguments = {"certificate_id": held.certificate_id, "proof": proof}
    world.engine.perform(issuing.change_pin, arguments, actor=held.person)
    assert status_of(world, held) == S.ACTIVE


@pytest.mark.row("CRT-2")
def test_of_twenty_acts_at_once_exactly_one_is_done(any_world, party):
    world = any_world
    held = covering.event(world, party, "login")
    acts = []
    for number in range(20):
        nonce = f"PC {number}"
        opened = binding.login_qr(world, "guangzheng", nonce=nonce)
        ticket = binding.scan(world, held, opened)
        message = tickets.challenge_of(ticket)
        proof = key_proofs.prove(world, held.person, held.certificate_id, held.key, message)
        # Each is a first try, as far as the count goes.
        worlds.run_sql(world, "DELETE FROM pin_guard")
        acts.append(
            {
                "ticket_id": ticket.id,
                "certificate_id": held.certificate_id,
                "proof": proof,
                "number": binding.digits(world, opened, nonce),
            }
        )

    def confirm(arguments):
        try:
            world.engine.perform(binding_actions.confirm_login, arguments, actor=held.person)
        except errors.EngineError as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(20) as pool:
        outcomes = collections.Counter(pool.map(confirm, acts))
    assert outcomes["done"] == 1, outcomes
    assert outcomes["CertificateNotUsable"] == 19, outcomes
    assert (
        len(
            worlds.rows(
                world, "SELECT id FROM ticket WHERE status = 'confirmed' AND purpose = 'login'"
            )
        )
        == 1
    )
    assert worlds.kinds(world).count("certificate.finished") == 1
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-2")
def test_one_whose_ca_is_away_beyond_its_term_is_given_up_and_asked_for_anew(any_world, party):
    world = any_world
    event = covering.event_approved(world, party, "contract")
    other = parties.order(
        world, parties.enterprise(world, party.reviewers, number=2, name="乙公司")
    )
    parties.pay(world, other)
    parties.hand_in(world, other)
    parties.approve_order(world, other)
    late = certifying.request(world, event).id
    # Done together with it, a certificate that lasts is none the worse for the day.
    lasting = certifying.request(world, other, key=keys.generate(ids.seeded(51, "other"))).id
    worker.run_due(stuck.behind(world, errors.ProviderUnavailable()))
    worlds.clock_of(world).advance(clock.DAY)
    worker.run_due(world)
    assert certifying.found(world, late).status is S.ABANDONED
    assert certifying.found(world, lasting).status is S.ISSUED
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'issue_certificate'") == []
    again = replace(event, person=ordering.fresh(world, event.person))
    anew = certifying.request(world, again, key=keys.generate(ids.seeded(52, "event")))
    worker.run_due(world)
    assert certifying.found(world, anew.id).status is S.ISSUED
    assert parties.violations(world) == {}
    fold.require(world)
