"""Making a contract for a purchase order."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing
from engine.signing import model, naming, publishing
from engine.signing import parties as sides
from engine.signing.drafting import document, keeping, wanted
from engine.signing.drafting import drafts as forms
from engine.signing.drafting import terms as form


def _make(
    q: Reader,
    *,
    purchase_order_id: str,
    terms: model.ContractTerms,
    upload: bytes = b"",
    parties: tuple[str, ...] = (),
    signing_order: model.SigningOrder = model.SigningOrder.ANY,
    turns: tuple[str, ...] = (),
    sign_by: int = 0,
    template_id: str = "",
    fields: dict[str, str] | None = None,
    placements: dict[str, tuple[placing.Placing, ...]] | None = None,
    attachments: tuple[model.Attached, ...] = (),
    level: str = "",
    confirmed: str = "",
) -> document.Document:
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
        confirmed=confirmed,
    )
    return document.make(q, asked)


@prepared_by(_make)
def create_contract(
    op: Operation,
    *,
    purchase_order_id: str,
    terms: model.ContractTerms,
    prepared: document.Document,
    upload: bytes = b"",
    parties: tuple[str, ...] = (),
    signing_order: model.SigningOrder = model.SigningOrder.ANY,
    turns: tuple[str, ...] = (),
    sign_by: int = 0,
    template_id: str = "",
    fields: dict[str, str] | None = None,
    placements: dict[str, tuple[placing.Placing, ...]] | None = None,
    attachments: tuple[model.Attached, ...] = (),
    level: str = "",
    confirmed: str = "",
) -> model.Contract:
    """Make a contract for a purchase order, from a template (模版制作) or uploaded (手动上传).

    `parties` are further mall accounts beside purchaser and supplier, `turns` the roles in the order in
    which they sign, `sign_by` the instant (UTC ms) from which nobody can any more (0: none), `placements`
    where a role's seal goes, `confirmed` what the preview of an uploaded file gave.
    Emits: contract.created, party.named, party.asked, message.sent. Raises: OnlyPurchaser, NumberTaken, and
    those of the form, the file, the template, `naming` and `placing`.
    """
    account = mall.signed_in(op)
    order = mall.purchase_order(op, purchase_order_id)
    if order.purchaser_id != account.id:
        raise form.OnlyPurchaser()
    named = naming.Naming(others=parties, signing_order=signing_order, turns=turns, sign_by=sign_by)
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
        total_fen=terms.total_fen or order.total_fen,
        payment_terms=terms.payment_terms,
        place=terms.place,
        origin="uploaded" if upload else "template",
        remarks=terms.remarks,
        status=model.CONTRACT.initial,
        version=1,
        reasons=(),
        created_at=op.now,
        ended_at=None,
        signing_order=signing_order,
        sign_by=naming.deadline(op, named),
        level=wanted.level(op, level),
        template_id=prepared.template_id,
        placements=dict(placements or {}),
    )
    accounts = naming.accounts(op, contract, named)
    try:
        op.insert("contract", contract)
    except errors.Conflict:
        raise form.NumberTaken(field="number") from None
    publishing.open_page(op, contract)
    keeping.keep_prepared(op, contract, prepared)
    op.record("contract.created", contract.id, number=contract.number, origin=contract.origin)
    sides.invite(op, contract, accounts)
    naming.watch(op, contract)
    forms.forget(op, order.id, None)
    return contract
