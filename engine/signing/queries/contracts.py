"""Contracts as their parties, phones and staff may see them, and the list (SGN-1)."""

from __future__ import annotations

from engine.kernel import actors, errors, paging
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.signing import model, parties, store
from engine.staffing import queries as staffing
from engine.staffing.model import Right

PAGE_SIZE = 20
_NEWEST = paging.Window(limit=PAGE_SIZE)


class TabUnknown(errors.InvalidInput):
    """There is no such tab in the list of contracts."""


def contract(q: Reader, contract_id: str) -> model.Contract:
    """One contract, as one of its parties or their members, entitled staff, or the platform itself.

    Raises: NotFound, MayNot.
    """
    found = q.get(model.Contract, "contract", contract_id)
    if not _may_see(q, found):
        raise errors.NotFound(what="contract")
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, platform_id=found.platform_id)
    return found


current = contract


def _may_see(q: Reader, found: model.Contract) -> bool:
    if isinstance(q.actor, actors.MallAccount):
        return store.is_party(q, found.id, q.actor.mall_account_id)
    if isinstance(q.actor, actors.Person):
        accounts = {one.mall_account_id for one in store.all_parties(q, found.id)}
        return any(_is_member(q, mall.enterprise_of(q, one).id) for one in sorted(accounts))
    return True


def _is_member(q: Reader, enterprise_id: str) -> bool:
    account_id = people.person(q).account_id
    return people.membership(q, enterprise_id, account_id) is not None


def contracts_page(
    q: Reader, *, tab: str = "all", text: str = "", page: int = 1
) -> model.ContractsPage:
    """A page of the signed-in account's contracts of a tab, newest first (SGN-1).

    The text is looked for in number, name, order number, awardee and the names of both sides; a page past
    the end is the last one. Raises: TabUnknown, NotPermitted.
    """
    if tab not in model.TABS:
        raise TabUnknown(field="tab")
    mine, wanted, statuses = mall.signed_in(q).id, text.strip(), model.TABS[tab]
    count = store.count_listed(q, mine, statuses, wanted)
    pages = max(1, -(-count // PAGE_SIZE))
    shown = max(1, min(page, pages))
    found = store.listed(q, mine, statuses, wanted, limit=PAGE_SIZE, offset=(shown - 1) * PAGE_SIZE)
    rows = tuple(row(q, q.get(model.Contract, "contract", one)) for one in found)
    return model.ContractsPage(rows=rows, page=shown, pages=pages, count=count)


def rows(
    q: Reader, tab: str = "all", *, window: paging.Window = _NEWEST
) -> list[model.ContractRow]:
    """The newest of the signed-in account's contracts of a tab, or the part of them that is wanted.

    Raises: TabUnknown, NotPermitted.
    """
    if tab not in model.TABS:
        raise TabUnknown(field="tab")
    found = store.part(q, mall.signed_in(q).id, model.TABS[tab], window)
    return [row(q, q.get(model.Contract, "contract", one)) for one in found]


def row(q: Reader, found: model.Contract) -> model.ContractRow:
    """A contract as the list shows it."""
    names = store.names(q, found.id)
    if names is None:
        raise errors.NotFound(what="contract")
    of_version = parties.of_version(q, found)
    mine = q.actor.mall_account_id if isinstance(q.actor, actors.MallAccount) else ""
    late = parties.expired(q, found)
    signing = found.status is model.ContractStatus.DRAFT and not late
    return model.ContractRow(
        contract=found,
        order_number=names.order_number,
        purchaser=names.purchaser,
        supplier=names.supplier,
        state=model.EXPIRED if late else found.status.value,
        signed_by=tuple(one.role for one in of_version if one.status is model.PartyStatus.SIGNED),
        turn=parties.turn(of_version, found.signing_order) if signing else (),
        mine=next((one.role for one in of_version if one.mall_account_id == mine), ""),
        parties=len(of_version),
    )


def tab_counts(q: Reader) -> dict[str, int]:
    """How many contracts each tab holds."""
    found = store.counts(q, mall.signed_in(q).id)
    return {
        tab: sum(found.get(status.value, 0) for status in statuses)
        for tab, statuses in model.TABS.items()
    }


def newest(q: Reader, contract_id: str) -> model.ContractVersion:
    """The newest document of a contract that the actor may see.

    Raises: NotFound.
    """
    contract(q, contract_id)
    found = store.newest_version(q, contract_id)
    if found is None:
        raise errors.NotFound(what="document")
    return found


def document(q: Reader, contract_id: str) -> bytes:
    """The newest document (PDF) of a contract that the actor may see."""
    return q.blob(newest(q, contract_id).blob_id)


def versions(q: Reader, contract_id: str) -> list[model.ContractVersion]:
    """Every document of a contract, oldest first: each can be downloaded."""
    contract(q, contract_id)
    return store.versions(q, contract_id)


def signatures(q: Reader, contract_id: str) -> list[model.ContractSignature]:
    """Every signature of a contract, oldest first."""
    contract(q, contract_id)
    return store.signatures(q, contract_id)


def by_number(q: Reader, number: str) -> list[model.Contract]:
    """Contracts with this number that the actor may see."""
    return _visible(q, store.by_number(q, number))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Contract]:
    """The contracts that an enterprise is a party of and the actor may see, newest first."""
    return _visible(q, store.of_enterprise(q, enterprise_id))


def _visible(q: Reader, found: list[model.Contract]) -> list[model.Contract]:
    if isinstance(q.actor, actors.Staff):
        return [
            one
            for one in found
            if staffing.has(q.actor, Right.LOOK_UP, platform_id=one.platform_id)
        ]
    return [one for one in found if _may_see(q, one)]
