"""Revoking a certificate."""

from __future__ import annotations

from engine.issuing import model, queries, store
from engine.kernel import actors, errors
from engine.kernel.engine import second_factor, step_up
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import progress
from engine.pki import authority
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class ReasonInvalid(errors.InvalidInput):
    """“{reason}” is not a reason to revoke a certificate for."""


@step_up
@second_factor
def revoke(op: Operation, *, certificate_id: str, reason: str) -> model.Certificate:
    """End a certificate for good, with an RFC 5280 reason; by its holder or by the CA's staff.

    Emits: certificate.revoked, order.certificate_ended.
    Raises: ReasonInvalid, NotPossibleNow, MayNot.
    """
    found = queries.certificate(op, certificate_id)
    if isinstance(op.actor, actors.Staff):
        staffing.require(op, Right.REVOKE, platform_id=found.platform_id, agency_id=found.agency_id)
    elif not isinstance(op.actor, actors.Person | actors.System):
        raise errors.NotPermitted()
    if reason not in set(authority.Reason) or reason == authority.Reason.CERTIFICATE_HOLD:
        raise ReasonInvalid(field="reason", reason=reason)
    return end(op, found, reason)


def end(op: Operation, found: model.Certificate, reason: str) -> model.Certificate:
    """Revoke a certificate whoever asks. Composed by `revoke`, and when an account has ended.

    Emits: certificate.revoked, order.certificate_ended. Raises: NotPossibleNow.
    """
    status = model.CERTIFICATE.advance(found.status, "revoke")
    op.update(
        "certificate",
        found.id,
        {"status": status, "revoked_at": op.now, "revocation_reason": reason},
        was={"status": found.status},
    )
    store.destroy_shares(op, found.id)
    op.record("certificate.revoked", found.id, reason=reason, enterprise_id=found.enterprise_id)
    progress.certificate_ended(op, found.order_id)
    messaging.notify(op, account_id=found.account_id, kind="certificate.revoked", subject=found.id)
    return op.get(model.Certificate, "certificate", found.id)
