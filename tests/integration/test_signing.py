"""A contract of two parties: signed by scan, up to a PDF that others judge, reviewed or returned."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, replace

import pytest

from engine import worker
from engine.kernel import clock, errors
from engine.pdf import pixels, typeset
from engine.signing import actions, drafting, model, queries
from tests.support import fold, parties, registering, trading, worlds
from tests.support.worlds import SYSTEM

PARTIES = ("purchaser", "supplier")


@pytest.fixture
def deal(world):
    return trading.trade(world)


@pytest.fixture
def contract(world, deal):
    return trading.draft(world, deal)


@dataclass(frozen=True)
class Down:
    """A time-stamp authority that cannot be reached."""

    def stamp(self, digest: bytes, *, now: int) -> bytes:
        raise errors.ProviderUnavailable()


def without_timestamps(world):
    return replace(world, ports=replace(world.ports, timestamps=Down()))


def pdfsig(tmp_path, content):
    """What poppler says of each signature; it is given no root, so it judges integrity alone."""
    path = tmp_path / "contract.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    return re.findall(r"Signature Validation: (.*)", done.stdout)


def test_a_contract_of_two_parties_is_signed_and_judged_valid(world, deal, tmp_path):
    contract = trading.signed(world, deal)
    content = trading.document(world, contract)
    judged = trading.verdict(world, content)
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
    contract = trading.signed(any_world, trading.trade(any_world))
    assert trading.verdict(any_world, trading.document(any_world, contract)).verdict == "valid"
    assert parties.violations(any_world) == {}
    fold.require(any_world)


def test_a_byte_changed_in_a_signed_contract_is_refused(world, deal, tmp_path):
    content = trading.document(world, trading.signed(world, deal))
    place = content.index(b"stream", content.index(b"%PDF-")) + 20
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert trading.verdict(world, changed).verdict == "invalid"
    assert set(pdfsig(tmp_path, changed)) != {"Signature is Valid."}


@pytest.mark.parametrize("first", PARTIES)
def test_either_party_may_sign_first(world, deal, contract, first):
    order = PARTIES if first == "purchaser" else PARTIES[::-1]
    for role in order:
        trading.sign(world, getattr(deal, role), contract.id)
    newest = world.engine.ask(queries.newest, SYSTEM, contract.id)
    assert (newest.signed_by, newest.revision, newest.level) == (order, 2, "B-LT")
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"


def test_every_document_on_the_way_is_kept(world, deal):
    contract = trading.signed(world, deal)
    rows = worlds.rows(
        world,
        "SELECT blob_id, revision FROM contract_version WHERE contract_id = ? ORDER BY revision",
        contract.id,
    )
    with world.engine.reader(SYSTEM) as q:
        contents = [q.blob(row["blob_id"]) for row in rows]
    assert [trading.verdict(world, one).verdict for one in contents] == [
        "unsigned",
        "valid",
        "valid",
    ]
    assert contents[2].startswith(contents[1])


def test_an_uploaded_pdf_is_signed_as_it_looks(world, deal):
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
    made = trading.draft(world, deal, upload=upload)
    kept = trading.document(world, made)
    assert (made.origin, made.template_id) == ("uploaded", None)
    # The code of its page stands where the upload showed plain paper; nothing else has changed.
    looks = pixels.compare(upload, kept, {1: [(0, 0, 300, 300), (300, 0, 600, 300)]})
    assert (looks.pages, looks.differing) == (1, ())
    trading.sign(world, deal.supplier, made.id)
    assert trading.document(world, made).startswith(kept)
    assert trading.verdict(world, trading.document(world, made)).verdict == "valid"


@pytest.mark.row("SGN-5")
def test_submitted_returned_revised_and_signed_again_until_it_passes(world, deal):
    contract = trading.signed(world, deal)
    submit = {"contract_id": contract.id}
    world.engine.perform(actions.submit, submit, actor=deal.purchaser.mall)
    reason = parties.reject(world, "contract", contract.id, deal.reviewers.contract)
    returned = world.engine.ask(queries.contract, deal.supplier.mall, contract.id)
    assert (returned.status, returned.reasons) == (model.ContractStatus.RETURNED, (reason,))
    terms = replace(trading.TERMS, payment_terms="预付三成，验收后付清")
    revise = {"contract_id": contract.id, "terms": terms}
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        world.engine.perform(actions.revise_contract, revise, actor=deal.supplier.mall)
    revised = world.engine.perform(actions.revise_contract, revise, actor=deal.purchaser.mall)
    assert (revised.status, revised.version) == (model.ContractStatus.DRAFT, 2)
    assert trading.verdict(world, trading.document(world, contract)).verdict == "unsigned"
    with worlds.unchanged(world), pytest.raises(actions.SealsMissing):
        world.engine.perform(actions.submit, submit, actor=deal.purchaser.mall)
    for role in PARTIES:
        trading.sign(world, getattr(deal, role), contract.id)
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
    assert trading.verdict(world, content).verdict == "valid"
    assert parties.violations(world) == {}
    fold.require(world)


def test_without_a_time_stamp_authority_the_signature_is_kept_and_raised_later(world, deal):
    contract = trading.draft(world, deal)
    asked, ticket = trading.scanned(world, deal.purchaser, contract)
    trading.confirm(world, deal.purchaser, ticket)
    worker.run_due(without_timestamps(world))
    assert worlds.rows(world, "SELECT kind FROM job WHERE kind LIKE '%signature%'") == [
        {"kind": "raise_signatures"}
    ]
    kept = trading.signature_of(world, asked)
    assert (kept.status, kept.level) == (model.SignatureStatus.COMPLETED, "B-B")
    before = trading.document(world, contract)
    assert trading.verdict(world, before).signatures[0].level == "B-B"
    worlds.clock_of(world).advance(clock.MINUTE)
    worker.tick(world, owner="test")
    assert trading.signature_of(world, asked).status is model.SignatureStatus.COMPLETED
    assert trading.verdict(world, trading.document(world, contract)).signatures[0].level == "B-LT"


def test_tabs_counts_and_buttons_follow_the_contract(world, deal):
    buyer, seller = deal.purchaser.mall, deal.supplier.mall
    contract = trading.draft(world, deal)

    def buttons(actor):
        found = world.engine.ask(queries.contract, actor, contract.id)
        return world.engine.ask(queries.possible_actions, actor, found)

    def counts():
        found = world.engine.ask(queries.tab_counts, seller)
        return {tab: count for tab, count in found.items() if count}

    assert buttons(buyer) == ("sign", "remind", "withdraw", "extend", "revise")
    assert buttons(seller) == ("sign", "decline")
    trading.sign(world, deal.purchaser, contract.id)
    assert buttons(buyer) == ("remind", "withdraw", "extend")
    assert buttons(seller) == ("sign", "decline")
    trading.sign(world, deal.supplier, contract.id)
    assert (buttons(buyer), buttons(seller)) == (("submit",), ())
    assert counts() == {"all": 1, "to_submit": 1}
    world.engine.perform(actions.submit, {"contract_id": contract.id}, actor=buyer)
    assert (buttons(buyer), counts()) == ((), {"all": 1, "in_review": 1})
    parties.reject(world, "contract", contract.id, deal.reviewers.contract)
    assert (buttons(buyer), buttons(seller)) == (("revise", "withdraw"), ())
    assert counts() == {"all": 1, "returned": 1}
    row = world.engine.ask(queries.rows, seller, "returned")[0]
    assert (row.purchaser, row.supplier) == (deal.purchaser.name, deal.supplier.name)
    assert row.order_number == deal.purchase_order.number
    with pytest.raises(queries.TabUnknown):
        world.engine.ask(queries.rows, seller, "nothing")


def test_the_reviewer_sees_both_seals_and_the_orders_amount(world, deal):
    contract = trading.signed(world, deal)
    with world.engine.reader(SYSTEM) as q:
        sheet = queries.review_sheet_contract(q, contract.id)
    assert all(check.ok for check in sheet.checks)
    assert [paper.media_type for paper in sheet.papers] == ["application/pdf"]
    shown = {one.name: one.value for one in sheet.fields}
    assert (shown["total"], shown["supplier"]) == ("4,959.00", deal.supplier.name)


def test_a_stranger_with_a_phone_cannot_ask_what_a_ticket_signs(world, deal, contract):
    _, ticket = trading.scanned(world, deal.purchaser, contract)
    stranger = registering.sign_up(world, "13900139000")
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.to_be_signed, stranger, ticket)
