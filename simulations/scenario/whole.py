"""A whole scenario, and what can be asked of it."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from engine.kernel import catalog, clock
from engine.kernel.catalog import Share
from engine.reviewing import model as reviewing
from simulations.faults.plan import FaultPlan
from simulations.scenario.crowd import (
    TRUTHS,
    Arrivals,
    Behaviour,
    Certificates,
    Contracts,
    People,
    Planted,
    Seals,
)
from simulations.scenario.machines import Machines
from simulations.scenario.mix import SECTIONS, Kind
from simulations.scenario.outsiders import Providers, Stop
from simulations.scenario.staff import Calls, Cost, Promise, Review, Reviewers
from simulations.shares import Invoices, Services

VERSION: Final = 1


class Scenario(catalog.Declared):
    """A whole scenario."""

    version: Literal[1] = VERSION
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: catalog.Text
    reference: datetime.date
    horizon_days: Annotated[int, Field(ge=1, le=366)]
    # So many days at the beginning are left out of what is measured (never out of what is checked).
    warm_up_days: Annotated[int, Field(ge=0, le=365)] = 0
    shards: Annotated[int, Field(ge=1, le=100_000)]
    # Who signs contracts: every purchaser, a share of them, or nobody. Certificates are always real.
    crypto: Literal["all", "sampled", "none"]
    sampled: Share = 0.1
    arrivals: Arrivals
    people: People
    planted: Planted = Planted()
    # Kinds of people besides everybody else.
    personas: tuple[Kind, ...] = ()
    behaviour: Behaviour
    certificates: Certificates = Certificates()
    # Without it every contract is signed at once and submitted.
    contracts: Contracts | None = None
    # Without it nobody has other seals than the first three.
    seals: Seals | None = None
    # Without these nobody orders services, and whoever wants an invoice takes the title that is there.
    services: Services | None = None
    invoices: Invoices | None = None
    review: dict[str, Review] = Field(default_factory=dict)
    reviewers: Annotated[tuple[Reviewers, ...], Field(min_length=1)]
    providers: Providers = Providers()
    # Incidents for which a CA is stopped from issuing.
    stops: tuple[Stop, ...] = ()
    # Without it nobody calls and nobody answers.
    calls: Calls | None = None
    # Without it no outside machine is let in.
    machines: Machines | None = None
    # What is made to go wrong besides (`simulations/faults`).
    faults: FaultPlan = FaultPlan()
    # For the staffing what-if: what people cost, and what is promised for which kind of case.
    cost: Cost | None = None
    service_level: dict[str, Promise] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._require_kinds("review", self.review)
        self._require_kinds("service_level", self.service_level)
        for place, one in enumerate(self.reviewers):
            self._require_kinds(f"reviewers.{place}.skill", one.skill)
        groups = [one.group for one in self.reviewers]
        if len(set(groups)) != len(groups):
            raise ValueError("reviewers.group: each group needs a name of its own")
        for group in sorted(set(self.cost.groups if self.cost else ()) - set(groups)):
            raise ValueError(f"cost.groups.{group}: there is no such group of reviewers")
        if self.warm_up_days >= self.horizon_days:
            raise ValueError("warm_up_days: the run must be longer than its warm-up")
        self._require_truths()
        self._require_mix()
        return self

    def _require_kinds(self, key: str, given: dict[str, Any]) -> None:
        for kind in sorted(set(given) - set(reviewing.RIGHT_FOR)):
            raise ValueError(f"{key}.{kind}: there is no such kind of case")

    def _require_truths(self) -> None:
        for name in ("under_age", "wrong_id"):
            if getattr(self.people, name) and getattr(self.planted, name):
                raise ValueError(f"planted.{name}: it stands in people too; leave one of them out")
        if sum(self.truths().values()) > 1:
            raise ValueError("planted: the shares must not exceed 1 together")

    def _require_mix(self) -> None:
        names = [one.name for one in self.personas]
        if len(set(names)) != len(names):
            raise ValueError("personas.name: each kind needs a name of its own")
        if sum(one.share for one in self.personas) > 1 + 1e-9:
            raise ValueError("personas.share: the shares must not exceed 1 together")
        for place, one in enumerate(self.personas):
            if one.calls is not None and self.calls is None:
                raise ValueError(f"personas.{place}.calls: nobody answers, for there is no [calls]")

    @property
    def start_ms(self) -> int:
        """The first instant: the reference date at 00:00 in Shanghai."""
        return clock.start_of(self.reference)

    @property
    def end_ms(self) -> int:
        """The instant at which the run stops."""
        return self.start_ms + self.horizon_days * clock.DAY

    @property
    def measured_from_ms(self) -> int:
        """The first instant that is measured: the end of the warm-up."""
        return self.start_ms + self.warm_up_days * clock.DAY

    @property
    def digest(self) -> str:
        """SHA-256 of what the scenario says, whatever the file looks like.

        A key that says what is so without it is no part of it, so that a later key moves no digest.
        """
        told = self.model_dump(mode="json", exclude_defaults=True)
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def at(self, reference: datetime.date, horizon_days: int) -> Scenario:
        """The same scenario on other days."""
        return self.model_copy(update={"reference": reference, "horizon_days": horizon_days})

    def truths(self) -> dict[str, float]:
        """The share of people in whom each untruth is planted, wherever it stands."""
        found = {name: float(getattr(self.planted, name)) for name in TRUTHS}
        for name in ("under_age", "wrong_id"):
            found[name] += float(getattr(self.people, name))
        return found

    @property
    def looks_at_papers(self) -> bool:
        """Whether reviewers have to look for anything that is planted, in whomever."""
        everybody = ("", *(kind.name for kind in self.personas))
        return any(self.lived_by(kind).planted.for_reviewers for kind in everybody)

    def lived_by(self, kind: str) -> Scenario:
        """The scenario as people of a kind live it; the scenario itself for everybody else."""
        if not kind:
            return self
        (found,) = (one for one in self.personas if one.name == kind)
        update: dict[str, catalog.Declared] = {}
        for name, given in found.sections():
            now: catalog.Declared = getattr(self, name) or SECTIONS[name]()
            update[name] = now.model_copy(update=given)
        # Nobody of a kind is of a kind once more.
        return self.model_copy(update={**update, "personas": ()})
