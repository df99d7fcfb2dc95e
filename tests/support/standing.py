"""What works in a world, measured from outside: by rows in the database and by the gates before each use.

It shares nothing with `impact` but the names of kinds, so that the two can be compared.
"""

from __future__ import annotations

from engine.binding import queries as bindings
from engine.boot import World
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from tests.support import worlds
from tests.support.worlds import SYSTEM

# Kind → the question whose rows are alive by their own column alone.
_ALIVE = {
    "works.certificate": "SELECT id FROM certificate WHERE status = 'active' AND not_after > ?",
    "works.request": "SELECT id FROM certificate WHERE status = 'requested' AND not_after > ?",
    "works.session": "SELECT id FROM mall_session WHERE certificate_id <> '' AND ended_at IS NULL"
    " AND expires_at > ?",
    "works.ticket": "SELECT id FROM ticket WHERE status = 'confirmed' AND expires_at > ?",
    "works.seal_delegation": "SELECT d.id FROM seal_delegation d JOIN seal s ON s.id = d.seal_id"
    " WHERE d.status = 'active' AND s.status = 'active' AND d.valid_to > ?",
    "works.seal_application": "SELECT id FROM seal_application WHERE ended_at IS NULL AND created_at <= ?",
    "works.order": "SELECT id FROM certificate_order WHERE ended_at IS NULL AND status <> 'completed'"
    " AND created_at <= ?",
}


def standing(world: World) -> set[tuple[str, str]]:
    """What works now, as (kind, id)."""
    now = world.engine.now()
    found = {
        (kind, str(row["id"]))
        for kind, sql in _ALIVE.items()
        for row in worlds.rows(world, sql, now)
    }
    with world.engine.reader(SYSTEM) as q:
        found |= _bindings(q) | _seals(q) | _signatures(q) | _offers(q)
        stopped = {
            (kind, row_id)
            for kind, row_id in found
            if kind in ("works.order", "works.request") and _is_stopped(q, kind, row_id)
        }
    return found - stopped


def _is_stopped(q: Reader, kind: str, row_id: str) -> bool:
    table = "certificate_order" if kind == "works.order" else "certificate"
    agency_id = q.value(table, row_id, "agency_id")
    sql = "SELECT 1 AS one FROM issuing_stop WHERE status <> 'lifted' AND agency_id IN (?, '')"
    return q.row(sql, (agency_id,)) is not None


def _bindings(q: Reader) -> set[tuple[str, str]]:
    found = set()
    for row in q.rows("SELECT id, mall_account_id, certificate_id, status FROM binding"):
        if row["status"] == "bound" and bindings.is_certified(q, row["mall_account_id"]):
            found.add(("works.binding", str(row["id"])))
        elif row["status"] == "in_review" and _usable(q, row["certificate_id"]):
            found.add(("works.binding_review", str(row["id"])))
    return found


def _usable(q: Reader, certificate_id: str) -> bool:
    return certificates.certificate(q, certificate_id).usable(q.now)


def _seals(q: Reader) -> set[tuple[str, str]]:
    held = [certificates.certificate(q, r["id"]) for r in q.rows("SELECT id FROM certificate")]
    return {
        ("works.seal", seal["id"])
        for seal in q.rows("SELECT id FROM seal")
        if any(_lets(q, seal["id"], one) for one in held if one.usable(q.now))
    }


def _lets(q: Reader, seal_id: str, certificate: issuing.Certificate) -> bool:
    """Whether the gate before a use lets this certificate through; who acts is asked apart."""
    try:
        seals.require_usable(q, seal_id, certificate)
    except seals.NotEntrusted:
        return True
    except errors.EngineError:
        return False
    return True


def _signatures(q: Reader) -> set[tuple[str, str]]:
    sql = (
        "SELECT id, certificate_id, seal_id FROM contract_signature"
        " WHERE status IN ('requested', 'prepared')"
    )
    return {
        ("works.signature", row["id"])
        for row in q.rows(sql)
        if _usable(q, row["certificate_id"])
        and q.get(sealing.Seal, "seal", row["seal_id"]).usable(q.now)
    }


def _offers(q: Reader) -> set[tuple[str, str]]:
    found = set()
    for platform_id in ("guangzheng", "yangguang"):
        for product in ("enterprise", "individual", "event"):
            told = orders.offers(q, platform_id=platform_id, product=product)
            found |= {("works.offer", f"{platform_id}|{one.agency_id}") for one in told.offers}
    return found
