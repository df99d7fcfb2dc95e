"""The PIN of a certificate: trying it, changing it, and unlocking it by proving one's real name."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils

from engine.issuing import model, proofs, store
from engine.kernel import challenges, clock, errors, sources, vault
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.pki import keys
from engine.policies import model as policies
from engine.registration import queries as people

# So many tries without the device's key may come from one source in a minute (as S-LOG-1's unknown codes).
FOREIGN_PER_MINUTE = 20
# So fresh a proof of one's real name unlocks a PIN.
FRESH_MS = 10 * clock.MINUTE
_POINT_BYTES = 32


class DeviceNotProved(errors.NotPermitted):
    """This try does not come from the phone that holds the certificate. Use that phone."""

    commits = True


class TooManyForeignTries(errors.PolicyRefused):
    """Too many tries came from here that were not this phone's. Wait a minute."""

    http_status = 429
    wait_s = 60


class NotLocked(errors.PolicyRefused):
    """The PIN of this certificate is not locked."""


class NameNotFresh(errors.PolicyRefused):
    """Prove your real name again, then unlock the PIN within {minutes} minutes."""


def _by_device(public_point: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a device's key signed: P-256 with SHA-256, r beside s as WebCrypto gives them."""
    if len(signature) != 2 * _POINT_BYTES:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, public_point)
        key.verify(utils.encode_dss_signature(r, s), message, keys.VERIFYING)
    except (InvalidSignature, ValueError):
        return False
    return True


def _digests(op: Operation, account_id: str) -> list[bytes]:
    values = (("address", op.source.address), ("account", account_id))
    return [
        vault.blind(op.parts.keyring, f"pin.foreign.{kind}", value)
        for kind, value in values
        if value
    ]


def open_try(
    op: Operation, *, certificate_id: str, nonce: bytes, device_signature: bytes
) -> model.Try:
    """Count a try at a certificate's PIN; the act that it is for follows with the phone's half.

    `nonce` is 16 bytes that the phone draws; its device's key signs `challenges.of_try` over them. Without
    that nothing is counted against the PIN, so that nobody else locks its owner out.
    Emits: pin.locked. Raises: DeviceNotProved (counted by source), TooManyForeignTries, PinLocked,
    CertificateNotUsable, NotYourDevice, AlreadyTaken for a nonce that was used. Source: security 3.3.
    """
    found = proofs.held(op, certificate_id)
    digests = _digests(op, found.account_id)
    if sources.often(op, digests, FOREIGN_PER_MINUTE, clock.MINUTE):
        raise TooManyForeignTries()
    message = challenges.of_try(certificate_id=certificate_id, nonce=nonce)
    device = people.device_public_key(op, found.device_id)
    if len(nonce) != model.NONCE_BYTES or not _by_device(device, message, device_signature):
        for one in digests:
            sources.count(op, one)
        raise DeviceNotProved()
    if not _may_be_proved(found, op.now):
        raise proofs.CertificateNotUsable(status=model.status_at(found, op.now))
    limit = op.policy(policies.CertificateAgency, found.agency_id).pin_tries
    if not store.count_try(op, found.pair_id, limit):
        proofs.lock(op, found)
        raise proofs.PinLocked(field="pin")
    try_id = store.open_try(op, found.id, nonce)
    return model.Try(id=try_id, certificate_id=found.id, left=proofs.tries_left(op, found))


def _may_be_proved(found: model.Certificate, now: int) -> bool:
    """Issued (it is taken into use by this) or active, and within its time."""
    living = (model.CertificateStatus.ISSUED, model.CertificateStatus.ACTIVE)
    return found.status in living and not found.expired(now)


def change_pin(op: Operation, *, certificate_id: str, proof: model.KeyProof) -> None:
    """The holder proves the old PIN; their phone has put its share under a new one.

    Neither PIN comes here. Emits: pin.proved, pin.changed, pin.wrong, pin.locked, message.sent.
    Raises: those of `proofs`. Source: CRT-4.
    """
    message = challenges.of_pin_change(certificate_id=certificate_id, try_id=proof.try_id)
    proved = proofs.require_proof(
        op, certificate_id=certificate_id, message=message, proof=proof, act="own"
    )
    op.record("pin.changed", certificate_id)
    messaging.notify(
        op, account_id=proved.certificate.account_id, kind="pin.changed", subject=certificate_id
    )


def unlock_pin(op: Operation, *, certificate_id: str) -> None:
    """The holder unlocks the PIN, having proved their real name after it was locked.

    The PIN stays what it is: a forgotten one means a replacement. Emits: pin.unlocked, message.sent.
    Raises: NotLocked, NameNotFresh, NotFound, NotYourDevice. Source: CRT-4.
    """
    found = proofs.held(op, certificate_id)
    locked_at = store.locked_at(op, found.pair_id)
    if locked_at is None:
        if proofs.tries_left(op, found):
            raise NotLocked()
        locked_at = 0
    named_at = people.account(op, found.account_id).real_name_at or 0
    if named_at <= max(locked_at, op.now - FRESH_MS):
        raise NameNotFresh(minutes=FRESH_MS // clock.MINUTE)
    store.forgive(op, found.pair_id)
    op.record("pin.unlocked", found.id)
    messaging.notify(op, account_id=found.account_id, kind="pin.unlocked", subject=found.id)
