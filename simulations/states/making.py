"""States on demand (SIM-9): so many of a thing in a state, through real actions alone.

In a demo world, in a run's, or in a world of its own. What one gets is somebody's real case: the next step
is theirs, or the staff's, and goes on from there like any other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from engine.boot import World
from engine.kernel import clock, errors
from engine.kernel.catalog import Text
from simulations.states import going, machines, ways
from simulations.states.scene import Party, Scene, TakesTime

MOST = 200
_NO_WAY = Text(zh="还没有写出到达它的步骤", en="nobody wrote its way yet")


class OnlyInSandbox(errors.NotPermitted):
    """States are made in demo and run worlds only; this one is real."""


class CannotBeMade(errors.PolicyRefused):
    """{state} cannot be made on demand: {why}"""


class NotReached(errors.IllegalTransition):
    """The way to {state} did not end there. Look at what became of it in the log."""


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """An open review of what was made."""

    id: str
    kind: str


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """One thing in the state that was asked for: which row, whose, and what can be done next."""

    state: str
    table: str
    id: str
    people: tuple[Party, ...]
    next: tuple[str, ...]
    cases: tuple[Case, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """A state as it is listed: whether it can be made, in how much time of the world, and why not."""

    name: str
    also: tuple[str, ...]
    made: bool
    takes_ms: int
    fleeting: bool
    why: Text | None


def listed() -> list[State]:
    """Every state of every state machine, in the engine's order."""
    book = ways.book()
    found = []
    for name in machines.every():
        way, unmade = book.ways.get(name), book.unmade.get(name)
        found.append(
            State(
                name=name,
                also=tuple(machines.also_called(name)),
                made=way is not None,
                takes_ms=book.takes_ms(name) if way else 0,
                fleeting=way.fleeting if way else False,
                why=unmade.why if unmade else None,
            )
        )
    return found


def way_of(state: str) -> tuple[machines.Machine, str, int]:
    """The machine and the status of a state that can be made, and how much time its way takes.

    Raises: NoSuchState, CannotBeMade.
    """
    machine, status = machines.found(state)
    name, book = f"{machine.name}.{status}", ways.book()
    if name not in book.ways:
        unmade = book.unmade.get(name)
        raise CannotBeMade(state=name, why=(unmade.why if unmade else _NO_WAY).en)
    return machine, status, book.takes_ms(name)


def make(
    world: World, state: str, n: int = 1, seed: int = 7, *, let_time_pass: bool = False
) -> list[Made]:
    """So many of a thing in a state. `let_time_pass` allows a demo world's clock to be moved.

    Raises: NoSuchState, CannotBeMade, OnlyInSandbox, TakesTime, NotReached.
    """
    return list(each(world, state, n, seed, let_time_pass=let_time_pass))


def each(
    world: World, state: str, n: int = 1, seed: int = 7, *, let_time_pass: bool = False
) -> Iterator[Made]:
    """The same, one after the other, so that somebody can be told of each.

    Raises: as `make`.
    """
    if world.kind == "production":
        raise OnlyInSandbox()
    machine, status, takes_ms = way_of(state)
    name, book = f"{machine.name}.{status}", ways.book()
    moves = let_time_pass or isinstance(world.engine.parts.clock, clock.ManualClock)
    if takes_ms and not moves:
        # Before anybody has done anything.
        raise TakesTime(days=max(1, takes_ms // clock.DAY))
    group = 0
    for _ in range(min(n, MOST)):
        scene = Scene(world, seed=seed, group=group, let_time_pass=let_time_pass)
        group = scene.group + 1
        going.go(scene, book, name)
        yield _made(scene, machine, status)


def _made(scene: Scene, machine: machines.Machine, status: str) -> Made:
    rows = scene.touched(machine.table)
    narrowed = f" AND {machine.where}" if machine.where else ""
    row_id = ""
    with scene.world.engine.parts.db.read() as connection:
        for one in reversed(rows):
            found = connection.rows(
                f"SELECT 1 AS n FROM {machine.table} WHERE id = ? AND status = ?{narrowed}",  # noqa: S608
                (one, status),
            )
            if found:
                row_id = one
                break
    if not row_id:
        raise NotReached(state=f"{machine.name}.{status}", subject=machine.name, status=status)
    waiting = scene.office.open(scene.touched("review_case"))
    return Made(
        state=f"{machine.name}.{status}",
        table=machine.table,
        id=row_id,
        people=tuple(scene.parties()),
        next=machine.next(status),
        cases=tuple(Case(id=one.id, kind=one.kind) for one in waiting),
    )
