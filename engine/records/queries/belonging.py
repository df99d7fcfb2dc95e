"""Which platform, and which CA or seal agency, something belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel.reader import Reader
from engine.records.kinds.beside import LEADS_TO

# An id's beginning → the question for its platform and agency. The first ones are records, as in `kinds`.
_WHERE: Mapping[str, str] = {
    "ord": "SELECT platform_id, agency_id FROM certificate_order WHERE id = ?",
    "svo": "SELECT platform_id, agency_id FROM service_order WHERE id = ?",
    "crt": "SELECT platform_id, agency_id FROM certificate WHERE id = ?",
    "sea": "SELECT platform_id, agency_id FROM seal WHERE id = ?",
    "con": "SELECT platform_id, NULL AS agency_id FROM contract WHERE id = ?",
    "inv": "SELECT platform_id, agency_id FROM invoice WHERE id = ?",
    "fil": "SELECT platform_id, NULL AS agency_id FROM file_record WHERE id = ?",
    "cas": "SELECT platform_id, agency_id FROM review_case WHERE id = ?",
    "shp": "SELECT platform_id, agency_id FROM shipment WHERE id = ?",
    "sap": "SELECT NULL AS platform_id, agency_id FROM seal_application WHERE id = ?",
    "bnd": (
        "SELECT b.platform_id, c.agency_id FROM binding b JOIN certificate c ON c.id = b.certificate_id"
        " WHERE b.id = ?"
    ),
}


def belongs(q: Reader, some_id: str) -> tuple[str | None, str | None]:
    """The platform and the agency that a record, or what belongs to one, is of; None for none.

    For what goes on inside, such as deciding who is told of an event: nobody's right is asked for.
    """
    prefix = some_id.partition("_")[0]
    if prefix in _WHERE:
        row = q.row(_WHERE[prefix], (some_id,))
        return (None, None) if row is None else (row["platform_id"], row["agency_id"])
    if prefix in LEADS_TO:
        row = q.row(LEADS_TO[prefix], (some_id,))
        return (None, None) if row is None or row["id"] is None else belongs(q, row["id"])
    return None, None
