"""What is unfinished of a person here: contracts that wait for a signature, a submission or a decision."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.signing import model, parties, store

_MOVERS = {
    "contract_to_sign": Mover.CALLER,
    "contract_other_signs": Mover.OTHER,
    "contract_to_submit": Mover.CALLER,
    "contract_other_submits": Mover.OTHER,
    "contract_in_review": Mover.STAFF,
    "contract_returned": Mover.CALLER,
    "contract_other_revises": Mover.OTHER,
    "contract_declined": Mover.CALLER,
    "contract_other_declined": Mover.OTHER,
    "contract_overdue": Mover.CALLER,
    "contract_other_overdue": Mover.OTHER,
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
    of_version = parties.of_version(q, one)
    mine = {
        party.role
        for party in of_version
        if mall.mall_account(q, party.mall_account_id).account_id == account_id
    }
    purchases = parties.PURCHASER in mine
    if one.status is model.ContractStatus.IN_REVIEW:
        return "in_review"
    if one.status is model.ContractStatus.DECLINED:
        return "declined" if purchases else "other_declined"
    if one.status is not model.ContractStatus.DRAFT:
        return "returned" if purchases else "other_revises"
    if parties.expired(q, one):
        return "overdue" if purchases else "other_overdue"
    able = parties.turn(of_version, one.signing_order)
    if able:
        return "to_sign" if mine & set(able) else "other_signs"
    return "to_submit" if purchases else "other_submits"


MATTERS = Matters(movers=_MOVERS, of=_of)
