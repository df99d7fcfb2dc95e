"""Putting a pair of certificates on hold and taking it off (CRT-3)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.issuing import model, pairs, queries
from engine.kernel import actors, clock, errors
from engine.kernel.engine import look_only, step_up
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.pki import authority
from engine.policies import model as policies
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class HeldByStaff(errors.PolicyRefused):
    """The CA put this certificate on hold, and the CA alone can lift that. Call customer service."""


class NameNotProvedAnew(errors.PolicyRefused):
    """Prove your real name again, then resume the certificate within {minutes} minutes."""


@step_up
@look_only
def suspend(op: Operation, *, certificate_id: str) -> model.Certificate:
    """Put a pair on hold (RFC 5280 certificateHold): by its holder at once, or by the CA's staff.

    Staff may take over what the holder put on hold: from then on the holder cannot lift it.
    Emits: certificate.suspended, certificate.hold_taken_over, message.sent.
    Raises: NotPossibleNow, MayNot, NotPermitted.
    """
    found, by = _acting(op, certificate_id)
    over = found.status is model.CertificateStatus.SUSPENDED
    if over and by is model.Holder.STAFF and found.held_by is model.Holder.HOLDER:
        for one in pairs.both(op, found):
            if one.status is model.CertificateStatus.SUSPENDED:
                op.update(
                    "certificate", one.id, {"held_by": by}, was={"held_by": model.Holder.HOLDER}
                )
        op.record("certificate.hold_taken_over", found.id, enterprise_id=found.enterprise_id)
        return op.get(model.Certificate, "certificate", found.id)
    held = {
        "revoked_at": op.now,
        "revocation_reason": authority.Reason.CERTIFICATE_HOLD.value,
        "held_by": by,
    }
    return _move(op, found, "suspend", "certificate.suspended", held)


def resume(op: Operation, *, certificate_id: str) -> model.Certificate:
    """Take a pair off hold: the CA's staff any, its holder their own, having proved their real name anew.

    Emits: certificate.resumed, message.sent.
    Raises: HeldByStaff, NameNotProvedAnew, NotPossibleNow, MayNot, NotPermitted.
    """
    found, by = _acting(op, certificate_id)
    model.CERTIFICATE.advance(found.status, "resume")
    if by is model.Holder.HOLDER:
        if found.held_by is not model.Holder.HOLDER:
            raise HeldByStaff()
        _require_fresh_name(op, found)
    free = {"revoked_at": None, "revocation_reason": None, "held_by": None}
    return _move(op, found, "resume", "certificate.resumed", free)


def _acting(op: Operation, certificate_id: str) -> tuple[model.Certificate, model.Holder]:
    """The pair's signing certificate, and as who the actor puts it on hold."""
    named = queries.certificate(op, certificate_id)
    found = op.get(model.Certificate, "certificate", named.pair_id)
    if isinstance(op.actor, actors.Person):
        return found, model.Holder.HOLDER
    if not isinstance(op.actor, actors.Staff):
        raise errors.NotPermitted()
    staffing.require(op, Right.REVOKE, platform_id=found.platform_id, agency_id=found.agency_id)
    return found, model.Holder.STAFF


def _require_fresh_name(op: Operation, found: model.Certificate) -> None:
    minutes = op.policy(policies.RevocationRules).resume_minutes
    named_at = people.account(op, found.account_id).real_name_at or 0
    if named_at <= max(found.revoked_at or 0, op.now - minutes * clock.MINUTE):
        raise NameNotProvedAnew(minutes=minutes)


def _move(
    op: Operation,
    found: model.Certificate,
    verb: str,
    fact: str,
    changes: Mapping[str, object],
) -> model.Certificate:
    model.CERTIFICATE.advance(found.status, verb)
    for one in pairs.both(op, found):
        if model.CERTIFICATE.allows(one.status, verb):
            status = model.CERTIFICATE.advance(one.status, verb)
            op.update(
                "certificate", one.id, {"status": status, **changes}, was={"status": one.status}
            )
            op.record(fact, one.id, enterprise_id=one.enterprise_id)
    messaging.notify(op, account_id=found.account_id, kind=fact, subject=found.id)
    return op.get(model.Certificate, "certificate", found.id)
