"""Making a contract and its document: from the template, or uploaded (before the transaction)."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from engine.kernel import errors, turns
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import model as mall_model
from engine.mall import queries as mall
from engine.pdf import intake, typeset
from engine.signing import model, queries

CLAUSES = (
    ("交付", "供应商应在合同生效后三十日内将货物交付至采购人指定地点，并对货物的质量负责。"),
    ("电子签名", "双方确认采用可靠的电子签名签署本合同，与手写签名或者盖章具有同等的法律效力。"),
    ("争议解决", "因本合同引起的争议，双方应协商解决；协商不成的，向采购人所在地人民法院起诉。"),
)


# Required texts of the form, and how many characters each may have.
LONGEST = {"name": 100, "number": 64, "payment_terms": 500, "place": 100, "currency": 16}


class OnlyPurchaser(errors.NotPermitted):
    """Only the purchaser can do this."""


class DateInvalid(errors.InvalidInput):
    """A date is written as year-month-day, such as 2026-11-24."""


class RemarksTooLong(errors.InvalidInput):
    """Remarks have at most 500 characters."""


class TextTooLong(errors.InvalidInput):
    """This field holds at most {limit} characters."""


class NumberTaken(errors.Conflict):
    """This platform has a contract with this number already. Choose another number."""


class FieldMissing(errors.InvalidInput):
    """Fill in this field."""


class SignedUpload(errors.InvalidInput):
    """This PDF carries signatures already. Upload the unsigned document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished PDF and its number of pages."""

    content: bytes
    pages: int


def _check_terms(terms: model.ContractTerms) -> None:
    for field in ("signing_date", "effective_date"):
        text = getattr(terms, field)
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            raise DateInvalid(field=field) from None
        # Python reads other forms of ISO 8601 too; a contract shows one.
        if day.isoformat() != text:
            raise DateInvalid(field=field)
    if len(terms.remarks) > 500:
        raise RemarksTooLong(field="remarks")
    for field, limit in LONGEST.items():
        text = getattr(terms, field).strip()
        if not text:
            raise FieldMissing(field=field)
        if len(text) > limit:
            raise TextTooLong(field=field, limit=limit)


@turns.DOCUMENTS.one()
def _make(
    q: Reader,
    *,
    purchase_order_id: str,
    terms: model.ContractTerms,
    upload: bytes = b"",
) -> Document:
    _check_terms(terms)
    order = mall.purchase_order(q, purchase_order_id)
    if upload:
        facts = intake.inspect(upload)
        if facts.has_signatures:
            raise SignedUpload(field="upload")
        return Document(content=upload, pages=facts.pages)
    content = typeset.render("contract", _data(q, order, terms))
    return Document(content=content, pages=intake.inspect(content).pages)


def _data(q: Reader, order: mall_model.OrderRow, terms: model.ContractTerms) -> dict[str, object]:
    def party(mall_account_id: str) -> dict[str, str]:
        enterprise = mall.enterprise_of(q, mall_account_id)
        return {"name": enterprise.name, "uscc": enterprise.uscc}

    return {
        "issued_at": q.now,
        "number": terms.number,
        "name": terms.name,
        "order_number": order.number,
        "purchaser": party(order.purchaser_id),
        "supplier": party(order.supplier_id),
        "signed_on": terms.signing_date,
        "effective_on": terms.effective_date,
        "place": terms.place,
        "currency": terms.currency,
        "total_fen": order.total_fen,
        "payment_terms": terms.payment_terms,
        "goods": [
            {
                "name": line.name,
                "unit": line.unit,
                "quantity": line.quantity,
                "price_fen": line.unit_price_fen,
                "amount_fen": line.amount_fen,
            }
            for line in order.lines
        ],
        "clauses": [{"title": title, "text": text} for title, text in CLAUSES],
    }


@prepared_by(_make)
def create_contract(
    op: Operation,
    *,
    purchase_order_id: str,
    terms: model.ContractTerms,
    prepared: Document,
    upload: bytes = b"",
) -> model.Contract:
    """Make a contract for a purchase order, from the template (模版制作) or uploaded (手动上传).

    Emits: contract.created. Raises: OnlyPurchaser, NumberTaken, and those of the form and the file.
    """
    account = mall.signed_in(op)
    order = mall.purchase_order(op, purchase_order_id)
    if order.purchaser_id != account.id:
        raise OnlyPurchaser()
    contract = model.Contract(
        id=op.new_id("con"),
        platform_id=account.platform_id,
        agency_id=None,
        number=terms.number.strip(),
        name=terms.name.strip(),
        purchase_order_id=order.id,
        purchaser_id=order.purchaser_id,
        supplier_id=order.supplier_id,
        awardee=order.awardee,
        signing_date=terms.signing_date,
        effective_date=terms.effective_date,
        currency=terms.currency,
        total_fen=order.total_fen,
        payment_terms=terms.payment_terms,
        place=terms.place,
        origin="uploaded" if upload else "template",
        remarks=terms.remarks,
        status=model.CONTRACT.initial,
        version=1,
        reasons=(),
        created_at=op.now,
        ended_at=None,
    )
    try:
        op.insert("contract", contract)
    except errors.Conflict:
        raise NumberTaken(field="number") from None
    keep_document(op, contract, prepared.content, prepared.pages, revision=0, signed_by=())
    op.record("contract.created", contract.id, number=contract.number, origin=contract.origin)
    return contract


def keep_document(
    op: Operation,
    contract: model.Contract,
    content: bytes,
    pages: int,
    *,
    revision: int,
    signed_by: tuple[str, ...],
    level: str = "",
) -> model.ContractVersion:
    """Keep a document of a contract; the caller records the fact."""
    subject_id = mall.enterprise_of(op, contract.purchaser_id).subject_id
    version = model.ContractVersion(
        id=op.new_id("ver"),
        contract_id=contract.id,
        version=contract.version,
        revision=revision,
        blob_id=op.put_blob(
            content, media_type="application/pdf", subject_id=subject_id, purpose="evidence"
        ),
        digest_hex=hashlib.sha256(content).hexdigest(),
        pages=pages,
        signed_by=signed_by,
        level=level,
        created_at=op.now,
    )
    op.insert("contract_version", version)
    return version


def _remake(
    q: Reader, *, contract_id: str, terms: model.ContractTerms, upload: bytes = b""
) -> Document:
    found = queries.contract(q, contract_id)
    return _make(q, purchase_order_id=found.purchase_order_id, terms=terms, upload=upload)


@prepared_by(_remake)
def revise_contract(
    op: Operation,
    *,
    contract_id: str,
    terms: model.ContractTerms,
    prepared: Document,
    upload: bytes = b"",
) -> model.Contract:
    """Answer a returned contract with a new version, which is signed again by everybody.

    Emits: contract.revised. Raises: OnlyPurchaser, NotPossibleNow.
    """
    found = queries.contract(op, contract_id)
    if found.purchaser_id != mall.signed_in(op).id:
        raise OnlyPurchaser()
    status = model.CONTRACT.advance(found.status, "revise")
    op.update(
        "contract",
        found.id,
        {
            "status": status,
            "version": found.version + 1,
            "name": terms.name.strip(),
            "signing_date": terms.signing_date,
            "effective_date": terms.effective_date,
            "payment_terms": terms.payment_terms,
            "place": terms.place,
            "remarks": terms.remarks,
            "origin": "uploaded" if upload else "template",
        },
        was={"status": found.status, "version": found.version},
    )
    revised = op.get(model.Contract, "contract", found.id)
    keep_document(op, revised, prepared.content, prepared.pages, revision=0, signed_by=())
    op.record("contract.revised", found.id, version=revised.version)
    return revised
