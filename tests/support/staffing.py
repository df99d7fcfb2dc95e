"""Members of staff at the door: passwords, authenticator apps, sessions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyotp

from engine.boot import World
from engine.kernel import actors
from engine.staffing import actions, model, queries
from engine.staffing.model import Role
from tests.support import worlds

DOOR = actors.System(job="staff-door")
SOURCE = actors.Source(
    address="203.0.113.9",
    browser="Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
)


def sign_in(world: World, login: str, password: str = worlds.PASSWORD) -> model.SignedIn:
    """Password at the door; what it gives may lack a step."""
    given = {"login": login, "password": password}
    return world.engine.perform(actions.sign_in, given, actor=DOOR, source=SOURCE)


def who(world: World, token: str) -> actors.Staff | None:
    """Whom a token stands for."""
    return world.engine.ask(queries.staff_by_token, DOOR, token)


def signed_in(world: World, login: str, password: str = worlds.PASSWORD) -> actors.Staff:
    """A session by password alone, as an actor."""
    found = who(world, sign_in(world, login, password).token)
    assert found is not None
    return found


class App:
    """An authenticator app that read one QR code."""

    def __init__(self, world: World, enrolment: model.Enrolment) -> None:
        self.world = world
        self.secret = enrolment.secret
        parsed = pyotp.parse_uri(enrolment.address)
        assert isinstance(parsed, pyotp.TOTP)
        self.totp = parsed

    def code(self, steps: int = 0) -> str:
        """The code that it shows now, or some steps of 30 s from now."""
        return self.totp.generate_otp(worlds.clock_of(self.world).now_ms() // 30_000 + steps)

    def next_code(self) -> str:
        """The next code, once its time has come."""
        worlds.clock_of(self.world).advance(30_000)
        return self.code()


def enrol(world: World, member: actors.Staff) -> tuple[App, model.RecoveryCodes]:
    """Set up a second factor in a session."""
    begun = do(world, member, actions.begin_totp, password=worlds.PASSWORD)
    app = App(world, begun)
    return app, do(world, member, actions.confirm_totp, code=app.code())


def do(world: World, member: actors.Actor, action: Callable[..., Any], **given: object) -> Any:
    """Perform an action as a member of staff."""
    return world.engine.perform(action, given, actor=member)


def administrator(world: World) -> actors.Staff:
    """An administrator who has just proved a second factor."""
    return worlds.staff(world, Role.ADMINISTRATOR)


def facts(world: World, kind: str) -> list[dict[str, Any]]:
    """The facts of one kind, oldest first."""
    found = worlds.rows(world, "SELECT body FROM event WHERE kind = ? ORDER BY seq", kind)
    return [json.loads(row["body"])["facts"] for row in found]
