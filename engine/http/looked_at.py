"""Which world an address of the console means: this one, a stage, or a finished run that one looks at.

The public services of a run's authorities stay closed: nothing of a run is told to a stranger.
"""

from __future__ import annotations

import dataclasses

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.boot import stages
from engine.kernel import actors
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def is_run(world: boot.World) -> bool:
    """Whether it is a finished run that is only looked at."""
    return world.engine.parts.db.frozen


def may_look(world: boot.World, staff: actors.Staff) -> bool:
    """Whether staff of this world may see files of that one: its own, and by a right runs and stages."""
    if is_run(world):
        return staffing.has(staff, Right.SIMULATE, anywhere=True)
    if stages.is_stage(world):
        rights = (Right.DEMO, Right.SIMULATE)
        return any(staffing.has(staff, right, anywhere=True) for right in rights)
    return world is boot.current()


def as_looker(staff: actors.Staff) -> actors.Staff:
    """Who may look at a run or a stage sees all of it: its people are made up."""
    every = actors.Grant(role="looker", rights=frozenset(right.value for right in Right))
    return dataclasses.replace(staff, grants=(every,))


def named(request: Request) -> boot.World | None:
    """The world that an address names: served by this process, or opened in it."""
    world_id = request.path_params["world"]
    return stages.served(world_id) or boot.worlds.get(world_id)


def for_staff(request: Request) -> tuple[actors.Staff, boot.World] | Response:
    """Who asks by the console's cookie, and of which world; or the answer for everybody else."""
    world = named(request)
    if world is None or not (world is boot.current() or is_run(world) or stages.is_stage(world)):
        return PlainTextResponse("Not found", 404)
    staff: actors.Staff | None = request.scope.get("staff")
    if staff is None:
        return PlainTextResponse("Sign in first", 401)
    if not may_look(world, staff):
        return PlainTextResponse("Not found", 404)
    return (staff if world is boot.current() else as_looker(staff)), world
