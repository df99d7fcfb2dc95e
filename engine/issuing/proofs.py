"""Proof of a certificate by its PIN: what binding, scan login and signing rest on.

The phone's key is camouflaged under the PIN, so a wrong PIN makes a signature by another key. Only
here is that seen: the try is counted in the same transaction that looks at the signature, and whoever
asks learns nothing before that has been committed. At the CA's limit the certificate's key is locked.
"""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm

from engine.issuing import model, store
from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.pki import keys
from engine.policies import model as policies


class WrongPin(errors.PolicyRefused):
    """The certificate PIN is wrong. {left} tries are left before it is locked."""

    commits = True


class PinLocked(errors.PolicyRefused):
    """The certificate PIN is locked after too many wrong tries. Unlock it with customer service."""

    commits = True


class CertificateNotUsable(errors.PolicyRefused):
    """This certificate cannot be used: it is {status}."""


class NotYourDevice(errors.NotPermitted):
    """This certificate is on another phone. Use the phone you downloaded it with."""


def require_proof(
    op: Operation, *, certificate_id: str, message: bytes, signature: bytes
) -> model.Certificate:
    """The usable certificate whose key signed `message` on the phone that holds it.

    Emits: pin.proved, pin.wrong, pin.locked.
    Raises: WrongPin and PinLocked (both committed), CertificateNotUsable, NotYourDevice.
    """
    certificate = _own(op, certificate_id)
    if not certificate.usable(op.now):
        raise CertificateNotUsable(status=model.status_at(certificate, op.now))
    check_pin(op, certificate, message, signature)
    return certificate


def _own(op: Operation, certificate_id: str) -> model.Certificate:
    person = op.actor
    found = op.first(model.Certificate, "SELECT * FROM certificate WHERE id = ?", (certificate_id,))
    if (
        not isinstance(person, actors.Person)
        or found is None
        or found.account_id != person.account_id
    ):
        raise errors.NotFound(what="certificate")
    if found.device_id != person.device_id:
        raise NotYourDevice()
    return found


def check_pin(
    op: Operation, certificate: model.Certificate, message: bytes, signature: bytes
) -> None:
    """Count the try, then look at the signature.

    Emits: pin.proved, pin.wrong, pin.locked. Raises: WrongPin, PinLocked.
    """
    limit = op.policy(policies.CertificateAgency, certificate.agency_id).pin_tries
    if store.tries(op, certificate.id) >= limit:
        raise PinLocked()
    op.unlogged(
        "INSERT INTO pin_guard (certificate_id, tries) VALUES (?, 1)"
        " ON CONFLICT (certificate_id) DO UPDATE SET tries = pin_guard.tries + 1",
        (certificate.id,),
    )
    if _genuine(certificate, message, signature):
        op.unlogged("UPDATE pin_guard SET tries = 0 WHERE certificate_id = ?", (certificate.id,))
        op.record("pin.proved", certificate.id)
        return
    left = limit - store.tries(op, certificate.id)
    op.record("pin.wrong" if left else "pin.locked", certificate.id, left=left)
    if not left:
        raise PinLocked(field="pin")
    raise WrongPin(field="pin", left=left)


def _genuine(certificate: model.Certificate, message: bytes, signature: bytes) -> bool:
    try:
        key = keys.public_from_der(certificate.public_key)
    except (keys.KeyUnreadable, UnsupportedAlgorithm):
        return False
    return keys.verify(key, signature, message)
