"""Proof of a certificate by its PIN: what binding, scan login and signing rest on.

Two acts. `actions.open_try` counts a try and commits that; then the act itself brings the phone's half,
and here is the only place where a right half is told from a wrong one. Whoever asks learns nothing before
the count stands. At the CA's limit the key is locked, for both certificates of a pair together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.issuing import model, schemes, store
from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies


class WrongPin(errors.PolicyRefused):
    """The certificate PIN is wrong. {left} tries are left before it is locked."""

    commits = True


class PinLocked(errors.PolicyRefused):
    """The certificate PIN is locked after too many wrong tries. Prove your real name to unlock it."""

    commits = True


class CertificateNotUsable(errors.PolicyRefused):
    """This certificate cannot be used: it is {status}."""


class NotYourDevice(errors.NotPermitted):
    """This certificate is on another phone. Use the phone you downloaded it with."""


class TryNotOpen(errors.Conflict):
    """This try was used or has lapsed. Enter the certificate PIN again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A certificate whose key confirmed something, and the ordinary signature that says so."""

    certificate: model.Certificate
    signature: bytes = field(repr=False)


def require_proof(
    op: Operation, *, certificate_id: str, message: bytes, proof: model.KeyProof
) -> Proved:
    """The usable certificate whose key signed `message` with the phone that holds it, and the signature.

    Emits: pin.proved, pin.wrong, pin.locked, message.sent.
    Raises: WrongPin and PinLocked (both committed), TryNotOpen, CertificateNotUsable, NotYourDevice.
    """
    certificate = held(op, certificate_id)
    if not certificate.usable(op.now):
        raise CertificateNotUsable(status=model.status_at(certificate, op.now))
    return check_pin(op, certificate, message, proof)


def held(op: Operation, certificate_id: str) -> model.Certificate:
    """The acting person's certificate, on the phone that they act with.

    Raises: NotFound, NotYourDevice.
    """
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
    op: Operation, certificate: model.Certificate, message: bytes, proof: model.KeyProof
) -> Proved:
    """Use the counted try, then look at the half.

    Emits: pin.proved, pin.wrong, pin.locked, message.sent. Raises: WrongPin, PinLocked, TryNotOpen.
    """
    if store.locked_at(op, certificate.pair_id) is not None:
        # Tries that were opened before are void: another one locked the PIN meanwhile.
        raise PinLocked(field="pin")
    if not store.use_try(op, proof.try_id, certificate.id):
        raise TryNotOpen()
    made = schemes.named(certificate.key_scheme).signature(op, certificate, message, proof)
    if made is not None:
        store.forgive(op, certificate.pair_id)
        op.record("pin.proved", certificate.id)
        return Proved(certificate=certificate, signature=made)
    left = tries_left(op, certificate)
    if left:
        op.record("pin.wrong", certificate.id, left=left)
        raise WrongPin(field="pin", left=left)
    lock(op, certificate)
    raise PinLocked(field="pin")


def tries_left(op: Operation, certificate: model.Certificate) -> int:
    """How many more tries the CA lets be made."""
    limit = op.policy(policies.CertificateAgency, certificate.agency_id).pin_tries
    return max(0, limit - store.tries(op, certificate.id))


def lock(op: Operation, certificate: model.Certificate) -> None:
    """The PIN is locked, which its holder is told once.

    Emits: pin.locked, message.sent.
    """
    if not store.lock(op, certificate.pair_id):
        return
    op.record("pin.locked", certificate.id, left=0)
    messaging.notify(
        op,
        account_id=certificate.account_id,
        kind="pin.locked",
        subject=certificate.id,
        todo=True,
    )
