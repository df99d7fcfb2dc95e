"""What must hold after every run: the stages' own invariants, the chain, the fold, the jobs, and the lists.

A violation names its rows, the first twenty, so that somebody can look at them. Checking changes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from engine.boot import World, hierarchy, tables
from engine.issuing import queries as issuing
from engine.kernel import database, events

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one invariant fared: no rows means that it holds."""

    name: str
    violations: int
    ids: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The finding as the report keeps it."""
        return {"name": self.name, "violations": self.violations, "ids": list(self.ids)}


def check(world: World) -> list[Finding]:
    """Every invariant of a world, broken or not."""
    found = []
    with world.engine.parts.db.read() as connection:
        for name, sql in tables.INVARIANTS.items():
            found.append(_finding(name, [str(row["id"]) for row in connection.rows(sql)]))
        checks: dict[str, Callable[[database.Connection, World], list[str]]] = {
            "the chain of events holds": _chain,
            "the log folds to the tables": _fold,
            "no job is stuck": _stuck,
            "what has ended stands in the published list and nothing else does": _listed,
            "an encryption key comes back by two people who are not its holder": _released,
        }
        for name, question in checks.items():
            found.append(_finding(name, question(connection, world)))
        issued = _issued(connection)
    # Asked of the engine, which reads on its own.
    found.append(_finding("OCSP says of every certificate how it stands", _answered(world, issued)))
    return found


def broken(findings: list[Finding]) -> int:
    """How many rows break an invariant."""
    return sum(finding.violations for finding in findings)


def _finding(name: str, ids: list[str]) -> Finding:
    return Finding(name=name, violations=len(ids), ids=tuple(ids[:SHOWN]))


def _chain(connection: database.Connection, world: World) -> list[str]:
    _, breaks = events.verify(connection, world.keyring)
    return [f"{one.seq}: {one.problem}" for one in breaks]


def _stuck(connection: database.Connection, world: World) -> list[str]:
    sql = "SELECT id, kind, last_error FROM job WHERE status = 'stuck' ORDER BY id"
    return [f"{row['id']} {row['kind']}: {row['last_error']}" for row in connection.rows(sql)]


def _fold(connection: database.Connection, world: World) -> list[str]:
    told = events.fold(events.read_all(connection))
    wrong = []
    for table in database.tables(connection, world.engine.parts.db.dialect):
        if table in tables.UNLOGGED:
            continue
        kept = {row["id"]: row for row in database.dump(connection, table)}
        rows = told.pop(table, {})
        for row_id in sorted(kept.keys() | rows.keys()):
            held = kept.get(row_id, {})
            # A column that was never written holds its default, which is NULL.
            if {**dict.fromkeys(held), **rows.get(row_id, {})} != held:
                wrong.append(f"{table} {row_id}")
    return wrong + [f"{table} is told of and isn't there" for table in sorted(told)]


# -- what the authorities tell ---------------------------------------------------------------------

_ENDED = ("revoked", "suspended")


def _issued(connection: database.Connection) -> list[database.Row]:
    sql = (
        "SELECT id, agency_id, serial_hex, status, not_after FROM certificate WHERE der IS NOT NULL"
        " ORDER BY id"
    )
    return connection.rows(sql)


def _listed(connection: database.Connection, world: World) -> list[str]:
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
    for row in _issued(connection):
        found = lists.get(row["agency_id"], _NO_LIST)
        listed = int(row["serial_hex"], 16) in found.serials
        # What is over may have left the list, or not have left it yet.
        over = row["not_after"] <= found.made_at + issuing.KEPT_AFTER_EXPIRY_MS
        if row["agency_id"] not in behind and listed != (row["status"] in _ENDED) and not over:
            wrong.append(f"{row['id']} is {row['status']} and {'' if listed else 'not '}listed")
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


def _answered(world: World, issued: list[database.Row]) -> list[str]:
    wrong = []
    for row in issued:
        state, _, _ = world.engine.ask(
            issuing.status_for_ocsp,
            tables.INSIDE,
            agency_id=row["agency_id"],
            serial=int(row["serial_hex"], 16),
        )
        if state != ("revoked" if row["status"] in _ENDED else "good"):
            wrong.append(f"{row['id']} is {row['status']} and answered as {state}")
    return wrong


def _released(connection: database.Connection, world: World) -> list[str]:
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
