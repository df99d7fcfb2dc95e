"""Asking every invariant of a world, or those that are cheap."""

from __future__ import annotations

from collections.abc import Iterator

from engine.boot import World, tables
from engine.kernel import database, events
from simulations.faults.doors import UnheardEngine
from simulations.invariants import authorities, machines, outside, walking
from simulations.invariants.findings import Finding, finding
from simulations.invariants.walking import Walk

CHAIN = "the chain of events holds"
FOLD = "the log folds to the tables"
STUCK = "no job is stuck"
LISTED = "what has ended stands in the published list and nothing else does"
RELEASED = "an encryption key comes back by two people who are not its holder"
ANSWERED = "OCSP says of every certificate how it stands"
KNOWN_STATE = "nothing is in a state that its machine does not have"
RESERVED = "a serial that was reserved is signed, about to be, or given up"
TOLD = "what somebody was told has happened stands in the log"
SAME = "nobody is told different things of one act"
NOTHING = "a write that failed left nothing behind"
SPENT = "a code that was sent opens one thing once"

# Messages of which nobody wants more once they are late: their jobs end so on purpose (`registration`).
_GIVEN_UP = "registration.sms_not_sent"
_RESERVED = (
    "SELECT c.id FROM certificate c WHERE c.status = 'requested' AND NOT EXISTS (SELECT 1 FROM job j"
    " WHERE j.kind = 'issue_certificate' AND j.subject = c.id) AND NOT EXISTS (SELECT 1 FROM issuing_stop s"
    " WHERE s.agency_id IN (c.agency_id, '') AND s.status <> 'lifted')"
)


def check(world: World) -> list[Finding]:
    """Every invariant of a world, broken or not."""
    walk = Walk()
    found = quick(world, walk)
    with world.engine.parts.db.read() as connection:
        _, breaks = events.verify(connection, world.keyring)
        found.append(finding(CHAIN, [f"{one.seq}: {one.problem}" for one in breaks]))
        found.append(finding(FOLD, _fold(connection, world)))
        found.append(finding(LISTED, authorities.listed(connection)))
        found.append(finding(KNOWN_STATE, machines.unknown(connection)))
        found.append(finding(outside.TOLD_OUTSIDE, outside.untold(connection)))
        found.append(finding(outside.OVERHEARD, outside.overheard(connection)))
        found.append(finding(outside.ONE_BODY, outside.bodies(connection)))
        found.append(finding(outside.RECEIVED, outside.unreceived(connection)))
        if isinstance(world.engine, UnheardEngine):
            found.append(finding(TOLD, world.engine.ledger.missing(connection)))
        signed = authorities.issued(connection)
    # Asked of the engine, which reads on its own.
    found.append(finding(ANSWERED, authorities.answered(world, signed)))
    return found


def quick(world: World, walk: Walk) -> list[Finding]:
    """The stages' own questions, and what the log has told since `walk` was here last."""
    found = []
    with world.engine.parts.db.read() as connection:
        for name, sql in tables.INVARIANTS.items():
            found.append(finding(name, [str(row["id"]) for row in connection.rows(sql)]))
        walk.follow(connection)
        found += [finding(name, wrong) for name, wrong in walk.wrong.items()]
        found.append(finding(STUCK, _stuck(connection)))
        found.append(finding(RELEASED, authorities.released(connection)))
        reserved = [str(row["id"]) for row in connection.rows(_RESERVED)]
        found.append(finding(RESERVED, reserved))
    if isinstance(world.engine, UnheardEngine):
        found.append(finding(SAME, world.engine.ledger.differing))
        found.append(finding(NOTHING, world.engine.ledger.left_behind))
        found.append(finding(SPENT, world.engine.ledger.spent_twice))
    return found


def names() -> Iterator[str]:
    """Every invariant that there is, those of runs with faults among them."""
    yield from tables.INVARIANTS
    yield from (walking.BACK, walking.ONCE_ISSUED, walking.ONCE_USED, walking.TOUCHED)
    yield from (STUCK, RELEASED, RESERVED, SAME, NOTHING, SPENT)
    yield from (outside.TOLD_OUTSIDE, outside.OVERHEARD, outside.ONE_BODY, outside.RECEIVED)
    yield from (CHAIN, FOLD, LISTED, KNOWN_STATE, TOLD, ANSWERED)


def _stuck(connection: database.Connection) -> list[str]:
    sql = "SELECT id, kind, last_error FROM job WHERE status = 'stuck' AND last_error <> ? ORDER BY id"
    found = connection.rows(sql, (_GIVEN_UP,))
    return [f"{row['id']} {row['kind']}: {row['last_error']}" for row in found]


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
