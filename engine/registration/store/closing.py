"""The SQL of closing accounts, and which of this stage's rows are a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.kernel import codec, notes
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration.model import closing as model
from engine.registration.model.accounts import Account
from engine.registration.model.proofs import Proof

OWNED: tuple[notes.Owned, ...] = (
    notes.Owned(
        table="account",
        by="id",
        columns=("status", "terms_version", "real_name_at", "created_at"),
        sealed={"phone": "profile", "name": "profile", "resident_id": "profile"},
    ),
    notes.Owned(
        table="real_name_proof",
        columns=("way", "status", "reason", "mismatched", "reference", "created_at", "decided_at"),
        sealed={"name": "evidence", "resident_id": "evidence"},
    ),
    notes.Owned(table="device", columns=("label", "created_at")),
    notes.Owned(
        table="handset_session",
        columns=("device_id", "way", "created_at", "last_seen_at", "expires_at", "ended_at"),
    ),
    notes.Owned(
        table="enterprise_claim",
        columns=("name", "uscc", "status", "reasons", "created_at", "decided_at"),
    ),
    notes.Owned(table="membership", columns=("enterprise_id", "role", "status", "created_at")),
    notes.Owned(
        table="closing",
        columns=("kind", "status", "reason", "reasons", "created_at", "due_at", "ended_at"),
        sealed={"appeal": "profile"},
    ),
    notes.Owned(
        table="message",
        columns=("kind", "params", "subject", "todo", "created_at", "read_at"),
    ),
)


def open_closing(q: Reader, account_id: str) -> model.Closing | None:
    """The closing of an account that has not ended."""
    sql = (
        "SELECT * FROM closing WHERE account_id = ? AND status IN"
        " ('in_review', 'notice', 'appealed')"
    )
    return q.first(model.Closing, sql, (account_id,))


def newest_closing(q: Reader, account_id: str) -> model.Closing | None:
    """The newest closing of an account."""
    sql = "SELECT * FROM closing WHERE account_id = ? ORDER BY created_at DESC, id DESC LIMIT 1"
    return q.first(model.Closing, sql, (account_id,))


def open_cases_by(q: Reader, maker: str) -> list[tuple[str, str, str]]:
    """Id, kind and subject of the open cases that somebody made."""
    sql = (
        "SELECT id, kind, subject_id FROM review_case WHERE maker = ?"
        " AND status IN ('waiting', 'claimed', 'held') ORDER BY opened_at, id"
    )
    return [(row["id"], row["kind"], row["subject_id"]) for row in q.rows(sql, (maker,))]


def devices(q: Reader, account_id: str) -> list[str]:
    """The devices of an account that were not removed."""
    sql = "SELECT id FROM device WHERE account_id = ? AND removed_at IS NULL ORDER BY id"
    return [row["id"] for row in q.rows(sql, (account_id,))]


def forget(op: Operation, account: Account) -> None:
    """End the sessions of an account, and delete what finds it and what opens it."""
    op.unlogged(
        "UPDATE handset_session SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL",
        (op.now, account.id),
    )
    op.unlogged("DELETE FROM blind_index WHERE row_id = ?", (account.id,))
    op.unlogged("DELETE FROM account_credential WHERE account_id = ?", (account.id,))
    op.unlogged("DELETE FROM reply WHERE actor = ?", (f"person:{account.id}",))


def archive_of(q: Reader, account_id: str) -> model.Archive | None:
    """The archive of a cancelled account."""
    return q.first(model.Archive, "SELECT * FROM archive WHERE account_id = ?", (account_id,))


def archives(q: Reader, limit: int) -> list[model.Archive]:
    """The archives, the newest first."""
    sql = "SELECT * FROM archive ORDER BY created_at DESC, id DESC LIMIT ?"
    return q.all(model.Archive, sql, (limit,))


def newest_request(q: Reader, archive_id: str, requester: str) -> model.ArchiveRequest | None:
    """Somebody's newest request to read an archive."""
    sql = (
        "SELECT * FROM archive_request WHERE archive_id = ? AND requester = ?"
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.ArchiveRequest, sql, (archive_id, requester))


def matched_proofs(q: Reader, account_id: str) -> list[Proof]:
    """The proofs that gave an account its name, the newest first."""
    sql = (
        "SELECT * FROM real_name_proof WHERE account_id = ? AND status = 'matched'"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(Proof, sql, (account_id,))


def own_rows(q: Reader, owned: notes.Owned, account_id: str) -> list[dict[str, Any]]:
    """A person's rows of a table; protected columns are still ciphertexts."""
    columns = ", ".join(("id", *owned.columns, *owned.sealed))
    sql = f"SELECT {columns} FROM {owned.table} WHERE {owned.by} = ? ORDER BY id"  # noqa: S608
    return q.rows(sql, (account_id,))


def plain(row: dict[str, Any], columns: Sequence[str]) -> dict[str, str | int | None]:
    """A row's columns as they are taken along: bytes as base64 text."""
    return {
        name: value
        if value is None or isinstance(value, str | int)
        else str(codec.plain(bytes(value))["$b"])
        for name, value in ((column, row[column]) for column in columns)
    }
