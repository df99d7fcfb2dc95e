"""The rules of addresses and of what is posted to them (ADR-1, INV-2)."""

from __future__ import annotations

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class DeliveryRules(Setting):
    """How many addresses a person has, what they are called, and how long the post may take."""

    KIND = "delivery_rules"
    addresses_at_most: int = Field(ge=1, le=200)
    # What an address can be called with one touch; a word of one's own is as long at most.
    labels: tuple[Text, ...]
    label_longest: int = Field(ge=1, le=50)
    # How often the courier is asked where a parcel is.
    track_every_hours: int = Field(ge=1, le=168)
    # From so many days after it was handed over a parcel that did not come can be reported, for so long.
    report_after_days: int = Field(ge=0, le=60)
    report_until_days: int = Field(ge=1, le=400)
    # A parcel of which nothing is heard for so long is one for staff to look into.
    silent_days: int = Field(ge=1, le=60)
