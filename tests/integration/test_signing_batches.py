"""Up to fifty contracts signed with one act of will: one code, one PIN, all or none."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.issuing import proofs
from engine.kernel import errors, ids
from engine.pki import keys
from engine.scanning import model as tickets
from engine.sealing import actions as sealing
from engine.signing import actions, batches, confirming, model, queries, signatures
from tests.support import fold, key_proofs, many_proofs, parties, trading, worlds
from tests.support.key_proofs import TRIES
from tests.support.worlds import SYSTEM


@pytest.fixture
def deal(world):
    return trading.trade(world)


def contracts(world, deal, count):
    return [
        trading.draft(
            world,
            deal,
            terms=dataclasses.replace(trading.TERMS, number=f"HT-{n:03d}", name=f"合同{n}"),
        )
        for n in range(count)
    ]


def ask(world, party, ids_of, **changes):
    arguments = {
        "contract_ids": tuple(ids_of),
        "certificate_id": party.certificate_id,
        "seal_id": party.seal_id,
        **changes,
    }
    return world.engine.perform(actions.request_batch, arguments, actor=party.mall)


def show(world, party, batch_id):
    arguments = {
        "batch_id": batch_id,
        "kind": tickets.TicketKind.PLATFORM,
        "nonce": trading.NONCE,
    }
    return world.engine.perform(actions.open_signing_ticket, arguments, actor=party.mall)


def scanned(world, party, batch):
    worker.tick(world, owner="test")
    opened = show(world, party, batch.id)
    trading.scan(world, party, opened)
    return opened.ticket.id


@pytest.mark.row("SGN-3")
def test_several_contracts_are_signed_with_one_pin(any_world):
    world = any_world
    deal = trading.trade(world)
    made = contracts(world, deal, 3)
    for party in (deal.purchaser, deal.supplier):
        batch = ask(world, party, [one.id for one in made])
        ticket = scanned(world, party, batch)
        shown = world.engine.ask(queries.signing_batch, party.mall, batch.id)
        assert shown.ready
        assert [one.status for one in shown.signatures] == ["prepared"] * 3
        asked = world.engine.ask(queries.asked_to_sign, party.person, ticket)
        assert sorted(one.number for one in asked) == ["HT-000", "HT-001", "HT-002"]
        assert {one.total_fen for one in asked} == {made[0].total_fen}
        assert {one.pages for one in asked} == {2}
        before = worlds.kinds(world).count("pin.proved")
        done = trading.confirm(world, party, ticket)
        assert [one.status for one in done] == ["signed"] * 3
        assert worlds.kinds(world).count("pin.proved") == before + 1
        worker.tick(world, owner="test")
    for one in made:
        judged = trading.verdict(world, trading.document(world, one))
        assert (judged.verdict, len(judged.signatures)) == ("valid", 2)
    assert len(worlds.rows(world, "SELECT id FROM seal_use")) == 6
    assert parties.violations(world) == {}
    fold.require(world)


def test_fifty_are_signed_at_once_and_no_more(world, deal):
    made = contracts(world, deal, 51)
    with worlds.unchanged(world), pytest.raises(batches.BatchTooLarge) as refused:
        ask(world, deal.purchaser, [one.id for one in made])
    assert refused.value.params["limit"] == 50
    with worlds.unchanged(world), pytest.raises(batches.BatchEmpty):
        ask(world, deal.purchaser, [])
    batch = ask(world, deal.purchaser, [one.id for one in made[:50]])
    ticket = scanned(world, deal.purchaser, batch)
    opened = world.engine.ask(queries.to_be_signed, deal.purchaser.person, ticket)
    assert len(opened) == 50
    trading.confirm(world, deal.purchaser, ticket)
    worker.tick(world, owner="test")
    shown = world.engine.ask(queries.signing_batch, deal.purchaser.mall, batch.id)
    assert {one.status for one in shown.signatures} == {"completed"}
    assert trading.document(world, made[50]) == trading.document(world, made[50])
    assert "signature.requested" in worlds.kinds(world)


def test_the_ticket_stays_small_and_its_digest_is_over_all(world, deal):
    made = contracts(world, deal, 4)
    batch = ask(world, deal.purchaser, [one.id for one in made])
    worker.tick(world, owner="test")
    opened = show(world, deal.purchaser, batch.id)
    assert len(opened.qr_text) <= 180
    payload = opened.ticket.payload
    assert payload["count"] == "4"
    assert payload["amount"] == f"{4 * made[0].total_fen / 100:,.2f}"
    trading.scan(world, deal.purchaser, opened)
    asked = world.engine.ask(queries.asked_to_sign, deal.purchaser.person, opened.ticket.id)
    assert payload["digest"] == model.digest_of_all([one.digest for one in asked])
    for question in (queries.asked_to_sign, queries.to_be_signed):
        with pytest.raises(errors.NotFound):
            world.engine.ask(question, deal.supplier.person, opened.ticket.id)


def test_amounts_in_several_currencies_make_no_sum(world, deal):
    made = contracts(world, deal, 2)
    other = trading.draft(
        world, deal, terms=dataclasses.replace(trading.TERMS, number="HT-USD", currency="美元")
    )
    batch = ask(world, deal.purchaser, [*(one.id for one in made), other.id])
    worker.tick(world, owner="test")
    opened = show(world, deal.purchaser, batch.id)
    assert "amount" not in opened.ticket.payload
    trading.scan(world, deal.purchaser, opened)
    asked = world.engine.ask(queries.asked_to_sign, deal.purchaser.person, opened.ticket.id)
    assert {one.currency for one in asked} == {made[0].currency, other.currency}
    assert len({one.currency for one in asked}) == 2


def test_one_that_cannot_be_signed_keeps_all_from_being_asked(world, deal):
    made = contracts(world, deal, 3)
    trading.sign(world, deal.purchaser, made[1].id)
    with worlds.unchanged(world), pytest.raises(signatures.SignedAlready) as refused:
        ask(world, deal.purchaser, [one.id for one in made])
    assert refused.value.field == made[1].id
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        ask(world, deal.purchaser, [made[0].id, "con_unknown"])


def test_one_document_that_changed_keeps_all_from_being_signed(world, deal):
    made = contracts(world, deal, 3)
    batch = ask(world, deal.purchaser, [one.id for one in made])
    ticket = scanned(world, deal.purchaser, batch)
    one = worlds.rows(
        world, "SELECT id FROM contract_signature WHERE batch_id = ? ORDER BY id", batch.id
    )[1]
    worlds.run_sql(
        world, "UPDATE contract_signature SET digest_hex = ? WHERE id = ?", "00" * 32, one["id"]
    )
    with worlds.unchanged(world, without=TRIES), pytest.raises(signatures.DocumentChanged):
        trading.confirm(world, deal.purchaser, ticket)
    assert {
        row["status"] for row in worlds.rows(world, "SELECT status FROM contract_signature")
    } == {"prepared"}


def test_one_wrong_half_signs_none_and_counts_one_try(world, deal):
    made = contracts(world, deal, 3)
    batch = ask(world, deal.purchaser, [one.id for one in made])
    party, ticket = deal.purchaser, scanned(world, deal.purchaser, batch)
    messages = world.engine.ask(queries.to_be_signed, party.person, ticket)
    proof = many_proofs.prove(world, party.person, party.certificate_id, party.key, messages)
    swapped = dataclasses.replace(proof, more=proof.more[::-1])
    with pytest.raises(proofs.WrongPin):
        world.engine.perform(
            actions.confirm_signature, {"ticket_id": ticket, "proof": swapped}, actor=party.person
        )
    wrong = keys.generate(ids.seeded(99, "wrong PIN"))
    with pytest.raises(proofs.WrongPin) as refused:
        trading.confirm(world, party, ticket, key=wrong)
    assert refused.value.params["left"] == 3
    assert "signature.signed" not in worlds.kinds(world)
    trading.confirm(world, party, ticket)
    assert worlds.kinds(world).count("signature.signed") == 3


def test_a_seal_suspended_after_the_scan_keeps_all_from_being_signed(world, deal):
    made = contracts(world, deal, 2)
    batch = ask(world, deal.purchaser, [one.id for one in made])
    ticket = scanned(world, deal.purchaser, batch)
    world.engine.perform(
        sealing.suspend, {"seal_id": deal.purchaser.seal_id}, actor=deal.purchaser.person
    )
    with worlds.unchanged(world, without=TRIES), pytest.raises(errors.PolicyRefused):
        trading.confirm(world, deal.purchaser, ticket)


def test_a_document_that_could_not_be_prepared_is_named(world, deal):
    made = contracts(world, deal, 2)
    batch = ask(world, deal.purchaser, [one.id for one in made])
    broken = worlds.rows(
        world, "SELECT id FROM contract_signature WHERE contract_id = ?", made[1].id
    )[0]
    world.engine.perform(
        actions.record_not_prepared,
        {"signature_id": broken["id"], "why": "pdf.document_not_signable"},
        actor=SYSTEM,
    )
    worker.tick(world, owner="test")
    shown = world.engine.ask(queries.signing_batch, deal.purchaser.mall, batch.id)
    assert not shown.ready
    assert {one.why for one in shown.signatures} == {"", "pdf.document_not_signable"}
    with worlds.unchanged(world), pytest.raises(confirming.BatchNotReady) as refused:
        show(world, deal.purchaser, batch.id)
    assert refused.value.params["number"] == "HT-001"


def test_a_batch_is_its_accounts_own(world, deal):
    batch = ask(world, deal.purchaser, [one.id for one in contracts(world, deal, 2)])
    worker.tick(world, owner="test")
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        show(world, deal.supplier, batch.id)
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.signing_batch, deal.supplier.mall, batch.id)
    both = {"batch_id": batch.id, "signature_id": "sig_x"}
    for given in ({}, both):
        with worlds.unchanged(world), pytest.raises(errors.NotFound):
            world.engine.perform(
                actions.open_signing_ticket,
                {"kind": tickets.TicketKind.PLATFORM, "nonce": trading.NONCE, **given},
                actor=deal.purchaser.mall,
            )


def test_a_batch_is_signed_once(world, deal):
    batch = ask(world, deal.purchaser, [one.id for one in contracts(world, deal, 2)])
    ticket = scanned(world, deal.purchaser, batch)
    trading.confirm(world, deal.purchaser, ticket)
    with worlds.unchanged(world, without=TRIES), pytest.raises(errors.IllegalTransition):
        trading.confirm(world, deal.purchaser, ticket)
    assert key_proofs.TRIES == TRIES
