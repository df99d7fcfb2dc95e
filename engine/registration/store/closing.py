"""The SQL of closing accounts, and which of this stage's rows are a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.kernel import codec, notes, paging
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration.model import closing as model
from engine.registration.model.accounts import Account
from engine.registration.model.proofs import Proof
from engine.registration.store import pictures

# Whatever else finds a person by their number, beside their own account's row.
_BY_PHONE = ("invitation.phone", "representative.phone")
OWNED: tuple[notes.Owned, ...] = (
    notes.Owned(
        table="account",
        by="id",
        columns=("status", "terms_version", "terms_digest", "real_name_at", "created_at"),
        sealed={"phone": "profile", "name": "profile", "resident_id": "profile"},
    ),
    notes.Owned(
        table="real_name_proof",
        columns=(
            "purpose",
            "way",
            "status",
            "face_blob_id",
            "reason",
            "mismatched",
            "reference",
            "reused_proof_id",
            "created_at",
            "expires_at",
            "decided_at",
        ),
        sealed={"name": "evidence", "resident_id": "evidence", "reserved_phone": "evidence"},
    ),
    notes.Owned(table="device", columns=("label", "public_key", "created_at", "removed_at")),
    notes.Owned(
        table="handset_session",
        columns=(
            "device_id",
            "way",
            "second_factor_at",
            "created_at",
            "last_seen_at",
            "expires_at",
            "ended_at",
        ),
    ),
    notes.Owned(
        table="recovery",
        columns=("purpose", "proof_id", "refusal", "created_at"),
        sealed={"new_phone": "profile"},
    ),
    notes.Owned(
        table="enterprise_claim",
        columns=(
            "enterprise_id",
            "name",
            "uscc",
            "represents",
            "authority",
            "papers",
            "status",
            "reasons",
            "created_at",
            "decided_at",
        ),
    ),
    notes.Owned(
        table="representative_request",
        columns=("claim_id", "phone", "status", "created_at", "expires_at", "ended_at"),
    ),
    notes.Owned(
        table="enterprise_change",
        columns=(
            "enterprise_id",
            "name",
            "changed",
            "papers",
            "consequences",
            "status",
            "reasons",
            "created_at",
            "decided_at",
        ),
    ),
    notes.Owned(
        table="membership",
        columns=("enterprise_id", "role", "status", "created_at", "ended_at"),
    ),
    notes.Owned(
        table="invitation",
        columns=(
            "enterprise_id",
            "way",
            "role",
            "status",
            "phone",
            "created_at",
            "expires_at",
            "ended_at",
        ),
    ),
    notes.Owned(
        table="closing",
        columns=(
            "kind",
            "status",
            "revoke_certificates",
            "reason",
            "reasons",
            "created_at",
            "decided_at",
            "due_at",
            "appealed_at",
            "ended_at",
        ),
        sealed={"appeal": "profile"},
    ),
    notes.Owned(
        table="message",
        columns=("kind", "params", "subject", "todo", "created_at", "read_at", "done_at"),
    ),
    notes.Owned(
        table="ticket",
        columns=(
            "purpose",
            "kind",
            "platform_id",
            "payload",
            "status",
            "device_id",
            "created_at",
            "expires_at",
            "scanned_at",
            "scanned_from",
            "step_up",
            "wrong_numbers",
            "second_scans",
            "certificate_id",
            "confirmed_at",
            "confirmation",
        ),
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


def earlier_closings(q: Reader, closing: model.Closing) -> list[str]:
    """The other closings of a closing's account of its kind."""
    sql = "SELECT id FROM closing WHERE account_id = ? AND kind = ? AND id <> ?"
    given = (closing.account_id, closing.kind.value, closing.id)
    return [row["id"] for row in q.rows(sql, given)]


def open_cases_by(q: Reader, maker: str) -> list[tuple[str, str, str]]:
    """Id, kind and subject of the open cases that somebody made; a second look keeps nobody waiting."""
    sql = (
        "SELECT id, kind, subject_id FROM review_case WHERE maker = ? AND sample_of IS NULL"
        " AND status IN ('waiting', 'claimed', 'held') ORDER BY opened_at, id"
    )
    return [(row["id"], row["kind"], row["subject_id"]) for row in q.rows(sql, (maker,))]


def devices(q: Reader, account_id: str) -> list[str]:
    """The devices of an account that were not removed."""
    sql = "SELECT id FROM device WHERE account_id = ? AND removed_at IS NULL ORDER BY id"
    return [row["id"] for row in q.rows(sql, (account_id,))]


def forget(op: Operation, account: Account, phone: str) -> None:
    """End the sessions of an account; delete what finds it, opens it and was derived from its papers."""
    op.unlogged(
        "UPDATE handset_session SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL",
        (op.now, account.id),
    )
    op.unlogged("DELETE FROM blind_index WHERE row_id = ?", (account.id,))
    for kind in _BY_PHONE:
        for row_id in op.find(kind, phone):
            op.unlogged("DELETE FROM blind_index WHERE kind = ? AND row_id = ?", (kind, row_id))
    pictures.forget(op, account.id)
    claims = "(SELECT id FROM enterprise_claim WHERE account_id = ?)"
    op.unlogged(f"DELETE FROM blind_index WHERE row_id IN {claims}", (account.id,))  # noqa: S608
    for table in ("account_credential", "one_tap"):
        op.unlogged(f"DELETE FROM {table} WHERE account_id = ?", (account.id,))  # noqa: S608
    op.unlogged("DELETE FROM reply WHERE actor = ?", (f"person:{account.id}",))


def forget_jobs(op: Operation, subject: str) -> None:
    """Destroy the staged jobs about something that nobody waits for any more, with their bodies."""
    op.unlogged("DELETE FROM job WHERE subject = ?", (subject,))


def archive_of(q: Reader, account_id: str) -> model.Archive | None:
    """The archive of a cancelled account."""
    return q.first(model.Archive, "SELECT * FROM archive WHERE account_id = ?", (account_id,))


def archives(q: Reader, window: paging.Window) -> list[model.Archive]:
    """A part of the archives, the newest first."""
    part, values = paging.clause(window, ("id",))
    return q.all(model.Archive, "SELECT * FROM archive WHERE 1 = 1" + part, values)  # noqa: S608


def newest_request(q: Reader, archive_id: str, requester: str) -> model.ArchiveRequest | None:
    """Somebody's newest request to read an archive."""
    sql = (
        "SELECT * FROM archive_request WHERE archive_id = ? AND requester = ?"
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.ArchiveRequest, sql, (archive_id, requester))


def earlier_requests(q: Reader, request: model.ArchiveRequest) -> list[str]:
    """The other requests to read a request's archive."""
    sql = "SELECT id FROM archive_request WHERE archive_id = ? AND id <> ?"
    return [row["id"] for row in q.rows(sql, (request.archive_id, request.id))]


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
