"""What the contract reviewer compares, and what keeps an account from being closed."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.signing import model, parties, store
from engine.signing.queries import contracts

INVARIANTS = {
    "a contract in review or passed carries every party's seal": (
        "SELECT c.id FROM contract c WHERE c.status IN ('in_review', 'passed', 'voided') AND (SELECT"
        " COUNT(*) FROM contract_signature s WHERE s.contract_id = c.id AND s.version = c.version"
        " AND s.status = 'completed') <> (SELECT COUNT(*) FROM contract_party y"
        " WHERE y.contract_id = c.id AND y.version = c.version)"
    ),
    "a contract has two to six parties, purchaser and supplier among them": (
        "SELECT c.id FROM contract c LEFT JOIN contract_party y ON y.contract_id = c.id"
        " AND y.version = c.version GROUP BY c.id HAVING COUNT(y.id) NOT BETWEEN 2 AND 6"
        " OR SUM(CASE WHEN y.role IN ('purchaser', 'supplier') THEN 1 ELSE 0 END) <> 2"
    ),
    "a party that counts as signed has signed": (
        "SELECT y.id FROM contract_party y WHERE (y.status = 'signed') <> EXISTS (SELECT 1"
        " FROM contract_signature s WHERE s.contract_id = y.contract_id AND s.version = y.version"
        " AND s.role = y.role AND s.mall_account_id = y.mall_account_id AND s.status = 'completed')"
    ),
    "whoever comes later in turn signs later": (
        "SELECT y.id FROM contract_party y JOIN contract c ON c.id = y.contract_id"
        " JOIN contract_party b ON b.contract_id = y.contract_id AND b.version = y.version"
        " AND b.ordinal < y.ordinal WHERE c.signing_order = 'in_turn' AND c.version = y.version"
        " AND y.status = 'signed' AND (b.status <> 'signed' OR b.handled_at > y.handled_at)"
    ),
    "a declined contract was declined by one of its parties": (
        "SELECT c.id FROM contract c WHERE c.status = 'declined' AND NOT EXISTS (SELECT 1"
        " FROM contract_party y WHERE y.contract_id = c.id AND y.version = c.version"
        " AND y.status = 'declined')"
    ),
    "nobody signs, or is about to, what was declined or withdrawn": (
        "SELECT s.id FROM contract_signature s JOIN contract c ON c.id = s.contract_id"
        " WHERE c.status IN ('declined', 'withdrawn') AND s.version = c.version"
        " AND s.status IN ('requested', 'prepared', 'signed')"
    ),
    "a voided contract was undone by all of its parties": (
        "SELECT c.id FROM contract c WHERE (c.status = 'voided') <> EXISTS (SELECT 1"
        " FROM contract_voiding v WHERE v.contract_id = c.id AND v.status = 'agreed')"
    ),
    "what is signed together is of one account, certificate and seal, at most fifty": (
        "SELECT b.id FROM signing_batch b JOIN contract_signature s ON s.batch_id = b.id"
        " GROUP BY b.id, b.certificate_id, b.seal_id, b.mall_account_id HAVING COUNT(*) > 50"
        " OR MIN(s.certificate_id) <> b.certificate_id OR MAX(s.certificate_id) <> b.certificate_id"
        " OR MIN(s.seal_id) <> b.seal_id OR MAX(s.seal_id) <> b.seal_id"
        " OR MIN(s.mall_account_id) <> b.mall_account_id OR MAX(s.mall_account_id) <> b.mall_account_id"
    ),
    "what is signed together is signed by all or by none": (
        "SELECT batch_id AS id FROM contract_signature WHERE batch_id IS NOT NULL GROUP BY batch_id"
        " HAVING COUNT(signed_at) NOT IN (0, COUNT(*)) OR MIN(signed_at) <> MAX(signed_at)"
    ),
    "only a signature that was given up says why": (
        "SELECT id FROM contract_signature WHERE status <> 'failed' AND why <> ''"
    ),
    "a signature's seal and certificate are of one enterprise": (
        "SELECT s.id FROM contract_signature s JOIN certificate c ON c.id = s.certificate_id"
        " JOIN seal e ON e.id = s.seal_id JOIN mall_account m ON m.id = s.mall_account_id"
        " WHERE c.enterprise_id <> e.enterprise_id OR m.enterprise_id <> c.enterprise_id"
    ),
    "nobody signs twice": (
        "SELECT MIN(id) AS id FROM contract_signature WHERE status = 'completed'"
        " GROUP BY contract_id, version, role HAVING COUNT(*) > 1"
    ),
}


def review_sheet_contract(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the contract reviewer compares."""
    found = q.get(model.Contract, "contract", subject_id)
    version = store.newest_version(q, found.id)
    order = mall.purchase_order(q, found.purchase_order_id)
    papers = (cases.paper(q, "document", "Contract", version.blob_id),) if version else ()
    of_version = parties.of_version(q, found)
    checks = (
        reviewing.Check(
            label="The amount is the purchase order's", ok=order.total_fen == found.total_fen
        ),
        reviewing.Check(
            label="Every party has signed",
            ok=all(one.status is model.PartyStatus.SIGNED for one in of_version),
            detail=(version.level,) if version else (),
        ),
    )
    return reviewing.Sheet(fields=_fields(q, found), papers=papers, checks=checks)


def _fields(q: Reader, found: model.Contract) -> tuple[reviewing.SheetField, ...]:
    shown = contracts.row(q, found)
    others = [
        mall.enterprise_of(q, one.mall_account_id).name
        for one in parties.of_version(q, found)
        if one.role not in (parties.PURCHASER, parties.SUPPLIER)
    ]
    return (
        reviewing.SheetField(name="number", label="Contract number", value=found.number),
        reviewing.SheetField(name="name", label="Contract name", value=found.name),
        reviewing.SheetField(name="order", label="Purchase order", value=shown.order_number),
        reviewing.SheetField(name="purchaser", label="Purchaser", value=shown.purchaser),
        reviewing.SheetField(name="supplier", label="Supplier", value=shown.supplier),
        *(
            (reviewing.SheetField(name="others", label="Other parties", value="、".join(others)),)
            if others
            else ()
        ),
        reviewing.SheetField(
            name="total", label="Amount in yuan", value=f"{found.total_fen / 100:,.2f}"
        ),
        reviewing.SheetField(name="signing_date", label="Signing date", value=found.signing_date),
        reviewing.SheetField(
            name="effective_date", label="Effective date", value=found.effective_date
        ),
    )


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: contracts that still wait for somebody."""
    return [
        notes.Note(code="blocker.contract_open", subject=one.id, params={"number": one.number})
        for one in store.unfinished_of(q, account_id)
    ]
