"""People about to prove their name, on a phone's door."""

from __future__ import annotations

from engine.boot import World
from engine.kernel import texts
from simulations.people import Person, b64
from tests.support import worlds
from tests.support.line import Line

ZH = "zh_CN"
__all__ = ["ZH", "b64", "newest_fact", "signed_in", "told_last"]


def signed_in(world: World, index: int = 0, **values: str) -> tuple[Line, Person]:
    """Somebody who has signed in and waited out the minute between two codes."""
    line = Line.on(world) if not worlds.rows(world, "SELECT id FROM staff") else Line(world, [])
    person = line.person(index, **values)
    request_id = person.request_code()
    line.work()
    person.sign_in(request_id, person.read_code())
    line.work(61)
    # The first look after a minute is noted on the session.
    person.me()
    return line, person


def told_last(person: Person) -> str:
    """The person's newest message, as the phone shows it in Chinese."""
    newest = person.handset.door.ask("messaging.mine", {})[0]
    return texts.of_code(newest["kind"], ZH, newest["params"])


def newest_fact(world: World, kind: str) -> str:
    """The subject of the newest fact of a kind."""
    found = worlds.rows(world, "SELECT subject FROM event WHERE kind = ? ORDER BY seq DESC", kind)
    return str(found[0]["subject"])
