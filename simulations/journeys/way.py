"""One person's way: their pauses, their milestones, their conduct, and whom they can trade with."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import simpy

from engine.incidents.queries import IssuingStopped
from engine.kernel import clock, ids
from engine.kernel.engine import SecondFactorNeeded
from simulations import callers
from simulations.environment import LeftOff, Stage, Steps
from simulations.journeys.codes import NoCode, by_code
from simulations.people import Identity, Person
from simulations.personas import Persona
from simulations.scenario import Calls

T = TypeVar("T")
_QUICK, _SLOW = 20 * 60, 90 * 60
_NEVER = 1 << 62
_STOPPED_WAITS_S = 3600
# In which order the steps come, for who gives up part of the way.
MILESTONES = (
    "registered",
    "named",
    "claimed",
    "onboarded",
    "ordered",
    "paid",
    "downloaded",
    "bound",
    "contracted",
)


def _patience(stage: Stage, persona: Persona, plan: Calls | None) -> list[int]:
    """After how long a wait somebody calls, for each of their waits; nothing for who never does."""
    chance = stage.stream("patience", persona.index)
    if plan is None or float(chance.random()) >= plan.share:
        return []
    return [
        round(plan.patience.at(draw) * clock.MINUTE) for draw in chance.standard_normal(16).tolist()
    ]


class GaveUp(LeftOff):
    """The person does not come back."""


@dataclass
class Market:
    """Who can be traded with on this stage: suppliers whose account is bound, in that order.

    Beside them a few papers that were handed in, for those who use other people's.
    """

    suppliers: list[Person] = field(default_factory=list)
    contracts: int = 0
    licences: list[bytes] = field(default_factory=list)
    forms: list[bytes] = field(default_factory=list)


_markets: weakref.WeakKeyDictionary[Stage, Market] = weakref.WeakKeyDictionary()


def market_of(stage: Stage) -> Market:
    """The market of a stage."""
    return _markets.setdefault(stage, Market())


class Way:
    """One person's way: their pauses, their milestones, their conduct."""

    def __init__(self, stage: Stage, persona: Persona) -> None:
        self.stage, self.persona = stage, persona
        # The scenario as people of this kind live it.
        self.rules = stage.scenario.lived_by(persona.kind)
        # The colleague whom they brought in, once they are there.
        self.colleague: Way | None = None
        self._calls = iter(_patience(stage, persona, self.rules.calls))
        self._pauses = iter(stage.stream("pause", persona.index).standard_normal(64).tolist())
        agencies = ("dongfang", "nanfang")
        choice = float(stage.stream("choice", persona.index).random())
        self.agency_id, self.choice = agencies[choice < 0.4], choice
        self.person = Person(
            stage.world,
            Identity.of(persona.person, persona.enterprise),
            ids.Stream(stage.entropy("device", persona.index)),
            role=persona.role,
        )

    @property
    def signs(self) -> bool:
        """Whether this person signs contracts in this run: all purchasers do, a share of them, or none."""
        plan = self.stage.scenario
        if plan.crypto != "sampled":
            return plan.crypto == "all"
        return float(self.stage.stream("signs", self.persona.index).random()) < plan.sampled

    def pause(self) -> simpy.Event:
        """A person's pause between two acts."""
        minutes = self.rules.behaviour.pause.at(next(self._pauses, 0.0))
        return self.stage.wait(minutes * 60)

    def reached(self, milestone: str) -> None:
        """Count a milestone, and stop here if this is how far this person comes.

        Raises: GaveUp.
        """
        self.stage.log(milestone)
        self.stage.moved(self.persona.index, milestone)
        conduct = self.persona.conduct
        place = MILESTONES.index(milestone) if milestone in MILESTONES else len(MILESTONES)
        if conduct.gives_up and place >= conduct.patience * len(MILESTONES):
            self.stage.log("gave up")
            self.stage.moved(self.persona.index, "gave up")
            raise GaveUp

    def until(self, done: Callable[[], bool]) -> Steps:
        """Look again and again until something has come; ends the journey at the horizon.

        Who is of those who call does so once the wait is longer than they expected.
        """
        quick, calls_at = 6, self.stage.now_ms + next(self._calls, _NEVER)
        while not done():
            if self.stage.now_ms >= calls_at:
                calls_at = _NEVER
                line = callers.line_of(self.stage)
                if line is not None:
                    line.ring(self.person.identity.phone)
            wait = _QUICK if quick > 0 else _SLOW
            quick -= 1
            yield self.stage.wait(wait)


def as_oneself(way: Way, act: Callable[[], T]) -> Generator[simpy.Event, Any, T]:
    """Do something that needs a fresh second factor: first enter a code where it is asked for.

    While the CA is stopped from issuing, it is tried again every hour.
    """
    while True:
        try:
            return (yield from _as_oneself(way, act))
        except IssuingStopped:
            way.stage.log("issuing is stopped")
        yield way.stage.wait(_STOPPED_WAITS_S)


def _as_oneself(way: Way, act: Callable[[], T]) -> Generator[simpy.Event, Any, T]:
    try:
        return act()
    except SecondFactorNeeded:
        pass
    try:
        yield from by_code(way, way.person.request_step_up, way.person.step_up)
    except NoCode:
        raise GaveUp from None
    way.stage.log("confirmed in person")
    return act()
