"""What the simulated courier is like, as data: how long it takes, its faults, and its test values."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel import catalog
from engine.kernel.catalog import Share
from engine.kernel.courier_port import StepCode
from engine.providers.store import chance

Fault = Literal[
    "unreachable", "reply_lost", "refused", "lost", "returned", "silent", "late", "repeated",
    "shuffled", "elsewhere",
]  # fmt: skip


class Faults(catalog.Declared):
    """The share of parcels that each fault strikes.

    `silent` is heard of no more after it left, `repeated` tells steps twice, `shuffled` tells them in
    another order, `elsewhere` says it was delivered when it was not.
    """

    unreachable: Share = 0.0
    reply_lost: Share = 0.0
    refused: Share = 0.0
    lost: Share = 0.0
    returned: Share = 0.0
    silent: Share = 0.0
    late: Share = 0.0
    repeated: Share = 0.0
    shuffled: Share = 0.0
    elsewhere: Share = 0.0


class Leg(catalog.Declared):
    """A step, and so many hours after the order it comes on average."""

    code: StepCode
    hours: float = Field(ge=0)
    # Whether it happens where the parcel goes, or where it comes from.
    there: bool = False


class Sandbox(catalog.Declared):
    """A part of a detailed address that forces an outcome."""

    text: str
    fault: Fault
    label: catalog.Text


class Rules(catalog.Declared):
    """data/providers/courier.toml."""

    label: str
    prefix: str = Field(pattern=r"^[A-Z]{2}$")
    origin: str
    legs: tuple[Leg, ...]
    late_times: float = Field(ge=1)
    faults: Faults
    sandbox: tuple[Sandbox, ...] = ()

    def strikes(self, fault: Fault, shipment_id: str, place: str) -> bool:
        """Whether a fault strikes, by the address or by chance; asked twice it says the same."""
        if any(one.fault == fault and one.text in place for one in self.sandbox):
            return True
        share: float = getattr(self.faults, fault)
        return share > 0 and chance(shipment_id, f"courier/{fault}") < share


def load_rules() -> Rules:
    """The rules as declared."""
    return catalog.load(catalog.DATA / "providers" / "courier.toml", Rules)


def sandbox_values() -> tuple[Sandbox, ...]:
    """The addresses that force an outcome, in their order."""
    return load_rules().sandbox
