"""Whether outside machines were told of everything: at least once or by name not, and in one body."""

from __future__ import annotations

import collections
import json
from collections.abc import Mapping

from engine.integrating import model
from engine.kernel import database

TOLD_OUTSIDE = "an outside machine is told of every event it hears of, or it is named"
ONE_BODY = "a receiver gets one body for one message"
RECEIVED = "what counts as delivered was received"
OVERHEARD = "an outside machine within a platform or an agency hears of nobody else's"
# Where it stands to whom what a fact is about belongs; of other sorts nothing is asserted.
_PLACES: Mapping[str, str] = {
    "ord": "certificate_order",
    "svo": "service_order",
    "crt": "certificate",
    "sea": "seal",
    "inv": "invoice",
    "shp": "shipment",
    "cas": "review_case",
}
_COLUMNS = {"platform": "platform_id", "agency": "agency_id"}


def untold(connection: database.Connection) -> list[str]:
    """Events of a kind that an endpoint hears of, since it is there, which are in no delivery to it."""
    facts = {kind.fact: name for name, kind in model.events().items()}
    marks = ", ".join("?" for _ in facts)
    wrong = []
    for endpoint in connection.rows("SELECT * FROM webhook_endpoint WHERE status <> 'removed'"):
        hears, limit = set(json.loads(endpoint["kinds"])), _limit(connection, endpoint["client_id"])
        told = {
            row["seq"]
            for row in connection.rows(
                "SELECT seq FROM webhook_delivery WHERE endpoint_id = ?", (endpoint["id"],)
            )
        }
        # What was forgotten in the meantime is not asked for: from the oldest one that is kept on.
        since = connection.rows(
            "SELECT seq FROM event WHERE subject = ? AND kind = 'webhook.added'", (endpoint["id"],)
        )
        first = max([row["seq"] for row in since] or [0])
        oldest = min(told, default=first)
        for event in connection.rows(
            f"SELECT seq, kind, subject FROM event WHERE seq > ? AND kind IN ({marks})",  # noqa: S608
            (max(first, oldest), *facts),
        ):
            if facts[event["kind"]] not in hears or event["seq"] in told:
                continue
            if limit is None or _is_of(connection, event["subject"], limit):
                wrong.append(f"{endpoint['id']} was not told of {event['kind']} {event['seq']}")
    return wrong


def overheard(connection: database.Connection) -> list[str]:
    """Deliveries to a client that is limited to a platform or an agency, of what is another's."""
    wrong = []
    for endpoint in connection.rows("SELECT id, client_id FROM webhook_endpoint"):
        limit = _limit(connection, endpoint["client_id"])
        told = "SELECT id, subject FROM webhook_delivery WHERE endpoint_id = ? AND kind <> ?"
        if limit is not None:
            wrong += [
                f"{endpoint['id']} was told of {row['subject']} in {row['id']}"
                for row in connection.rows(told, (endpoint["id"], model.TEST_KIND))
                if _is_of(connection, row["subject"], limit) is False
            ]
    return wrong


def _limit(connection: database.Connection, client_id: str) -> tuple[str, str] | None:
    """The column and the value that a client is limited to."""
    sql = "SELECT access FROM machine_client WHERE id = ?"
    access = json.loads(connection.rows(sql, (client_id,))[0]["access"])
    kind = access["scope_kind"]
    return None if kind == "all" else (_COLUMNS[kind], access["scope_id"])


def _is_of(connection: database.Connection, subject: str, limit: tuple[str, str]) -> bool | None:
    """Whether something belongs to a platform or an agency; None where this does not know."""
    table = _PLACES.get(subject.partition("_")[0])
    if table is None:
        return None
    column, value = limit
    sql = f"SELECT 1 AS one FROM {table} WHERE id = ? AND {column} = ?"  # noqa: S608
    return bool(connection.rows(sql, (subject, value)))


def bodies(connection: database.Connection) -> list[str]:
    """Messages that a receiver got in two bodies, or in another one than is kept."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for row in connection.rows("SELECT DISTINCT message_id, body FROM sim_webhook"):
        found[row["message_id"]].add(row["body"])
    for row in connection.rows("SELECT id, body FROM webhook_delivery"):
        if row["id"] in found:
            found[row["id"]].add(row["body"])
    return sorted(message for message, several in found.items() if len(several) > 1)


def unreceived(connection: database.Connection) -> list[str]:
    """Deliveries that count as delivered and never came to the simulated receiver as they should."""
    sql = (
        "SELECT d.id FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id"
        " WHERE d.status = 'delivered' AND e.url LIKE 'https://receiver.example/%' AND NOT EXISTS"
        " (SELECT 1 FROM sim_webhook s WHERE s.message_id = d.id AND s.code = 200 AND s.verified = 1)"
    )
    return [str(row["id"]) for row in connection.rows(sql)]
