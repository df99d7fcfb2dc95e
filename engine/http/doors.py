"""The direct door: the JSON API's own table and types, without HTTP in between.

Handsets in the console and simulated people go through it. What it takes and gives is what the API takes
and gives, so one scenario through both ends in the same log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from engine.http import arguments, pace, routes
from engine.kernel import actors, errors
from engine.kernel.engine import Engine
from engine.mall import queries as malls
from engine.registration import actions as registration
from engine.registration import queries as people

VISITOR = actors.System(job="visitor")


class NotSignedIn(errors.NotPermitted):
    """Sign in first. Your session may have ended."""

    http_status = 401


class NoSuchOperation(errors.NotFound):
    """The API has no such operation."""


_NOWHERE = actors.Source()


def _route(name: str) -> routes.Route:
    found = routes.BY_NAME.get(name)
    if found is None:
        raise NoSuchOperation(what=name)
    return found


def person_of(engine: Engine, token: str) -> actors.Person | None:
    """Whose living session a handset's token stands for; its use is noted once a minute (ACC-5)."""
    with engine.reader(VISITOR) as q:
        found = people.person_by_token(q, token)
        unnoted = found is not None and people.unnoted(q, token)
    if unnoted:
        engine.perform(registration.keep_alive, {"token": token}, actor=VISITOR)
    return found


def own_key(actor: actors.Actor, source: actors.Source, key: str) -> str:
    """The key of an act as the engine keeps it: strangers are told apart by where they are.

    The engine scopes a key by actor and action, and to it all strangers are one.
    """
    place = source.browser or source.address
    if actor is not VISITOR or not place:
        return key
    return hashlib.sha256(f"stranger|{place}|{key}".encode()).hexdigest()[:48]


class DirectDoor:
    """A way into an engine for one handset or one browser; `source` says where it stands."""

    def __init__(self, engine: Engine, source: actors.Source = _NOWHERE) -> None:
        self.engine = engine
        self.source = source
        self._token = ""
        self._kind: routes.Who = "person"

    def sign_in(self, token: str, kind: routes.Who = "person") -> None:
        """From now on act with this session's token (of a person, or of a mall account)."""
        self._token, self._kind = token, kind

    @property
    def token(self) -> str:
        """The session that is acted with, or empty."""
        return self._token

    def _actor(self, route: routes.Route) -> actors.Actor:
        if route.who == "anybody":
            return VISITOR
        found: actors.Actor | None = None
        if self._token and self._kind == route.who == "person":
            found = person_of(self.engine, self._token)
        elif self._token and self._kind == route.who == "mall":
            found = self.engine.ask(malls.account_by_token, VISITOR, self._token)
        if found is None:
            raise NotSignedIn()
        return found

    def perform(self, name: str, given: Mapping[str, Any], *, key: str) -> Any:
        """Make an action happen; its result as JSON values."""
        route = _route(name)
        checked = arguments.parse(route.function, given)
        actor = self._actor(route)
        key = own_key(actor, self.source, key)
        done = self.engine.perform(
            route.function, checked, actor=actor, key=key, source=self.source
        )
        return arguments.to_json(done)

    def ask(self, name: str, given: Mapping[str, Any]) -> Any:
        """Ask a question; its answer as JSON values.

        Raises: pace.AskedTooOften.
        """
        route = _route(name)
        if route.paced:
            pace.HERE.count(self.source)
        checked = arguments.parse(route.function, given)
        answer = self.engine.ask(route.function, self._actor(route), **checked)
        return arguments.to_json(answer)
