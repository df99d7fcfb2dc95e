"""A world of its own for states: a demo world that begins as long ago as their ways take, and ends now."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from engine import boot
from engine.boot import World
from engine.kernel import actors, clock
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from simulations import drafts, population
from simulations.states import making, scene

_SETUP = actors.System(job="setup")
# Enough of them that two look at what a third one proposed.
_LEADS = 3
# Room for what people do one after the other, on top of the time that passes on a way.
_EACH_MS = clock.HOUR


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A staff account with the password that is shown once."""

    login: str
    role: str
    password: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnWorld:
    """A new world and what was made in it."""

    path: Path
    staff: tuple[Account, ...]
    made: tuple[making.Made, ...]


def make(path: Path, state: str, n: int, seed: int, now_ms: int) -> OwnWorld:
    """Make a demo world at `path` with so many of a thing in a state, whose clock has come to `now_ms`.

    Raises: WorldExists; what `making.make` raises.
    """
    takes_ms = making.way_of(state)[2]
    start_ms = now_ms - n * (takes_ms + _EACH_MS)
    with drafts.begun(path) as draft:
        boot.create_world(draft, kind="demo", world_id=path.name, seed=seed, reference_ms=start_ms)
        with drafts.opened(draft, start_ms) as world:
            staff = _employ(world, seed)
            made = making.make(world, state, n, seed)
    return OwnWorld(path=path, staff=staff, made=tuple(made))


def _employ(world: World, seed: int) -> tuple[Account, ...]:
    """An account for every role, and leads enough for four eyes."""
    wanted = [(role.value, role) for role in Role]
    wanted += [(f"{Role.LEAD.value}-{number}", Role.LEAD) for number in range(2, _LEADS + 1)]
    everybody = population.Population(seed, scene.REFERENCE)
    made = []
    for number, (login, role) in enumerate(wanted):
        password = drafts.new_password(login)
        given = {
            "login": login,
            "name": everybody.staff_name(number),
            "password": password,
            "roles": (role,),
        }
        world.engine.perform(staffing.create_staff, given, actor=_SETUP)
        made.append(Account(login=login, role=role.value, password=password))
    return tuple(made)
