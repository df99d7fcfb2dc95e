"""Two parties that can sign, the order between them, their contract, and each step of signing it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from engine import worker
from engine.boot import World
from engine.mall import actions as mall
from engine.mall import model as mall_model
from engine.pdf import verification
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.signing import actions as signing
from engine.signing import model as contracts
from engine.signing import queries as contract_queries
from tests.support import binding, key_proofs, many_proofs, parties
from tests.support.worlds import SYSTEM

NONCE = "browser-nonce"
TERMS = contracts.ContractTerms(
    name="办公用品采购合同",
    number="HT-2026-001",
    signing_date="2026-06-01",
    effective_date="2026-06-02",
    payment_terms="货到验收合格后三十日内付清",
    place="乌鲁木齐",
)


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A purchaser, a supplier, and the purchase order between them."""

    purchaser: parties.Party
    supplier: parties.Party
    reviewers: parties.Reviewers
    purchase_order: mall_model.PurchaseOrder


def trade(world: World, *, number: int = 1) -> Trade:
    """Two parties that can sign, and a purchase order; another `number` makes another two."""
    reviewers = parties.Reviewers.of(world)
    more = "" if number == 1 else f"{number}号"
    purchaser = parties.sealed(
        world,
        reviewers,
        number=number,
        name=f"新疆阳光工程采购{more}有限公司",
        role=mall_model.MallRole.PURCHASER,
    )
    supplier = parties.sealed(
        world, reviewers, number=number + 1, name=f"新疆天山净水科技{more}有限公司"
    )
    binding.bind(world, purchaser)
    placed = world.engine.perform(
        mall.place_purchase_order,
        {
            "supplier_id": supplier.mall.mall_account_id,
            "title": "净水设备采购",
            "awardee": "",
            "lines": (
                mall_model.Line(name="净水器", unit="台", quantity=3, unit_price_fen=129_900),
                mall_model.Line(name="滤芯", unit="支", quantity=12, unit_price_fen=8_850),
            ),
        },
        actor=purchaser.mall,
    )
    return Trade(purchaser=purchaser, supplier=supplier, reviewers=reviewers, purchase_order=placed)


def draft(
    world: World,
    found: Trade,
    *,
    upload: bytes = b"",
    terms: contracts.ContractTerms = TERMS,
) -> contracts.Contract:
    """A contract of the trade, from the template or uploaded."""
    arguments = {"purchase_order_id": found.purchase_order.id, "terms": terms, "upload": upload}
    return world.engine.perform(signing.create_contract, arguments, actor=found.purchaser.mall)


def ask_to_sign(
    world: World, party: parties.Party, contract_id: str
) -> contracts.ContractSignature:
    """Certificate and seal are chosen, and the document is prepared."""
    asked = world.engine.perform(
        signing.request_signature,
        {
            "contract_id": contract_id,
            "certificate_id": party.certificate_id,
            "seal_id": party.seal_id,
        },
        actor=party.mall,
    )
    worker.tick(world, owner="test")
    return asked


def show_qr(world: World, party: parties.Party, signature_id: str) -> tickets.OpenedTicket:
    """The QR on the party's PC."""
    return world.engine.perform(
        signing.open_signing_ticket,
        {"signature_id": signature_id, "kind": tickets.TicketKind.PLATFORM, "nonce": NONCE},
        actor=party.mall,
    )


def scan(world: World, party: parties.Party, opened: tickets.OpenedTicket) -> tickets.Ticket:
    """The party's phone reads the QR."""
    return world.engine.perform(scanning.scan, {"qr_text": opened.qr_text}, actor=party.person)


def confirm(
    world: World,
    party: parties.Party,
    ticket_id: str,
    *,
    key: key_proofs.PartyKey | None = None,
) -> list[contracts.ContractSignature]:
    """The phone signs what it is given, with the certificate's key unless told otherwise."""
    messages = world.engine.ask(contract_queries.to_be_signed, party.person, ticket_id)
    proof = many_proofs.prove(world, party.person, party.certificate_id, key or party.key, messages)
    arguments = {"ticket_id": ticket_id, "proof": proof}
    return world.engine.perform(signing.confirm_signature, arguments, actor=party.person)


def sign(world: World, party: parties.Party, contract_id: str) -> None:
    """The whole of 扫码签章, up to the finished document."""
    asked = ask_to_sign(world, party, contract_id)
    opened = show_qr(world, party, asked.id)
    scan(world, party, opened)
    confirm(world, party, opened.ticket.id)
    worker.tick(world, owner="test")


def replace_number(number: str) -> contracts.ContractTerms:
    """The usual terms under another number."""
    return dataclasses.replace(TERMS, number=number)


def sign_together(world: World, party: parties.Party, contract_ids: list[str]) -> None:
    """Several contracts signed with one entry of the PIN, up to the finished documents."""
    arguments = {
        "contract_ids": tuple(contract_ids),
        "certificate_id": party.certificate_id,
        "seal_id": party.seal_id,
    }
    batch = world.engine.perform(signing.request_batch, arguments, actor=party.mall)
    worker.tick(world, owner="test")
    opened = world.engine.perform(
        signing.open_signing_ticket,
        {"batch_id": batch.id, "kind": tickets.TicketKind.PLATFORM, "nonce": NONCE},
        actor=party.mall,
    )
    scan(world, party, opened)
    confirm(world, party, opened.ticket.id)
    worker.tick(world, owner="test")


def signed(world: World, found: Trade) -> contracts.Contract:
    """A contract that both parties signed."""
    made = draft(world, found)
    sign(world, found.purchaser, made.id)
    sign(world, found.supplier, made.id)
    return made


def document(world: World, contract: contracts.Contract) -> bytes:
    """The contract's newest document."""
    return world.engine.ask(contract_queries.document, SYSTEM, contract.id)


def verdict(world: World, content: bytes) -> verification.Verdict:
    """Our own judgment, against the world's root alone."""
    return verification.verify(content, roots=world.roots, at_ms=world.engine.now())


def signature_of(world: World, signature_id: str) -> contracts.ContractSignature:
    """A signature as it stands."""
    with world.engine.reader(SYSTEM) as q:
        return q.get(contracts.ContractSignature, "contract_signature", signature_id)


def scanned(world: World, party: parties.Party, contract: contracts.Contract) -> tuple[str, str]:
    """A signature whose QR the party's phone has read: its id and the ticket's."""
    asked = ask_to_sign(world, party, contract.id)
    opened = show_qr(world, party, asked.id)
    scan(world, party, opened)
    return asked.id, opened.ticket.id


def ask(
    world: World, party: parties.Party, contract: contracts.Contract, **changes: str
) -> contracts.ContractSignature:
    """Certificate and seal are chosen, the party's own unless told otherwise."""
    arguments = {
        "contract_id": contract.id,
        "certificate_id": party.certificate_id,
        "seal_id": party.seal_id,
        **changes,
    }
    return world.engine.perform(signing.request_signature, arguments, actor=party.mall)
