"""A one-time certificate ends with its one act (CRT-2). Composed by `proofs` alone."""

from __future__ import annotations

from engine.issuing import model, pairs, store
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import progress


def finish(op: Operation, certificate: model.Certificate, act: str) -> None:
    """The act is done: the platform's share of the key goes, and the order is free for the next one.

    Nothing is revoked, so what was signed stays valid at its time. Of two acts at once the second finds the
    certificate changed. Emits: certificate.finished, order.certificate_ended, message.sent.
    """
    for one in pairs.both(op, certificate):
        if not model.CERTIFICATE.allows(one.status, "finish"):
            continue
        status = model.CERTIFICATE.advance(one.status, "finish")
        op.update(
            "certificate",
            one.id,
            {"status": status, "finished_at": op.now},
            was={"status": one.status},
        )
        if one.usage is model.Usage.SIGNING:
            store.destroy_shares(op, one.id)
        else:
            store.destroy_encryption_share(op, one.id)
        op.record("certificate.finished", one.id, act=act, enterprise_id=one.enterprise_id)
    progress.certificate_ended(op, certificate.order_id)
    messaging.notify(
        op,
        account_id=certificate.account_id,
        kind="certificate.finished",
        subject=certificate.pair_id,
    )
