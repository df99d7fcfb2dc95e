"""A certificate as a record."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel import records
from engine.kernel.reader import Reader
from engine.records.kinds.kind import Kind, Row, ids, one_course, present


def _title(q: Reader, row: Row) -> str:
    return str(row["serial_hex"])


def _serial(text: str) -> str:
    return text.replace(":", "").replace(" ", "").lower()


def _status(q: Reader, row: Row) -> str:
    return model.status_at(records.make(model.Certificate, row), q.now)


def _linked(q: Reader, row: Row) -> list[str]:
    """Its holder, its order, the other one of its pair, what came before and after it, what it signed."""
    pair = "SELECT id FROM certificate WHERE pair_id = ? AND id <> ? ORDER BY id"
    return [
        *present(row["enterprise_id"], row["account_id"], row["order_id"]),
        *ids(q, pair, row["pair_id"], row["id"]),
        *present(row["replaces"], row["replaced_by"]),
    ]


KIND = Kind(
    name="certificate",
    prefix="crt",
    table="certificate",
    states=one_course(model.CERTIFICATE, "certificate.status"),
    title=_title,
    columns=("serial_hex",),
    normal=_serial,
    listed=("product", "usage", "enterprise_id", "platform_id", "agency_id", "not_after"),
    scoped=("platform_id", "agency_id"),
    status=_status,
    linked=_linked,
)
