"""Who comes when, for what, and how they will behave: everything drawn up front, per entity.

Nothing is drawn at the moment of service, so that two scenarios that differ in one knob meet the
same people (common random numbers, `simulation.md` 6). The arrival of person `i` is a draw of its own
through the scenario's curve, and does not depend on how many come.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.kernel import clock
from simulations import dealings, population, streams
from simulations.scenario import Scenario


class Truth(enum.StrEnum):
    """What is planted in a person, for the engine to find."""

    HONEST = "honest"
    UNDER_AGE = "under_age"
    WRONG_ID = "wrong_id"  # at the first try; the second one is right


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How one person behaves. `patience` (0 to 1) says how far one comes who gives up."""

    gives_up: bool
    patience: float
    wrong_code: bool
    wrong_pin: bool
    lets_qr_lapse: bool
    resubmits: bool
    sits_elsewhere: bool = False
    other_contact: bool = False
    overlooked: bool = False
    invites: bool = False
    takes_fright: bool = False
    leaves: bool = False


DILIGENT = Conduct(
    gives_up=False,
    patience=1.0,
    wrong_code=False,
    wrong_pin=False,
    lets_qr_lapse=False,
    resubmits=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A person with an enterprise, a role on the platform and a conduct."""

    index: int
    person: population.Person
    enterprise: population.Enterprise
    role: str
    truth: Truth
    conduct: Conduct
    arrives_at: int
    # Whom they bring into their enterprise, if anybody.
    colleague: population.Person | None = None
    dealings: dealings.Dealings = dealings.NONE


class Casting:
    """Makes personas of a scenario's people."""

    def __init__(self, scenario: Scenario, seed: int, everybody: population.Population) -> None:
        self._scenario = scenario
        self._seed = seed
        self._everybody = everybody
        self._curve = _curve(scenario)

    def persona(self, index: int) -> Persona:
        """The persona of an index."""
        rules, chance = self._scenario.people, streams.generator(self._seed, "persona", index)
        role, truth, represents, place = (float(draw) for draw in chance.random(4))
        planted = _truth(truth, rules.under_age, rules.wrong_id)
        person = self._everybody.person(index, under_age=planted is Truth.UNDER_AGE)
        enterprise = self._everybody.enterprise(index)
        if represents < rules.legal_representatives:
            enterprise = population.Enterprise(
                index=index,
                name=enterprise.name,
                uscc=enterprise.uscc,
                legal_representative=person.name,
                legal_representative_id=person.resident_id,
            )
        conduct = self._conduct(index)
        colleague = None
        if conduct.invites:
            # Counted from the other end, so that nobody is met twice.
            colleague = self._everybody.person(population.MOST - 1 - index)
        return Persona(
            index=index,
            person=person,
            enterprise=enterprise,
            role="purchaser" if role < rules.purchasers else "supplier",
            truth=planted,
            conduct=conduct,
            arrives_at=self._arrival(place),
            colleague=colleague,
            dealings=dealings.drawn(self._scenario.certificates, self._seed, index),
        )

    def _conduct(self, index: int) -> Conduct:
        rules = self._scenario.behaviour
        draws = streams.generator(self._seed, "conduct", index).random(9).tolist()
        gives_up, patience, wrong_code, wrong_pin, lapse, resubmits, invites, fright, leaves = draws
        return Conduct(
            gives_up=gives_up < rules.gives_up,
            patience=patience,
            wrong_code=wrong_code < rules.wrong_code,
            wrong_pin=wrong_pin < rules.wrong_pin,
            lets_qr_lapse=lapse < rules.lets_qr_lapse,
            resubmits=resubmits < rules.resubmits,
            invites=invites < rules.invites,
            takes_fright=fright < rules.takes_fright,
            leaves=leaves < rules.leaves,
            **self._at_scans(index),
        )

    def _at_scans(self, index: int) -> dict[str, bool]:
        """A stream of its own, so that nobody's other habits change with it."""
        rules = self._scenario.behaviour
        elsewhere, contact, overlooked = (
            streams.generator(self._seed, "scans", index).random(3).tolist()
        )
        return {
            "sits_elsewhere": elsewhere < rules.sits_elsewhere,
            "other_contact": contact < rules.other_contact,
            "overlooked": overlooked < rules.overlooked,
        }

    def _arrival(self, place: float) -> int:
        hour = int(np.searchsorted(self._curve, place, side="right"))
        before = float(self._curve[hour - 1]) if hour else 0.0
        share = (place - before) / (float(self._curve[hour]) - before)
        # The very first instant belongs to the staff, who are there before anybody comes.
        return self._scenario.start_ms + max(1, round((hour + share) * clock.HOUR))


def _curve(scenario: Scenario) -> NDArray[np.float64]:
    """The cumulative share of people by hours since the start."""
    hours = max(1, round(scenario.horizon_days * 24 * scenario.arrivals.within))
    weekday = scenario.reference.weekday()
    weights = [
        scenario.arrivals.per_hour[hour % 24]
        * scenario.arrivals.per_weekday[(weekday + hour // 24) % 7]
        for hour in range(hours)
    ]
    if not any(weights):
        weights = [1.0] * hours
    running = np.cumsum(np.array(weights, dtype=np.float64))
    curve: NDArray[np.float64] = running / running[-1]
    return curve


def _truth(draw: float, under_age: float, wrong_id: float) -> Truth:
    if draw < under_age:
        return Truth.UNDER_AGE
    return Truth.WRONG_ID if draw < under_age + wrong_id else Truth.HONEST
