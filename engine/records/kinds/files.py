"""A file that was encrypted and signed, as a record: what is known of it, never what is in it."""

from __future__ import annotations

from engine.enveloping import model
from engine.kernel.reader import Reader
from engine.records.kinds.kind import Kind, Row, ids, one_course, present


def _title(q: Reader, row: Row) -> str:
    return str(row["name"])


def _digest(text: str) -> str:
    return text.lower()


def _linked(q: Reader, row: Row) -> list[str]:
    """Whose it is, the certificate that signed it, and whom it was encrypted to."""
    recipients = "SELECT enterprise_id AS id FROM file_recipient WHERE file_id = ? ORDER BY id"
    found = [
        *present(row["enterprise_id"], row["account_id"], row["certificate_id"]),
        *ids(q, recipients, row["id"]),
    ]
    return list(dict.fromkeys(found))


KIND = Kind(
    name="file",
    prefix="fil",
    table="file_record",
    states=one_course(model.FILE, "file.status"),
    title=_title,
    columns=("sealed_digest_hex",),
    normal=_digest,
    listed=("size", "enterprise_id", "platform_id", "certificate_id"),
    scoped=("platform_id",),
    around=("SELECT id FROM file_opening WHERE file_id = ?",),
    linked=_linked,
)
