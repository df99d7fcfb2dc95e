"""Proof of a certificate by its PIN: what binding, scan login and signing rest on.

Two acts. `actions.open_try` counts a try and commits that; then the act itself brings the phone's half,
and here is the only place where a right half is told from a wrong one. Whoever asks learns nothing before
the count stands. At the CA's limit the key is locked, for both certificates of a pair together.

An act may be refused for a reason beside the PIN: its QR has expired, its seal is suspended. Such checks
stand in `judged`, so that a right half is forgiven its count even then, and the act is not done. Each try
is used up by that, right or wrong, so nobody learns more from a refused act than from a wrong PIN.

One entry of the PIN may confirm several messages (`require_proofs`): one try, a half for each, all of them
or nothing. A single wrong half among right ones counts as one wrong PIN, and no signature leaves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.issuing import coverage, finishing, model, schemes, store
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AllProved:
    """A certificate whose key confirmed several messages, and a signature for each, in their order."""

    certificate: model.Certificate
    signatures: tuple[bytes, ...] = field(repr=False)


def require_proof(
    op: Operation,
    *,
    certificate_id: str,
    message: bytes,
    proof: model.KeyProof,
    act: coverage.Act | Literal["own"],
) -> Proved:
    """`require_proofs` for one message.

    Emits and raises: what that does.
    """
    proved = require_proofs(
        op, certificate_id=certificate_id, messages=(message,), proof=proof, act=act
    )
    return Proved(certificate=proved.certificate, signature=proved.signatures[0])


def require_proofs(
    op: Operation,
    *,
    certificate_id: str,
    messages: Sequence[bytes],
    proof: model.KeyProof,
    act: coverage.Act | Literal["own"],
) -> AllProved:
    """The usable certificate whose key signed the messages with its holder's phone, and the signatures.

    One entry of the PIN, so one try, however many they are; all are proved or none. `act` is what it is
    used for, which it must cover; `own` is what only concerns itself, such as its PIN. A one-time
    certificate is finished with that. Emits: pin.proved, pin.wrong, pin.locked, certificate.finished,
    order.certificate_ended, message.sent.
    Raises: WrongPin and PinLocked (both committed), TryNotOpen, CertificateNotUsable, NotYourDevice,
    coverage.OutOfScope, coverage.OtherEvent.
    """
    certificate = held(op, certificate_id)
    with all_judged(op, certificate_id, messages, proof):
        require_usable(op, certificate)
        if act != "own":
            coverage.require(op, certificate, act)
    proved = _checked(op, certificate, messages, proof)
    if act != "own" and certificate.one_time:
        finishing.finish(op, certificate, act)
    return proved


def require_usable(op: Operation, certificate: model.Certificate) -> None:
    """Refuse a certificate that is not active, or beyond its time.

    Raises: CertificateNotUsable.
    """
    if not certificate.usable(op.now):
        raise CertificateNotUsable(status=model.status_at(certificate, op.now))


def judged(
    op: Operation, certificate_id: str, message: bytes, proof: model.KeyProof
) -> contextlib.AbstractContextManager[None]:
    """`all_judged` for one message."""
    return all_judged(op, certificate_id, (message,), proof)


@contextlib.contextmanager
def all_judged(
    op: Operation, certificate_id: str, messages: Sequence[bytes], proof: model.KeyProof
) -> Iterator[None]:
    """Around the checks of an act that are made before its PIN: they write nothing, or commit what they do.

    Where one refuses, the try is used up all the same, and forgiven if its half was right; that alone is
    kept. Source: `security.md` 3.3. Raises: what the checks raise.
    """
    try:
        yield
    except errors.EngineError as refusal:
        if _use_up(op, certificate_id, messages, proof):
            refusal.commits = True
        raise


@contextlib.contextmanager
def proved_anyway() -> Iterator[None]:
    """Around what can still refuse an act after its PIN was right, and writes nothing: the proof stands.

    Raises: what it surrounds.
    """
    try:
        yield
    except errors.EngineError as refusal:
        refusal.commits = True
        raise


def _use_up(
    op: Operation, certificate_id: str, messages: Sequence[bytes], proof: model.KeyProof
) -> bool:
    """Use a try for an act that is refused; right halves are forgiven its count. Whether it was open."""
    try:
        certificate = held(op, certificate_id)
    except errors.EngineError:
        return False
    if store.locked_at(op, certificate.pair_id) is not None:
        return False
    if not store.use_try(op, proof.try_id, certificate.id):
        return False
    if schemes.named(certificate.key_scheme).recognizes(op, certificate, messages, proof):
        store.forgive(op, certificate.pair_id)
    return True


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
    proved = _checked(op, certificate, (message,), proof)
    return Proved(certificate=proved.certificate, signature=proved.signatures[0])


def _checked(
    op: Operation, certificate: model.Certificate, messages: Sequence[bytes], proof: model.KeyProof
) -> AllProved:
    """Use the counted try, then look at every half."""
    if store.locked_at(op, certificate.pair_id) is not None:
        # Tries that were opened before are void: another one locked the PIN meanwhile.
        raise PinLocked(field="pin")
    if not store.use_try(op, proof.try_id, certificate.id):
        raise TryNotOpen()
    try:
        made = schemes.named(certificate.key_scheme).signatures(op, certificate, messages, proof)
    except schemes.RefreshRefused as refusal:
        # The half was right: only what came beside it was not.
        store.forgive(op, certificate.pair_id)
        refusal.commits = True
        raise
    if made is not None:
        store.forgive(op, certificate.pair_id)
        op.record("pin.proved", certificate.id)
        return AllProved(certificate=certificate, signatures=made)
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
