"""What the form of a contract offers and shows: a preview, the attachments (04 附件信息)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing
from engine.policies import model as policies
from engine.signing import model, store
from engine.signing.drafting import document, wanted
from engine.signing.drafting.terms import OnlyPurchaser
from engine.signing.queries import contracts

_DOCUMENT = Text(zh="合同文件", en="Contract document")


def form_rules(q: Reader) -> policies.ContractRules:
    """Currencies, kinds of attachments and limits that the form of a contract has."""
    return q.policy(policies.ContractRules)


def preview_contract(
    q: Reader,
    purchase_order_id: str,
    terms: model.ContractTerms,
    upload: bytes = b"",
    parties: tuple[str, ...] = (),
    template_id: str = "",
    fields: dict[str, str] | None = None,
    placements: dict[str, tuple[placing.Placing, ...]] | None = None,
    attachments: tuple[model.Attached, ...] = (),
) -> model.Preview:
    """The document that a form would make, with what its uploader has to agree to; nothing is kept.

    Raises: OnlyPurchaser, and those of the form, the file, the template and the typesetting.
    """
    order = mall.purchase_order(q, purchase_order_id)
    if order.purchaser_id != mall.signed_in(q).id:
        raise OnlyPurchaser()
    asked = wanted.Wanted(
        purchase_order_id=purchase_order_id,
        terms=terms,
        number=terms.number,
        upload=upload,
        template_id=template_id,
        fields=fields or {},
        parties=parties,
        placements=placements or {},
        attachments=attachments,
    )
    made = document.make(q, asked, preview=True)
    return model.Preview(
        document=made.content,
        pages=made.pages,
        confirm=made.seen,
        findings=made.findings,
        needs_confirming=bool(made.findings),
        warnings=wanted.warnings(q, asked),
    )


def attachments(q: Reader, contract_id: str) -> list[model.AttachmentRow]:
    """The contract's document and what goes with it, each to be downloaded anew (04 附件信息).

    Raises: NotFound, MayNot.
    """
    found = contracts.contract(q, contract_id)
    newest = store.newest_version(q, contract_id)
    if newest is None:
        raise errors.NotFound(what="document")
    labels = {one.code: one.label for one in q.policy(policies.ContractRules).attachments}
    document_row = model.AttachmentRow(
        id="",
        kind="contract",
        label=_DOCUMENT,
        name=f"{found.name}.pdf",
        blob_id=newest.blob_id,
        media_type="application/pdf",
        digest_hex=newest.digest_hex,
        size=_size(q, newest.blob_id),
        pages=newest.pages,
        remarks=found.remarks,
        created_at=newest.created_at,
    )
    return [
        document_row,
        *(
            model.AttachmentRow(
                id=one.id,
                kind=one.kind,
                label=labels.get(one.kind, Text(zh=one.kind, en=one.kind)),
                name=one.name,
                blob_id=one.blob_id,
                media_type=one.media_type,
                digest_hex=one.digest_hex,
                size=one.size,
                pages=one.pages,
                remarks=one.remarks,
                created_at=one.created_at,
            )
            for one in store.attachments(q, found.id, found.version)
        ),
    ]


def _size(q: Reader, blob_id: str) -> int:
    return int(q.value("blob", blob_id, "size"))
