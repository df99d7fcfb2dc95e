"""Killed at any line of issuing, pairing and revoking, nothing is lost, nothing is half (PKI-1, CRT-3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot, worker
from engine.boot import tables
from engine.issuing import actions, queries
from engine.kernel import database, events, ports
from tests.support import counting, crashing, fold, pairing, parties, worlds
from tests.support.pairing import PIN
from tests.support.worlds import SYSTEM


def an_issuance(world: boot.World) -> crashing.Act:
    """What the CA signed is recorded, and the encryption key asked for."""
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001", scheme="seeded_ec")
    asked = handset.request_certificate(party.order_id, PIN)
    found, applicant = world.engine.ask(_wanted, SYSTEM, asked["id"])
    der = world.ports.agencies[found.agency_id].issue(
        ports.CertificateRequest(
            serial=int(found.serial_hex, 16),
            profile=found.profile,
            applicant=applicant,
            public_key=found.public_key,
            not_before=found.not_before,
            not_after=found.not_after,
        )
    )
    arguments = {"certificate_id": found.id, "der": der}
    return crashing.Act(actions.record_issuance, arguments, SYSTEM)


def _wanted(q, certificate_id):
    found = queries.certificate(q, certificate_id)
    return found, queries.applicant(q, found)


def a_division(world: boot.World) -> crashing.Act:
    """A key of the centre's is divided, and its certificate asked for."""
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001", scheme="seeded_ec")
    asked = handset.request_certificate(party.order_id, PIN)
    worker.run_due(world, limit=1)
    made = world.ports.key_centre.make("curve", key_id=asked["id"])
    arguments = {
        "signing_id": asked["id"],
        "public_key": made.public_key,
        "private_key": made.private_key,
    }
    return crashing.Act(actions.record_encryption_key, arguments, SYSTEM)


def a_revocation(world: boot.World) -> crashing.Act:
    """A complete pair ends, with everything that hangs on it."""
    found = pairing.complete(world, scheme="seeded_ec")
    arguments = {"certificate_id": found.signing, "reason": "keyCompromise"}
    return crashing.Act(actions.revoke, arguments, found.party.person)


def a_hold(world: boot.World) -> crashing.Act:
    """A complete pair is put on hold."""
    found = pairing.complete(world, scheme="seeded_ec")
    return crashing.Act(actions.suspend, {"certificate_id": found.signing}, found.party.person)


def violations(world: boot.World) -> list[str]:
    """What is wrong with a world: its chain, its fold, its invariants."""
    with world.engine.parts.db.read() as connection:
        _, breaks = events.verify(connection, world.keyring)
        broken = [name for name, sql in tables.INVARIANTS.items() if connection.rows(sql)]
    return [*map(str, breaks), *fold.differences(world), *broken]


def shares(world: boot.World) -> int:
    """How many encryption keys have shares: they are outside the log, and must not be half either."""
    return len(worlds.rows(world, "SELECT certificate_id FROM encryption_share"))


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize("scene", [an_issuance, a_division, a_revocation, a_hold])
def test_killed_at_each_line_a_certificate_is_as_before_or_as_after(tmp_path: Path, scene, count):
    base = tmp_path / "base.sqlite3"
    db = database.SqliteDatabase(base)
    world = boot.memory_world(db=db)
    act = scene(world)
    before, shares_before = worlds.content(world), shares(world)
    db.checkpoint()
    db.close()
    with crashing.copy_of(base) as path, crashing.over(world, path) as finished:
        finished.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
        after, shares_after = worlds.content(finished), shares(finished)
    assert after != before
    with crashing.copy_of(base) as path:
        done, lines = crashing.run(world, path, act)
        assert done
    every = len(crashing.moments(lines, every=False))
    assert every > 150
    places = crashing.spread(lines, count(45, len(lines)))
    assert len(places) >= every or not counting.SHARE
    outcomes = {"not at all": 0, "wholly": 0}
    for kill_at in places:
        where = lines[kill_at - 1]
        with crashing.copy_of(base) as path:
            reported, _ = crashing.run(world, path, act, kill_at)
            assert not reported, "the child outlived its line"
            with crashing.over(world, path) as left:
                found = worlds.content(left)
                assert found in (before, after), f"half done at {where}"
                wholly = found == after
                outcomes["wholly" if wholly else "not at all"] += 1
                assert shares(left) == (shares_after if wholly else shares_before), where
                assert violations(left) == [], where
                left.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
                assert worlds.content(left) == after, f"not done once at {where}"
    assert outcomes["not at all"], outcomes


def test_a_worker_killed_between_the_centre_and_the_record_makes_no_second_key(world):
    """The centre archived a key, and the process that had asked is gone: asked again it gives the same."""
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001", scheme="seeded_ec")
    asked = handset.request_certificate(party.order_id, PIN)
    worker.run_due(world, limit=1)
    lost = world.ports.key_centre.make("curve", key_id=asked["id"])
    worker.run_due(world)
    _, encryption = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    assert encryption.public_key == lost.public_key
    assert len(worlds.rows(world, "SELECT id FROM sim_encryption_key")) == 1
    assert parties.violations(world) == {}
