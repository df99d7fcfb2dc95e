"""A simulated phone signs several contracts with one PIN, and refuses what it was not shown."""

from __future__ import annotations

import base64

import pytest

from engine.handset.handset import DocumentDiffers
from engine.issuing import proofs
from tests.support import worlds
from tests.support.line import Line


@pytest.fixture
def line(world):
    return Line.on(world)


def certified(line):
    purchaser, supplier = line.person(0), line.person(1)
    line.bound(purchaser)
    line.certified(supplier)
    return purchaser, supplier


def contracts(purchaser, supplier, count):
    lines = [{"name": "净水器滤芯", "unit": "套", "quantity": 3, "unit_price_fen": 12_550}]
    order = purchaser.place_purchase_order(supplier.mall_account_id, lines)
    return [
        purchaser.create_contract(order, number=f"HT-{n}", date="2026-06-01")["id"]
        for n in range(count)
    ]


def shown(line, person, contract_ids):
    batch = person.browser.perform(
        "signing.request_batch",
        {
            "contract_ids": contract_ids,
            "certificate_id": person.certificate_id,
            "seal_id": person.seal_id,
        },
        key=person.key(),
    )
    line.work()
    opened = person.browser.perform(
        "signing.open_signing_ticket",
        {
            "batch_id": batch["id"],
            "kind": "platform",
            "nonce": person.own_nonce(),
            "browser_name": "",
        },
        key=person.key(),
    )
    return batch, str(opened["qr_text"])


@pytest.mark.row("SGN-3")
def test_a_divided_key_signs_a_batch_again_and_again(line):
    purchaser, supplier = certified(line)
    # The share is another one after each act, however many signatures that made.
    for made in (contracts(purchaser, supplier, 3), another(purchaser, supplier)):
        batch, qr_text = shown(line, purchaser, made)
        purchaser.scan_and_confirm(qr_text)
        line.work()
        found = purchaser.browser.ask("signing.signing_batch", {"batch_id": batch["id"]})
        assert [one["status"] for one in found["signatures"]] == ["completed"] * len(made)
        assert {one["level"] for one in found["signatures"]} == {"B-LT"}


def another(purchaser, supplier):
    lines = [{"name": "净水器", "unit": "台", "quantity": 1, "unit_price_fen": 99_900}]
    order = purchaser.place_purchase_order(supplier.mall_account_id, lines)
    return [purchaser.create_contract(order, number="HT-next", date="2026-06-01")["id"]]


def test_a_wrong_pin_signs_none_of_them(line):
    purchaser, supplier = certified(line)
    _, qr_text = shown(line, purchaser, contracts(purchaser, supplier, 2))
    with pytest.raises(proofs.WrongPin):
        purchaser.scan_and_confirm(qr_text, pin="739164")
    assert "signature.signed" not in worlds.kinds(line.world)
    purchaser.scan_and_confirm(qr_text)
    assert worlds.kinds(line.world).count("signature.signed") == 2


@pytest.mark.parametrize("what", ["message", "order", "list"])
def test_what_was_not_shown_is_not_signed(line, what, monkeypatch):
    purchaser, supplier = certified(line)
    _, qr_text = shown(line, purchaser, contracts(purchaser, supplier, 2))
    ticket = purchaser.handset.scan(qr_text)
    real = purchaser.handset.door.ask

    def forged(name, arguments):
        answer = real(name, arguments)
        if name == "signing.to_be_signed" and what == "message":
            return [answer[0], base64.b64encode(b"another document").decode()]
        if name == "signing.to_be_signed" and what == "order":
            return answer[::-1]
        if name == "signing.asked_to_sign" and what == "list":
            return [answer[0], {**answer[1], "digest": "00" * 32}]
        return answer

    monkeypatch.setattr(purchaser.handset.door, "ask", forged)
    with worlds.unchanged(line.world), pytest.raises(DocumentDiffers):
        purchaser.handset.confirm(ticket, purchaser.certificate_id, purchaser.identity.pin)
