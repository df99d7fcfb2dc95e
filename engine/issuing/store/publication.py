"""The SQL of what the authorities publish of certificates: who is listed, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.issuing import model
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

UNLOGGED = {"status_change": "derived from the facts that revoke, hold and release certificates"}


# Read by the page: there may be a million.
_LISTED_PAGE = (
    "SELECT serial_hex, revoked_at, revocation_reason FROM certificate"
    " WHERE agency_id = ? AND serial_hex > ? AND status IN ('revoked', 'suspended')"
    " AND der IS NOT NULL AND not_after > ? ORDER BY serial_hex LIMIT 10000"
)


def listed(q: Reader, agency_id: str, since: int) -> Iterator[Mapping[str, Any]]:
    """The revoked and suspended certificates of an agency that had not expired by `since`, by serial."""
    last = ""
    while page := q.rows(_LISTED_PAGE, (agency_id, last, since)):
        yield from page
        last = page[-1]["serial_hex"]


def changed(q: Reader, agency_id: str, after: int, since: int) -> list[dict[str, Any]]:
    """The serials of an agency that changed after a revision, each once, and whether they are listed."""
    sql = (
        "SELECT serial_hex, revoked_at, revocation_reason, CASE WHEN"
        " status IN ('revoked', 'suspended') AND der IS NOT NULL AND not_after > ?"
        " THEN 1 ELSE 0 END AS listed FROM certificate WHERE agency_id = ? AND serial_hex IN"
        " (SELECT serial_hex FROM status_change WHERE agency_id = ? AND revision > ?)"
        " ORDER BY serial_hex"
    )
    return q.rows(sql, (since, agency_id, agency_id, after))


def standing(q: Reader, agency_id: str, serial_hex: str) -> Mapping[str, Any] | None:
    """What an OCSP answer tells of a certificate that was signed; None where none was.

    Asked for a thousand times a second: no more columns than that.
    """
    sql = (
        "SELECT status, revoked_at, revocation_reason, created_at FROM certificate"
        " WHERE agency_id = ? AND serial_hex = ? AND der IS NOT NULL"
    )
    return q.row(sql, (agency_id, serial_hex))


def revision(q: Reader, agency_id: str) -> int:
    """The newest change of an agency's certificates; 0 where nothing changed yet."""
    sql = "SELECT MAX(revision) AS newest FROM status_change WHERE agency_id = ?"
    found = q.row(sql, (agency_id,))
    return 0 if found is None or found["newest"] is None else int(found["newest"])


def note_change(op: Operation, certificate: model.Certificate, revision: int) -> None:
    """A certificate changed, and so did the other of its pair that is of the same standing."""
    op.unlogged(
        "INSERT INTO status_change (agency_id, revision, serial_hex)"
        " SELECT agency_id, CAST(? AS BIGINT), serial_hex FROM certificate"
        " WHERE (id = ? OR pair_id = ?) AND der IS NOT NULL",
        (revision, certificate.id, certificate.pair_id),
    )
