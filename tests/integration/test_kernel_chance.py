"""An operation's chance: drawn once it needs some, in the log's order, and by nobody who only looks."""

from __future__ import annotations

import threading

import pytest

from engine.boot import World
from engine.http import doors
from engine.kernel import actors, clock, errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from tests.support import fresh, registering, worlds

ACTOR = actors.System(job="test")


class Refused(errors.PolicyRefused):
    """Not today."""


def note(op: Operation, *, text: str) -> tuple[str, bytes]:
    """A fact with chance of its own."""
    op.record("test.noted", op.new_id("tst"), text=text)
    return op.id, op.entropy(16)


def refuse(op: Operation) -> None:
    """Refused before anything is made."""
    raise Refused


def _signed_in(world: World) -> doors.DirectDoor:
    """A phone's door with a session whose use was noted longer than a minute ago."""
    session = registering.enter_code(world, registering.ask_for_code(world, "13800138000"))
    door = doors.DirectDoor(world.engine)
    door.sign_in(session.token)
    worlds.clock_of(world).advance(2 * clock.MINUTE)
    return door


def _last_seen(world: World) -> list[int]:
    found = worlds.rows(world, "SELECT last_seen_at FROM handset_session")
    return [row["last_seen_at"] for row in found]


def test_questions_leave_the_chance_of_acts_as_it_is():
    """However often and from however many threads somebody asks, what is made next is the same."""
    quiet, asked = fresh.in_memory(), fresh.in_memory()
    _signed_in(quiet)
    door = _signed_in(asked)
    before = _last_seen(asked)
    gate = threading.Barrier(8)

    def look() -> None:
        gate.wait()
        door.ask("registration.me", {})

    looking = [threading.Thread(target=look) for _ in range(8)]
    for one in looking:
        one.start()
    for one in looking:
        one.join()
    assert _last_seen(asked) == [asked.engine.now()] != before
    made = [world.engine.perform(note, {"text": "x"}, actor=ACTOR) for world in (quiet, asked)]
    assert made[0] == made[1]


def test_what_is_refused_early_or_replayed_draws_nothing():
    quiet, knocked = fresh.in_memory(), fresh.in_memory()
    for world in (quiet, knocked):
        world.engine.perform(note, {"text": "first"}, actor=ACTOR, key="k")
    for _ in range(3):
        with pytest.raises(Refused):
            knocked.engine.perform(refuse, {}, actor=ACTOR)
        knocked.engine.perform(note, {"text": "first"}, actor=ACTOR, key="k")
    made = [world.engine.perform(note, {"text": "x"}, actor=ACTOR) for world in (quiet, knocked)]
    assert made[0] == made[1]


def test_acts_draw_in_the_log_s_order(file_world):
    """Who is long at its preparations draws after those who were written meanwhile."""
    meanwhile: list[tuple[str, bytes]] = []

    def quickly() -> None:
        made = file_world.engine.perform(note, {"text": "quick"}, actor=ACTOR)
        meanwhile.append(made)

    def prepare(q: Reader) -> None:
        other = threading.Thread(target=quickly)
        other.start()
        other.join()

    @prepared_by(prepare)
    def slowly(op: Operation, *, prepared: None) -> tuple[str, bytes]:
        return note(op, text="slow")

    made = [file_world.engine.perform(slowly, {}, actor=ACTOR), *meanwhile]
    again = fresh.in_memory()
    texts = ("quick", "slow")
    expected = [again.engine.perform(note, {"text": text}, actor=ACTOR) for text in texts]
    assert made == expected[::-1]
