"""The courier as the engine sees it, for `ports`, which is where others take it from (INV-2, ADR-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

StepCode = Literal[
    "picked_up", "departed", "arrived", "out_for_delivery", "signed", "returned", "lost"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be fetched and taken where; `shipment_id` is ours, `region` the code of a district."""

    shipment_id: str
    recipient: str
    phone: str
    region: str
    city: str
    place: str
    contents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUp:
    """The courier's answer: the number to follow the parcel by, or why it does not take it (a code)."""

    courier: str = ""
    tracking_no: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingStep:
    """Something that happened to a parcel: where (the name of a city), and when."""

    code: StepCode
    place: str
    occurred_at: int


class Courier(Protocol):
    """Fetches parcels, takes them to people, and says where they are."""

    def order(self, parcel: Parcel) -> PickUp:
        """Have a parcel fetched. Asking twice has it fetched once."""

    def track(self, tracking_no: str) -> Sequence[TrackingStep]:
        """Everything that is known of a parcel by now, in any order, some of it perhaps twice."""
