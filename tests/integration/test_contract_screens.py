"""What the screens of a contract ask: means, pages, places, the phone's look at what is signed."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from engine.issuing import proofs
from engine.kernel import errors
from engine.pdf import placing
from engine.uploads import refusals
from simulations.people import Person
from tests.support import worlds
from tests.support.line import Line

LINES = [{"name": "净水器滤芯", "unit": "套", "quantity": 3, "unit_price_fen": 12_550}]


@pytest.fixture
def line(world) -> Line:
    """The line on a fresh world."""
    return Line.on(world)


def _both(line: Line) -> tuple[Person, Person]:
    made = line.person(0), line.person(1)
    for one in made:
        line.bound(one)
    return made


def _contract(purchaser: Person, supplier: Person) -> str:
    order = purchaser.place_purchase_order(supplier.mall_account_id, LINES)
    return str(purchaser.create_contract(order, number="HT-001", date="2026-06-01")["id"])


def _ask(person: Person, name: str, **given: Any) -> Any:
    return person.browser.ask(name, given)


def _picture(told: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(told)))


def _reds(told: str) -> int:
    """How many points of a page have the colour of a seal."""
    points = _picture(told).convert("RGB").getdata()
    return sum(1 for red, green, _ in points if red > 150 and green < 90)


@pytest.mark.row("SGN-3")
@pytest.mark.guide("G-scansign-2")
def test_with_the_certificate_on_the_phone_a_scanned_contract_is_sealed(line: Line) -> None:
    purchaser, supplier = _both(line)
    contract = _contract(purchaser, supplier)
    found = _ask(purchaser, "signing.means", contract_id=contract)
    assert [one["id"] for one in found["certificates"]] == [purchaser.certificate_id]
    assert found["certificates"][0]["why"] is None
    assert purchaser.seal_id in [one["id"] for one in found["seals"] if not one["barred"]]
    line.sign(purchaser, contract)
    assert worlds.kinds(line.world)[-1] != "signature.failed"
    assert worlds.kinds(line.world).count("signature.completed") == 1


@pytest.mark.row("SGN-3")
@pytest.mark.guide("G-scansign-2")
def test_without_a_usable_certificate_nothing_is_asked_to_be_sealed(line: Line) -> None:
    purchaser, supplier = _both(line)
    contract = _contract(purchaser, supplier)
    purchaser.handset.door.perform(
        "issuing.suspend", {"certificate_id": purchaser.certificate_id}, key="suspended"
    )
    line.work()
    # The session by scan ends with it; the password still opens the platform.
    purchaser.sign_in_by_password()
    (certificate,) = _ask(purchaser, "signing.means", contract_id=contract)["certificates"]
    assert "挂起" in certificate["why"]["zh"] or "暂停" in certificate["why"]["zh"]
    with worlds.unchanged(line.world), pytest.raises(proofs.CertificateNotUsable):
        purchaser.request_signature(contract)
    # A party that never downloaded one has nothing to choose from.
    third = line.person(2)
    line.work(61)
    line.onboarded(third)
    third.sign_in_by_password()
    assert _ask(third, "signing.means")["certificates"] == []
    with worlds.unchanged(line.world), pytest.raises(errors.NotFound):
        third.browser.perform(
            "signing.request_signature",
            {"contract_id": contract, "certificate_id": "crt_none", "seal_id": "sea_none"},
            key="none",
        )


@pytest.mark.row("SGN-3")
def test_a_seal_that_cannot_serve_says_why_and_the_company_s_comes_first(line: Line) -> None:
    purchaser, supplier = _both(line)
    contract = _contract(purchaser, supplier)
    seals = _ask(purchaser, "signing.means", contract_id=contract)["seals"]
    assert seals[0]["kind"] == "company"
    purchaser.handset.door.perform("sealing.suspend", {"seal_id": purchaser.seal_id}, key="rest")
    seals = _ask(purchaser, "signing.means", contract_id=contract)["seals"]
    (barred,) = [one for one in seals if one["id"] == purchaser.seal_id]
    why = barred["barred"][purchaser.certificate_id]
    assert why["zh"] != why["en"]
    assert seals[-1]["id"] == purchaser.seal_id


@pytest.mark.row("SGN-3")
def test_pages_are_drawn_for_the_parties_alone_and_before_a_seal_where_it_would_lie(
    line: Line,
) -> None:
    purchaser, supplier = _both(line)
    contract = _contract(purchaser, supplier)
    for one in (purchaser, supplier):
        shown = _picture(_ask(one, "signing.page_picture", contract_id=contract, page=1))
        assert (shown.format, shown.width) == ("PNG", 1240)
    sizes = _ask(purchaser, "signing.page_sizes", contract_id=contract)
    assert sizes[0] == {"width": 2100, "height": 2970}
    with pytest.raises(refusals.NoSuchPage):
        _ask(purchaser, "signing.page_picture", contract_id=contract, page=99)
    third = line.person(2)
    line.onboarded(third)
    third.sign_in_by_password()
    for name, given in (("page_picture", {"page": 1}), ("page_sizes", {}), ("detail", {})):
        with pytest.raises(errors.NotFound):
            _ask(third, f"signing.{name}", contract_id=contract, **given)
    asked = {"contract_id": contract, "seal_id": purchaser.seal_id}
    (kept,) = _ask(purchaser, "signing.marks", **asked, placements=[])
    assert (kept["page"], kept["width"]) == (len(sizes), 420)
    words = {"kind": "keyword", "pages": "all", "keyword": "采购人", "nth": 1}
    seam = {"kind": "seam", "pages": "all", "y_mm": 100}
    found = _ask(purchaser, "signing.marks", **asked, placements=[words, seam])
    assert len(found) == 1 + len(sizes)
    assert sum(one["width"] for one in found[1:]) == pytest.approx(420, abs=2)
    with pytest.raises(placing.KeywordNotFound):
        _ask(purchaser, "signing.marks", **asked, placements=[words | {"keyword": "火星"}])
    with pytest.raises(errors.NotFound):
        _ask(purchaser, "signing.marks", **asked | {"seal_id": supplier.seal_id}, placements=[])


@pytest.mark.row("SGN-3")
def test_a_phone_sees_the_sealed_pages_of_what_it_scanned_and_nobody_else_does(
    line: Line,
) -> None:
    purchaser, supplier = _both(line)
    contract = _contract(purchaser, supplier)
    signature = purchaser.request_signature(contract)
    line.work()
    ticket = purchaser.handset.scan(purchaser.show_signing_qr(signature))
    last = _ask(purchaser, "signing.detail", contract_id=contract)["document"]["pages"]
    asked = {"ticket_id": ticket["id"], "page": last}
    assert _reds(purchaser.handset.door.ask("signing.ticket_page", asked)) > 2_000
    page = {"contract_id": contract, "page": last}
    assert _reds(_ask(purchaser, "signing.page_picture", **page)) == 0
    with pytest.raises(errors.NotFound):
        supplier.handset.door.ask("signing.ticket_page", asked)
    with pytest.raises(errors.NotFound):
        purchaser.handset.door.ask("signing.ticket_page", asked | {"place": 1})
    purchaser.handset.confirm(ticket, purchaser.certificate_id, purchaser.identity.pin)
    line.work()
    assert _reds(_ask(purchaser, "signing.page_picture", **page)) > 2_000


@pytest.mark.row("SGN-3", "MSG-1")
def test_a_to_do_leads_the_phone_to_the_contract(line: Line) -> None:
    purchaser, supplier = _both(line)
    contract = _contract(purchaser, supplier)
    (message,) = [
        one
        for one in supplier.handset.door.ask("messaging.mine", {})
        if one["kind"] == "contract.to_sign"
    ]
    screen, _, subject = message["link"].partition("/")
    assert screen == "contracts"
    found = supplier.handset.door.ask("signing.contract_on_phone", {"subject_id": subject})
    assert (found["id"], found["to_sign"]) == (contract, True)
    line.sign(supplier, contract)
    again = supplier.handset.door.ask("signing.contract_on_phone", {"subject_id": contract})
    assert not again["to_sign"]
    third = line.person(2)
    line.onboarded(third)
    with pytest.raises(errors.NotFound):
        third.handset.door.ask("signing.contract_on_phone", {"subject_id": subject})


@pytest.mark.row("SGN-2")
def test_a_preview_draws_what_would_be_kept_and_keeps_nothing(line: Line) -> None:
    purchaser, supplier = _both(line)
    order = purchaser.place_purchase_order(supplier.mall_account_id, LINES)
    terms = {
        "name": "采购合同",
        "number": "HT-9",
        "signing_date": "2026-06-02",
        "effective_date": "2026-06-01",
        "payment_terms": "货到付款",
        "place": "乌鲁木齐",
    }
    with worlds.unchanged(line.world):
        made = _ask(
            purchaser, "signing.preview_pictures", purchase_order_id=order["id"], terms=terms
        )
    assert len(made["pictures"]) == made["pages"]
    assert _picture(made["pictures"][0]).width == 900
    assert made["warnings"] == ["effective_before_signing"]
    with pytest.raises(errors.EngineError):
        _ask(supplier, "signing.preview_pictures", purchase_order_id=order["id"], terms=terms)
