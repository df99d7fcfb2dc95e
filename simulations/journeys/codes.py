"""Codes by SMS: waited for, asked for again where none comes, entered once more where they are old."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import simpy

from engine.kernel import clock
from engine.registration.actions import codes
from simulations.environment import Steps

if TYPE_CHECKING:
    from simulations.journeys.way import Way

_A_MOMENT, _MORE_THAN_A_MINUTE, _AN_HOUR = 25, 70, 3_700
_TRIES = 4
_OLD = (codes.CodeWrong, codes.CodeExpired, codes.DetailsWrong)


class NoCode(Exception):
    """No code came, however often it was asked for."""


def by_code(
    way: Way,
    ask: Callable[[], str],
    enter: Callable[[str, str], object],
    first: Callable[[str, str], Steps] | None = None,
) -> Steps:
    """Ask for a code and enter it; `first` is what somebody does with the first that comes.

    Raises: NoCode; what `ask` and `enter` raise beside what another code mends.
    """
    for turn in range(_TRIES):
        since = way.stage.world.engine.now()
        request_id = yield from _asked(way, ask, again=turn > 0)
        yield way.stage.wait(_A_MOMENT)
        code = way.person.read_code(since)
        if not code:
            way.stage.log("code did not come")
            yield way.stage.wait(_MORE_THAN_A_MINUTE)
            code = way.person.read_code(since)
        if not code:
            continue
        if first is not None:
            yield from first(request_id, code)
            first = None
        try:
            enter(request_id, code)
        except _OLD:
            if turn == _TRIES - 1:
                raise
            way.stage.log("code of another time")
            yield way.stage.wait(_MORE_THAN_A_MINUTE)
        else:
            return
    raise NoCode


def _asked(way: Way, ask: Callable[[], str], *, again: bool) -> Generator[simpy.Event, Any, str]:
    """What to quote with the code; who has had all of today's codes asks for one tomorrow."""
    while True:
        try:
            return ask()
        except codes.CodesUsedUp:
            way.stage.log("waits for tomorrow's codes")
            tomorrow = clock.civil_date(way.stage.now_ms) + datetime.timedelta(days=1)
            yield way.stage.wait_until(clock.start_of(tomorrow))
        except (codes.CodeTooSoon, codes.CodesThisHour) as refusal:
            if not again:
                raise
            soon = isinstance(refusal, codes.CodeTooSoon)
            yield way.stage.wait(_MORE_THAN_A_MINUTE if soon else _AN_HOUR)
