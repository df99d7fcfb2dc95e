"""A scenario: what a run is told about the world, as strict TOML.

It is frozen, its digest is its identity, and the reference date is a parameter: nothing here looks at
today. What is wrong in a file is a `ConfigurationError` naming the file and the key, before anything
has started. People and seed are no part of it: they are given to the run.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.kernel import catalog, clock, errors
from engine.policies import queries as policy_queries
from engine.providers.bank import Faults
from engine.providers.courier import Faults as CourierFaults
from engine.providers.tax import Faults as TaxFaults
from engine.reviewing import model as reviewing
from engine.staffing.model import Role
from simulations.shares import Invoices, Services

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
# The 90th percentile of the standard normal distribution.
_Z90 = 1.2815515655446004


class ScenarioWrong(errors.ConfigurationError):
    """The scenario {file} is wrong: {problem}"""


class Minutes(catalog.Declared):
    """A lognormal duration by its median and 90th percentile, in minutes."""

    median: Annotated[float, Field(gt=0)]
    p90: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.p90 < self.median:
            raise ValueError("p90 must not lie below the median")
        return self

    def at(self, normal: float) -> float:
        """The duration in minutes at a draw from the standard normal distribution."""
        return self.median * math.exp(normal * math.log(self.p90 / self.median) / _Z90)


class Arrivals(catalog.Declared):
    """When people come: weights by hour of the day and by ISO weekday (Monday first), in Shanghai."""

    per_hour: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
    per_weekday: Annotated[tuple[Weight, ...], Field(min_length=7, max_length=7)]
    # People come in this first part of the horizon; the rest of it is for what they began.
    within: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _somebody_comes(self) -> Self:
        if sum(self.per_hour) <= 0 or sum(self.per_weekday) <= 0:
            raise ValueError("at least one hour and one weekday need a weight")
        return self


class People(catalog.Declared):
    """What the people are; `under_age` and `wrong_id` are planted truths that the engine must find."""

    purchasers: Share
    legal_representatives: Share
    under_age: Share
    wrong_id: Share


class Behaviour(catalog.Declared):
    """How likely people do what a diligent person does not."""

    gives_up: Share
    wrong_code: Share
    wrong_pin: Share
    lets_qr_lapse: Share
    # Whoever signs in on a PC that is not their own, names another contact than themselves at 主体注册, and
    # whose code a second phone reads over their shoulder.
    sits_elsewhere: Share = 0.0
    other_contact: Share = 0.0
    overlooked: Share = 0.0
    resubmits: Share
    # The share of enterprises whose administrator brings a colleague in.
    invites: Share = 0.0
    # Whoever freezes their account after proving their name, and whoever gives up and then leaves for good.
    takes_fright: Share = 0.0
    # Whoever misses their phone and holds the certificate, and who of them finds it again.
    misses_phone: Share = 0.0
    finds_phone: Share = 0.7
    leaves: Share = 0.0
    pause: Minutes


class Certificates(catalog.Declared):
    """What people do about certificates beside their first one: shares of those who come that far."""

    # Whoever pays for an order and takes it back, then orders once more.
    cancels: Share = 0.0
    # Of those whose phone stays lost: who has the certificate replaced instead of giving it up.
    replaces: Share = 0.0
    # Whoever tries their PIN until it is locked, and unlocks it; and who of them remembers it by then.
    forgets_pin: Share = 0.0
    remembers_pin: Share = 0.5
    # Of those who had a certificate replaced: who asks for the old encryption key.
    recovers_key: Share = 0.0
    # Whose enterprise changes its name.
    changes: Share = 0.0
    # Of those with a colleague: who delegates to them, and of these, who takes that back.
    delegates: Share = 0.0
    withdraws: Share = 0.0
    # Whoever buys one for a single event, and one of their own.
    buys_event: Share = 0.0
    buys_individual: Share = 0.0
    # Of those whose certificate comes into its CA's window before the run ends: who renews.
    renews: Share = 0.0


class Seals(catalog.Declared):
    """What administrators do with seals beside the first three: shares of those who come that far."""

    # Whoever writes a signature on the pad, and of these, who deletes it again.
    writes: Share = 0.0
    erases: Share = 0.0
    # Whoever applies for a contract seal with a stamped form; and what some of these do with it then.
    applies: Share = 0.0
    entrusts: Share = 0.0
    takes_back: Share = 0.0
    changes: Share = 0.0
    loses: Share = 0.0
    pauses: Share = 0.0


class Contracts(catalog.Declared):
    """What the parties of a contract do besides signing it at once: shares of the contracts made."""

    # Made from a template with fields of its own, and signed one after the other.
    special: Share = 0.0
    in_turn: Share = 0.0
    # The supplier declines, and the purchaser makes it anew; the purchaser withdraws it and makes it anew.
    declines: Share = 0.0
    withdraws: Share = 0.0
    # Whose supplier has to be reminded; of those that have passed, whose purchaser proposes to void it, and
    # of these, whose supplier refuses that.
    reminded: Share = 0.0
    voids: Share = 0.0
    refuses: Share = 0.0


class Review(catalog.Declared):
    """How often an application deserves a no, and for which reasons (none named: any that is declared)."""

    reject: Share
    reject_corrected: Share = 0.0
    reasons: dict[str, Weight] = Field(default_factory=dict)


class Reviewers(catalog.Declared):
    """A group of reviewers with the same roles, hours and pace."""

    group: Annotated[str, Field(pattern=r"^[a-z][a-z_-]*$")]
    count: Annotated[int, Field(ge=1, le=200)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    start: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    minutes: Minutes
    error_rate: Share

    @model_validator(mode="after")
    def _day_shift(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a shift must end after its start, on the same day")
        return self


class Calls(catalog.Declared):
    """Who calls in, after how long a wait, and the agents who answer."""

    # The share of people who call where something of theirs waits longer than they expected.
    share: Share
    patience: Minutes
    agents: Annotated[int, Field(ge=1, le=200)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.AGENT,)
    start: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    # How long a call takes.
    minutes: Minutes

    @model_validator(mode="after")
    def _day_shift(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a shift must end after its start, on the same day")
        return self


class Providers(catalog.Declared):
    """Knobs of the outside parties."""

    callback_delays_seconds: Annotated[tuple[int, ...], Field(min_length=1)] = (2, 9, 60)
    # The share of jobs whose first call finds the provider unreachable.
    sms_unreachable: Share = 0.0
    real_name_unreachable: Share = 0.0
    agency_unreachable: Share = 0.0
    # What goes wrong with money at the payment provider, and in its statements.
    payment: Faults = Faults()
    # What goes wrong with invoices at the tax service, and with their post.
    tax: TaxFaults = TaxFaults()
    courier: CourierFaults = CourierFaults()


class Scenario(catalog.Declared):
    """A whole scenario."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: catalog.Text
    reference: datetime.date
    horizon_days: Annotated[int, Field(ge=1, le=366)]
    shards: Annotated[int, Field(ge=1, le=1000)]
    crypto: Literal["all", "none"]
    arrivals: Arrivals
    people: People
    behaviour: Behaviour
    certificates: Certificates = Certificates()
    # Without it every contract is signed at once and submitted.
    contracts: Contracts | None = None
    # Without it nobody has other seals than the first three.
    seals: Seals | None = None
    # Without these nobody orders services, and whoever wants an invoice takes the title that is there.
    services: Services | None = None
    invoices: Invoices | None = None
    review: dict[str, Review]
    reviewers: Annotated[tuple[Reviewers, ...], Field(min_length=1)]
    providers: Providers = Providers()
    # Without it nobody calls and nobody answers.
    calls: Calls | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        unknown = sorted(set(self.review) - set(reviewing.RIGHT_FOR))
        if unknown:
            raise ValueError(f"review.{unknown[0]}: there is no such kind of case")
        groups = [one.group for one in self.reviewers]
        if len(set(groups)) != len(groups):
            raise ValueError("reviewers.group: each group needs a name of its own")
        return self

    @property
    def start_ms(self) -> int:
        """The first instant: the reference date at 00:00 in Shanghai."""
        return clock.start_of(self.reference)

    @property
    def end_ms(self) -> int:
        """The instant at which the run stops."""
        return self.start_ms + self.horizon_days * clock.DAY

    @property
    def digest(self) -> str:
        """SHA-256 of the scenario's contents, whatever the file looks like."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def at(self, reference: datetime.date, horizon_days: int) -> Scenario:
        """The same scenario on other days."""
        return self.model_copy(update={"reference": reference, "horizon_days": horizon_days})


def load(path: Path) -> Scenario:
    """The scenario in a TOML file.

    Raises: ScenarioWrong naming the file and the key.
    """
    try:
        found = catalog.load(path, Scenario)
        declared = policy_queries.declared()
    except errors.ConfigurationError as problem:
        told = {name: str(value) for name, value in problem.params.items()}
        raise ScenarioWrong(file=told["file"], problem=told["problem"]) from problem
    known = {
        (kind, name)
        for family, name, reason in declared
        if family == "reason"
        for kind in reason.model_dump()["kinds"]
    }
    for kind, review in found.review.items():
        for reason in review.reasons:
            if (kind, reason) not in known:
                raise ScenarioWrong(
                    file=path.name,
                    problem=f"review.{kind}.reasons.{reason}: no such reason for this kind of case",
                )
    return found
