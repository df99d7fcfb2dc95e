"""Where seals go on a contract: chosen by its maker or first signer, fixed by the first signature."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pytest
import typst

from engine.kernel import clock
from engine.pdf import placing
from engine.scanning import model as tickets
from engine.ses import structures
from engine.signing import actions, queries, signatures
from tests.support import fold, parties, trading, worlds
from tests.support.worlds import SYSTEM

P = placing.Placing
SEAM = P(kind="seam", y_mm=60)
WORDS = P(kind="keyword", keyword="合同", nth=1, y_mm=80)


@pytest.fixture
def deal(world):
    return trading.trade(world)


def placed(world, deal, placements):
    arguments = {
        "purchase_order_id": deal.purchase_order.id,
        "terms": trading.TERMS,
        "placements": placements,
    }
    return world.engine.perform(actions.create_contract, arguments, actor=deal.purchaser.mall)


def ask(world, party, contract, *places):
    arguments = {
        "contract_id": contract.id,
        "certificate_id": party.certificate_id,
        "seal_id": party.seal_id,
        "placements": places,
    }
    return world.engine.perform(actions.request_signature, arguments, actor=party.mall)


def names(document):
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return {str(one.T): "/V" in one for one in pdf.Root.AcroForm.Fields}


@pytest.mark.row("SGN-3")
def test_page_keyword_and_seam_for_both_parties(any_world, tmp_path):
    world = any_world
    deal = trading.trade(world)
    contract = placed(
        world,
        deal,
        {
            "purchaser": (P(kind="page", pages="last", x_mm=30, y_mm=30), SEAM),
            "supplier": (WORDS, P(kind="seam", y_mm=130)),
        },
    )
    trading.sign(world, deal.purchaser, contract.id)
    once = trading.document(world, contract)
    pages = len(pikepdf.open(io.BytesIO(once)).pages)
    assert pages == 2
    assert names(once) == {
        "purchaser": True,
        "purchaser-2-1of2": True,
        "purchaser-3-2of2": True,
        "supplier": False,
        "supplier-2-1of2": False,
        "supplier-3-2of2": False,
    }
    trading.sign(world, deal.supplier, contract.id)
    both = trading.document(world, contract)
    assert set(names(both).values()) == {True}
    assert trading.verdict(world, both).verdict == "valid"
    path = tmp_path / "contract.pdf"
    path.write_bytes(both)

    def told(*command):
        done = subprocess.run(
            [*command, str(path)], capture_output=True, text=True, timeout=120, check=False
        )
        return done.stdout + done.stderr

    assert re.findall(r"Validation: (.*)", told("pdfsig", "-nocert")) == ["Signature is Valid."] * 6
    assert "No syntax or stream encoding errors found" in told("qpdf", "--check")
    by_mutool = told("mutool", "sign", "-v")
    good = ("The signature is valid but", "The document is unchanged since signing.")
    assert sum(by_mutool.count(one) for one in good) == 6
    assert parties.violations(world) == {}
    fold.require(world)


def test_the_first_signer_can_choose_and_the_next_cannot(world, deal):
    contract = trading.draft(world, deal)
    ask(world, deal.purchaser, contract, P(kind="page", pages="1", x_mm=10, y_mm=10), SEAM)
    trading.worker.tick(world, owner="test")
    found = world.engine.ask(queries.signatures, SYSTEM, contract.id)
    assert [one.placements[1] for one in found] == [SEAM]
    opened = trading.show_qr(world, deal.purchaser, found[0].id)
    trading.scan(world, deal.purchaser, opened)
    trading.confirm(world, deal.purchaser, opened.ticket.id)
    trading.worker.tick(world, owner="test")
    signed = names(trading.document(world, contract))
    assert [name for name, filled in signed.items() if filled] == [
        "purchaser",
        "purchaser-2-1of2",
        "purchaser-3-2of2",
    ]
    with worlds.unchanged(world), pytest.raises(signatures.PlacesFixed):
        ask(world, deal.supplier, contract, P(kind="page", pages="1"))
    trading.sign(world, deal.supplier, contract.id)
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (P(kind="keyword", keyword="没有这样的字"), placing.KeywordNotFound),
        (P(kind="page", pages="3-9"), placing.PagesUnknown),
        (P(kind="page", pages="1", x_mm=200), placing.PlacementOutsidePage),
        (SEAM, placing.SeamAlone),
    ],
)
def test_places_that_are_not_there_are_told_at_once(world, deal, place, refusal):
    contract = trading.draft(world, deal)
    with worlds.unchanged(world), pytest.raises(refusal):
        ask(world, deal.purchaser, contract, place)


def test_the_seal_as_its_maker_signed_it_is_in_the_signature(world, deal):
    contract = trading.signed(world, deal)
    seals = worlds.rows(world, "SELECT id, ses FROM seal WHERE ses IS NOT NULL")
    with pikepdf.open(io.BytesIO(trading.document(world, contract))) as pdf:
        kept = {str(one.T): bytes(one.V["/YXSES"].read_bytes()) for one in pdf.Root.AcroForm.Fields}
    for role, party in (("purchaser", deal.purchaser), ("supplier", deal.supplier)):
        mine = next(bytes(row["ses"]) for row in seals if row["id"] == party.seal_id)
        assert kept[role] == mine
        assert structures.parse(kept[role]).name == party.name


@pytest.mark.row("SEA-3")
def test_the_use_of_a_seal_is_noted_with_the_documents_digest(world, deal):
    contract = trading.draft(world, deal)
    asked = trading.ask_to_sign(world, deal.purchaser, contract.id)
    opened = trading.show_qr(world, deal.purchaser, asked.id)
    trading.scan(world, deal.purchaser, opened)
    trading.confirm(world, deal.purchaser, opened.ticket.id)
    assert worlds.rows(world, "SELECT id FROM seal_use") == []
    trading.worker.tick(world, owner="test")
    newest = world.engine.ask(queries.newest, SYSTEM, contract.id)
    (use,) = worlds.rows(world, "SELECT * FROM seal_use")
    assert (use["seal_id"], use["subject"]) == (deal.purchaser.seal_id, asked.id)
    assert (use["digest_hex"], use["result"]) == (newest.digest_hex, "signed")
    assert use["account_id"] == deal.purchaser.person.account_id


@pytest.mark.row("SGN-3")
@pytest.mark.guide("G-scansign-6", "G-scansign-7", "G-scansign-8")
def test_a_code_lives_three_minutes_and_a_fresh_one_signs_with_the_pin(world, deal):
    contract = trading.draft(world, deal)
    asked = trading.ask_to_sign(world, deal.purchaser, contract.id)
    opened = trading.show_qr(world, deal.purchaser, asked.id)
    assert opened.ticket.expires_at - opened.ticket.created_at == 180 * clock.SECOND
    assert opened.ticket.kind is tickets.TicketKind.PLATFORM
    worlds.clock_of(world).advance(180 * clock.SECOND)
    with worlds.unchanged(world), pytest.raises(trading.scanning.TicketExpired):
        trading.scan(world, deal.purchaser, opened)
    fresh = trading.show_qr(world, deal.purchaser, asked.id)
    trading.scan(world, deal.purchaser, fresh)
    trading.confirm(world, deal.purchaser, fresh.ticket.id)
    trading.worker.tick(world, owner="test")
    assert "signature.completed" in worlds.kinds(world)


@pytest.mark.parametrize(
    "size", ["297mm, height: 210mm", "148mm, height: 210mm", "60mm, height: 300mm"]
)
def test_a_document_of_another_size_has_room_for_both_seals(world, deal, size):
    source = f"#set page(width: {size}, margin: 5mm)\n#lorem(20)"
    upload = bytes(typst.compile(source.encode(), format="pdf"))
    contract = trading.draft(world, deal, upload=upload)
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    document = trading.document(world, contract)
    assert trading.verdict(world, document).verdict == "valid"
    with pikepdf.open(io.BytesIO(document)) as pdf:
        boxes = [[float(n) for n in one.Rect] for one in pdf.Root.AcroForm.Fields]
        page = [float(n) for n in pdf.pages[-1].MediaBox]
    for left, bottom, right, top in boxes:
        assert page[0] <= left < right <= page[2]
        assert page[1] <= bottom < top <= page[3]
    (a, b) = boxes
    assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
