"""Every operation of the JSON API, called by whom it is for with what its description allows or forbids.

A world in which two people have traded once is made once; each operation gets a copy of its own. Requests
come out of the description itself (schemathesis), good ones and bad ones, and out of the world: ids of rows
that are there, so that acts get beyond their first refusal.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from starlette.applications import Starlette

from engine import boot
from engine.boot import World, tables
from engine.http import api, machine_door, openapi, pace, routes
from engine.http.offering import offered
from engine.kernel import actors, database
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations.people import Person
from tests.property.filling import Filling
from tests.support import busy_desk, fresh, web
from tests.support.line import Line

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
BAD = [*CHECKS, checks.negative_data_rejection]


@dataclass(kw_only=True)
class Stage:
    """A world that is acted in, and those who act."""

    world: World
    people: list[Person]
    # One who may do everything but grant, and one who grants.
    members: tuple[str, str]
    # Who is signed in as staff: set into the request as the door of the console would.
    staff: list[actors.Staff | None] = field(default_factory=lambda: [None])
    # A machine's, which may all that machines may.
    token: str = ""
    # The web process around it, where a test wants one.
    app: Any = None

    def headers(self, route: routes.Route) -> dict[str, str]:
        """What a request of who may call an operation carries."""
        self.staff[0] = None
        if route.who == "person":
            return {"authorization": f"Bearer {self.people[0].handset.door.token}"}
        if route.who == "mall":
            return {"authorization": f"Bearer {self.people[0].browser.token}"}
        if route.who == "staff" and self.token:
            return {"authorization": f"Bearer {self.token}"}
        if route.who == "staff":
            member = self.members[route.name.startswith(("staffing.", "integrating."))]
            found = self.world.engine.ask(staff_queries.actor, tables.INSIDE, member)
            assert found is not None
            self.staff[0] = dataclasses.replace(found, second_factor_at=1 << 62)
            return {"origin": web.ORIGIN, "host": "127.0.0.1:8501"}
        return {}

    def filled(self, route: routes.Route, seed: int) -> dict[str, Any]:
        """Arguments out of the world."""
        filling = Filling(
            self.world, random.Random(seed), self.people[0], self.people, self.members[0]
        )
        return filling.given(route)


@functools.cache
def _lived() -> Stage:
    """Two people who have traded once, two members of staff, and what others left at the desk."""
    world = fresh.in_memory()
    line = Line.on(world)
    people = [line.person(0), line.person(1)]
    for one in people:
        line.bound(one)
    line.contract(*people)
    members = []
    for login, roles in (
        ("all", tuple(role for role in Role if role is not Role.ADMINISTRATOR)),
        ("boss", (Role.ADMINISTRATOR,)),
    ):
        given = {"login": login, "name": login, "password": "a long enough secret", "roles": roles}
        setup = actors.System(job="setup")
        members.append(world.engine.perform(staffing.create_staff, given, actor=setup).id)
    token = busy_desk.leave(line)
    return Stage(world=world, people=people, members=(members[0], members[1]), token=token)


def stage(*, machine: bool = False) -> Stage:
    """A copy of the world, in which nobody has fuzzed. What is for staff a machine calls, or staff do."""
    lived = _lived()
    db = database.SqliteDatabase(None)
    fresh.connection(lived.world.engine.parts.db).backup(fresh.connection(db))
    world = fresh.over(db)
    ahead = lived.world.engine.now() - world.engine.parts.clock.now_ms()
    world.engine.parts.clock.advance(ahead)  # type: ignore[attr-defined]
    return dataclasses.replace(lived, world=world, token=lived.token if machine else "")


def application(on: Stage, patch: pytest.MonkeyPatch) -> Any:
    """The API's own routes as an ASGI application for this world."""
    patch.setattr(boot, "current", lambda: on.world)
    patch.setattr(pace, "HERE", pace.Pace(each_minute={"address": 1 << 30, "browser": 1 << 30}))
    minutes = itertools.count()
    patch.setattr(machine_door, "HERE", machine_door.Turnstile(lambda: 60.0 * next(minutes)))
    app = Starlette(routes=api.endpoints())

    async def known(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = {**scope, "staff": on.staff[0]}
        await app(scope, receive, send)

    return known


@functools.cache
def operations() -> dict[str, Any]:
    """The operations of the description, by their ids, as schemathesis reads them."""
    schema = schemathesis.openapi.from_dict(openapi.description())
    found = (one.ok() for one in schema.get_all_operations())
    return {one.definition.raw["operationId"]: one for one in found}


def _tell(
    told: Counter[int], on: Stage, route: routes.Route, app: Any, wanted: list[Any], case: Any
) -> None:
    """Send a request, judge its answer, and count its status."""
    case.headers = {**(case.headers or {}), **on.headers(route)}
    answer = case.call(app=app, base_url=web.ORIGIN)
    case.validate_response(answer, checks=wanted)
    told[int(answer.status_code)] += 1


def _each(strategy: Any, settings: Any, send: Callable[[Any], None]) -> None:
    @settings
    @hypothesis.given(case=strategy)
    def one(case: Any) -> None:
        send(case)

    one()


def fuzz_all(
    names: Iterable[str], patch: pytest.MonkeyPatch, count: int, *, machine: bool = False
) -> Counter[int]:
    """`fuzz` for each operation; a world whose callers were signed out is given up for another."""
    told: Counter[int] = Counter()
    on: Stage | None = None
    for name in names:
        on = on or stage(machine=machine)
        found = fuzz(name, patch, count, on)
        told += found
        if count > 1 or found[401] or found[423]:
            on.world.close()
            on = None
    return told


def fuzz(name: str, patch: pytest.MonkeyPatch, count: int, on: Stage) -> Counter[int]:
    """So many requests of each sort to an operation; how often each status was answered."""
    operation = operations()[name]
    route = next(one for one in offered() if one.name == name.removesuffix(".get"))
    app = application(on, patch)
    told: Counter[int] = Counter()
    settings = hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    for mode, wanted in ((GenerationMode.POSITIVE, CHECKS), (GenerationMode.NEGATIVE, BAD)):
        send = functools.partial(_tell, told, on, route, app, wanted)
        with contextlib.suppress(hypothesis.errors.Unsatisfiable):
            _each(operation.as_strategy(generation_mode=mode), settings, send)
    if name == route.name:
        send = functools.partial(_tell, told, on, route, app, CHECKS)
        for seed in range(count):
            send(operation.Case(body=on.filled(route, seed)))
    return told
