"""Making a new version of a contract that was sent back, or that nobody has signed yet."""

from __future__ import annotations

from dataclasses import replace

from engine.kernel import errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing
from engine.signing import model, naming, queries, stopping
from engine.signing import parties as sides
from engine.signing.drafting import document, keeping, wanted
from engine.signing.drafting import drafts as forms
from engine.signing.drafting import terms as form


class SignedByOthers(errors.PolicyRefused):
    """Somebody has signed this version. Withdraw the contract first; what was signed stays as it is."""


def _make(
    q: Reader,
    *,
    contract_id: str,
    terms: model.ContractTerms,
    upload: bytes = b"",
    parties: tuple[str, ...] | None = None,
    signing_order: model.SigningOrder | None = None,
    turns: tuple[str, ...] = (),
    sign_by: int = 0,
    template_id: str = "",
    fields: dict[str, str] | None = None,
    placements: dict[str, tuple[placing.Placing, ...]] | None = None,
    attachments: tuple[model.Attached, ...] = (),
    level: str = "",
    confirmed: str = "",
) -> document.Document:
    found = queries.contract(q, contract_id)
    others = naming.of_contract(q, found).others if parties is None else parties
    asked = wanted.Wanted(
        purchase_order_id=found.purchase_order_id,
        # A contract keeps its number, whatever the form says.
        terms=replace(terms, number=found.number),
        number=found.number,
        upload=upload,
        template_id=template_id,
        fields=fields or {},
        parties=others,
        placements=placements or {},
        attachments=attachments,
        confirmed=confirmed,
    )
    return document.make(q, asked)


@prepared_by(_make)
def revise_contract(
    op: Operation,
    *,
    contract_id: str,
    terms: model.ContractTerms,
    prepared: document.Document,
    upload: bytes = b"",
    parties: tuple[str, ...] | None = None,
    signing_order: model.SigningOrder | None = None,
    turns: tuple[str, ...] = (),
    sign_by: int = 0,
    template_id: str = "",
    fields: dict[str, str] | None = None,
    placements: dict[str, tuple[placing.Placing, ...]] | None = None,
    attachments: tuple[model.Attached, ...] = (),
    level: str = "",
    confirmed: str = "",
) -> model.Contract:
    """Make a new version of a contract, which is signed again by everybody.

    Of one that was returned, declined or withdrawn, or that nobody has signed yet. Its number stays;
    parties and order that are not given do too. Emits: contract.revised, party.named, party.asked,
    message.sent. Raises: OnlyPurchaser, NotPossibleNow, SignedByOthers, and those of `create_contract`.
    """
    found = queries.contract(op, contract_id)
    if found.purchaser_id != mall.signed_in(op).id:
        raise form.OnlyPurchaser()
    status = model.CONTRACT.advance(found.status, "revise")
    require_unsigned(op, found)
    named = _named(op, found, parties, signing_order, turns, sign_by)
    sides.release(op, found)
    order = mall.purchase_order(op, found.purchase_order_id)
    changes = {
        "status": status,
        "version": found.version + 1,
        "name": terms.name.strip(),
        "signing_date": terms.signing_date,
        "effective_date": terms.effective_date,
        "currency": terms.currency,
        "total_fen": terms.total_fen or order.total_fen,
        "payment_terms": terms.payment_terms,
        "place": terms.place,
        "remarks": terms.remarks,
        "origin": "uploaded" if upload else "template",
        "signing_order": named.signing_order,
        "sign_by": naming.deadline(op, named),
        "level": wanted.level(op, level or found.level),
        "template_id": prepared.template_id,
        "placements": dict(placements or {}),
        "ended_at": None,
    }
    was = {"status": found.status, "version": found.version}
    op.update("contract", found.id, changes, was=was)
    revised = op.get(model.Contract, "contract", found.id)
    keeping.keep_prepared(op, revised, prepared)
    op.record("contract.revised", found.id, version=revised.version)
    sides.invite(op, revised, naming.accounts(op, revised, named))
    naming.watch(op, revised)
    forms.forget(op, order.id, found.id)
    return revised


def require_unsigned(op: Operation, found: model.Contract) -> None:
    """A contract that is being signed is made anew only while nobody has signed, nor is signing.

    Emits: signature.failed. Raises: SignedByOthers, SigningRunning.
    """
    if found.status is not model.ContractStatus.DRAFT:
        return
    if any(one.status is model.PartyStatus.SIGNED for one in sides.of_version(op, found)):
        raise SignedByOthers()
    stopping.give_up_open(op, found, "revised")


def _named(
    op: Operation,
    found: model.Contract,
    others: tuple[str, ...] | None,
    signing_order: model.SigningOrder | None,
    turns: tuple[str, ...],
    sign_by: int,
) -> naming.Naming:
    before = naming.of_contract(op, found)
    same = others is None
    return naming.Naming(
        others=before.others if others is None else others,
        signing_order=signing_order or before.signing_order,
        turns=turns or (before.turns if same else ()),
        sign_by=sign_by,
    )
