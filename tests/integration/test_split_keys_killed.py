"""Killed at any line, a try stays counted and a proof happened wholly or not at all (S-3.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot
from engine.handset import held_keys
from engine.issuing import actions, model
from engine.kernel import challenges, database
from tests.integration.test_split_keys import PIN, WRONG, actor_of, approved_on, download, kept
from tests.support import crashing, fold, worlds


@pytest.fixture
def holder(tmp_path: Path):
    """A person with an active certificate, in a world over a file."""
    world = boot.memory_world(db=database.SqliteDatabase(tmp_path / "base.sqlite3"))
    line, person = approved_on(world)
    download(line, person)
    yield person
    world.close()


def a_try(holder) -> crashing.Act:
    """The try itself: counted or not made."""
    nonce = bytes(range(16))
    message = challenges.of_try(certificate_id=holder.certificate_id, nonce=nonce)
    given = {
        "certificate_id": holder.certificate_id,
        "nonce": nonce,
        "device_signature": holder.handset.store.device_signs(message),
    }
    return crashing.Act(actions.open_try, given, actor_of(holder))


def a_proof(holder, pin) -> crashing.Act:
    """What follows it: a right or a wrong half, with a refresh."""
    handset, scheme = holder.handset, held_keys.SCHEMES["split_rsa"]
    held = handset.store.held_key(holder.certificate_id)
    try_id = handset._open_try(holder.certificate_id)
    message = challenges.of_pin_change(certificate_id=holder.certificate_id, try_id=try_id)
    secret = scheme.show(held, pin, handset._cost)
    _, refresh = scheme.renew(secret, handset.entropy)
    half = scheme.half(secret, held.material, message)
    proof = model.KeyProof(try_id=try_id, half=half, refresh=refresh)
    given = {"certificate_id": holder.certificate_id, "proof": proof}
    return crashing.Act(actions.change_pin, given, actor_of(holder))


def counted(world, certificate_id):
    sql = "SELECT tries FROM pin_guard WHERE certificate_id = ?"
    return worlds.rows(world, sql, certificate_id)[0]["tries"]


@pytest.mark.row("PKI-3")
@pytest.mark.parametrize("scene", ["try", "proof"])
def test_killed_at_each_line_the_server_has_both_shares_or_one(holder, tmp_path, scene, count):
    act = a_try(holder) if scene == "try" else a_proof(holder, PIN)
    holder.world.engine.parts.db.checkpoint()
    before = worlds.content(holder.world)
    base = tmp_path / "base.sqlite3"
    with crashing.copy_of(base) as path, crashing.over(holder.world, path) as finished:
        finished.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
        after = worlds.content(finished)
    with crashing.copy_of(base) as path:
        done, lines = crashing.run(holder.world, path, act)
        assert done
    places = crashing.spread(lines, count(50, len(crashing.moments(lines, every=False))))
    assert len(places) >= 50
    outcomes = {"not at all": 0, "wholly": 0}
    for kill_at in places:
        with crashing.copy_of(base) as path:
            reported, _ = crashing.run(holder.world, path, act, kill_at)
            assert not reported
            with crashing.over(holder.world, path) as left:
                found = worlds.content(left)
                assert found in (before, after), lines[kill_at - 1]
                outcomes["wholly" if found == after else "not at all"] += 1
                left.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
                assert worlds.content(left) == after
    assert outcomes["not at all"] > 0


@pytest.mark.row("CRT-4")
def test_fifty_kills_between_the_count_and_the_look_forget_no_try(holder, tmp_path, count):
    """S-3.3: the counter is never lower than the tries that were made."""
    act = a_proof(holder, WRONG)
    holder.world.engine.parts.db.checkpoint()
    base, made = tmp_path / "base.sqlite3", counted(holder.world, holder.certificate_id)
    assert made == 1
    # A refusal that is remembered ends the child without "done": the lines are a right one's.
    right = a_proof(holder, PIN)
    holder.world.engine.parts.db.checkpoint()
    with crashing.copy_of(base) as path:
        _, lines = crashing.run(holder.world, path, right)
    places = crashing.moments(lines, every=True)
    places = places[:: max(1, len(places) // count(75, 400))]
    kills = 0
    for kill_at in places:
        with crashing.copy_of(base) as path:
            try:
                reported, _ = crashing.run(holder.world, path, act, kill_at)
            except AssertionError:
                # A wrong half is refused before this line is reached.
                continue
            assert not reported
            kills += 1
            with crashing.over(holder.world, path) as left:
                assert counted(left, holder.certificate_id) >= 2
                assert not fold.differences(left)
                assert kept(left) == kept(holder.world)
    assert kills >= 50
