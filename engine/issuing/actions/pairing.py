"""The second certificate of a pair: its key comes from the key management centre, in two shares (CRT-6).

A pair is complete once the phone has its share of the encryption key and has shown that it does; scanning
and signing work before that, decrypting does not (domain-rules 3).
"""

from __future__ import annotations

from engine.issuing import coverage, model, pairs, proofs, store
from engine.issuing.actions import recovering, requesting
from engine.kernel import challenges, errors
from engine.kernel.engine import unstored
from engine.kernel.operation import Operation
from engine.ordering import queries as orders
from engine.pki import decrypting


class NotPaired(errors.PolicyRefused):
    """This certificate has no second one for encryption: its CA issues it alone."""


class ShareNotThere(errors.PolicyRefused):
    """The encryption key of this certificate is not here to be taken. Have it recovered."""


class NotForDecryption(errors.PolicyRefused):
    """Nothing can be opened with this certificate: it is {status}."""


class KeyPairDiffers(errors.Conflict):
    """The key that the key management centre sent is not a pair with its public key. It was put aside."""

    commits = True


class ShareNotHeld(errors.InvalidInput):
    """This phone does not hold its share of the encryption key. Take it again."""


def record_encryption_key(
    op: Operation, *, signing_id: str, public_key: bytes, private_key: bytes
) -> model.Certificate:
    """Divide the key that the centre made and ask for its certificate; the whole key is not kept.

    Emits: certificate.requested, encryption_key.differs.
    Raises: NotPossibleNow once the signing certificate has ended, KeyPairDiffers (recorded).
    """
    op.require_system()
    signing = op.get(model.Certificate, "certificate", signing_id)
    known = pairs.other(op, signing)
    if known is not None:
        return known
    # Asked of the table: what has ended is not completed any more.
    model.CERTIFICATE.advance(signing.status, "revoke")
    if not decrypting.is_pair(public_key, private_key):
        op.record("encryption_key.differs", signing.id)
        raise KeyPairDiffers()
    divided = decrypting.divide(private_key, op.entropy)
    made = requesting.reserve(
        op,
        orders.order(op, signing.order_id),
        device_id=signing.device_id,
        public_key=public_key,
        key_scheme=model.Scheme.AGENCY,
        signing=signing,
    )
    store.keep_encryption_share(op, made.id, server=divided.server, phone=divided.phone)
    return made


def encryption_missing(op: Operation, *, signing_id: str) -> None:
    """The centre or the CA did not answer in time: the holder is told that the pair is not complete.

    Emits: encryption_key.missing, message.sent.
    """
    op.require_system()
    pairs.tell_missing(op, signing_id)


def ask_encryption_key(op: Operation, *, certificate_id: str) -> None:
    """Ask once more for the encryption certificate that is missing in a pair (补下加密证书).

    Emits: encryption_key.asked. Raises: NotPaired, NotPossibleNow, NotYourDevice, NotFound.
    """
    signing = proofs.held(op, certificate_id)
    if not pairs.comes_paired(op, signing) or signing.usage is not model.Usage.SIGNING:
        raise NotPaired()
    model.CERTIFICATE.advance(signing.status, "revoke")
    if pairs.other(op, signing) is not None:
        raise errors.Conflict()
    op.record("encryption_key.asked", signing.id)
    op.enqueue("make_encryption_key", signing.id)


@unstored
def take_encryption_share(
    op: Operation, *, certificate_id: str, opens_with: str, proof: model.KeyProof
) -> model.EncryptionShare:
    """Hand the phone its share, which it puts under the certificate PIN that was just proved.

    `opens_with` is the signing certificate on this phone. Until the phone confirms, it may ask again: an
    answer that was lost on the way has lost nothing. Emits: pin.proved, encryption_key.handed_over.
    Raises: ShareNotThere, those of `proofs` and `coverage`.
    """
    message = challenges.of_encryption_share(certificate_id=certificate_id, try_id=proof.try_id)
    with proofs.judged(op, opens_with, message, proof):
        found = _for_decryption(op, certificate_id, opens_with)
        kept = store.encryption_share(op, found.id)
        if kept is None or kept.phone is None or found.der is None:
            raise ShareNotThere()
    proofs.require_proof(op, certificate_id=opens_with, message=message, proof=proof, act="decrypt")
    op.record("encryption_key.handed_over", found.id)
    divided = decrypting.of(found.public_key)
    return model.EncryptionShare(
        certificate_id=found.id,
        public_key=found.public_key,
        share=kept.phone,
        modulus=divided.modulus_bytes,
        sample=decrypting.sample_for(found.public_key, found.id).value,
    )


def _for_decryption(op: Operation, certificate_id: str, opens_with: str) -> model.Certificate:
    """An encryption certificate of whoever holds the signing one on this phone.

    What members hold within the enterprise's own opens nothing of it (ENT-3).
    Raises: NotFound, NotYourDevice, NotForDecryption, CertificateNotUsable, OutOfScope, OtherEvent.
    """
    signing = proofs.held(op, opens_with)
    found = proofs.held(op, certificate_id)
    if found.usage is not model.Usage.ENCRYPTION or signing.usage is not model.Usage.SIGNING:
        raise errors.NotFound(what="certificate")
    if signing.enterprise_id != found.enterprise_id:
        raise errors.NotFound(what="certificate")
    if found.status is model.CertificateStatus.SUSPENDED:
        raise NotForDecryption(status=model.status_at(found, op.now))
    proofs.require_usable(op, signing)
    coverage.require(op, signing, "decrypt")
    return found


def confirm_encryption_share(
    op: Operation, *, certificate_id: str, half: bytes
) -> model.Certificate:
    """The phone holds its share: the pair is complete, and the share that waited here is destroyed.

    `half` is what the phone makes of `decrypting.sample_for` with it. Emits: encryption_key.taken,
    key_recovery.taken.
    Raises: ShareNotThere, ShareNotHeld, NotFound, NotYourDevice. Source: CRT-6, domain-rules 3.
    """
    found = proofs.held(op, certificate_id)
    kept = store.encryption_share(op, found.id)
    if kept is None or kept.phone is None or found.der is None:
        raise ShareNotThere()
    sample = decrypting.sample_for(found.public_key, found.id)
    try:
        made = decrypting.of(found.public_key).join(sample.value, half, kept.server)
    except (decrypting.HalfWrong, decrypting.NotOpened) as problem:
        raise ShareNotHeld() from problem
    if made != sample.expected:
        raise ShareNotHeld()
    if found.status is model.CertificateStatus.ISSUED:
        op.update(
            "certificate",
            found.id,
            {
                "status": model.CERTIFICATE.advance(found.status, "activate"),
                "activated_at": op.now,
            },
            was={"status": found.status},
        )
    _recovery_taken(op, found)
    store.encryption_share_taken(op, found.id)
    op.record("encryption_key.taken", found.pair_id, certificate_id=found.id)
    return op.get(model.Certificate, "certificate", found.id)


def _recovery_taken(op: Operation, found: model.Certificate) -> None:
    recovery = store.recovery_of(op, found.id)
    if recovery is not None and recovery.status is model.RecoveryStatus.DIVIDED:
        recovering.move_recovery(op, recovery, "take", "key_recovery.taken")


@unstored
def open_envelope(
    op: Operation,
    *,
    certificate_id: str,
    opens_with: str,
    value: bytes,
    half: bytes,
    proof: model.KeyProof,
) -> bytes:
    """Decrypt one value by both halves, under the PIN of the signing certificate on the same phone.

    `value` is what the phone veiled and `half` what it made of that; only the phone can take the veil off
    what comes back. A key whose certificate was superseded or has expired still opens what it was used for.
    Emits: pin.proved, envelope.opened. Raises: ShareNotThere, NotForDecryption, decrypting.HalfWrong,
    decrypting.NotOpened, those of `proofs`. Source: CRT-6, domain-rules 4.
    """
    message = challenges.of_opening(certificate_id=certificate_id, value=value)
    with proofs.judged(op, opens_with, message, proof):
        found = require_opens(op, certificate_id=certificate_id, opens_with=opens_with)
    proofs.require_proof(op, certificate_id=opens_with, message=message, proof=proof, act="decrypt")
    return joined(op, found, opens_with=opens_with, value=value, half=half)


def require_opens(op: Operation, *, certificate_id: str, opens_with: str) -> model.Certificate:
    """An encryption certificate of whose key both shares are there. Composed by upper stages.

    Raises: ShareNotThere, NotForDecryption, NotFound, NotYourDevice, CertificateNotUsable, OutOfScope,
    OtherEvent.
    """
    found = _for_decryption(op, certificate_id, opens_with)
    kept = store.encryption_share(op, found.id)
    if kept is None or kept.taken_at is None:
        raise ShareNotThere()
    return found


def joined(
    op: Operation, found: model.Certificate, *, opens_with: str, value: bytes, half: bytes
) -> bytes:
    """What both halves make of a value whose opening was proved by the PIN. Composed by upper stages.

    Emits: envelope.opened. Raises: decrypting.HalfWrong, decrypting.NotOpened.
    """
    kept = store.encryption_share(op, found.id)
    if kept is None:
        raise ShareNotThere()
    # The PIN was right, whatever the value is: that much stands.
    with proofs.proved_anyway():
        made = decrypting.of(found.public_key).join(value, half, kept.server)
    op.record("envelope.opened", found.id, opens_with=opens_with)
    return made
