"""Who may sign a contract, with which seal and certificate, and what the QR and the PIN hold off."""

from __future__ import annotations

import pytest

from engine import worker
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.kernel import clock, errors, ids, workflow
from engine.pki import keys
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.sealing import actions as sealing
from engine.sealing import queries as seals
from engine.signing import actions, model, queries, signatures
from engine.staffing.model import Role
from tests.support import parties, trading, worlds
from tests.support.key_proofs import TRIES
from tests.support.worlds import SYSTEM


@pytest.fixture
def deal(world):
    return trading.trade(world)


@pytest.fixture
def contract(world, deal):
    return trading.draft(world, deal)


def test_seal_and_certificate_belong_to_the_party_that_signs(world, deal, contract):
    mine, other = deal.purchaser, deal.supplier
    with worlds.unchanged(world), pytest.raises(seals.NotYourSeal):
        trading.ask(world, mine, contract, seal_id=other.seal_id)
    with worlds.unchanged(world), pytest.raises(signatures.OtherEnterprise):
        trading.ask(world, mine, contract, certificate_id=other.certificate_id)
    with worlds.unchanged(world), pytest.raises(signatures.OtherEnterprise):
        trading.ask(
            world, mine, contract, certificate_id=other.certificate_id, seal_id=other.seal_id
        )


def test_a_suspended_seal_does_not_sign(world, deal, contract):
    party = deal.purchaser
    world.engine.perform(sealing.suspend, {"seal_id": party.seal_id}, actor=party.person)
    with worlds.unchanged(world), pytest.raises(seals.SealNotUsable):
        trading.ask(world, party, contract)


def test_a_seal_suspended_after_the_scan_does_not_sign(world, deal, contract):
    party = deal.purchaser
    _, ticket = trading.scanned(world, party, contract)
    world.engine.perform(sealing.suspend, {"seal_id": party.seal_id}, actor=party.person)
    with worlds.unchanged(world, without=TRIES), pytest.raises(seals.SealNotUsable):
        trading.confirm(world, party, ticket)


def test_a_revoked_certificate_does_not_sign(world, deal, contract):
    party = deal.purchaser
    _, ticket = trading.scanned(world, party, contract)
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": party.certificate_id, "reason": "keyCompromise"},
        actor=party.person,
    )
    with worlds.unchanged(world, without=TRIES), pytest.raises(errors.PolicyRefused):
        trading.confirm(world, party, ticket)
    with worlds.unchanged(world), pytest.raises(proofs.CertificateNotUsable):
        trading.ask(world, deal.purchaser, contract)


def test_an_expired_certificate_does_not_sign(world, deal, contract):
    worlds.clock_of(world).advance(366 * clock.DAY)
    with worlds.unchanged(world), pytest.raises(proofs.CertificateNotUsable):
        trading.ask(world, deal.purchaser, contract)


def test_a_seal_that_does_not_list_the_certificate_yet_does_not_sign(world, deal, contract):
    worlds.run_sql(
        world, "UPDATE seal SET certificates = '[]' WHERE id = ?", deal.purchaser.seal_id
    )
    with worlds.unchanged(world), pytest.raises(seals.CertificateNotListed):
        trading.ask(world, deal.purchaser, contract)


def test_somebody_who_is_no_party_sees_and_signs_nothing(world, deal, contract):
    stranger = parties.sealed(world, deal.reviewers, number=3, name="乌鲁木齐恒基建材有限公司")
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        trading.ask(world, stranger, contract)
    product = worlds.staff(world, Role.PRODUCT)
    for actor in (stranger.mall, stranger.person, product):
        for question in (
            queries.contract,
            queries.document,
            queries.history,
            queries.newest,
            queries.signatures,
        ):
            with pytest.raises((errors.NotFound, errors.NotPermitted)):
                world.engine.ask(question, actor, contract.id)
        assert world.engine.ask(queries.by_number, actor, contract.number) == []
        assert world.engine.ask(queries.of_enterprise, actor, deal.purchaser.enterprise_id) == []
    for actor in (deal.purchaser.person, deal.supplier.mall, deal.reviewers.contract):
        assert world.engine.ask(queries.by_number, actor, contract.number) == [contract]


def test_a_party_signs_a_version_once(world, deal, contract):
    trading.sign(world, deal.purchaser, contract.id)
    with worlds.unchanged(world), pytest.raises(signatures.SignedAlready):
        trading.ask(world, deal.purchaser, contract)


def test_one_signature_at_a_time(world, deal, contract):
    trading.ask(world, deal.purchaser, contract)
    with worlds.unchanged(world), pytest.raises(signatures.SigningRunning):
        trading.ask(world, deal.supplier, contract)


def test_nothing_is_signed_after_submission(world, deal):
    contract = trading.signed(world, deal)
    world.engine.perform(actions.submit, {"contract_id": contract.id}, actor=deal.purchaser.mall)
    for act, arguments in (
        (
            actions.request_signature,
            {
                "contract_id": contract.id,
                "certificate_id": deal.purchaser.certificate_id,
                "seal_id": deal.purchaser.seal_id,
            },
        ),
        (actions.submit, {"contract_id": contract.id}),
        (actions.revise_contract, {"contract_id": contract.id, "terms": trading.TERMS}),
    ):
        with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
            world.engine.perform(act, arguments, actor=deal.purchaser.mall)


def test_the_qr_comes_only_after_the_document_is_prepared(world, deal, contract):
    asked = trading.ask(world, deal.purchaser, contract)
    with worlds.unchanged(world), pytest.raises(signatures.NotPreparedYet):
        trading.show_qr(world, deal.purchaser, asked.id)
    worker.tick(world, owner="test")
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        trading.show_qr(world, deal.supplier, asked.id)


def test_the_qr_is_of_the_certificates_kind(world, deal, contract):
    asked = trading.ask_to_sign(world, deal.purchaser, contract.id)
    arguments = {
        "signature_id": asked.id,
        "kind": tickets.TicketKind.NATIONAL,
        "nonce": trading.NONCE,
    }
    with worlds.unchanged(world), pytest.raises(signatures.CertificateNotForThisCode):
        world.engine.perform(actions.open_signing_ticket, arguments, actor=deal.purchaser.mall)


def test_the_qr_tells_the_phone_what_is_signed(world, deal, contract):
    asked = trading.ask_to_sign(world, deal.purchaser, contract.id)
    opened = trading.show_qr(world, deal.purchaser, asked.id)
    payload = trading.scan(world, deal.purchaser, opened).payload
    assert len(opened.qr_text) <= 180
    assert (payload["title"], payload["number"]) == (contract.name, contract.number)
    assert payload["amount"] == f"{contract.total_fen / 100:,.2f}"
    (message,) = world.engine.ask(queries.to_be_signed, deal.purchaser.person, opened.ticket.id)
    assert bytes.fromhex(payload["digest"]) in message
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.to_be_signed, deal.supplier.person, opened.ticket.id)


def test_the_other_partys_phone_cannot_sign(world, deal, contract):
    asked = trading.ask_to_sign(world, deal.purchaser, contract.id)
    opened = trading.show_qr(world, deal.purchaser, asked.id)
    trading.scan(world, deal.supplier, opened)
    with worlds.unchanged(world, without=TRIES), pytest.raises(errors.NotPermitted):
        trading.confirm(world, deal.supplier, opened.ticket.id)


def test_somebody_who_left_the_enterprise_cannot_sign(world, deal, contract):
    _, ticket = trading.scanned(world, deal.purchaser, contract)
    worlds.run_sql(
        world,
        "UPDATE membership SET status = 'left' WHERE account_id = ?",
        deal.purchaser.person.account_id,
    )
    with worlds.unchanged(world, without=TRIES), pytest.raises(people.NotAMember):
        trading.confirm(world, deal.purchaser, ticket)


def test_an_expired_qr_signs_nothing(world, deal, contract):
    _, ticket = trading.scanned(world, deal.purchaser, contract)
    worlds.clock_of(world).advance(180 * clock.SECOND)
    with worlds.unchanged(world, without=TRIES), pytest.raises(scanning.TicketExpired):
        trading.confirm(world, deal.purchaser, ticket)


def test_a_qr_signs_once(world, deal, contract):
    _, ticket = trading.scanned(world, deal.purchaser, contract)
    trading.confirm(world, deal.purchaser, ticket)
    with worlds.unchanged(world, without=TRIES), pytest.raises(workflow.NotPossibleNow):
        trading.confirm(world, deal.purchaser, ticket)


def test_a_wrong_pin_is_counted_and_locks_at_the_limit(world, deal, contract):
    asked, ticket = trading.scanned(world, deal.purchaser, contract)
    wrong = keys.generate(ids.seeded(99, "wrong PIN"))
    for left in (4, 3, 2, 1):
        with pytest.raises(proofs.WrongPin) as refused:
            trading.confirm(world, deal.purchaser, ticket, key=wrong)
        assert refused.value.params["left"] == left
    with pytest.raises(proofs.PinLocked):
        trading.confirm(world, deal.purchaser, ticket, key=wrong)
    with worlds.unchanged(world, without=TRIES), pytest.raises(proofs.PinLocked):
        trading.confirm(world, deal.purchaser, ticket)
    assert trading.signature_of(world, asked).status is model.SignatureStatus.PREPARED
    assert worlds.kinds(world).count("pin.wrong") == 4
    assert worlds.kinds(world).count("pin.locked") == 1


def test_a_document_that_changed_after_the_scan_is_refused(world, deal, contract):
    asked, ticket = trading.scanned(world, deal.purchaser, contract)
    worlds.run_sql(
        world, "UPDATE contract_signature SET digest_hex = ? WHERE id = ?", "00" * 32, asked
    )
    with worlds.unchanged(world, without=TRIES), pytest.raises(signatures.DocumentChanged):
        trading.confirm(world, deal.purchaser, ticket)


def test_a_signature_asked_for_anew_makes_the_old_qr_worthless(world, deal, contract):
    _, old = trading.scanned(world, deal.purchaser, contract)
    worlds.clock_of(world).advance(clock.SECOND)
    _, new = trading.scanned(world, deal.purchaser, contract)
    with worlds.unchanged(world, without=TRIES), pytest.raises(signatures.DocumentChanged):
        trading.confirm(world, deal.purchaser, old)
    trading.confirm(world, deal.purchaser, new)
    opinions = [one.opinion for one in world.engine.ask(queries.history, SYSTEM, contract.id)]
    assert opinions == ["signed", "not_signed", "given_up"]


def test_an_answer_for_a_replaced_signature_comes_too_late_and_stops_nothing(world, deal, contract):
    old = trading.ask(world, deal.purchaser, contract)
    trading.ask(world, deal.purchaser, contract)
    late = {
        "signature_id": old.id,
        "prepared_document": b"",
        "attributes": b"",
        "digest_hex": "",
    }
    with worlds.unchanged(world):
        world.engine.perform(actions.record_prepared, late, actor=SYSTEM)
        failed = {"signature_id": old.id, "why": "x"}
        world.engine.perform(actions.record_not_prepared, failed, actor=SYSTEM)
    worker.tick(world, owner="test")
    assert worlds.rows(world, "SELECT kind FROM job WHERE kind LIKE '%signature'") == []


def test_a_value_by_another_key_never_becomes_a_document(world, deal, contract):
    asked, ticket = trading.scanned(world, deal.purchaser, contract)
    trading.confirm(world, deal.purchaser, ticket)
    value = keys.sign(keys.generate(ids.seeded(98, "forger")), b"anything")
    worlds.run_sql(world, "UPDATE contract_signature SET value = ? WHERE id = ?", value, asked)
    worker.tick(world, owner="test")
    assert worlds.rows(world, "SELECT last_error FROM job WHERE kind LIKE '%signature'") == [
        {"last_error": "pdf.signature_value_wrong"}
    ]
    assert trading.verdict(world, trading.document(world, contract)).verdict == "unsigned"


def test_nobody_but_the_platform_records_documents(world, deal, contract):
    asked = trading.ask(world, deal.purchaser, contract)
    for act, arguments in (
        (
            actions.record_prepared,
            {"prepared_document": b"", "attributes": b"", "digest_hex": ""},
        ),
        (actions.record_not_prepared, {"why": ""}),
        (actions.record_signed_document, {"document": b"", "level": "B-LT"}),
    ):
        for actor in (deal.purchaser.mall, deal.purchaser.person, deal.reviewers.contract):
            with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
                world.engine.perform(act, {"signature_id": asked.id, **arguments}, actor=actor)
