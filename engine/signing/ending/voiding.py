"""Voiding a contract that has passed, by agreement of all of its parties (作废).

The document keeps its signatures and stays as it is; that it is voided is said beside it. The agreement is
the acts of the parties' signed-in accounts, kept in the log; it is no signed document of its own.
"""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.signing import model, noting, parties, queries, store, wording


class VoidingProposed(errors.Conflict):
    """It is proposed already to void this contract. Answer that proposal."""


class NothingProposed(errors.PolicyRefused):
    """Nobody proposes to void this contract, or the proposal has ended."""


class YourOwnProposal(errors.PolicyRefused):
    """You made this proposal: the other parties answer it. You can take it back."""


class NotYourProposal(errors.PolicyRefused):
    """Another party made this proposal. You can agree to it or refuse it."""


class AgreedAlready(errors.Conflict):
    """Your party has agreed already."""


def _acting(op: Operation, contract_id: str) -> tuple[model.Contract, str]:
    found = queries.contract(op, contract_id)
    return found, parties.of_account(op, found, mall.signed_in(op).id).role


def _open(op: Operation, found: model.Contract) -> model.ContractVoiding:
    proposed = store.open_voiding(op, found.id)
    if proposed is None:
        raise NothingProposed()
    return proposed


def propose_voiding(op: Operation, *, contract_id: str, reason: str) -> model.ContractVoiding:
    """Propose to the other parties that a passed contract be void.

    Emits: voiding.proposed, message.sent. Raises: VoidingProposed, ReasonMissing, ReasonTooLong,
    NotPossibleNow.
    """
    found, role = _acting(op, contract_id)
    model.CONTRACT.advance(found.status, "void")
    if store.open_voiding(op, found.id) is not None:
        raise VoidingProposed()
    text = wording.checked(reason, "reason")
    voiding_id = op.new_id("voi")
    proposed = model.ContractVoiding(
        id=voiding_id,
        contract_id=found.id,
        role=role,
        status=model.VOIDING.initial,
        agreed_by=(),
        reason=wording.sealed(op, found, f"contract_voiding|reason|{voiding_id}", text),
        created_at=op.now,
        ended_at=None,
    )
    op.insert("contract_voiding", proposed)
    op.record("voiding.proposed", proposed.id, contract_id=found.id, role=role)
    noting.note(op, found, role, "voiding_proposed", text=text)
    for party in parties.of_version(op, found):
        if party.role != role:
            parties.tell(op, found, party, "contract.voiding_asked", todo=True)
    return proposed


def agree_voiding(op: Operation, *, contract_id: str) -> model.Contract:
    """Agree that a contract be void; with the last of the other parties it is.

    Emits: party.answered_voiding, voiding.agreement_given, voiding.agreed, contract.voided, message.done,
    message.sent.
    Raises: NothingProposed, YourOwnProposal, AgreedAlready.
    """
    found, role = _acting(op, contract_id)
    proposed = _open(op, found)
    if proposed.role == role:
        raise YourOwnProposal()
    if role in proposed.agreed_by:
        raise AgreedAlready()
    agreed = (*proposed.agreed_by, role)
    op.record("party.answered_voiding", parties.of_role(op, found, role).id, contract_id=found.id)
    noting.note(op, found, role, "voiding_agreed")
    if {*agreed, proposed.role} < {one.role for one in parties.of_version(op, found)}:
        changes: dict[str, object] = {"agreed_by": agreed}
        op.update("contract_voiding", proposed.id, changes, was={"agreed_by": proposed.agreed_by})
        op.record("voiding.agreement_given", proposed.id, contract_id=found.id, role=role)
        return found
    ended = model.VOIDING.advance(proposed.status, "agree")
    changes = {"agreed_by": agreed, "status": ended, "ended_at": op.now}
    op.update("contract_voiding", proposed.id, changes, was={"status": proposed.status})
    op.record("voiding.agreed", proposed.id, contract_id=found.id, role=role)
    status = model.CONTRACT.advance(found.status, "void")
    op.update(
        "contract", found.id, {"status": status, "ended_at": op.now}, was={"status": found.status}
    )
    op.record("contract.voided", found.id, version=found.version)
    parties.tell_others(op, found, "contract.was_voided", but=role)
    return op.get(model.Contract, "contract", found.id)


def refuse_voiding(op: Operation, *, contract_id: str, reason: str) -> model.ContractVoiding:
    """Refuse that a contract be void: it stays as it is.

    Emits: voiding.refused, message.done, message.sent. Raises: NothingProposed, YourOwnProposal,
    ReasonMissing, ReasonTooLong.
    """
    found, role = _acting(op, contract_id)
    proposed = _open(op, found)
    if proposed.role == role:
        raise YourOwnProposal()
    text = wording.checked(reason, "reason")
    noting.note(op, found, role, "voiding_refused", text=text)
    parties.tell_others(op, found, "contract.voiding_was_refused", but=role)
    return _end(op, found, proposed, "refuse")


def take_back_voiding(op: Operation, *, contract_id: str) -> model.ContractVoiding:
    """Take one's own proposal back before all have agreed: the contract stays as it is.

    Emits: voiding.taken_back, message.done. Raises: NothingProposed, NotYourProposal.
    """
    found, role = _acting(op, contract_id)
    proposed = _open(op, found)
    if proposed.role != role:
        raise NotYourProposal()
    noting.note(op, found, role, "voiding_taken_back")
    return _end(op, found, proposed, "take_back")


def _end(
    op: Operation, found: model.Contract, proposed: model.ContractVoiding, verb: str
) -> model.ContractVoiding:
    """Emits: voiding.refused, voiding.taken_back, message.done."""
    status = model.VOIDING.advance(proposed.status, verb)
    changes = {"status": status, "ended_at": op.now}
    op.update("contract_voiding", proposed.id, changes, was={"status": proposed.status})
    op.record(f"voiding.{status}", proposed.id, contract_id=found.id)
    parties.release(op, found)
    return op.get(model.ContractVoiding, "contract_voiding", proposed.id)
