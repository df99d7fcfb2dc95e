"""What a party does with a contract besides signing: read, remind, decline, withdraw, extend."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.policies import model as policies
from engine.signing import model, naming, noting, parties, queries, stopping, store, wording
from engine.signing.drafting.terms import OnlyPurchaser


class RemindedEnough(errors.PolicyRefused):
    """This party was reminded {limit} times today. Try again tomorrow, or call them."""


class NobodyToRemind(errors.PolicyRefused):
    """This party cannot sign now, so that there is nothing to remind it of."""


class SignedAlreadyByYou(errors.PolicyRefused):
    """Your party has signed. What is signed stays signed; once passed it can be voided by agreement."""


class PurchaserWithdraws(errors.PolicyRefused):
    """You made this contract. Withdraw it instead of declining it."""


class EverybodySigned(errors.PolicyRefused):
    """Every party has signed. The contract can be submitted, no longer withdrawn or extended."""


class NotLater(errors.InvalidInput):
    """Choose a later time than until now."""


def _found(
    op: Operation, contract_id: str, *, purchaser: bool = False
) -> tuple[model.Contract, model.ContractParty]:
    """The contract and the acting party.

    Raises: NotFound, NotPermitted, OnlyPurchaser.
    """
    found = queries.contract(op, contract_id)
    party = parties.of_account(op, found, mall.signed_in(op).id)
    if purchaser and party.role != parties.PURCHASER:
        raise OnlyPurchaser()
    return found, party


def read(op: Operation, *, contract_id: str) -> None:
    """A party has opened the contract (是否已阅, 已阅时间); only the first time is kept.

    Emits: party.read.
    """
    _, party = _found(op, contract_id)
    if party.read_at is None:
        op.update("contract_party", party.id, {"read_at": op.now}, was={"read_at": None})
        op.record("party.read", party.id, contract_id=contract_id, role=party.role)


def remind(op: Operation, *, contract_id: str, role: str) -> None:
    """Remind a party that can sign now; by the purchaser, or by who has signed already (催办).

    Emits: contract.reminded, message.sent. Raises: NobodyToRemind, RemindedEnough, DeadlinePassed,
    NotPermitted.
    """
    found, mine = _found(op, contract_id)
    if mine.role != parties.PURCHASER and mine.status is not model.PartyStatus.SIGNED:
        raise errors.NotPermitted()
    if found.status is not model.ContractStatus.DRAFT:
        model.CONTRACT.advance(found.status, "remind")
    if parties.expired(op, found):
        raise parties.DeadlinePassed()
    able = parties.turn(parties.of_version(op, found), found.signing_order)
    if role not in able or role == mine.role:
        raise NobodyToRemind(field="role")
    limit = op.policy(policies.ContractRules).reminders_per_day
    today = clock.start_of(clock.civil_date(op.now))
    if store.acts_since(op, found.id, "reminded", role, today) >= limit:
        raise RemindedEnough(limit=limit)
    noting.note(op, found, mine.role, "reminded", about=role)
    parties.tell(op, found, parties.of_role(op, found, role), "contract.reminder")


def decline(op: Operation, *, contract_id: str, opinion: str) -> model.Contract:
    """A party will not sign, and says why; nobody signs this version any more (拒签).

    Emits: party.declined, contract.declined, signature.failed, message.done, message.sent. Raises:
    PurchaserWithdraws, SignedAlreadyByYou, SigningRunning, DeadlinePassed, ReasonMissing, ReasonTooLong.
    """
    found, mine = _found(op, contract_id)
    status = model.CONTRACT.advance(found.status, "decline")
    if mine.role == parties.PURCHASER:
        raise PurchaserWithdraws()
    if mine.status is model.PartyStatus.SIGNED:
        raise SignedAlreadyByYou()
    if parties.expired(op, found):
        raise parties.DeadlinePassed()
    text = wording.checked(opinion, "opinion")
    stopping.give_up_open(op, found, "declined")
    before = mine.status
    # Whoever waits for their turn can say beforehand that they will not sign.
    asked = before if before is model.PartyStatus.ASKED else model.PARTY.advance(before, "ask")
    changes = {
        "status": model.PARTY.advance(asked, "decline"),
        "asked_at": mine.asked_at or op.now,
        "read_at": mine.read_at or op.now,
        "handled_at": op.now,
        "opinion": wording.sealed(op, found, f"contract_party|opinion|{mine.id}", text),
    }
    op.update("contract_party", mine.id, changes, was={"status": before})
    op.record("party.declined", mine.id, contract_id=found.id, role=mine.role)
    op.update("contract", found.id, {"status": status}, was={"status": found.status})
    op.record("contract.declined", found.id, role=mine.role)
    parties.release(op, found)
    purchaser = parties.of_role(op, found, parties.PURCHASER)
    parties.tell(op, found, purchaser, "contract.was_declined", todo=True, subject=found.id)
    return op.get(model.Contract, "contract", found.id)


def withdraw(op: Operation, *, contract_id: str, reason: str) -> model.Contract:
    """The purchaser takes a contract back before everybody has signed (撤回); what is signed stays signed.

    Emits: contract.withdrawn, signature.failed, message.done, message.sent. Raises: OnlyPurchaser,
    EverybodySigned, SigningRunning, ReasonMissing, ReasonTooLong.
    """
    found, mine = _found(op, contract_id, purchaser=True)
    status = model.CONTRACT.advance(found.status, "withdraw")
    _require_unfinished(op, found)
    text = wording.checked(reason, "reason")
    stopping.give_up_open(op, found, "withdrawn")
    changes = {"status": status, "ended_at": op.now}
    op.update("contract", found.id, changes, was={"status": found.status})
    op.record("contract.withdrawn", found.id, version=found.version)
    noting.note(op, found, mine.role, "withdrawn", text=text)
    parties.release(op, found)
    parties.tell_others(op, found, "contract.was_withdrawn", but=mine.role)
    return op.get(model.Contract, "contract", found.id)


def extend(op: Operation, *, contract_id: str, sign_by: int) -> model.Contract:
    """The purchaser gives the parties longer to sign, also after the time was over (延期).

    Emits: contract.extended, message.sent. Raises: OnlyPurchaser, NotLater, DeadlineOver, EverybodySigned.
    """
    found, mine = _found(op, contract_id, purchaser=True)
    if found.status is not model.ContractStatus.DRAFT:
        model.CONTRACT.advance(found.status, "extend")
    _require_unfinished(op, found)
    until = naming.deadline(op, naming.Naming(sign_by=sign_by))
    if until is None or until <= (found.sign_by or 0):
        raise NotLater(field="sign_by")
    op.update("contract", found.id, {"sign_by": until}, was={"sign_by": found.sign_by})
    op.record("contract.extended", found.id, sign_by=until)
    noting.note(op, found, mine.role, "extended", about=str(until))
    naming.watch(op, op.get(model.Contract, "contract", found.id))
    parties.tell_others(op, found, "contract.was_extended", but=mine.role)
    return op.get(model.Contract, "contract", found.id)


def _require_unfinished(op: Operation, found: model.Contract) -> None:
    """Raises: EverybodySigned when the parties are through with a contract that is not sent back."""
    if found.status is model.ContractStatus.DRAFT and not parties.unsigned(op, found):
        raise EverybodySigned()
