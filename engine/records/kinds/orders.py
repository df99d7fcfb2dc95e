"""Orders as records: of certificates, and of services."""

from __future__ import annotations

import json

from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.records.kinds.kind import Kind, Row, ids, one_course, present
from engine.subscribing import model as subscribing
from engine.subscribing import queries as services


def _number(q: Reader, row: Row) -> str:
    return str(row["number"])


def _upper(text: str) -> str:
    return text.upper()


_INVOICES = (
    "SELECT DISTINCT invoice_id AS id FROM invoiced_order WHERE order_id = ? ORDER BY invoice_id"
)


_CERTIFICATES = (
    "SELECT id FROM certificate WHERE order_id = ? AND status <> 'abandoned' ORDER BY id"
)


def _linked(q: Reader, row: Row) -> list[str]:
    """Whom it is for, its certificates, the one it replaces, and its invoices."""
    return [
        *present(row["enterprise_id"], row["account_id"], row["delegate_account_id"]),
        *ids(q, _CERTIFICATES, row["id"]),
        *present(row["replaces"]),
        *ids(q, _INVOICES, row["id"]),
    ]


def _papers(q: Reader, row: Row) -> list[tuple[str, str]]:
    return [(code, blob_id) for code, blob_id in json.loads(row["papers"])]


def _linked_service(q: Reader, row: Row) -> list[str]:
    return [
        *present(row["enterprise_id"], row["account_id"], row["follows"]),
        *ids(q, _INVOICES, row["id"]),
    ]


def _service_status(q: Reader, row: Row) -> str:
    return services.state_of(q, services.order(q, row["id"]))


_PAYMENTS = (
    "SELECT id FROM payment WHERE order_id = ?",
    "SELECT r.id FROM refund r JOIN payment p ON p.id = r.payment_id WHERE p.order_id = ?",
)

ORDER = Kind(
    name="order",
    prefix="ord",
    table="certificate_order",
    states=one_course(ordering.ORDER, "order.status"),
    title=_number,
    columns=("number",),
    normal=_upper,
    listed=("product", "business", "enterprise_id", "platform_id", "agency_id", "amount_fen"),
    scoped=("platform_id", "agency_id"),
    around=_PAYMENTS,
    linked=_linked,
    papers=_papers,
)

SERVICE_ORDER = Kind(
    name="service_order",
    prefix="svo",
    table="service_order",
    states=one_course(subscribing.SERVICE_ORDER, "service_order.status"),
    title=_number,
    columns=("number",),
    normal=_upper,
    listed=("service_id", "enterprise_id", "platform_id", "amount_fen", "ends_at"),
    scoped=("platform_id", "agency_id"),
    status=_service_status,
    around=_PAYMENTS,
    linked=_linked_service,
)
