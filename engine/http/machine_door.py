"""Machines at the JSON API: a bearer token becomes an actor, within its scopes, networks and pace.

A token is looked up on every request, so that one that was revoked is nobody at the next. What it may is
narrowed thrice: by the scopes of its client (which operations), by the grant of its account (which rights,
where), and by what machines never do at all.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from engine.http.routing import Route
from engine.integrating import actions, queries
from engine.integrating.model import TOKEN_PREFIX
from engine.kernel import actors, errors
from engine.kernel.engine import Engine

_DOOR = actors.System(job="machine-door")
_MINUTE_S = 60


class TokenInvalid(errors.NotPermitted):
    """This token is unknown, revoked, or has run out. Ask whoever registered the machine for another."""

    http_status = 401


class SourceRefused(errors.NotPermitted):
    """This token is not let in from this address."""


class ScopeMissing(errors.NotPermitted):
    """This token lacks the scope “{scope}”. Ask whoever registered the machine to have it widened."""


class TooManyCalls(errors.PolicyRefused):
    """This token has asked as often as it may within a minute. Try again in {seconds} s."""

    http_status = 429


class Turnstile:
    """How often each token asked within the present minute, by the seconds that `now_s` tells."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._minute = -1
        self._asked: Counter[str] = Counter()
        self._guard = threading.Lock()

    def count(self, token_id: str, most: int) -> None:
        """Count a request of a token's.

        Raises: TooManyCalls.
        """
        now_s = self._now_s()
        with self._guard:
            minute = int(now_s // _MINUTE_S)
            if minute != self._minute:
                self._minute = minute
                self._asked.clear()
            if self._asked[token_id] >= most:
                raise TooManyCalls(seconds=int((minute + 1) * _MINUTE_S - now_s) + 1)
            self._asked[token_id] += 1


HERE = Turnstile()


def is_token(bearer: str) -> bool:
    """Whether a bearer's token is a machine's, or means to be."""
    return bearer.startswith(TOKEN_PREFIX)


def actor_of(
    engine: Engine, bearer: str, route: Route, address: str, turnstile: Turnstile | None = None
) -> actors.Staff:
    """As whom a machine acts that comes with a token from an address to do what a route does.

    `turnstile` is this process's own where none is given; a run has one by the run's time.
    Raises: TokenInvalid, SourceRefused, TooManyCalls, ScopeMissing.
    """
    found = engine.ask(queries.admitted, _DOOR, bearer)
    if found is None:
        raise TokenInvalid()
    known, actor = found
    if not known.access.admits(address):
        raise SourceRefused()
    (turnstile or HERE).count(known.token_id, known.calls_per_minute)
    if known.unnoted:
        engine.perform(actions.note_use, {"token_id": known.token_id}, actor=_DOOR)
    if route.scope not in known.access.scopes:
        raise ScopeMissing(scope=route.scope)
    return actor
