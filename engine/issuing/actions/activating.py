"""Taking a certificate into use on its phone."""

from __future__ import annotations

import hashlib

from engine.issuing import model, pairs, proofs, queries
from engine.issuing.actions import ending
from engine.kernel import challenges, errors
from engine.kernel.operation import Operation
from engine.registration import queries as people


def activate(op: Operation, *, certificate_id: str, proof: model.KeyProof) -> model.Certificate:
    """The certificate is on its phone and its PIN is set and proved: now it is active.

    The one whose place it takes is superseded with it. Emits: pin.proved, certificate.activated,
    certificate.revoked, order.certificate_ended.
    Raises: those of `proofs`, NotPossibleNow. Source: CRT-1, CRT-3.
    """
    found = queries.certificate(op, certificate_id)
    if found.usage is not model.Usage.SIGNING:
        raise errors.NotFound(what="certificate")
    person = people.person(op)
    if found.device_id != person.device_id:
        raise proofs.NotYourDevice()
    status = model.CERTIFICATE.advance(found.status, "activate")
    if found.expired(op.now):
        raise proofs.CertificateNotUsable(status=model.status_at(found, op.now))
    message = challenges.of_activation(
        certificate_id=found.id,
        certificate_digest=hashlib.sha256(found.der or b"").digest(),
    )
    proofs.check_pin(op, found, message, proof)
    op.update(
        "certificate",
        found.id,
        {"status": status, "activated_at": op.now},
        was={"status": found.status},
    )
    op.record(
        "certificate.activated",
        found.id,
        order_id=found.order_id,
        enterprise_id=found.enterprise_id,
        not_after=found.not_after,
    )
    if found.replaces is not None:
        _supersede(op, found.replaces, found.id)
    return op.get(model.Certificate, "certificate", certificate_id)


def _supersede(op: Operation, certificate_id: str, by: str) -> None:
    """The old pair makes way: it is told what comes after it, then revoked unless it has ended before.

    Its encryption key still opens what was encrypted for it (domain-rules 4).
    """
    old = op.get(model.Certificate, "certificate", certificate_id)
    for one in pairs.both(op, old):
        op.update("certificate", one.id, {"replaced_by": by}, was={"status": one.status})
    op.record("certificate.replaced", old.id, by=by)
    if model.CERTIFICATE.allows(old.status, "revoke"):
        ending.end(op, old, "superseded")
