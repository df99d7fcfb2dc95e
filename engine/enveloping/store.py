"""The SQL of files."""

from __future__ import annotations

from engine.enveloping import model
from engine.kernel import clock, notes, paging
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

UNLOGGED = {"handed_key": "a file's key, sealed to one browser, until that has taken it"}
OWNED = (
    notes.Owned(
        table="file_record",
        columns=(
            *("platform_id", "mall_account_id", "enterprise_id", "name", "size", "digest_hex"),
            *("status", "certificate_id", "attributes", "signature", "sealed_size"),
            *("sealed_digest_hex", "created_at", "signed_at", "made_at"),
        ),
    ),
    notes.Owned(
        table="file_opening",
        columns=(
            *("platform_id", "mall_account_id", "enterprise_id", "file_id", "name", "sealed_size"),
            *("sealed_digest_hex", "heading", "status", "ticket_id", "certificate_id"),
            *("opens_with", "confirmation", "created_at", "opened_at", "taken_at", "read_at"),
            "signer_id",
        ),
    ),
)


def recipients(q: Reader, file_id: str) -> list[model.FileRecipient]:
    """For whom a file is."""
    sql = "SELECT * FROM file_recipient WHERE file_id = ? ORDER BY id"
    return q.all(model.FileRecipient, sql, (file_id,))


def files_of(q: Reader, enterprise_id: str, window: paging.Window) -> list[model.FileRecord]:
    """What an enterprise made, and what was made for it, newest first."""
    sql = (
        "SELECT * FROM file_record f WHERE f.status <> 'dropped' AND (f.enterprise_id = ?"
        " OR (f.status = 'made' AND EXISTS (SELECT 1 FROM file_recipient r"
        " WHERE r.file_id = f.id AND r.enterprise_id = ?)))"
    )
    part, values = paging.clause(window, ("f.id",))
    return q.all(model.FileRecord, sql + part, (enterprise_id, enterprise_id, *values))


def by_sealed_digest(q: Reader, digest_hex: str) -> model.FileRecord | None:
    """The file that was made here and has this digest once encrypted."""
    sql = "SELECT * FROM file_record WHERE sealed_digest_hex = ? ORDER BY id LIMIT 1"
    return q.first(model.FileRecord, sql, (digest_hex,))


def openings(q: Reader, file_id: str) -> list[model.FileOpening]:
    """Every opening of a file that came so far that its key was joined, newest first."""
    sql = (
        "SELECT * FROM file_opening WHERE file_id = ? AND status <> 'asked'"
        " ORDER BY opened_at DESC, id DESC"
    )
    return q.all(model.FileOpening, sql, (file_id,))


def opening_of_ticket(q: Reader, ticket_id: str) -> model.FileOpening | None:
    """The opening that a scanned code is for."""
    sql = "SELECT * FROM file_opening WHERE ticket_id = ?"
    return q.first(model.FileOpening, sql, (ticket_id,))


def only_by(q: Reader, pair_id: str) -> list[model.FileRecord]:
    """The files made here that, of an enterprise's usable keys, a pair's alone open, oldest first."""
    sql = (
        "SELECT f.* FROM file_record f WHERE f.status = 'made' AND EXISTS ("
        "SELECT 1 FROM file_recipient r JOIN certificate k ON k.id = r.certificate_id"
        " WHERE r.file_id = f.id AND k.pair_id = ? AND NOT EXISTS ("
        "SELECT 1 FROM file_recipient o JOIN certificate c ON c.id = o.certificate_id"
        " WHERE o.file_id = f.id AND o.enterprise_id = r.enterprise_id"
        " AND c.status = 'active' AND c.pair_id <> k.pair_id)) ORDER BY f.created_at, f.id"
    )
    return q.all(model.FileRecord, sql, (pair_id,))


def from_elsewhere(q: Reader, pair_id: str) -> list[model.FileOpening]:
    """The files from elsewhere that were opened with a pair's key, each once, oldest first."""
    sql = (
        "SELECT * FROM file_opening WHERE id IN (SELECT MIN(o.id) FROM file_opening o"
        " JOIN certificate c ON c.id = o.certificate_id WHERE o.file_id IS NULL AND c.pair_id = ?"
        " AND o.status IN ('taken', 'read') GROUP BY o.sealed_digest_hex) ORDER BY created_at, id"
    )
    return q.all(model.FileOpening, sql, (pair_id,))


def hand_key(op: Operation, ticket_id: str, sealed: bytes) -> None:
    """Keep a sealed key for the browser that asked; what nobody took within an hour goes."""
    op.unlogged("DELETE FROM handed_key WHERE created_at < ?", (op.now - clock.HOUR,))
    sql = "INSERT INTO handed_key (ticket_id, sealed, created_at) VALUES (?, ?, ?)"
    op.unlogged(sql, (ticket_id, sealed, op.now))


def take_key(op: Operation, ticket_id: str) -> bytes | None:
    """Give a sealed key out, once."""
    sql = "SELECT * FROM handed_key WHERE ticket_id = ?"
    found = op.first(model.HandedKey, sql, (ticket_id,))
    op.unlogged("DELETE FROM handed_key WHERE ticket_id = ?", (ticket_id,))
    return None if found is None else found.sealed
