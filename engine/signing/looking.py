"""A contract as its page at the PC shows it, in one answer (SGN-2)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.reviewing import queries as cases
from engine.signing import model, queries


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDetail:
    """A contract, its parties and newest document, and what the signed-in account can do with it.

    `state` is the status, or that the time to sign is over; `kept` says that the contract itself keeps a
    place for the account's seal, `free` that another one can be chosen, which nobody can once somebody has
    signed; `reasons` why it was returned, each under its code.
    """

    contract: model.Contract
    order_number: str
    state: str
    parties: tuple[model.PartyShown, ...]
    document: model.ContractVersion
    possible: tuple[str, ...]
    kept: bool
    free: bool
    reasons: dict[str, Text]


def detail(q: Reader, contract_id: str) -> ContractDetail:
    """A contract for one of its parties.

    Raises: NotFound, NotPermitted.
    """
    account = mall.signed_in(q)
    found = queries.contract(q, contract_id)
    parties = tuple(queries.contract_parties(q, contract_id))
    role = next((one.role for one in parties if one.mall_account_id == account.id), "")
    document = queries.newest(q, contract_id)
    known = cases.reasons(q)
    row = queries.row(q, found)
    return ContractDetail(
        contract=found,
        order_number=row.order_number,
        state=row.state,
        parties=parties,
        document=document,
        possible=queries.possible_actions(q, found),
        kept=found.origin == "template" or role in found.placements,
        free=not document.signed_by,
        reasons={code: known[code].text for code in found.reasons if code in known},
    )
