"""Invariants while a run lives: every simulated day, or after each act, and at its end.

The first that breaks stops the shard where it is: its world and its log are kept as they were then, and
what broke, where, and the one command that plays it again. Looking changes nothing of what happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.kernel import clock, events
from simulations.environment import Stage, Steps
from simulations.invariants.checking import check, quick
from simulations.invariants.findings import Finding, broken
from simulations.invariants.walking import Walk

if TYPE_CHECKING:
    from simulations.shards.specs import How


class Broken(BaseException):
    """An invariant is broken: nothing of the run goes on. Nobody on the stage may catch it."""


@dataclass
class Watch:
    """Who looks. `acts` counts committed acts, so that a step can be named."""

    stage: Stage
    how: How
    walk: Walk = field(default_factory=Walk)
    acts: int = 0
    findings: list[Finding] = field(default_factory=list)
    step: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.stage.world.engine.listeners.append(self._committed)
        if self.how == "day":
            self.stage.env.process(self._daily())

    def _committed(self, seq: int) -> None:
        if seq == 0:
            return
        self.acts += 1
        if self.how == "act":
            self._look()

    def _daily(self) -> Steps:
        while True:
            yield self.stage.env.timeout(clock.DAY)
            self._look()

    def _look(self) -> None:
        found = quick(self.stage.world, self.walk)
        self.stage.checked(found)
        if broken(found):
            self._keep(found)
            raise Broken

    def _keep(self, found: list[Finding]) -> None:
        self.findings = found
        with self.stage.world.engine.parts.db.read() as connection:
            newest = events.head(connection).seq
            last = events.read(connection, after=max(0, newest - 1))
        self.step = {
            "act": self.acts,
            "event": newest,
            "at_ms": self.stage.now_ms,
            # The newest act; with a look after each act it is the very one.
            "action": last[-1].action if last else "",
            "actor": last[-1].actor if last else "",
            "subject": last[-1].subject if last else "",
            "exact": self.how == "act",
        }

    def through(self, steps: Iterator[int]) -> Iterator[int]:
        """The same steps, up to where something breaks."""
        try:
            yield from steps
        except Broken:
            return

    def ended(self) -> list[Finding]:
        """What is found at the end, or was found where it broke."""
        self.stage.world.engine.listeners.remove(self._committed)
        if self.step is None:
            found = check(self.stage.world)
            self.stage.checked(found)
            self.findings = found
            if broken(found):
                self._keep(found)
        return self.findings

    def failure(self) -> dict[str, Any] | None:
        """What broke, and at which step; None where everything holds."""
        if self.step is None:
            return None
        wrong = [one.as_json() for one in self.findings if one.violations]
        return {"invariants": wrong, "case": wrong[0]["ids"][0], "step": self.step}
