"""The staff of a way: whoever of a world's staff may do something does it, and four eyes stay the engine's.

A world in which nobody can review gets a few members of staff of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from engine.boot import World, tables
from engine.kernel import actors, errors, ids
from engine.kernel.reader import Reader
from engine.reviewing import actions as reviewing
from engine.reviewing import model as reviews
from engine.reviewing import queries as cases
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Right

_SETUP = actors.System(job="setup")
# Three, so that two approve what a third one proposed; and one who may move the clock.
HIRED = (("lead",), ("lead",), ("lead",), ("qa",))
_OPEN = ("waiting", "claimed", "held")
# What is refused to one may be allowed to another; what one may not see is not there for them.
_NOT_BY_THIS_ONE = (errors.NotPermitted, errors.Conflict, errors.PolicyRefused, errors.NotFound)


class NobodyMay(errors.NotPermitted):
    """Nobody of this world's staff may do that: {action}. Give somebody a role that may."""


class Office:
    """The staff of a world."""

    def __init__(self, world: World, entropy: ids.Entropy) -> None:
        self._world = world
        self._entropy = entropy
        self.staff = self._there()
        if not any(self.with_right(right) for right in reviews.RIGHT_FOR.values()):
            for number, roles in enumerate(HIRED, start=1):
                self._hire(f"states-{number}", roles)
            self.staff = self._there()

    def _there(self) -> list[actors.Staff]:
        engine, inside = self._world.engine, tables.INSIDE
        found = [
            engine.ask(staff_queries.actor, inside, profile.id)
            for profile in engine.ask(staff_queries.everyone, inside)
            if profile.status == "active"
        ]
        return [one for one in found if one is not None]

    def _hire(self, login: str, roles: tuple[str, ...]) -> None:
        given = {
            "login": login,
            "name": "状态演示员",
            "password": ids.token(self._entropy, 18),
            "roles": roles,
        }
        self._world.engine.perform(staffing.create_staff, given, actor=_SETUP)

    def with_right(self, right: Right) -> list[actors.Staff]:
        """Who holds a right somewhere, with a second factor proved just now."""
        now = self._world.engine.now()
        return [
            dataclasses.replace(one, second_factor_at=now)
            for one in self.staff
            if staff_queries.has(one, right, anywhere=True)
        ]

    def do(self, action: Callable[..., Any], given: Mapping[str, Any]) -> Any:
        """Have somebody do something: whoever may.

        Raises: the last refusal, when nobody may.
        """
        perform = self._world.engine.perform
        return self._by_whoever_may(action.__name__, lambda one: perform(action, given, actor=one))

    def ask(self, query: Callable[..., Any], given: Mapping[str, Any]) -> Any:
        """Have somebody ask something: whoever may.

        Raises: the last refusal, when nobody may.
        """
        ask = self._world.engine.ask
        return self._by_whoever_may(query.__name__, lambda one: ask(query, one, **given))

    def _by_whoever_may(self, name: str, work: Callable[[actors.Staff], Any]) -> Any:
        now, last = self._world.engine.now(), None
        for one in self.staff:
            try:
                return work(dataclasses.replace(one, second_factor_at=now))
            except _NOT_BY_THIS_ONE as refusal:
                last = refusal
        raise last or NobodyMay(action=name)

    def somebody(self) -> str:
        """The id of a member of staff."""
        return self.staff[0].staff_id

    # -- the desk ------------------------------------------------------------------------------

    def open(self, case_ids: list[str], kind: str = "") -> list[reviews.Case]:
        """Those of some cases that nobody has decided, oldest first."""
        ask = self._world.engine.ask
        found = [ask(_case, tables.INSIDE, one) for one in case_ids]
        return [one for one in found if one.status in _OPEN and kind in ("", one.kind)]

    def claim(self, case: reviews.Case) -> actors.Staff:
        """Somebody takes a case who may decide it; who.

        Raises: NobodyMay.
        """
        last: errors.EngineError = NobodyMay(action=case.kind)
        for one in self.with_right(reviews.RIGHT_FOR[case.kind]):
            try:
                self._world.engine.perform(reviewing.claim, {"case_id": case.id}, actor=one)
            except (errors.NotPermitted, errors.Conflict, errors.IllegalTransition) as refusal:
                last = refusal
            else:
                return one
        raise last

    def decide(self, case: reviews.Case, verdict: str) -> None:
        """Somebody takes a case and approves it, rejects it, or puts it aside.

        Raises: NobodyMay, and whatever the engine refuses.
        """
        one = self.claim(case)
        engine, given = self._world.engine, {"case_id": case.id}
        if verdict == "approve":
            engine.perform(reviewing.approve, given, actor=one)
        elif verdict == "reject":
            reasons = tuple(engine.ask(cases.reasons_for, one, case.kind))[:1]
            engine.perform(reviewing.reject, {**given, "reasons": reasons}, actor=one)
        elif verdict == "hold":
            reason = next(iter(engine.ask(cases.hold_reasons_for, one, case.kind)))
            engine.perform(
                reviewing.hold, {**given, "reason": reason, "note": "等待补充材料"}, actor=one
            )


def _case(q: Reader, case_id: str) -> reviews.Case:
    return q.get(reviews.Case, "review_case", case_id)
