"""Up to 50 contracts signed with one act of will (SGN-3, domain-rules 6)."""

from __future__ import annotations

from engine.issuing import model as issuing
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.signing import model, signatures


class BatchEmpty(errors.InvalidInput):
    """Choose the contracts to be signed."""


class BatchTooLarge(errors.InvalidInput):
    """At most {limit} contracts can be signed at once. Sign the others after these."""


def request_batch(
    op: Operation, *, contract_ids: tuple[str, ...], certificate_id: str, seal_id: str
) -> model.SigningBatch:
    """Ask to sign several contracts with one certificate and one seal; the documents are prepared next.

    All of them can be signed now, or nothing is asked for; a refusal's `field` names the contract.
    Emits: batch.requested, signature.requested, signature.failed. Raises: BatchEmpty, BatchTooLarge, and
    those of `signatures.ask`.
    """
    wanted = tuple(dict.fromkeys(contract_ids))
    if not wanted:
        raise BatchEmpty(field="contract_ids")
    if len(wanted) > model.MOST_AT_ONCE:
        raise BatchTooLarge(field="contract_ids", limit=model.MOST_AT_ONCE)
    account = mall.signed_in(op)
    certificate = op.get(issuing.Certificate, "certificate", certificate_id)
    batch = model.SigningBatch(
        id=op.new_id("bat"),
        mall_account_id=account.id,
        platform_id=account.platform_id,
        certificate_id=certificate.id,
        seal_id=seal_id,
        account_id=certificate.account_id,
        created_at=op.now,
        signed_at=None,
    )
    op.insert("signing_batch", batch)
    op.record("batch.requested", batch.id, count=len(wanted))
    for contract_id in wanted:
        try:
            signatures.ask(op, contract_id, certificate_id, seal_id, batch_id=batch.id)
        except errors.EngineError as refusal:
            refusal.field = refusal.field or contract_id
            raise
    return batch
