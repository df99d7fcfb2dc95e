"""Contracts as their parties, phones and reviewers may see them."""

from __future__ import annotations

from engine.kernel import actors, errors, notes
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.scanning import queries as tickets
from engine.signing import model, store
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "a contract in review or passed carries both seals": (
        "SELECT c.id FROM contract c WHERE c.status IN ('in_review', 'passed') AND (SELECT"
        " COUNT(*) FROM contract_signature s WHERE s.contract_id = c.id AND s.version = c.version"
        " AND s.status = 'completed') <> 2"
    ),
    "a signature's seal and certificate are of one enterprise": (
        "SELECT s.id FROM contract_signature s JOIN certificate c ON c.id = s.certificate_id"
        " JOIN seal e ON e.id = s.seal_id JOIN mall_account m ON m.id = s.mall_account_id"
        " WHERE c.enterprise_id <> e.enterprise_id OR m.enterprise_id <> c.enterprise_id"
    ),
    "nobody signs twice": (
        "SELECT MIN(id) AS id FROM contract_signature WHERE status = 'completed'"
        " GROUP BY contract_id, version, role HAVING COUNT(*) > 1"
    ),
}


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


def _may_see(q: Reader, found: model.Contract) -> bool:
    parties = (found.purchaser_id, found.supplier_id)
    if isinstance(q.actor, actors.MallAccount):
        return q.actor.mall_account_id in parties
    if isinstance(q.actor, actors.Person):
        return any(_is_member(q, mall.enterprise_of(q, party).id) for party in parties)
    return True


def _is_member(q: Reader, enterprise_id: str) -> bool:
    account_id = people.person(q).account_id
    return people.membership(q, enterprise_id, account_id) is not None


def role_of(found: model.Contract, mall_account_id: str) -> str:
    """Which side of a contract a mall account stands on."""
    return "purchaser" if mall_account_id == found.purchaser_id else "supplier"


def rows(q: Reader, tab: str = "all") -> list[model.ContractRow]:
    """The signed-in account's contracts of a tab, newest first (SGN-1).

    Raises: TabUnknown.
    """
    if tab not in model.TABS:
        raise TabUnknown(field="tab")
    mine = store.of_mall_account(q, mall.signed_in(q).id)
    return [row(q, one) for one in mine if one.status in model.TABS[tab]]


def row(q: Reader, found: model.Contract) -> model.ContractRow:
    """A contract as the list shows it."""
    return model.ContractRow(
        contract=found,
        order_number=mall.purchase_order(q, found.purchase_order_id).number,
        purchaser=mall.enterprise_of(q, found.purchaser_id).name,
        supplier=mall.enterprise_of(q, found.supplier_id).name,
    )


def tab_counts(q: Reader) -> dict[str, int]:
    """How many contracts each tab holds."""
    mine = store.of_mall_account(q, mall.signed_in(q).id)
    return {
        tab: sum(one.status in statuses for one in mine) for tab, statuses in model.TABS.items()
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


def signatures(q: Reader, contract_id: str) -> list[model.ContractSignature]:
    """Every signature of a contract, oldest first."""
    contract(q, contract_id)
    return store.signatures(q, contract_id)


def possible_actions(q: Reader, found: model.Contract) -> tuple[str, ...]:
    """What the signed-in account can do with a contract now: the buttons of its page."""
    account = mall.signed_in(q)
    role, possible = role_of(found, account.id), []
    signed_by = newest(q, found.id).signed_by
    if found.status is model.ContractStatus.DRAFT:
        if role not in signed_by:
            possible.append("sign")
        elif role == "purchaser" and len(signed_by) == 2:
            possible.append("submit")
    if found.status is model.ContractStatus.RETURNED and role == "purchaser":
        possible.append("revise")
    return tuple(possible)


def signature_of_ticket(q: Reader, ticket_id: str) -> model.ContractSignature:
    """The signature that a scanned ticket is for, as the person who scanned it may see it.

    Raises: NotFound.
    """
    ticket = tickets.for_phone(q, ticket_id)
    return q.get(model.ContractSignature, "contract_signature", ticket.payload.get("signature", ""))


def to_be_signed(q: Reader, ticket_id: str) -> bytes:
    """The CMS signed attributes (DER) that a phone signs for a ticket it scanned.

    Raises: NotFound.
    """
    found = signature_of_ticket(q, ticket_id)
    if found.attributes is None:
        raise errors.NotFound(what="document")
    return found.attributes


def by_number(q: Reader, number: str) -> list[model.Contract]:
    """Contracts with this number that the actor may see."""
    return _visible(q, store.by_number(q, number))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Contract]:
    """The contracts of an enterprise on either side that the actor may see, newest first."""
    return _visible(q, store.of_enterprise(q, enterprise_id))


def _visible(q: Reader, found: list[model.Contract]) -> list[model.Contract]:
    if isinstance(q.actor, actors.Staff):
        return [
            one
            for one in found
            if staffing.has(q.actor, Right.LOOK_UP, platform_id=one.platform_id)
        ]
    return [one for one in found if _may_see(q, one)]


def history(q: Reader, contract_id: str) -> list[model.Step]:
    """What was done with a contract, oldest first (05 处理历史)."""
    found = contract(q, contract_id)
    steps = [
        model.Step(
            step="contract.created",
            actor=mall.enterprise_of(q, found.purchaser_id).name,
            received_at=found.created_at,
            handled_at=found.created_at,
            opinion="submitted",
        )
    ]
    for one in store.signatures(q, contract_id):
        steps.append(
            model.Step(
                step=f"contract.sign_{one.role}",
                actor=mall.enterprise_of(q, one.mall_account_id).name,
                received_at=one.created_at,
                handled_at=one.signed_at,
                opinion=_opinion(one),
            )
        )
    for case in cases.of_subject(q, contract_id):
        steps.append(
            model.Step(
                step="contract.review",
                actor=case.decided_by or "",
                received_at=case.opened_at,
                handled_at=case.decided_at,
                opinion=case.status.value,
            )
        )
    return steps


def _opinion(one: model.ContractSignature) -> str:
    if one.status is model.SignatureStatus.FAILED:
        return "given_up"
    return "signed" if one.signed_at else "not_signed"


def review_sheet_contract(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the contract reviewer compares."""
    found = q.get(model.Contract, "contract", subject_id)
    shown = row(q, found)
    version = store.newest_version(q, found.id)
    order = mall.purchase_order(q, found.purchase_order_id)
    fields = (
        reviewing.SheetField(name="number", label="Contract number", value=found.number),
        reviewing.SheetField(name="name", label="Contract name", value=found.name),
        reviewing.SheetField(name="order", label="Purchase order", value=shown.order_number),
        reviewing.SheetField(name="purchaser", label="Purchaser", value=shown.purchaser),
        reviewing.SheetField(name="supplier", label="Supplier", value=shown.supplier),
        reviewing.SheetField(
            name="total", label="Amount in yuan", value=f"{found.total_fen / 100:,.2f}"
        ),
        reviewing.SheetField(name="signing_date", label="Signing date", value=found.signing_date),
        reviewing.SheetField(
            name="effective_date", label="Effective date", value=found.effective_date
        ),
    )
    papers = (cases.paper(q, "document", "Contract", version.blob_id),) if version else ()
    checks = (
        reviewing.Check(
            label="The amount is the purchase order's", ok=order.total_fen == found.total_fen
        ),
        reviewing.Check(
            label="Both parties have signed",
            ok=version is not None and len(version.signed_by) == 2,
            detail=(version.level,) if version else (),
        ),
    )
    return reviewing.Sheet(fields=fields, papers=papers, checks=checks)


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: contracts that still wait for somebody."""
    return [
        notes.Note(code="blocker.contract_open", subject=one.id, params={"number": one.number})
        for one in store.unfinished_of(q, account_id)
    ]
