"""What the form of a contract takes, and which files may not come in."""

from __future__ import annotations

import io

import pikepdf
import pytest

from engine.kernel import errors
from engine.pdf import intake
from engine.signing import actions, drafting, model
from engine.uploads import refusals
from tests.support import trading, worlds


@pytest.fixture
def deal(world):
    return trading.trade(world)


@pytest.fixture
def contract(world, deal):
    return trading.draft(world, deal)


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
        (b"PK\x03\x04" + bytes(64), refusals.BrokenWord),
        (b"GIF89a" + bytes(64), refusals.KindNamed),
        (b"%PDF-1.7\nbroken", intake.BrokenPdf),
        (encrypted_pdf(), intake.EncryptedPdf),
        (active_pdf(), intake.ActivePdf),
    ],
    ids=["archive", "picture", "broken", "encrypted", "active"],
)
def test_a_file_that_may_not_come_in_is_refused_by_name(world, deal, upload, refusal):
    with worlds.unchanged(world), pytest.raises(refusal):
        trading.draft(world, deal, upload=upload)


def test_a_signed_file_is_not_taken_for_a_new_contract(world, deal):
    content = trading.document(world, trading.signed(world, deal))
    with worlds.unchanged(world), pytest.raises(drafting.SignedUpload):
        trading.draft(world, deal, upload=content)


def test_a_number_is_one_contracts_on_a_platform(world, deal, contract):
    with worlds.unchanged(world), pytest.raises(drafting.NumberTaken):
        trading.draft(world, deal)


def test_only_the_purchaser_makes_a_contract(world, deal):
    arguments = {"purchase_order_id": deal.purchase_order.id, "terms": trading.TERMS}
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        world.engine.perform(actions.create_contract, arguments, actor=deal.supplier.mall)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.create_contract, arguments, actor=deal.purchaser.person)


def test_only_the_purchaser_submits(world, deal):
    contract = trading.signed(world, deal)
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        world.engine.perform(actions.submit, {"contract_id": contract.id}, actor=deal.supplier.mall)


def test_a_document_that_cannot_hold_the_seal_gives_the_signature_up(world, deal):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(120, 120))
        pdf.save(out)
    contract = trading.draft(world, deal, upload=out.getvalue())
    asked = trading.ask_to_sign(world, deal.purchaser, contract.id)
    assert trading.signature_of(world, asked.id).status is model.SignatureStatus.FAILED
    assert worlds.rows(world, "SELECT kind FROM job WHERE kind LIKE '%signature%'") == []
