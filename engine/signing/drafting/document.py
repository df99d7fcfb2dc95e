"""Making the document of a contract, before the transaction: from a template, or uploaded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import uploads
from engine.kernel import errors, files, turns
from engine.kernel.reader import Reader
from engine.mall import model as mall_model
from engine.mall import queries as mall
from engine.pdf import intake, placing, rebuilding, typeset
from engine.pdf.rebuilding import Finding, SignedUpload
from engine.policies import model as policies
from engine.signing import model, publishing, templates
from engine.signing.drafting import wanted as wants

__all__ = ["ConfirmFirst", "Document", "SignedUpload", "make"]

# How large a seal that goes to a stated place is taken to be while nobody knows it.
_SEAL_MM = 42.0
_NAMES = ("甲方", "乙方", "丙方", "丁方", "戊方", "己方")


class ConfirmFirst(errors.PolicyRefused):
    """The document differs from your file: {what}. Look at it and confirm that it may be kept so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attachment that can be kept."""

    kind: str
    name: str
    content: bytes
    media_type: str
    pages: int
    remarks: str

    @property
    def digest_hex(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished PDF. `template_id` is the version of the template and `fields` what was filled into it.

    `seen` is what somebody confirms who has looked at it, before the code of its page stands on it.
    """

    content: bytes
    pages: int
    seen: str
    findings: tuple[Finding, ...] = ()
    template_id: str | None = None
    fields: dict[str, str] | None = None
    attachments: tuple[Attachment, ...] = ()


def make(q: Reader, wanted: wants.Wanted, *, preview: bool = False) -> Document:
    """The document of a form, with its attachments.

    Raises: those of `wanted.check`, of the file, of the template and the typesetting; ConfirmFirst for an
    uploaded file that differs and was not confirmed, unless it is a preview.
    """
    wants.check(q, wanted)
    order = mall.purchase_order(q, wanted.purchase_order_id)
    attached = tuple(_attachment(one) for one in wanted.attachments)
    if not wanted.upload:
        return _from_template(q, wanted, order, attached)
    paper = uploads.contract(wanted.upload, field="upload")
    if paper.findings and not preview and wanted.confirmed != paper.digest_hex:
        raise ConfirmFirst(field="upload", what=", ".join(one.code for one in paper.findings))
    content = _marked(q, wanted, order, _listed(q, wanted, order, paper.content, attached))
    return Document(
        content=content,
        # Where no page has room for the code, one more was added.
        pages=intake.inspect(content).pages,
        seen=paper.digest_hex,
        findings=paper.findings,
        attachments=attached,
    )


def _attachment(given: model.Attached) -> Attachment:
    if given.content.startswith(b"%PDF"):
        paper = uploads.contract(given.content, field="attachments")
        content, media_type, pages = paper.content, files.PDF, paper.pages
    else:
        clean = uploads.clean(given.content, allowed=uploads.PAPER, field="attachments")
        content, media_type, pages = clean.content, clean.media_type, clean.facts.pages
    return Attachment(
        kind=given.kind,
        name=given.name.strip(),
        content=content,
        media_type=media_type,
        pages=pages,
        remarks=given.remarks,
    )


def _seal_places(wanted: wants.Wanted, document: bytes) -> list[typeset.Placement]:
    """Where seals will come, which the code of the contract's page leaves free.

    Raises: those of `placing.marks`.
    """
    roles = ("purchaser", "supplier", *(f"party{n + 3}" for n in range(len(wanted.parties))))
    found: list[typeset.Placement] = []
    for index, role in enumerate(roles):
        stated = wanted.placements.get(role, ())
        if stated:
            marks = placing.marks(document, stated, _SEAL_MM, _SEAL_MM)
            found += [one.placement for one in marks]
        else:
            found.append(typeset.contract_place(index, len(roles)))
    return found


@turns.DOCUMENTS.one()
def _marked(q: Reader, wanted: wants.Wanted, order: mall_model.OrderRow, document: bytes) -> bytes:
    return publishing.marked(
        q,
        document,
        platform_id=order.platform_id,
        number=wanted.number,
        avoid=_seal_places(wanted, document),
    )


def _from_template(
    q: Reader,
    wanted: wants.Wanted,
    order: mall_model.OrderRow,
    attached: tuple[Attachment, ...],
) -> Document:
    version, template = templates.chosen(q, wanted.template_id)
    shown = templates.filled(template, wanted.fields)
    data = _data(q, wanted, order, template, shown)
    data["attachments"] = _named(q, attached)
    token = publishing.token(q, platform_id=order.platform_id, number=wanted.number)
    data["qr_text"] = publishing.address(q, token)
    with turns.DOCUMENTS.one():
        content = typeset.render("contract", data)
    _seal_places(wanted, content)
    return Document(
        content=content,
        pages=intake.inspect(content).pages,
        seen=hashlib.sha256(content).hexdigest(),
        template_id=version,
        fields={name: text.strip() for name, text in wanted.fields.items() if text.strip()},
        attachments=attached,
    )


def _named(q: Reader, attached: Sequence[Attachment]) -> list[dict[str, object]]:
    """The attachments as the document names them: whoever signs it signs their digests."""
    labels = {one.code: one.label.zh for one in q.policy(policies.ContractRules).attachments}
    return [
        {
            "kind": labels[one.kind],
            "name": one.name,
            "pages": one.pages,
            "digest": one.digest_hex,
        }
        for one in attached
    ]


def _listed(
    q: Reader,
    wanted: wants.Wanted,
    order: mall_model.OrderRow,
    uploaded: bytes,
    attached: tuple[Attachment, ...],
) -> bytes:
    """An uploaded contract, with a page behind it that names its attachments by their digests."""
    if not attached:
        return uploaded
    data = {
        "issued_at": q.now,
        "number": wanted.number.strip(),
        "name": wanted.terms.name.strip(),
        "signed_on": wanted.terms.signing_date,
        "parties": _parties(q, wanted, order),
        "attachments": _named(q, attached),
    }
    with turns.DOCUMENTS.one():
        return rebuilding.joined(uploaded, typeset.render("contract_attachments", data))


def _parties(q: Reader, wanted: wants.Wanted, order: mall_model.OrderRow) -> list[dict[str, str]]:
    labels = ("采购人（甲方）", "供应商（乙方）", *_NAMES[2:])
    accounts = (order.purchaser_id, order.supplier_id, *wanted.parties)
    enterprises = [mall.enterprise_of(q, one) for one in accounts[: len(_NAMES)]]
    return [
        {"label": label, "short": short, "name": one.name, "uscc": one.uscc}
        for label, short, one in zip(labels, _NAMES, enterprises, strict=False)
    ]


def _data(
    q: Reader,
    wanted: wants.Wanted,
    order: mall_model.OrderRow,
    template: policies.ContractTemplate,
    shown: Mapping[str, str],
) -> dict[str, object]:
    terms, parties = wanted.terms, _parties(q, wanted, order)
    total = terms.total_fen or order.total_fen
    signs = {one.label.zh: one.sign for one in q.policy(policies.ContractRules).currencies}
    every = {
        "purchaser": parties[0]["name"],
        "supplier": parties[1]["name"],
        "place": terms.place,
        "signing_date": terms.signing_date,
        "effective_date": terms.effective_date,
        "payment_terms": terms.payment_terms,
        "total": f"{terms.currency} {total / 100:,.2f} 元",
    }
    return {
        "issued_at": q.now,
        "heading": template.heading,
        "opening": template.opening,
        "with_goods": template.goods,
        "number": wanted.number.strip(),
        "name": terms.name.strip(),
        "order_number": order.number,
        "parties": parties,
        "signed_on": terms.signing_date,
        "effective_on": terms.effective_date,
        "place": terms.place,
        "currency": terms.currency,
        "sign": signs[terms.currency],
        "total_fen": total,
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
        "clauses": templates.clauses(template, shown, every),
    }
