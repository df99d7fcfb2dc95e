"""The outside parties: how late they answer, what goes wrong with them, and when they are away."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.kernel import catalog
from engine.kernel.catalog import Share
from engine.providers.bank import Faults
from engine.providers.courier import Faults as CourierFaults
from engine.providers.tax import Faults as TaxFaults
from simulations.scenario.crowd import Hour


class Moment(catalog.Declared):
    """An hour of a day; the reference date is day 1. `9.5` is half past nine, in Shanghai."""

    day: Annotated[int, Field(ge=1, le=366)]
    hour: Hour = 0.0


class Outage(catalog.Declared):
    """A stretch of time in which one outside party can't be reached, whoever calls."""

    party: Literal["sms", "real_name", "register", "agency", "tax", "courier"]
    # One CA or one way of proving a name; without it all of them.
    label: str = ""
    start: Moment
    end: Moment

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (self.end.day, self.end.hour) <= (self.start.day, self.start.hour):
            raise ValueError("an outage must end after its start")
        if self.label and self.party not in ("real_name", "agency"):
            raise ValueError("only real_name and agency have labels")
        return self


class Stop(catalog.Declared):
    """An incident for which a CA (all of them, where none is named) is stopped from issuing for a while.

    Whoever of the roster handles incidents first in their shift stops it; two of them lift it.
    """

    agency: str = ""
    kind: str = "misissuance"
    start: Moment
    end: Moment

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (self.end.day, self.end.hour) <= (self.start.day, self.start.hour):
            raise ValueError("a stop must end after its start")
        return self


class Providers(catalog.Declared):
    """Knobs of the outside parties."""

    callback_delays_seconds: Annotated[tuple[int, ...], Field(min_length=1)] = (2, 9, 60)
    # The share of jobs whose first call finds the provider unreachable.
    sms_unreachable: Share = 0.0
    real_name_unreachable: Share = 0.0
    agency_unreachable: Share = 0.0
    # When a party is away altogether. A job tries for two and a half hours; what finds nobody for longer
    # is left to a person, whom no run has: it is told as a job that is stuck.
    outages: tuple[Outage, ...] = ()
    # The share of planted lies that the register of enterprises does not know better.
    register_behind: Share = 0.0
    # What goes wrong with money at the payment provider, and in its statements.
    payment: Faults = Faults()
    # What goes wrong with invoices at the tax service, and with their post.
    tax: TaxFaults = TaxFaults()
    courier: CourierFaults = CourierFaults()
