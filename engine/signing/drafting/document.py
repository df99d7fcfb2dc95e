"""Making the document of a contract, before the transaction: from a template, or uploaded."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import errors, turns
from engine.kernel.reader import Reader
from engine.mall import model as mall_model
from engine.mall import queries as mall
from engine.pdf import intake, typeset
from engine.signing import model
from engine.signing.drafting import terms as form

CLAUSES = (
    ("交付", "供应商应在合同生效后三十日内将货物交付至采购人指定地点，并对货物的质量负责。"),
    ("电子签名", "双方确认采用可靠的电子签名签署本合同，与手写签名或者盖章具有同等的法律效力。"),
    ("争议解决", "因本合同引起的争议，双方应协商解决；协商不成的，向采购人所在地人民法院起诉。"),
)


class SignedUpload(errors.InvalidInput):
    """This PDF carries signatures already. Upload the unsigned document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished PDF and its number of pages."""

    content: bytes
    pages: int


@turns.DOCUMENTS.one()
def make(
    q: Reader, *, purchase_order_id: str, terms: model.ContractTerms, upload: bytes
) -> Document:
    """The document of a form.

    Raises: those of the form, the file and the typesetting.
    """
    form.check(terms)
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
        "total_fen": terms.total_fen or order.total_fen,
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
