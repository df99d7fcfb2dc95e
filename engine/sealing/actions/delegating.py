"""Letting a member use a seal: for which acts, until when, taken back at any time (ENT-3)."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel import clock, errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import queries as people
from engine.sealing import model, store
from engine.sealing.queries import gate, offers

LONGEST_MS = 3 * 366 * clock.DAY


class NotEntrustable(errors.PolicyRefused):
    """A personal seal is used by nobody but the person whose it is."""


class NotAColleague(errors.InvalidInput):
    """Choose a member of the enterprise."""


class MayAlready(errors.InvalidInput):
    """This member may use every seal of the enterprise by their role already."""


class ActsMissing(errors.InvalidInput):
    """Choose at least one thing that the seal may be used for."""


class TermInvalid(errors.InvalidInput):
    """Choose an end in the future, within three years and not after the seal's own end."""


class EntrustedAlready(errors.Conflict):
    """This seal is entrusted to this member already. Take that back first to change it."""


@second_factor
def delegate_seal(
    op: Operation,
    *,
    seal_id: str,
    account_id: str,
    acts: tuple[model.SealAct, ...],
    valid_to: int,
) -> model.SealDelegation:
    """Entrust a seal to a member, for these acts and until this instant; they are told.

    They use it with a certificate of their own and their own PIN. Emits: seal.delegated, message.sent.
    Raises: NotAMember, NotPossibleNow, NotEntrustable, NotAColleague, MayAlready, ActsMissing, TermInvalid,
    EntrustedAlready, SecondFactorNeeded.
    """
    found = op.get(model.Seal, "seal", seal_id)
    offers.require_keeper(op, found)
    if found.enterprise_id is None:
        raise NotEntrustable()
    if found.status not in model.LIVING:
        model.SEAL.advance(found.status, "suspend")
    member = people.membership(op, found.enterprise_id, account_id)
    if member is None:
        raise NotAColleague(field="account_id")
    if member.role in gate.USES_BY_ROLE:
        raise MayAlready(field="account_id")
    if not acts:
        raise ActsMissing(field="acts")
    if not op.now < valid_to <= min(found.valid_to, op.now + LONGEST_MS):
        raise TermInvalid(field="valid_to")
    before = store.active_delegation(op, seal_id, account_id)
    if before is not None and op.now < before.valid_to:
        raise EntrustedAlready()
    if before is not None:
        end_all(op, [before], "expired", tell=False)
    delegation = model.SealDelegation(
        id=op.new_id("sdl"),
        seal_id=seal_id,
        enterprise_id=found.enterprise_id,
        account_id=account_id,
        granted_by=people.person(op).account_id,
        acts=tuple(dict.fromkeys(acts)),
        status=model.DELEGATION.initial,
        valid_to=valid_to,
        created_at=op.now,
        ended_at=None,
    )
    op.insert("seal_delegation", delegation)
    op.record(
        "seal.delegated",
        seal_id,
        delegation_id=delegation.id,
        account_id=account_id,
        acts=list(delegation.acts),
        valid_to=valid_to,
    )
    _tell(op, delegation, found, "seal.entrusted")
    return delegation


def withdraw_seal_delegation(op: Operation, *, delegation_id: str) -> model.SealDelegation:
    """Take back the use of a seal at once; the member is told. It stops harm, so it asks for no new code.

    Emits: seal_delegation.withdrawn, message.sent. Raises: NotFound, NotAMember, NotPossibleNow.
    """
    found = op.get(model.SealDelegation, "seal_delegation", delegation_id)
    people.require_member(op, found.enterprise_id, offers.ADMINISTRATOR)
    status = model.DELEGATION.advance(found.status, "withdraw")
    _end(op, found, status, "withdrawn")
    op.record("seal_delegation.withdrawn", found.id, seal_id=found.seal_id)
    seal = op.get(model.Seal, "seal", found.seal_id)
    _tell(op, found, seal, "seal.entrusting_withdrawn")
    return op.get(model.SealDelegation, "seal_delegation", delegation_id)


def end_all(
    op: Operation, found: Iterable[model.SealDelegation], why: str, *, tell: bool = True
) -> None:
    """End delegations with what they hung on. Composed by this stage alone.

    Emits: seal_delegation.ended, message.sent.
    """
    for one in found:
        status = model.DELEGATION.advance(one.status, "end")
        _end(op, one, status, why)
        op.record("seal_delegation.ended", one.id, seal_id=one.seal_id, why=why)
        if tell:
            _tell(op, one, op.get(model.Seal, "seal", one.seal_id), "seal.entrusting_ended")


def _end(
    op: Operation, found: model.SealDelegation, status: model.DelegationStatus, why: str
) -> None:
    op.update(
        "seal_delegation",
        found.id,
        {"status": status, "ended_at": op.now, "why": why},
        was={"status": found.status},
    )


def _tell(op: Operation, one: model.SealDelegation, seal: model.Seal, kind: str) -> None:
    messaging.notify(
        op,
        account_id=one.account_id,
        kind=kind,
        params={
            "name": seal.name,
            "enterprise": people.enterprise(op, one.enterprise_id).name,
            "day": clock.civil_date(one.valid_to).isoformat(),
        },
        subject=one.seal_id,
    )
