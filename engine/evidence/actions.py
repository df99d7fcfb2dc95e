"""That an evidence pack was made is a fact of the log: who asked for it, of which contract, which bytes."""

from __future__ import annotations

from engine.evidence import queries
from engine.kernel.operation import Operation


def record_pack(op: Operation, *, contract_id: str, digest_hex: str, size: int) -> str:
    """Record a pack that was made for who acts. Composed by the doors, which make it.

    Emits: evidence.packed. Raises: NotFound, MayNot, NotAdministrator.
    """
    queries.require_entitled(op, contract_id)
    op.record("evidence.packed", contract_id, digest=digest_hex, size=size)
    return digest_hex
