"""A contract of two parties: signed by scan, up to a PDF that others judge, reviewed or returned."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass, replace

import pikepdf
import pytest

from engine import worker
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.kernel import clock, errors, ids, workflow
from engine.pdf import intake, typeset, verification
from engine.pki import keys
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.sealing import actions as sealing
from engine.sealing import queries as seals
from engine.signing import actions, drafting, model, queries, signatures
from engine.staffing.model import Role
from tests.support import fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

PARTIES = ("purchaser", "supplier")


@pytest.fixture
def deal(world):
    return parties.trade(world)


@pytest.fixture
def contract(world, deal):
    return parties.draft(world, deal)


@dataclass(frozen=True)
class Down:
    """A time-stamp authority that cannot be reached."""

    def stamp(self, digest: bytes, *, now: int) -> bytes:
        raise errors.ProviderUnavailable()


def without_timestamps(world):
    return replace(world, ports=replace(world.ports, timestamps=Down()))


def document(world, contract):
    return world.engine.ask(queries.document, SYSTEM, contract.id)


def verdict(world, content):
    return verification.verify(content, roots=world.roots, at_ms=world.engine.now())


def pdfsig(tmp_path, content):
    """What poppler says of each signature; it is given no root, so it judges integrity alone."""
    path = tmp_path / "contract.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    return re.findall(r"Signature Validation: (.*)", done.stdout)


def signature_of(world, signature_id):
    with world.engine.reader(SYSTEM) as q:
        return q.get(model.ContractSignature, "contract_signature", signature_id)


def scanned(world, party, contract):
    """A signature whose QR the party's phone has read: its id and the ticket's."""
    asked = parties.ask_to_sign(world, party, contract.id)
    opened = parties.show_qr(world, party, asked.id)
    parties.scan(world, party, opened)
    return asked.id, opened.ticket.id


# -- the whole way ------------------------------------------------------------------------------


def test_a_contract_of_two_parties_is_signed_and_judged_valid(world, deal, tmp_path):
    contract = parties.signed(world, deal)
    content = document(world, contract)
    judged = verdict(world, content)
    assert (judged.verdict, judged.reasons) == ("valid", ())
    assert [one.level for one in judged.signatures] == ["B-LT", "B-LT"]
    assert [one.signer_name for one in judged.signatures] == [
        deal.purchaser.name,
        deal.supplier.name,
    ]
    assert pdfsig(tmp_path, content) == ["Signature is Valid."] * 2
    assert parties.violations(world) == {}
    fold.require(world)


def test_the_same_way_on_both_databases(any_world):
    contract = parties.signed(any_world, parties.trade(any_world))
    assert verdict(any_world, document(any_world, contract)).verdict == "valid"
    assert parties.violations(any_world) == {}
    fold.require(any_world)


def test_a_byte_changed_in_a_signed_contract_is_refused(world, deal, tmp_path):
    content = document(world, parties.signed(world, deal))
    place = content.index(b"stream", content.index(b"%PDF-")) + 20
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert verdict(world, changed).verdict == "invalid"
    assert set(pdfsig(tmp_path, changed)) != {"Signature is Valid."}


@pytest.mark.parametrize("first", PARTIES)
def test_either_party_may_sign_first(world, deal, contract, first):
    order = PARTIES if first == "purchaser" else PARTIES[::-1]
    for role in order:
        parties.sign(world, getattr(deal, role), contract.id)
    newest = world.engine.ask(queries.newest, SYSTEM, contract.id)
    assert (newest.signed_by, newest.revision, newest.level) == (order, 2, "B-LT")
    assert verdict(world, document(world, contract)).verdict == "valid"


def test_every_document_on_the_way_is_kept(world, deal):
    contract = parties.signed(world, deal)
    rows = worlds.rows(
        world,
        "SELECT blob_id, revision FROM contract_version WHERE contract_id = ? ORDER BY revision",
        contract.id,
    )
    with world.engine.reader(SYSTEM) as q:
        contents = [q.blob(row["blob_id"]) for row in rows]
    assert [verdict(world, one).verdict for one in contents] == ["unsigned", "valid", "valid"]
    assert contents[2].startswith(contents[1])


def test_an_uploaded_pdf_is_signed_as_it_is(world, deal):
    upload = typeset.render(
        "letter_of_authorization",
        {
            "issued_at": 0,
            "number": "1",
            "enterprise": "甲",
            "uscc": "91",
            "legal_representative": "乙",
            "representative_id": "3",
            "agent": "丙",
            "agent_id": "4",
            "agent_phone": "5",
            "platform": "丁",
            "matters": ["戊"],
            "valid_from": "a",
            "valid_until": "b",
            "signed_on": "c",
        },
    )
    made = parties.draft(world, deal, upload=upload)
    assert (made.origin, document(world, made)) == ("uploaded", upload)
    parties.sign(world, deal.supplier, made.id)
    assert document(world, made).startswith(upload)
    assert verdict(world, document(world, made)).verdict == "valid"


@pytest.mark.row("SGN-5")
def test_submitted_returned_revised_and_signed_again_until_it_passes(world, deal):
    contract = parties.signed(world, deal)
    submit = {"contract_id": contract.id}
    world.engine.perform(actions.submit, submit, actor=deal.purchaser.mall)
    reason = parties.reject(world, "contract", contract.id, deal.reviewers.contract)
    returned = world.engine.ask(queries.contract, deal.supplier.mall, contract.id)
    assert (returned.status, returned.reasons) == (model.ContractStatus.RETURNED, (reason,))
    terms = replace(parties.TERMS, payment_terms="预付三成，验收后付清")
    revise = {"contract_id": contract.id, "terms": terms}
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        world.engine.perform(actions.revise_contract, revise, actor=deal.supplier.mall)
    revised = world.engine.perform(actions.revise_contract, revise, actor=deal.purchaser.mall)
    assert (revised.status, revised.version) == (model.ContractStatus.DRAFT, 2)
    assert verdict(world, document(world, contract)).verdict == "unsigned"
    with worlds.unchanged(world), pytest.raises(actions.SealsMissing):
        world.engine.perform(actions.submit, submit, actor=deal.purchaser.mall)
    for role in PARTIES:
        parties.sign(world, getattr(deal, role), contract.id)
    world.engine.perform(actions.submit, submit, actor=deal.purchaser.mall)
    parties.approve(world, "contract", contract.id, deal.reviewers.contract)
    passed = world.engine.ask(queries.contract, deal.supplier.mall, contract.id)
    assert passed.status is model.ContractStatus.PASSED
    # What was signed at first is kept, and still good.
    old = worlds.rows(
        world,
        "SELECT blob_id FROM contract_version WHERE contract_id = ? AND version = 1"
        " ORDER BY revision DESC",
        contract.id,
    )[0]
    with world.engine.reader(SYSTEM) as q:
        content = q.blob(old["blob_id"])
    assert verdict(world, content).verdict == "valid"
    assert parties.violations(world) == {}
    fold.require(world)


def test_a_time_stamp_authority_that_is_down_postpones_the_finish_and_loses_nothing(world, deal):
    contract = parties.draft(world, deal)
    asked, ticket = scanned(world, deal.purchaser, contract)
    parties.confirm(world, deal.purchaser, ticket)
    worker.run_due(without_timestamps(world))
    job = worlds.rows(world, "SELECT kind, status, last_error FROM job")
    assert job == [
        {"kind": "finish_signature", "status": "ready", "last_error": "kernel.provider_unavailable"}
    ]
    assert signature_of(world, asked).status is model.SignatureStatus.SIGNED
    worlds.clock_of(world).advance(clock.MINUTE)
    worker.tick(world, owner="test")
    assert signature_of(world, asked).status is model.SignatureStatus.COMPLETED
    assert verdict(world, document(world, contract)).signatures[0].level == "B-LT"


# -- who may sign, and with what -----------------------------------------------------------------


def ask(world, party, contract, **changes):
    arguments = {
        "contract_id": contract.id,
        "certificate_id": party.certificate_id,
        "seal_id": party.seal_id,
        **changes,
    }
    return world.engine.perform(actions.request_signature, arguments, actor=party.mall)


def test_seal_and_certificate_belong_to_the_party_that_signs(world, deal, contract):
    mine, other = deal.purchaser, deal.supplier
    with worlds.unchanged(world), pytest.raises(seals.NotYourSeal):
        ask(world, mine, contract, seal_id=other.seal_id)
    with worlds.unchanged(world), pytest.raises(signatures.OtherEnterprise):
        ask(world, mine, contract, certificate_id=other.certificate_id)
    with worlds.unchanged(world), pytest.raises(signatures.OtherEnterprise):
        ask(world, mine, contract, certificate_id=other.certificate_id, seal_id=other.seal_id)


def test_a_suspended_seal_does_not_sign(world, deal, contract):
    party = deal.purchaser
    world.engine.perform(sealing.suspend, {"seal_id": party.seal_id}, actor=party.person)
    with worlds.unchanged(world), pytest.raises(seals.SealNotUsable):
        ask(world, party, contract)


def test_a_seal_suspended_after_the_scan_does_not_sign(world, deal, contract):
    party = deal.purchaser
    _, ticket = scanned(world, party, contract)
    world.engine.perform(sealing.suspend, {"seal_id": party.seal_id}, actor=party.person)
    with worlds.unchanged(world), pytest.raises(seals.SealNotUsable):
        parties.confirm(world, party, ticket)


def test_a_revoked_certificate_does_not_sign(world, deal, contract):
    party = deal.purchaser
    _, ticket = scanned(world, party, contract)
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": party.certificate_id, "reason": "keyCompromise"},
        actor=party.person,
    )
    with worlds.unchanged(world), pytest.raises(errors.PolicyRefused):
        parties.confirm(world, party, ticket)
    with worlds.unchanged(world), pytest.raises(proofs.CertificateNotUsable):
        ask(world, deal.purchaser, contract)


def test_an_expired_certificate_does_not_sign(world, deal, contract):
    worlds.clock_of(world).advance(366 * clock.DAY)
    with worlds.unchanged(world), pytest.raises(proofs.CertificateNotUsable):
        ask(world, deal.purchaser, contract)


def test_a_seal_that_does_not_list_the_certificate_yet_does_not_sign(world, deal, contract):
    worlds.run_sql(
        world, "UPDATE seal SET certificates = '[]' WHERE id = ?", deal.purchaser.seal_id
    )
    with worlds.unchanged(world), pytest.raises(seals.CertificateNotListed):
        ask(world, deal.purchaser, contract)


def test_somebody_who_is_no_party_sees_and_signs_nothing(world, deal, contract):
    stranger = parties.sealed(world, deal.reviewers, number=3, name="乌鲁木齐恒基建材有限公司")
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        ask(world, stranger, contract)
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
    parties.sign(world, deal.purchaser, contract.id)
    with worlds.unchanged(world), pytest.raises(signatures.SignedAlready):
        ask(world, deal.purchaser, contract)


def test_one_signature_at_a_time(world, deal, contract):
    ask(world, deal.purchaser, contract)
    with worlds.unchanged(world), pytest.raises(signatures.SigningRunning):
        ask(world, deal.supplier, contract)


def test_nothing_is_signed_after_submission(world, deal):
    contract = parties.signed(world, deal)
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
        (actions.revise_contract, {"contract_id": contract.id, "terms": parties.TERMS}),
    ):
        with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
            world.engine.perform(act, arguments, actor=deal.purchaser.mall)


# -- the QR and the PIN ----------------------------------------------------------------------------


def test_the_qr_comes_only_after_the_document_is_prepared(world, deal, contract):
    asked = ask(world, deal.purchaser, contract)
    with worlds.unchanged(world), pytest.raises(signatures.NotPreparedYet):
        parties.show_qr(world, deal.purchaser, asked.id)
    worker.tick(world, owner="test")
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        parties.show_qr(world, deal.supplier, asked.id)


def test_the_qr_is_of_the_certificates_kind(world, deal, contract):
    asked = parties.ask_to_sign(world, deal.purchaser, contract.id)
    arguments = {
        "signature_id": asked.id,
        "kind": tickets.TicketKind.NATIONAL,
        "nonce": parties.NONCE,
    }
    with worlds.unchanged(world), pytest.raises(signatures.CertificateNotForThisCode):
        world.engine.perform(actions.open_signing_ticket, arguments, actor=deal.purchaser.mall)


def test_the_qr_tells_the_phone_what_is_signed(world, deal, contract):
    asked = parties.ask_to_sign(world, deal.purchaser, contract.id)
    opened = parties.show_qr(world, deal.purchaser, asked.id)
    payload = parties.scan(world, deal.purchaser, opened).payload
    assert len(opened.qr_text) <= 180
    assert (payload["title"], payload["number"]) == (contract.name, contract.number)
    assert payload["amount"] == f"{contract.total_fen / 100:,.2f}"
    message = world.engine.ask(queries.to_be_signed, deal.purchaser.person, opened.ticket.id)
    assert bytes.fromhex(payload["digest"]) in message
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.to_be_signed, deal.supplier.person, opened.ticket.id)


def test_the_other_partys_phone_cannot_sign(world, deal, contract):
    asked = parties.ask_to_sign(world, deal.purchaser, contract.id)
    opened = parties.show_qr(world, deal.purchaser, asked.id)
    parties.scan(world, deal.supplier, opened)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        parties.confirm(world, deal.supplier, opened.ticket.id)


def test_somebody_who_left_the_enterprise_cannot_sign(world, deal, contract):
    _, ticket = scanned(world, deal.purchaser, contract)
    worlds.run_sql(
        world,
        "UPDATE membership SET status = 'left' WHERE account_id = ?",
        deal.purchaser.person.account_id,
    )
    with worlds.unchanged(world), pytest.raises(people.NotAMember):
        parties.confirm(world, deal.purchaser, ticket)


def test_an_expired_qr_signs_nothing(world, deal, contract):
    _, ticket = scanned(world, deal.purchaser, contract)
    worlds.clock_of(world).advance(180 * clock.SECOND)
    with worlds.unchanged(world), pytest.raises(scanning.TicketExpired):
        parties.confirm(world, deal.purchaser, ticket)


def test_a_qr_signs_once(world, deal, contract):
    _, ticket = scanned(world, deal.purchaser, contract)
    parties.confirm(world, deal.purchaser, ticket)
    with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
        parties.confirm(world, deal.purchaser, ticket)


def test_a_wrong_pin_is_counted_and_locks_at_the_limit(world, deal, contract):
    asked, ticket = scanned(world, deal.purchaser, contract)
    wrong = keys.generate(ids.seeded(99, "wrong PIN"))
    for left in (4, 3, 2, 1):
        with pytest.raises(proofs.WrongPin) as refused:
            parties.confirm(world, deal.purchaser, ticket, key=wrong)
        assert refused.value.params["left"] == left
    with pytest.raises(proofs.PinLocked):
        parties.confirm(world, deal.purchaser, ticket, key=wrong)
    with worlds.unchanged(world), pytest.raises(proofs.PinLocked):
        parties.confirm(world, deal.purchaser, ticket)
    assert signature_of(world, asked).status is model.SignatureStatus.PREPARED
    assert worlds.kinds(world).count("pin.wrong") == 4
    assert worlds.kinds(world).count("pin.locked") == 1


def test_a_document_that_changed_after_the_scan_is_refused(world, deal, contract):
    asked, ticket = scanned(world, deal.purchaser, contract)
    worlds.run_sql(
        world, "UPDATE contract_signature SET digest_hex = ? WHERE id = ?", "00" * 32, asked
    )
    with worlds.unchanged(world), pytest.raises(signatures.DocumentChanged):
        parties.confirm(world, deal.purchaser, ticket)


def test_a_signature_asked_for_anew_makes_the_old_qr_worthless(world, deal, contract):
    _, old = scanned(world, deal.purchaser, contract)
    worlds.clock_of(world).advance(clock.SECOND)
    _, new = scanned(world, deal.purchaser, contract)
    with worlds.unchanged(world), pytest.raises(signatures.DocumentChanged):
        parties.confirm(world, deal.purchaser, old)
    parties.confirm(world, deal.purchaser, new)
    opinions = [one.opinion for one in world.engine.ask(queries.history, SYSTEM, contract.id)]
    assert opinions == ["submitted", "given_up", "signed"]


def test_an_answer_for_a_replaced_signature_comes_too_late_and_stops_nothing(world, deal, contract):
    old = ask(world, deal.purchaser, contract)
    ask(world, deal.purchaser, contract)
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
    assert worlds.rows(world, "SELECT kind FROM job") == []


def test_a_value_by_another_key_never_becomes_a_document(world, deal, contract):
    asked, ticket = scanned(world, deal.purchaser, contract)
    parties.confirm(world, deal.purchaser, ticket)
    value = keys.sign(keys.generate(ids.seeded(98, "forger")), b"anything")
    worlds.run_sql(world, "UPDATE contract_signature SET value = ? WHERE id = ?", value, asked)
    worker.tick(world, owner="test")
    assert worlds.rows(world, "SELECT last_error FROM job") == [
        {"last_error": "pdf.signature_value_wrong"}
    ]
    assert verdict(world, document(world, contract)).verdict == "unsigned"


def test_nobody_but_the_platform_records_documents(world, deal, contract):
    asked = ask(world, deal.purchaser, contract)
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


# -- the form and the file -------------------------------------------------------------------------


def encrypted_pdf():
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def active_pdf():
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (b"PK\x03\x04" + bytes(64), intake.NotPdf),
        (b"%PDF-1.7\nbroken", intake.BrokenPdf),
        (encrypted_pdf(), intake.EncryptedPdf),
        (active_pdf(), intake.ActivePdf),
    ],
    ids=["archive", "broken", "encrypted", "active"],
)
def test_a_file_that_may_not_come_in_is_refused_by_name(world, deal, upload, refusal):
    with worlds.unchanged(world), pytest.raises(refusal):
        parties.draft(world, deal, upload=upload)


def test_a_signed_file_is_not_taken_for_a_new_contract(world, deal):
    content = document(world, parties.signed(world, deal))
    with worlds.unchanged(world), pytest.raises(drafting.SignedUpload):
        parties.draft(world, deal, upload=content)


def test_a_number_is_one_contracts_on_a_platform(world, deal, contract):
    with worlds.unchanged(world), pytest.raises(drafting.NumberTaken):
        parties.draft(world, deal)


def test_only_the_purchaser_makes_a_contract(world, deal):
    arguments = {"purchase_order_id": deal.purchase_order.id, "terms": parties.TERMS}
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        world.engine.perform(actions.create_contract, arguments, actor=deal.supplier.mall)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.create_contract, arguments, actor=deal.purchaser.person)


def test_only_the_purchaser_submits(world, deal):
    contract = parties.signed(world, deal)
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        world.engine.perform(actions.submit, {"contract_id": contract.id}, actor=deal.supplier.mall)


def test_a_document_that_cannot_hold_the_seal_gives_the_signature_up(world, deal):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(120, 120))
        pdf.save(out)
    contract = parties.draft(world, deal, upload=out.getvalue())
    asked = parties.ask_to_sign(world, deal.purchaser, contract.id)
    assert signature_of(world, asked.id).status is model.SignatureStatus.FAILED
    assert worlds.rows(world, "SELECT kind FROM job") == []


# -- what the list and the page show ---------------------------------------------------------------


def test_tabs_counts_and_buttons_follow_the_contract(world, deal):
    buyer, seller = deal.purchaser.mall, deal.supplier.mall
    contract = parties.draft(world, deal)

    def buttons(actor):
        found = world.engine.ask(queries.contract, actor, contract.id)
        return world.engine.ask(queries.possible_actions, actor, found)

    def counts():
        found = world.engine.ask(queries.tab_counts, seller)
        return {tab: count for tab, count in found.items() if count}

    assert (buttons(buyer), buttons(seller)) == (("sign",), ("sign",))
    parties.sign(world, deal.purchaser, contract.id)
    assert (buttons(buyer), buttons(seller)) == ((), ("sign",))
    parties.sign(world, deal.supplier, contract.id)
    assert (buttons(buyer), buttons(seller)) == (("submit",), ())
    assert counts() == {"all": 1, "to_submit": 1}
    world.engine.perform(actions.submit, {"contract_id": contract.id}, actor=buyer)
    assert (buttons(buyer), counts()) == ((), {"all": 1, "in_review": 1})
    parties.reject(world, "contract", contract.id, deal.reviewers.contract)
    assert (buttons(buyer), buttons(seller)) == (("revise",), ())
    assert counts() == {"all": 1, "returned": 1}
    row = world.engine.ask(queries.rows, seller, "returned")[0]
    assert (row.purchaser, row.supplier) == (deal.purchaser.name, deal.supplier.name)
    assert row.order_number == deal.purchase_order.number
    with pytest.raises(queries.TabUnknown):
        world.engine.ask(queries.rows, seller, "nothing")


def test_the_reviewer_sees_both_seals_and_the_orders_amount(world, deal):
    contract = parties.signed(world, deal)
    with world.engine.reader(SYSTEM) as q:
        sheet = queries.review_sheet_contract(q, contract.id)
    assert all(check.ok for check in sheet.checks)
    assert [paper.media_type for paper in sheet.papers] == ["application/pdf"]
    shown = {one.name: one.value for one in sheet.fields}
    assert (shown["total"], shown["supplier"]) == ("4,959.00", deal.supplier.name)


def test_a_stranger_with_a_phone_cannot_ask_what_a_ticket_signs(world, deal, contract):
    _, ticket = scanned(world, deal.purchaser, contract)
    stranger = registering.sign_up(world, "13900139000")
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.to_be_signed, stranger, ticket)
