"""What the authorities tell: lists and OCSP answers beside the certificates as the engine has them (I6)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cryptography import x509

from engine.boot import World, hierarchy, tables
from engine.issuing import queries as issuing
from engine.kernel import database

_ENDED = ("revoked", "suspended")


def issued(connection: database.Connection) -> list[database.Row]:
    """Every certificate that was signed, with what is said of it."""
    sql = (
        "SELECT id, agency_id, serial_hex, status, not_after FROM certificate WHERE der IS NOT NULL"
        " ORDER BY id"
    )
    return connection.rows(sql)


def listed(connection: database.Connection) -> list[str]:
    """Certificates beside the list that is published now, where that tells of every change."""
    lists = _published(connection)
    behind = {
        row["agency_id"]
        for row in connection.rows(
            "SELECT agency_id, MAX(revision) AS newest FROM status_change GROUP BY agency_id"
        )
        if lists.get(row["agency_id"], _NO_LIST).revision < row["newest"]
    }
    waiting = {
        row["subject"]
        for row in connection.rows("SELECT subject FROM job WHERE kind = 'publish_revocations'")
    }
    wrong = [f"{agency_id} tells of no change since" for agency_id in sorted(behind - waiting)]
    for row in issued(connection):
        found = lists.get(row["agency_id"], _NO_LIST)
        named = int(row["serial_hex"], 16) in found.serials
        # What is over may have left the list, or not have left it yet.
        over = row["not_after"] <= found.made_at + issuing.KEPT_AFTER_EXPIRY_MS
        if row["agency_id"] not in behind and named != (row["status"] in _ENDED) and not over:
            wrong.append(f"{row['id']} is {row['status']} and {'' if named else 'not '}listed")
    return wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What an agency's newest lists say, of all generations of its keys together."""

    revision: int
    made_at: int
    serials: frozenset[int]


_NO_LIST = _Listed(revision=0, made_at=0, serials=frozenset())


def _published(connection: database.Connection) -> dict[str, _Listed]:
    sql = (
        "SELECT authority, revision, this_update, complete FROM published_list p"
        " WHERE complete IS NOT NULL AND number = (SELECT MAX(number) FROM published_list x"
        " WHERE x.authority = p.authority AND x.complete IS NOT NULL) ORDER BY authority"
    )
    found: dict[str, _Listed] = {}
    for row in connection.rows(sql):
        agency_id = hierarchy.agency_of(row["authority"])
        known = found.get(agency_id)
        listed = x509.load_der_x509_crl(bytes(row["complete"]))
        serials = frozenset(entry.serial_number for entry in listed)
        found[agency_id] = _Listed(
            revision=min(row["revision"], known.revision) if known else row["revision"],
            made_at=max(row["this_update"], known.made_at) if known else row["this_update"],
            serials=serials | (known.serials if known else frozenset()),
        )
    return found


def answered(world: World, signed: list[database.Row]) -> list[str]:
    """Certificates of which OCSP says something else than how they stand."""
    wrong = []
    for row in signed:
        state, _, _ = world.engine.ask(
            issuing.status_for_ocsp,
            tables.INSIDE,
            agency_id=row["agency_id"],
            serial=int(row["serial_hex"], 16),
        )
        if state != ("revoked" if row["status"] in _ENDED else "good"):
            wrong.append(f"{row['id']} is {row['status']} and answered as {state}")
    return wrong


def released(connection: database.Connection) -> list[str]:
    """Encryption keys that fewer than two people, or their holder, let come back."""
    sql = (
        "SELECT id, account_id, approved_by FROM key_recovery"
        " WHERE status IN ('approved', 'divided', 'taken') ORDER BY id"
    )
    return [
        str(row["id"])
        for row in connection.rows(sql)
        if len(who := set(json.loads(row["approved_by"]))) < 2
        or f"person:{row['account_id']}" in who
    ]
