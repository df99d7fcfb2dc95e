"""Which world an address of the console means: this one, or a finished run that somebody looks at.

The public services of a run's authorities stay closed: nothing of a run is told to a stranger.
"""

from __future__ import annotations

import dataclasses

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.kernel import actors
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def is_run(world: boot.World) -> bool:
    """Whether it is a finished run that is only looked at."""
    return world.engine.parts.db.frozen


def may_look(world: boot.World, staff: actors.Staff) -> bool:
    """Whether staff of this world may see files of that one: of its own, and with a right of runs."""
    if is_run(world):
        return staffing.has(staff, Right.SIMULATE, anywhere=True)
    return world is boot.current()


def as_looker(staff: actors.Staff) -> actors.Staff:
    """Who may look at a run sees all of it: its people are made up, and nothing can be done there."""
    every = actors.Grant(role="looker", rights=frozenset(right.value for right in Right))
    return dataclasses.replace(staff, grants=(every,))


def for_staff(request: Request) -> tuple[actors.Staff, boot.World] | Response:
    """Who asks by the console's cookie, and of which world; or the answer for everybody else."""
    own = boot.current()
    world = boot.worlds.get(request.path_params["world"])
    if world is None or not (world is own or is_run(world)):
        return PlainTextResponse("Not found", 404)
    staff: actors.Staff | None = request.scope.get("staff")
    if staff is None:
        return PlainTextResponse("Sign in first", 401)
    if not may_look(world, staff):
        return PlainTextResponse("Not found", 404)
    return (as_looker(staff) if is_run(world) else staff), world
