"""Killed at any line, an act has happened wholly or not at all, and repeating it does it once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot
from engine.boot import tables
from engine.kernel import database, events
from engine.registration import actions as registration
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from tests.support import counting, crashing, fold, moneys, registering, worlds


def a_first_sign_in(world: boot.World) -> crashing.Act:
    """A number nobody has: code used up, account, keys, index, device and session made."""
    asked = registering.ask_for_code(world, "13800138000")
    arguments = {
        "request_id": asked.request.request_id,
        "phone": asked.phone,
        "code": asked.code,
        "device_key": b"\x04" + bytes(64),
        "device_label": "Pixel 9",
    }
    return crashing.Act(registration.sign_in_by_code, arguments, worlds.SYSTEM)


def an_approval(world: boot.World) -> crashing.Act:
    """A decision with everything that follows from it in other stages."""
    person = registering.sign_up(world)
    registering.prove(world, person)
    registering.claim(world, person)
    reviewer = worlds.staff(world, Role.ENTERPRISE_REVIEWER)
    [case] = worlds.rows(world, "SELECT id FROM review_case")
    world.engine.perform(reviewing.claim, {"case_id": case["id"]}, actor=reviewer)
    return crashing.Act(reviewing.approve, {"case_id": case["id"], "note": "齐全"}, reviewer)


def violations(world: boot.World) -> list[str]:
    """What is wrong with a world: its chain, its fold, its invariants."""
    with world.engine.parts.db.read() as connection:
        _, breaks = events.verify(connection, world.keyring)
        broken = [name for name, sql in tables.INVARIANTS.items() if connection.rows(sql)]
    return [*map(str, breaks), *fold.differences(world), *broken]


@pytest.mark.parametrize(
    "scene", [a_first_sign_in, an_approval, moneys.a_notice, moneys.a_statement]
)
def test_killed_at_each_line_nothing_is_lost_and_nothing_is_half(tmp_path: Path, scene, count):
    base = tmp_path / "base.sqlite3"
    db = database.SqliteDatabase(base)
    world = boot.memory_world(db=db)
    act = scene(world)
    before = worlds.content(world)
    db.checkpoint()
    db.close()
    # Done once here, so that every child finds the caches as full as the first one did.
    with crashing.copy_of(base) as path, crashing.over(world, path) as finished:
        finished.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
        after = worlds.content(finished)
    with crashing.copy_of(base) as path:
        done, lines = crashing.run(world, path, act)
        assert done
    assert after != before
    every = len(crashing.moments(lines, every=False))
    assert every > 150
    # In full before every pass of every line; reduced, before as many lines as take half a minute.
    places = crashing.spread(lines, count(50, len(lines)))
    assert len(places) >= 50
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
                outcomes["wholly" if found == after else "not at all"] += 1
                assert violations(left) == [], where
                # Whoever asked hears nothing and asks again with the same key.
                left.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
                assert worlds.content(left) == after, f"not done once at {where}"
    assert all(outcomes.values()), outcomes
