"""Who works: reviewers with shifts, pace and care, agents, what they cost, and what they promise."""

from __future__ import annotations

import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.kernel import catalog
from engine.kernel.catalog import Share
from engine.staffing.model import Role
from simulations.scenario.crowd import Weight
from simulations.scenario.durations import Minutes

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Annotated[int, Field(ge=1, le=7)]


class Break(catalog.Declared):
    """A part of the shift in which nobody takes a new case."""

    start: Clock
    end: Clock


class Review(catalog.Declared):
    """How often an application deserves a no, and for which reasons (none named: any that is declared)."""

    reject: Share
    reject_corrected: Share = 0.0
    reasons: dict[str, Weight] = Field(default_factory=dict)


class Shifts(catalog.Declared):
    """When somebody works: hours, weekdays, breaks, and days off."""

    start: Clock
    end: Clock
    # ISO weekdays (Monday is 1). Without them: the business days of the calendar, make-up days among them.
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = None
    breaks: tuple[Break, ...] = ()
    # Days off besides the calendar's.
    holidays: tuple[datetime.date, ...] = ()

    @model_validator(mode="after")
    def _day_shift(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a shift must end after its start, on the same day")
        last = self.start
        for one in self.breaks:
            if not last <= one.start < one.end <= self.end:
                raise ValueError("breaks must lie within the shift, one after the other")
            last = one.end
        return self


class Reviewers(Shifts):
    """A group of reviewers with the same roles, hours, pace and care."""

    group: Annotated[str, Field(pattern=r"^[a-z][a-z_-]*$")]
    count: Annotated[int, Field(ge=1, le=200)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    minutes: Minutes
    # Kinds of cases in which they are quicker (2.0: half the time) or slower (0.5) than `minutes`.
    skill: dict[str, Annotated[float, Field(gt=0, le=20)]] = Field(default_factory=dict)
    # How often one decides otherwise than the application deserves.
    error_rate: Share
    # Moves the threshold between yes and no, in standard deviations: more false rejections and fewer
    # missed ones above 0, the other way round below. What never happens (0) never does.
    strictness: Annotated[float, Field(ge=-3, le=3)] = 0.0
    # How often one sees on a paper what is not true, and how often one acts upon a warning of the sheet.
    sees: Share = 0.9
    heeds: Share = 0.97


class Calls(Shifts):
    """Who calls in, after how long a wait, and the agents who answer."""

    # The share of people who call where something of theirs waits longer than they expected.
    share: Share
    patience: Minutes
    agents: Annotated[int, Field(ge=1, le=200)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.AGENT,)
    # How long a call takes.
    minutes: Minutes


class Cost(catalog.Declared):
    """What an hour of a reviewer costs, in fen: for everybody, or for some groups otherwise."""

    hour_fen: Annotated[int, Field(ge=0)]
    groups: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)

    def of(self, group: str) -> int:
        """What an hour of one of a group costs."""
        return self.groups.get(group, self.hour_fen)


class Promise(catalog.Declared):
    """The share of the cases of a kind that are to be decided within so many business hours."""

    share: Annotated[float, Field(gt=0, le=1)]
    within_hours: Annotated[float, Field(gt=0)]
