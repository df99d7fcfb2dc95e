"""Putting a certificate on hold and taking it off."""

from __future__ import annotations

from collections.abc import Mapping

from engine.issuing import model, queries
from engine.kernel import actors, errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.pki import authority
from engine.staffing import queries as staffing
from engine.staffing.model import Right


@step_up
def suspend(op: Operation, *, certificate_id: str) -> model.Certificate:
    """Put a certificate on hold (RFC 5280 certificateHold), by the CA's staff.

    Emits: certificate.suspended. Raises: NotPossibleNow, MayNot.
    """
    held = {"revoked_at": op.now, "revocation_reason": authority.Reason.CERTIFICATE_HOLD.value}
    return _hold(op, certificate_id, "suspend", "certificate.suspended", held)


def resume(op: Operation, *, certificate_id: str) -> model.Certificate:
    """Take a certificate off hold, by the CA's staff.

    Emits: certificate.resumed. Raises: NotPossibleNow, MayNot.
    """
    free = {"revoked_at": None, "revocation_reason": None}
    return _hold(op, certificate_id, "resume", "certificate.resumed", free)


def _hold(
    op: Operation, certificate_id: str, verb: str, fact: str, changes: Mapping[str, object]
) -> model.Certificate:
    found = queries.certificate(op, certificate_id)
    if not isinstance(op.actor, actors.Staff):
        raise errors.NotPermitted()
    staffing.require(op, Right.REVOKE, platform_id=found.platform_id, agency_id=found.agency_id)
    status = model.CERTIFICATE.advance(found.status, verb)
    op.update("certificate", found.id, {"status": status, **changes}, was={"status": found.status})
    op.record(fact, found.id, enterprise_id=found.enterprise_id)
    messaging.notify(op, account_id=found.account_id, kind=fact, subject=found.id)
    return op.get(model.Certificate, "certificate", certificate_id)
