"""Who comes, when, how they behave, and what is planted in them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.kernel import catalog
from engine.kernel.catalog import Share
from simulations.scenario.durations import Minutes

Weight = Annotated[float, Field(ge=0)]
Hour = Annotated[float, Field(ge=0, le=24)]


class Peak(catalog.Declared):
    """A stretch of hours of one day (the reference date is day 1) to which so many times more come."""

    day: Annotated[int, Field(ge=1, le=366)]
    start: Hour
    end: Hour
    times: Annotated[float, Field(gt=0, le=1000)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a peak must end after its start, on the same day")
        return self


class Arrivals(catalog.Declared):
    """When people come: weights by hour of the day and by ISO weekday (Monday first), in Shanghai."""

    per_hour: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
    per_weekday: Annotated[tuple[Weight, ...], Field(min_length=7, max_length=7)]
    # People come in this first part of the horizon; the rest of it is for what they began.
    within: Annotated[float, Field(gt=0, le=1)]
    peaks: tuple[Peak, ...] = ()

    @model_validator(mode="after")
    def _somebody_comes(self) -> Self:
        if sum(self.per_hour) <= 0 or sum(self.per_weekday) <= 0:
            raise ValueError("at least one hour and one weekday need a weight")
        return self

    def times(self, day: int, hour: int) -> float:
        """How many times more people than usual come in an hour of a day (counted from 1)."""
        found = 1.0
        for peak in self.peaks:
            if peak.day == day and peak.start < hour + 1 and peak.end > hour:
                share = min(peak.end, hour + 1) - max(peak.start, hour)
                found *= 1 + (peak.times - 1) * share
        return found


class People(catalog.Declared):
    """What the people are. `under_age` and `wrong_id` may stand here or in `[planted]`."""

    purchasers: Share
    legal_representatives: Share
    under_age: Share = 0.0
    wrong_id: Share = 0.0
    # For how many further enterprises one person claims and orders, one after the other.
    further_enterprises: Annotated[int, Field(ge=0, le=20)] = 0


class Planted(catalog.Declared):
    """What is not true of somebody, for the engine's rules or its reviewers to find: shares of people.

    Nobody has more than one of them. The answers are kept (`simulations/answers.py`).
    """

    # For the rules: 17 years old and younger; a number that is not theirs, at the first try; one person
    # with a second account.
    under_age: Share = 0.0
    wrong_id: Share = 0.0
    duplicate_person: Share = 0.0
    # For rules and people: a licence that is not one; somebody who says that they represent an enterprise
    # which the register knows under another; a form with somebody else's stamp.
    forged_licence: Share = 0.0
    wrong_representative: Share = 0.0
    stamp_used_before: Share = 0.0
    # Of the forged licences: those copied from another applicant's, and those of an enterprise that the
    # register does not know. The others are drawn so well that only a reviewer can see it.
    licence_copied: Share = 0.4
    licence_unregistered: Share = 0.3

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(getattr(self, name) for name in TRUTHS) > 1:
            raise ValueError("the shares of what is planted must not exceed 1 together")
        if self.licence_copied + self.licence_unregistered > 1:
            raise ValueError("licence_copied and licence_unregistered must not exceed 1 together")
        return self

    @property
    def for_reviewers(self) -> bool:
        """Whether there is anything that a reviewer has to look at papers for."""
        return self.forged_licence + self.wrong_representative + self.stamp_used_before > 0


TRUTHS = (
    "under_age",
    "wrong_id",
    "duplicate_person",
    "forged_licence",
    "wrong_representative",
    "stamp_used_before",
)


class Behaviour(catalog.Declared):
    """How likely people do what a diligent person does not."""

    gives_up: Share
    # How far of the whole way those who give up come at most.
    patience: Share = 1.0
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
