"""A form that is not finished is kept, so that nothing typed is lost (SGN-2)."""

from __future__ import annotations

from engine.kernel import codec, errors, vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.signing import model, store
from engine.signing.drafting import terms as form

_MOST_FIELDS, _LONGEST_NAME, _LONGEST_TEXT = 80, 60, 2_000


class DraftTooLarge(errors.InvalidInput):
    """This form holds more than can be kept. Shorten it."""


def save_draft(
    op: Operation, *, purchase_order_id: str, form: dict[str, str], contract_id: str = ""
) -> str:
    """Keep a form as it is now; one for an order, and one for each contract that is being revised.

    Emits: contract_draft.saved. Raises: OnlyPurchaser, NotFound, DraftTooLarge.
    """
    account = _purchaser(op, purchase_order_id)
    if (
        len(form) > _MOST_FIELDS
        or any(len(name) > _LONGEST_NAME for name in form)
        or any(len(text) > _LONGEST_TEXT for text in form.values())
    ):
        raise DraftTooLarge(field="form")
    found = store.draft(op, account, purchase_order_id, contract_id or None)
    draft_id = op.new_id("drf") if found is None else found.id
    kept = op.seal(
        mall.enterprise_of(op, account).subject_id,
        f"contract_draft|form|{draft_id}",
        codec.canonical(form),
    )
    if found is None:
        made = model.ContractDraft(
            id=draft_id,
            mall_account_id=account,
            purchase_order_id=purchase_order_id,
            contract_id=contract_id or None,
            form=kept,
            created_at=op.now,
            updated_at=op.now,
        )
        op.insert("contract_draft", made)
    else:
        op.update(
            "contract_draft",
            draft_id,
            {"form": kept, "updated_at": op.now},
            was={"updated_at": found.updated_at},
        )
    op.record("contract_draft.saved", draft_id, purchase_order_id=purchase_order_id)
    return draft_id


def discard_draft(op: Operation, *, purchase_order_id: str, contract_id: str = "") -> None:
    """Throw a kept form away.

    Emits: contract_draft.discarded. Raises: OnlyPurchaser, NotFound.
    """
    _purchaser(op, purchase_order_id)
    forget(op, purchase_order_id, contract_id or None)


def forget(op: Operation, purchase_order_id: str, contract_id: str | None) -> None:
    """The kept form has become a contract, or is not wanted. Composed by this stage alone.

    Emits: contract_draft.discarded.
    """
    found = store.draft(op, mall.signed_in(op).id, purchase_order_id, contract_id)
    if found is not None:
        op.delete("contract_draft", found.id)
        op.record("contract_draft.discarded", found.id, purchase_order_id=purchase_order_id)


def draft(q: Reader, purchase_order_id: str, contract_id: str = "") -> model.DraftShown | None:
    """The kept form of an order, or of a contract that is being revised; None where there is none.

    Raises: OnlyPurchaser, NotFound.
    """
    account = _purchaser(q, purchase_order_id)
    found = store.draft(q, account, purchase_order_id, contract_id or None)
    return None if found is None else _shown(q, found)


def my_drafts(q: Reader) -> list[model.DraftShown]:
    """The forms that the signed-in account has not finished, newest first; at most twenty."""
    return [_shown(q, one) for one in store.drafts(q, mall.signed_in(q).id, 20)]


def _shown(q: Reader, found: model.ContractDraft) -> model.DraftShown:
    subject_id = mall.enterprise_of(q, found.mall_account_id).subject_id
    try:
        told = codec.load(q.open(subject_id, f"contract_draft|form|{found.id}", found.form))
    except vault.Destroyed:
        told = {}
    return model.DraftShown(
        id=found.id,
        purchase_order_id=found.purchase_order_id,
        contract_id=found.contract_id,
        form=told,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _purchaser(q: Reader, purchase_order_id: str) -> str:
    account = mall.signed_in(q)
    if mall.purchase_order(q, purchase_order_id).purchaser_id != account.id:
        raise form.OnlyPurchaser()
    return account.id
