"""The parties of a contract: who they are, whose turn it is, and what is told to them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.messaging import actions as messaging
from engine.pdf import typeset
from engine.signing import model, store

PURCHASER, SUPPLIER = "purchaser", "supplier"


class NotYourTurn(errors.PolicyRefused):
    """This contract is signed in turn, and others sign before your party. You are told when it is your turn."""  # noqa: E501


class DeadlinePassed(errors.PolicyRefused):
    """The time to sign this contract is over. The purchaser can extend it."""


def of_version(q: Reader, contract: model.Contract) -> list[model.ContractParty]:
    """The parties of a contract as it is now, in the order of their turns."""
    return store.parties(q, contract.id, contract.version)


def of_role(q: Reader, contract: model.Contract, role: str) -> model.ContractParty:
    """The party with this role.

    Raises: NotFound.
    """
    for party in of_version(q, contract):
        if party.role == role:
            return party
    raise errors.NotFound(what="party")


def of_account(q: Reader, contract: model.Contract, mall_account_id: str) -> model.ContractParty:
    """The party that a mall account is.

    Raises: NotFound when it is none.
    """
    for party in of_version(q, contract):
        if party.mall_account_id == mall_account_id:
            return party
    raise errors.NotFound(what="contract")


def unsigned(q: Reader, contract: model.Contract) -> list[model.ContractParty]:
    """The parties whose signature is not on the contract, in the order of their turns."""
    return [one for one in of_version(q, contract) if one.status is not model.PartyStatus.SIGNED]


def turn(parties: Sequence[model.ContractParty], order: model.SigningOrder) -> tuple[str, ...]:
    """The roles of those who can sign now."""
    waiting = [one for one in parties if one.status is not model.PartyStatus.SIGNED]
    if order is model.SigningOrder.IN_TURN:
        waiting = waiting[:1]
    return tuple(one.role for one in waiting)


def expired(q: Reader, contract: model.Contract) -> bool:
    """Whether the time to sign is over and somebody's signature is missing; exclusive at the boundary."""
    if contract.status is not model.ContractStatus.DRAFT or contract.sign_by is None:
        return False
    return q.now >= contract.sign_by and bool(unsigned(q, contract))


def require_turn(q: Reader, contract: model.Contract, role: str) -> None:
    """Refuse a party that cannot sign now; whoever has signed is not this function's to refuse.

    Raises: NotYourTurn, DeadlinePassed.
    """
    if expired(q, contract):
        raise DeadlinePassed()
    if role not in turn(of_version(q, contract), contract.signing_order):
        raise NotYourTurn()


def places(q: Reader, contract: model.Contract) -> dict[str, typeset.Placement]:
    """Where a template's document has room for each party's seal, by role."""
    found = of_version(q, contract)
    by_role = sorted(found, key=lambda one: _place_of(one.role))
    return {
        one.role: typeset.contract_place(index, len(found)) for index, one in enumerate(by_role)
    }


def _place_of(role: str) -> int:
    """Purchaser, supplier and the others stand in the document in this order, whoever signs first."""
    return (PURCHASER, SUPPLIER).index(role) if role in (PURCHASER, SUPPLIER) else int(role[5:])


def invite(op: Operation, contract: model.Contract, accounts: Sequence[tuple[str, str]]) -> None:
    """Name the parties of a version, (role, mall account) in the order of their turns, and ask who is next.

    The caller has written the contract. Emits: party.named, party.asked, message.sent.
    """
    for ordinal, (role, mall_account_id) in enumerate(accounts, start=1):
        party = model.ContractParty(
            id=op.new_id("pty"),
            contract_id=contract.id,
            version=contract.version,
            role=role,
            mall_account_id=mall_account_id,
            ordinal=ordinal,
            status=model.PARTY.initial,
            asked_at=None,
            read_at=op.now if role == PURCHASER else None,
            handled_at=None,
            opinion=None,
        )
        op.insert("contract_party", party)
        op.record("party.named", party.id, contract_id=contract.id, role=role)
    ask_next(op, contract)


def ask_next(op: Operation, contract: model.Contract) -> None:
    """Ask whoever can sign now and was not asked yet.

    Emits: party.asked, message.sent.
    """
    found = of_version(op, contract)
    able = turn(found, contract.signing_order)
    for party in found:
        if party.role not in able or party.status is not model.PartyStatus.WAITING:
            continue
        status = model.PARTY.advance(party.status, "ask")
        changes = {"status": status, "asked_at": op.now}
        op.update("contract_party", party.id, changes, was={"status": party.status})
        op.record("party.asked", party.id, contract_id=contract.id, role=party.role)
        # Who makes the contract is looking at it.
        if op.actor.text != f"mall:{party.mall_account_id}":
            tell(op, contract, party, "contract.to_sign", todo=True)


def proved(op: Operation, contract: model.Contract, role: str) -> None:
    """A party has proved the PIN: its to-do is done. Composed by the signature's confirmation.

    Emits: message.done.
    """
    messaging.done(op, subject=of_role(op, contract, role).id)


def signed(op: Operation, contract: model.Contract, role: str, *, signed_at: int) -> None:
    """A party's signature is on the document: the next is asked, or the purchaser to submit.

    Emits: party.signed, party.asked, message.sent.
    """
    party = of_role(op, contract, role)
    status = model.PARTY.advance(party.status, "sign")
    changes = {
        "status": status,
        "handled_at": signed_at,
        "read_at": party.read_at or party.asked_at or signed_at,
    }
    op.update("contract_party", party.id, changes, was={"status": party.status})
    op.record("party.signed", party.id, contract_id=contract.id, role=role)
    ask_next(op, contract)
    if not unsigned(op, contract):
        purchaser = of_role(op, contract, PURCHASER)
        tell(op, contract, purchaser, "contract.to_submit", todo=True, subject=contract.id)


def release(op: Operation, contract: model.Contract) -> None:
    """Nobody is asked to sign any more: the contract was declined, withdrawn, or made anew.

    Emits: message.done.
    """
    for party in of_version(op, contract):
        messaging.done(op, subject=party.id)


def tell(
    op: Operation,
    contract: model.Contract,
    party: model.ContractParty,
    kind: str,
    *,
    todo: bool = False,
    subject: str = "",
) -> None:
    """Tell the person behind a party; a to-do is about the party, so that it alone closes it.

    Emits: message.sent.
    """
    messaging.notify(
        op,
        account_id=mall.mall_account(op, party.mall_account_id).account_id,
        kind=kind,
        params={"number": contract.number, "name": contract.name},
        subject=subject or party.id,
        todo=todo,
    )


def tell_others(op: Operation, contract: model.Contract, kind: str, *, but: str) -> None:
    """Tell every party but one; each person once.

    Emits: message.sent.
    """
    told = {mall.mall_account(op, of_role(op, contract, but).mall_account_id).account_id}
    for party in of_version(op, contract):
        account_id = mall.mall_account(op, party.mall_account_id).account_id
        if account_id not in told:
            told.add(account_id)
            tell(op, contract, party, kind, subject=contract.id)
