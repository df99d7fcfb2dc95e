"""Who comes when, for what, and how they will behave: everything drawn up front, per entity.

Nothing is drawn at the moment of service, so that two scenarios that differ in one knob meet the
same people (common random numbers, `simulation.md` 6). The arrival of person `i` is a draw of its own
through the scenario's curve, and does not depend on how many come.
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.kernel import clock
from simulations import dealings, population, streams
from simulations.scenario import TRUTHS, Scenario


class Truth(enum.StrEnum):
    """What is planted in a person, for the engine to find."""

    HONEST = "honest"
    UNDER_AGE = "under_age"
    WRONG_ID = "wrong_id"  # at the first try; the second one is right
    DUPLICATE_PERSON = "duplicate_person"  # with a second account, on another number
    FORGED_LICENCE = "forged_licence"
    WRONG_REPRESENTATIVE = "wrong_representative"
    STAMP_USED_BEFORE = "stamp_used_before"


class Forgery(enum.StrEnum):
    """Where a forged licence comes from."""

    COPIED = "copied"  # another applicant's picture
    UNREGISTERED = "unregistered"  # of an enterprise that the register does not know
    DRAWN = "drawn"  # only somebody who looks closely sees it


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
    # Of which kind of the scenario's mix they are; of none where it is empty.
    kind: str = ""
    forgery: Forgery | None = None
    # The particulars of their enterprise as the register has them, where they say otherwise.
    registered: population.Enterprise | None = None
    # Enterprises for which they act besides, one after the other.
    further: tuple[population.Enterprise, ...] = ()
    # Their second number, where they try for a second account.
    second_phone: str = ""


class Casting:
    """Makes personas of a scenario's people."""

    def __init__(self, scenario: Scenario, seed: int, everybody: population.Population) -> None:
        self._scenario = scenario
        self._seed = seed
        self._everybody = everybody
        self._curve = _curve(scenario)
        self._stretch = -1
        self._people: list[population.Person] = []
        self._enterprises: list[population.Enterprise] = []
        kinds = ("", *(one.name for one in scenario.personas))
        self._lived = {kind: scenario.lived_by(kind) for kind in kinds}

    def persona(self, index: int) -> Persona:
        """The persona of an index."""
        kind = self._kind(index)
        lived = self._lived[kind]
        rules, chance = lived.people, streams.generator(self._seed, "persona", index)
        role, truth, represents, place = (float(draw) for draw in chance.random(4))
        planted, forgery = self._planted(index, truth, lived)
        person, enterprise = self._identity(index, planted)
        if represents < rules.legal_representatives:
            enterprise = population.Enterprise(
                index=index,
                name=enterprise.name,
                uscc=enterprise.uscc,
                legal_representative=person.name,
                legal_representative_id=person.resident_id,
            )
        registered = enterprise
        if planted is Truth.WRONG_REPRESENTATIVE:
            registered, enterprise = self._usurped(enterprise, person)
        conduct = self._conduct(index, lived)
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
            arrives_at=self.arrival(place),
            colleague=colleague,
            dealings=dealings.drawn(lived.certificates, self._seed, index),
            kind=kind,
            forgery=forgery,
            registered=None if registered is enterprise else registered,
            further=self._further(index, rules.further_enterprises),
            second_phone=self._second_phone(index, planted),
        )

    def _identity(
        self, index: int, truth: Truth
    ) -> tuple[population.Person, population.Enterprise]:
        """Who somebody is; the second one of a stretch is made together with all of it, far quicker."""
        stretch, place = divmod(index, _TOGETHER)
        if stretch != self._stretch:
            self._stretch, self._people = stretch, []
            person = self._everybody.person(index, under_age=truth is Truth.UNDER_AGE)
            return person, self._everybody.enterprise(index)
        if not self._people:
            indices = range(stretch * _TOGETHER, (stretch + 1) * _TOGETHER)
            self._people = self._everybody.people(indices)
            self._enterprises = self._everybody.enterprises(indices)
        if truth is Truth.UNDER_AGE:
            return self._everybody.person(index, under_age=True), self._enterprises[place]
        return self._people[place], self._enterprises[place]

    def _kind(self, index: int) -> str:
        """Of which kind somebody is: a stream of its own, so that a mix moves nobody else's draws."""
        if not self._scenario.personas:
            return ""
        left = float(streams.generator(self._seed, "kind of persona", index).random())
        for one in self._scenario.personas:
            left -= one.share
            if left < 0:
                return one.name
        return ""

    def _planted(self, index: int, draw: float, lived: Scenario) -> tuple[Truth, Forgery | None]:
        """What is not true of somebody; whoever is honest by the first draw may not be by the second."""
        shares = lived.truths()
        truth = _truth(draw, shares["under_age"], shares["wrong_id"])
        others = {Truth(name): shares[name] for name in _FURTHER_TRUTHS}
        if truth is not Truth.HONEST or not any(others.values()):
            return truth, None
        first, second = streams.generator(self._seed, "planted", index).random(2).tolist()
        # The share is one of all people, and the first draw has taken some of them.
        left = first * (1 - shares["under_age"] - shares["wrong_id"])
        for name, share in others.items():
            left -= share
            if left < 0:
                forged = name is Truth.FORGED_LICENCE
                return name, _forgery(second, lived) if forged else None
        return Truth.HONEST, None

    def _usurped(
        self, enterprise: population.Enterprise, person: population.Person
    ) -> tuple[population.Enterprise, population.Enterprise]:
        """An enterprise as the register has it, and as somebody says who is not its representative."""
        real = self._everybody.enterprise(enterprise.index)
        claimed = dataclasses.replace(
            real, legal_representative=person.name, legal_representative_id=person.resident_id
        )
        return real, claimed

    def _further(self, index: int, count: int) -> tuple[population.Enterprise, ...]:
        # Beyond those of the most people a run can have.
        first = _FURTHER_FROM + population.MOST_FURTHER * index
        return tuple(self._everybody.enterprises(range(first, first + count))) if count else ()

    def _second_phone(self, index: int, truth: Truth) -> str:
        if truth is not Truth.DUPLICATE_PERSON:
            return ""
        return self._everybody.person(population.MOST // 4 + index).phone

    def _conduct(self, index: int, lived: Scenario) -> Conduct:
        rules = lived.behaviour
        draws = streams.generator(self._seed, "conduct", index).random(9).tolist()
        gives_up, patience, wrong_code, wrong_pin, lapse, resubmits, invites, fright, leaves = draws
        return Conduct(
            gives_up=gives_up < rules.gives_up,
            patience=patience * rules.patience,
            wrong_code=wrong_code < rules.wrong_code,
            wrong_pin=wrong_pin < rules.wrong_pin,
            lets_qr_lapse=lapse < rules.lets_qr_lapse,
            resubmits=resubmits < rules.resubmits,
            invites=invites < rules.invites,
            takes_fright=fright < rules.takes_fright,
            leaves=leaves < rules.leaves,
            **self._at_scans(index, lived),
        )

    def _at_scans(self, index: int, lived: Scenario) -> dict[str, bool]:
        """A stream of its own, so that nobody's other habits change with it."""
        rules = lived.behaviour
        elsewhere, contact, overlooked = (
            streams.generator(self._seed, "scans", index).random(3).tolist()
        )
        return {
            "sits_elsewhere": elsewhere < rules.sits_elsewhere,
            "other_contact": contact < rules.other_contact,
            "overlooked": overlooked < rules.overlooked,
        }

    def arrival(self, place: float) -> int:
        """When somebody comes whose draw from [0, 1) this is, by the scenario's curve."""
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
        * scenario.arrivals.times(1 + hour // 24, hour % 24)
        for hour in range(hours)
    ]
    if not any(weights):
        weights = [1.0] * hours
    running = np.cumsum(np.array(weights, dtype=np.float64))
    curve: NDArray[np.float64] = running / running[-1]
    return curve


_TOGETHER = 128
_FURTHER_FROM = 8_000_000
_FURTHER_TRUTHS = tuple(name for name in TRUTHS if name not in ("under_age", "wrong_id"))


def _forgery(draw: float, lived: Scenario) -> Forgery:
    if draw < lived.planted.licence_copied:
        return Forgery.COPIED
    both = lived.planted.licence_copied + lived.planted.licence_unregistered
    return Forgery.UNREGISTERED if draw < both else Forgery.DRAWN


def _truth(draw: float, under_age: float, wrong_id: float) -> Truth:
    if draw < under_age:
        return Truth.UNDER_AGE
    return Truth.WRONG_ID if draw < under_age + wrong_id else Truth.HONEST
