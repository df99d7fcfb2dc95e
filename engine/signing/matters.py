"""What is unfinished of a person here: contracts that wait for a signature, a submission or a decision."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.signing import model, store

_MOVERS = {
    "contract_to_sign": Mover.CALLER,
    "contract_other_signs": Mover.OTHER,
    "contract_to_submit": Mover.CALLER,
    "contract_other_submits": Mover.OTHER,
    "contract_in_review": Mover.STAFF,
    "contract_returned": Mover.CALLER,
    "contract_other_revises": Mover.OTHER,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage."""
    return [_matter(q, one, account_id) for one in store.unfinished_of(q, account_id)]


def _matter(q: Reader, one: model.Contract, account_id: str) -> Matter:
    return Matter(
        kind="contract",
        state=_state(q, one, account_id),
        subject=one.id,
        since=events.newest(q.connection, one.id) or one.created_at,
        name=one.name,
        number=one.number,
        platform_id=one.platform_id,
        agency_id=one.agency_id,
    )


def _state(q: Reader, one: model.Contract, account_id: str) -> str:
    """Where a contract stands, seen from the side (or the sides) that the person is on."""
    sides = {
        role
        for role, party in (("purchaser", one.purchaser_id), ("supplier", one.supplier_id))
        if mall.mall_account(q, party).account_id == account_id
    }
    if one.status is model.ContractStatus.IN_REVIEW:
        return "in_review"
    if one.status is model.ContractStatus.RETURNED:
        return "returned" if "purchaser" in sides else "other_revises"
    version = store.newest_version(q, one.id)
    missing = {"purchaser", "supplier"} - set(version.signed_by if version else ())
    if missing:
        return "to_sign" if missing & sides else "other_signs"
    return "to_submit" if "purchaser" in sides else "other_submits"


MATTERS = Matters(movers=_MOVERS, of=_of)
