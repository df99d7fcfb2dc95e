"""The SQL of real-name proofs."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.registration import model


def open_proof(q: Reader, account_id: str) -> model.Proof | None:
    """The proof that has no end yet."""
    sql = "SELECT * FROM real_name_proof WHERE account_id = ? AND status IN ('requested', 'awaiting_code')"
    return q.first(model.Proof, sql, (account_id,))


def newest_proof(q: Reader, account_id: str) -> model.Proof | None:
    """The newest proof."""
    sql = (
        "SELECT * FROM real_name_proof WHERE account_id = ?"
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.Proof, sql, (account_id,))
