"""What the acts on either certificate of a pair have in common (CRT-6). Composed by actions alone."""

from __future__ import annotations

from engine.issuing import model, store
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies


def comes_paired(op: Operation, signing: model.Certificate) -> bool:
    """Whether its CA issues this kind of certificate as a pair; a delegate's is always alone."""
    agency = op.policy(policies.CertificateAgency, signing.agency_id)
    return signing.product in agency.paired and signing.delegated_by is None


def both(op: Operation, found: model.Certificate) -> list[model.Certificate]:
    """The certificates of a pair, the signing one first."""
    return store.of_pair(op, found.pair_id)


def other(op: Operation, found: model.Certificate) -> model.Certificate | None:
    """The other certificate of a pair, where there is one."""
    return next((one for one in both(op, found) if one.id != found.id), None)


def tell_missing(op: Operation, pair_id: str) -> None:
    """The holder is told that the pair lacks its encryption certificate, and may ask for it again.

    Emits: encryption_key.missing, message.sent.
    """
    signing = op.get(model.Certificate, "certificate", pair_id)
    op.record("encryption_key.missing", signing.id)
    messaging.notify(
        op,
        account_id=signing.account_id,
        kind="encryption_key.missing",
        subject=signing.id,
        todo=True,
    )


def shares_after(op: Operation, found: model.Certificate, reason: str) -> None:
    """What becomes of a key's shares when its certificate is revoked.

    Nobody signs with it again. An encryption key that was superseded still opens old files; after any
    other reason that takes a recovery.
    """
    if found.usage is model.Usage.SIGNING:
        store.destroy_shares(op, found.id)
    elif reason not in model.STILL_OPENS:
        store.destroy_encryption_share(op, found.id)
