"""Revoking a pair of certificates: by its holder, by staff, by whoever delegated it."""

from __future__ import annotations

from engine.issuing import model, pairs, queries
from engine.kernel import actors, errors
from engine.kernel.engine import second_factor, step_up
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import progress
from engine.registration import model as registration
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class ReasonInvalid(errors.InvalidInput):
    """“{reason}” is not a reason to revoke a certificate for."""


class NotDelegated(errors.PolicyRefused):
    """This certificate was not delegated to a member; its holder alone gives it up."""


@step_up
@second_factor
def revoke(op: Operation, *, certificate_id: str, reason: str) -> model.Certificate:
    """End a pair of certificates for good, with an RFC 5280 reason; by its holder or by the CA's staff.

    Emits: certificate.revoked, order.certificate_ended.
    Raises: ReasonInvalid, NotPossibleNow, MayNot. Source: CRT-3.
    """
    found = queries.certificate(op, certificate_id)
    if isinstance(op.actor, actors.Staff):
        staffing.require(op, Right.REVOKE, platform_id=found.platform_id, agency_id=found.agency_id)
    elif not isinstance(op.actor, actors.Person | actors.System):
        raise errors.NotPermitted()
    if reason not in queries.revocation_reasons(op):
        raise ReasonInvalid(field="reason", reason=reason)
    return end(op, found, reason)


@second_factor
def withdraw_delegation(op: Operation, *, certificate_id: str) -> None:
    """An administrator takes back what a member was to hold for the enterprise (ENT-3).

    Emits: certificate.revoked, order.certificate_ended.
    Raises: NotFound, NotAMember, NotDelegated, NotPossibleNow.
    """
    found = op.get(model.Certificate, "certificate", certificate_id)
    if found.enterprise_id is None:
        raise errors.NotFound(what="certificate")
    people.require_member(op, found.enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    if found.delegated_by is None:
        raise NotDelegated()
    end(op, found, "privilegeWithdrawn")


def end(op: Operation, found: model.Certificate, reason: str) -> model.Certificate:
    """Revoke a pair, whoever asks and whichever of the two is named. Composed by other actions.

    A certificate that the CA is still signing is revoked when it comes. What was encrypted for a
    superseded pair still opens. Emits: certificate.revoked, order.certificate_ended, message.sent.
    Raises: NotPossibleNow.
    """
    signing, *others = pairs.both(op, found)
    model.CERTIFICATE.advance(signing.status, "revoke")
    for one in (signing, *others):
        if model.CERTIFICATE.allows(one.status, "revoke"):
            revoke_one(op, one, reason)
    progress.certificate_ended(op, signing.order_id)
    messaging.notify(
        op, account_id=signing.account_id, kind="certificate.revoked", subject=signing.id
    )
    return op.get(model.Certificate, "certificate", found.id)


def revoke_one(op: Operation, found: model.Certificate, reason: str) -> None:
    """Revoke one certificate, and do away with its key's shares.

    Emits: certificate.revoked. Raises: NotPossibleNow.
    """
    status = model.CERTIFICATE.advance(found.status, "revoke")
    op.update(
        "certificate",
        found.id,
        {
            "status": status,
            "revoked_at": op.now,
            "revocation_reason": reason,
            "held_by": None,
        },
        was={"status": found.status},
    )
    pairs.shares_after(op, found, reason)
    op.record("certificate.revoked", found.id, reason=reason, enterprise_id=found.enterprise_id)
