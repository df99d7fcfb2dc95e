"""Taking a certificate into use on its phone."""

from __future__ import annotations

import hashlib

from engine.issuing import model, proofs, queries
from engine.kernel import challenges
from engine.kernel.operation import Operation
from engine.registration import queries as people


def activate(op: Operation, *, certificate_id: str, proof: model.KeyProof) -> model.Certificate:
    """The certificate is on its phone and its PIN is set and proved: now it is active.

    Emits: pin.proved, certificate.activated.
    Raises: those of `proofs`, NotPossibleNow.
    """
    found = queries.certificate(op, certificate_id)
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
    return op.get(model.Certificate, "certificate", certificate_id)
