"""The ways to states, as data: `data/states/*.toml`.

A way is what people and staff do one after the other, each step a line. A place is a way that others begin
with and that is no state of its own. What cannot be made on demand is listed with why.

    me.claim                            what a simulated person does (a method of `people.Person`)
    me.order agency_id=dongfang > order     with arguments; what comes back is kept under a name
    me: mall.leave_zone zone_id=xinjiang    a call through their phone's door
    me@pc: binding.unbind               a call through their browser's
    staff: calls.answer number=$me.identity.phone   whoever of the staff may do it, or ask it
    approve, reject, claim, hold        the desk, with every case of this way (`kind=seal`, `once=true`)
    go supplier bound                   somebody else goes to a place first
    be me id_digits=404                 somebody has a sandbox's number
    wait 3d                             time passes (s, m, h, d)

A value is JSON where it begins with a bracket or a quote; a number; `true`, `false`, `today`, `now+3d`; or
text. `$name` is what was kept, `$me.order_id` something of a person, `$office.somebody` a member of staff,
`$row.table` the newest row of a table that this way has written. `quietly` before a step keeps the worker
from running after it; `refused` expects a refusal.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field

from engine.kernel import catalog, clock, errors
from simulations.states import machines

FOLDER = catalog.DATA / "states"
Kind = Literal["wait", "go", "be", "desk", "staff", "phone", "pc", "person"]
_DESK = ("approve", "reject", "claim", "hold", "work")
_UNITS = {"s": clock.SECOND, "m": clock.MINUTE, "h": clock.HOUR, "d": clock.DAY}
_DOOR = re.compile(r"^(\w+)(@pc)?: ?(\w+\.\w+)(.*)$", re.S)
_METHOD = re.compile(r"^(\w+)\.(\w+)(.*)$", re.S)


class Way(catalog.Declared):
    """The way to a state. `fleeting`: it lasts until the worker runs next."""

    state: str
    after: str = ""
    steps: tuple[str, ...] = ()
    fleeting: bool = False


class Place(catalog.Declared):
    """Somewhere that ways begin."""

    name: str
    after: str = ""
    steps: tuple[str, ...] = ()


class Unmade(catalog.Declared):
    """A state that cannot be made on demand, and why."""

    state: str
    why: catalog.Text


class Ways(catalog.Declared):
    """A file of data/states."""

    place: tuple[Place, ...] = ()
    way: tuple[Way, ...] = ()
    unmade: tuple[Unmade, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a way, read. `given` are the arguments as they stand there."""

    text: str
    kind: Kind
    who: str = ""
    name: str = ""
    given: dict[str, str] = field(default_factory=dict)
    keep: str = ""
    quiet: bool = False
    refused: bool = False
    wait_ms: int = 0


@dataclass(frozen=True)
class Book:
    """All ways, places and what cannot be made."""

    ways: dict[str, Way]
    places: dict[str, Place]
    unmade: dict[str, Unmade]

    def steps(self, name: str) -> list[Step]:
        """Everything that is done on the way to a state or a place, from the very beginning.

        Raises: ConfigurationError.
        """
        own: Way | Place | None = self.ways.get(name) or self.places.get(name)
        if own is None:
            raise errors.ConfigurationError(file="data/states", problem=f"{name}: no such place")
        before = self.steps(own.after) if own.after else []
        return before + [read(line) for line in own.steps]

    def takes_ms(self, name: str) -> int:
        """How much time passes on a way."""
        total = 0
        for step in self.steps(name):
            total += step.wait_ms + (self.takes_ms(step.name) if step.kind == "go" else 0)
        return total


def read(line: str) -> Step:
    """One line of a way.

    Raises: ConfigurationError.
    """
    rest = line.strip()
    quiet, rest = rest.startswith("quietly "), rest.removeprefix("quietly ")
    refused, rest = rest.startswith("refused "), rest.removeprefix("refused ")
    return dataclasses.replace(_read(line, rest), quiet=quiet, refused=refused)


def _read(line: str, rest: str) -> Step:
    rest, _, keep = rest.partition(" > ")
    first, *more = _words(rest)
    if first == "wait" and len(more) == 1 and more[0][-1] in _UNITS:
        return Step(line, "wait", wait_ms=int(more[0][:-1]) * _UNITS[more[0][-1]])
    if first == "go" and len(more) == 2:
        return Step(line, "go", who=more[0], name=more[1])
    if first == "be" and more:
        return Step(line, "be", who=more[0], given=_given(line, more[1:]))
    if first in _DESK:
        return Step(line, "desk", name=first, given=_given(line, more))
    called = _DOOR.match(rest)
    if called:
        who, at_pc, name, words = called.groups()
        kind: Kind = "staff" if who == "staff" else "pc" if at_pc else "phone"
        given = _given(line, _words(words))
        return Step(line, kind, who=who, name=name, given=given, keep=keep.strip())
    method = _METHOD.match(rest)
    if method:
        who, name, words = method.groups()
        given = _given(line, _words(words))
        return Step(line, "person", who=who, name=name, given=given, keep=keep.strip())
    raise errors.ConfigurationError(file="data/states", problem=f"{line}: not a step")


def _words(text: str) -> list[str]:
    """Words between blanks; what stands in brackets or quotes is one, and keeps them."""
    found, depth, quoted, word = [], 0, False, ""
    for letter in text:
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "[{") - (letter in "]}")
        if letter == " " and not depth and not quoted:
            found.append(word)
            word = ""
        else:
            word += letter
    return [one for one in (*found, word) if one]


def _given(line: str, words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    if any(not middle for _, middle, _ in pairs):
        raise errors.ConfigurationError(file="data/states", problem=f"{line}: name=value wanted")
    return {name: value for name, _, value in pairs}


def book() -> Book:
    """Everything that is declared.

    Raises: ConfigurationError naming a state that there is not, or that stands twice.
    """
    files = sorted(FOLDER.glob("*.toml"))
    return _book(tuple((path, catalog.state(path)) for path in files))


@functools.lru_cache(maxsize=4)
def _book(files: tuple[tuple[Path, int], ...]) -> Book:
    found = Book({}, {}, {})
    for path, _ in files:
        declared = catalog.load(path, Ways)
        for place in declared.place:
            found.places[place.name] = place
        for state in (*(w.state for w in declared.way), *(u.state for u in declared.unmade)):
            machines.found(state)
            if state in found.ways or state in found.unmade:
                raise errors.ConfigurationError(file=path.name, problem=f"{state}: twice")
        found.ways.update({way.state: way for way in declared.way})
        found.unmade.update({one.state: one for one in declared.unmade})
    return found
