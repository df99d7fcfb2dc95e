"""Bringing an encryption key back out of its archive, under four eyes (CRT-6). Never a signing key."""

from __future__ import annotations

from engine.issuing import coverage, model, queries, store
from engine.kernel import actors, errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.pki import decrypting
from engine.registration import queries as people
from engine.reviewing import actions as reviewing


class NeverRecovered(errors.PolicyRefused):
    """A signing key is archived nowhere, so nobody can recover it. Have the certificate replaced."""


class NotYours(errors.PolicyRefused):
    """This key was held for an enterprise that has taken that back. It is not recovered for you."""


class NoCertificateHere(errors.PolicyRefused):
    """A key is recovered onto a phone with a usable certificate of the same holder. Download that first."""


@second_factor
def ask_recovery(op: Operation, *, certificate_id: str, why: model.Why) -> model.Recovery:
    """Ask for the key of an encryption certificate again: the phone is lost, or its PIN forgotten.

    Emits: key_recovery.asked, case.opened. Raises: NeverRecovered, NotYours, NoCertificateHere, NotFound,
    AlreadyTaken while one is open. Source: CRT-6, domain-rules 4.
    """
    person = people.person(op)
    found = queries.certificate(op, certificate_id)
    if found.usage is model.Usage.SIGNING:
        raise NeverRecovered()
    if found.revocation_reason == "privilegeWithdrawn" or found.der is None:
        raise NotYours()
    recovery = model.Recovery(
        id=op.new_id("rec"),
        certificate_id=found.id,
        account_id=person.account_id,
        device_id=person.device_id,
        opens_with=_opens_with(op, found, person),
        status=model.RECOVERY.initial,
        why=why,
        reasons=(),
        approved_by=(),
        created_at=op.now,
        decided_at=None,
    )
    op.insert("key_recovery", recovery)
    op.record("key_recovery.asked", recovery.id, certificate_id=found.id, why=why)
    reviewing.open_case(
        op,
        kind="key_recovery",
        subject_id=recovery.id,
        title=queries.title(op, found),
        maker=op.actor.text,
        platform_id=found.platform_id,
        agency_id=found.agency_id,
    )
    return recovery


def _opens_with(op: Operation, found: model.Certificate, person: actors.Person) -> str:
    """The newest usable signing certificate of the same holder on this phone.

    Raises: NoCertificateHere.
    """
    for one in store.of_account(op, person.account_id):
        here = one.device_id == person.device_id and one.usable(op.now)
        same = one.enterprise_id == found.enterprise_id
        if here and same and coverage.covers(op, one, "decrypt"):
            return one.id
    raise NoCertificateHere()


def withdraw_recovery(op: Operation, *, recovery_id: str) -> None:
    """The holder takes their request back before it was decided.

    Emits: key_recovery.withdrawn, case.withdrawn. Raises: NotFound, NotPossibleNow.
    """
    recovery = op.get(model.Recovery, "key_recovery", recovery_id)
    if recovery.account_id != people.person(op).account_id:
        raise errors.NotFound(what="key recovery")
    move_recovery(op, recovery, "withdraw", "key_recovery.withdrawn", decided_at=op.now)
    reviewing.withdraw(op, subject_id=recovery.id)


def record_recovered_key(op: Operation, *, recovery_id: str, private_key: bytes) -> model.Recovery:
    """Divide the key that the centre released, for the phone that asked; the whole key is not kept.

    The shares that were there before fit no more. Emits: key_recovery.divided, message.sent.
    Raises: NotPossibleNow.
    """
    op.require_system()
    recovery = op.get(model.Recovery, "key_recovery", recovery_id)
    found = op.get(model.Certificate, "certificate", recovery.certificate_id)
    divided = decrypting.divide(private_key, op.entropy)
    store.keep_encryption_share(op, found.id, server=divided.server, phone=divided.phone)
    op.update(
        "certificate", found.id, {"device_id": recovery.device_id}, was={"status": found.status}
    )
    moved = move_recovery(op, recovery, "divide", "key_recovery.divided")
    messaging.notify(
        op,
        account_id=recovery.account_id,
        kind="encryption_key.waits",
        subject=found.pair_id,
        todo=True,
    )
    return moved


def move_recovery(
    op: Operation, recovery: model.Recovery, verb: str, fact: str, **changes: object
) -> model.Recovery:
    """A step of a recovery. Composed by its actions and by the review's decision."""
    status = model.RECOVERY.advance(recovery.status, verb)
    op.update(
        "key_recovery", recovery.id, {"status": status, **changes}, was={"status": recovery.status}
    )
    op.record(fact, recovery.id, certificate_id=recovery.certificate_id)
    return op.get(model.Recovery, "key_recovery", recovery.id)
