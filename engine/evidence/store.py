"""The SQL of evidence: what is behind a signature, read from the tables and from the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.kernel import database
from engine.kernel.reader import Reader

_COLUMNS = "seq, occurred_at, operation, actor, action, kind, version, subject, body, previous, mac"
UNLOGGED: dict[str, str] = {}


def _ids(q: Reader, sql: str, values: Iterable[str]) -> list[str]:
    return [str(row["id"]) for row in q.rows(sql, tuple(values))]


def payments(q: Reader, order_id: str) -> list[str]:
    """The payments of an order."""
    return _ids(q, "SELECT id FROM payment WHERE order_id = ? ORDER BY created_at, id", [order_id])


def invoices(q: Reader, order_id: str) -> list[tuple[str, str]]:
    """The rows that say by which invoice an order was invoiced, and the invoices."""
    sql = "SELECT id, invoice_id FROM invoiced_order WHERE order_id = ? ORDER BY id"
    return [(str(row["id"]), str(row["invoice_id"])) for row in q.rows(sql, (order_id,))]


def claims(q: Reader, enterprise_id: str) -> list[str]:
    """The approved claims of an enterprise."""
    sql = (
        "SELECT id FROM enterprise_claim WHERE enterprise_id = ? AND status = 'approved'"
        " ORDER BY created_at, id"
    )
    return _ids(q, sql, [enterprise_id])


def proofs(q: Reader, account_id: str, before: int) -> list[str]:
    """The proofs of a person's real name that had matched by an instant, newest first."""
    sql = (
        "SELECT id FROM real_name_proof WHERE account_id = ? AND status = 'matched'"
        " AND decided_at <= ? ORDER BY decided_at DESC, id DESC LIMIT 1"
    )
    return [str(row["id"]) for row in q.rows(sql, (account_id, before))]


def cases(q: Reader, subjects: Iterable[str]) -> list[tuple[str, str]]:
    """The reviews of some subjects, and which subject each is of."""
    wanted = tuple(subjects)
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT id, subject_id FROM review_case WHERE subject_id IN ({marks}) ORDER BY opened_at, id"  # noqa: S608
    return [(str(row["id"]), str(row["subject_id"])) for row in q.rows(sql, wanted)]


def approvals(q: Reader, case_ids: Iterable[str]) -> list[str]:
    """The approvals of some reviews."""
    wanted = tuple(case_ids)
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT id FROM case_approval WHERE case_id IN ({marks}) ORDER BY approved_at, id"  # noqa: S608
    return _ids(q, sql, wanted) if wanted else []


def ticket(q: Reader, signature_id: str, batch_id: str) -> str | None:
    """The code by which a signature (or its batch) was confirmed."""
    sql = (
        "SELECT id FROM ticket WHERE purpose = 'sign' AND status IN ('confirmed', 'consumed')"
        " AND (payload LIKE '%' || ? || '%' OR payload LIKE '%' || ? || '%')"
        " ORDER BY created_at DESC LIMIT 1"
    )
    found = q.row(sql, (signature_id, batch_id or signature_id))
    return None if found is None else str(found["id"])


def log(connection: database.Connection, after: int = 0) -> Iterator[list[list[Any]]]:
    """The events after a number as the columns that their leaves are made of, oldest first, in blocks."""
    sql = f"SELECT {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT 5000"  # noqa: S608
    while rows := connection.rows(sql, (after,)):
        block = [list(row.values()) for row in rows]
        for columns in block:
            columns[-2:] = bytes(columns[-2]).hex(), bytes(columns[-1]).hex()
        yield block
        after = int(rows[-1]["seq"])


def of_operation(q: Reader, operation: str) -> list[list[Any]]:
    """The events of an operation as such columns."""
    sql = f"SELECT {_COLUMNS} FROM event WHERE operation = ? ORDER BY seq"  # noqa: S608
    block = [list(row.values()) for row in q.rows(sql, (operation,))]
    for columns in block:
        columns[-2:] = bytes(columns[-2]).hex(), bytes(columns[-1]).hex()
    return block
