"""The SQL of real-name proofs."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.registration import model


def open_proof(q: Reader, account_id: str) -> model.Proof | None:
    """The proof that has no end yet."""
    sql = (
        "SELECT * FROM real_name_proof WHERE account_id = ?"
        " AND status IN ('requested', 'awaiting_code')"
    )
    return q.first(model.Proof, sql, (account_id,))


def newest_proof(q: Reader, account_id: str, way: str = "") -> model.Proof | None:
    """The newest proof (of one way, where given)."""
    only, values = (" AND way = ?", (account_id, way)) if way else ("", (account_id,))
    sql = (
        f"SELECT * FROM real_name_proof WHERE account_id = ?{only}"  # noqa: S608
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.Proof, sql, values)


def proofs_since(q: Reader, account_id: str, since: int) -> list[model.Proof]:
    """An account's proofs that were begun at an instant or later."""
    sql = "SELECT * FROM real_name_proof WHERE account_id = ? AND created_at >= ?"
    return q.all(model.Proof, sql, (account_id, since))
