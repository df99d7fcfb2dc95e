"""A shipment: something that is posted to a person, by courier, and where it is (INV-2).

It waits for what goes into it, is handed over, and arrives, or does not: what was lost, came back, or was
not taken is sent again by staff as a shipment of its own. Who was told that it arrived and has nothing can
say so; what turns up after all is delivered.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class ShipmentStatus(enum.StrEnum):
    """Where a shipment stands."""

    WAITING = "waiting"  # for what goes into it
    READY = "ready"  # the courier is asked to fetch it
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    LOST = "lost"  # as the courier says, or as its person does
    RETURNED = "returned"
    REFUSED = "refused"  # no courier takes it
    CANCELLED = "cancelled"  # it was never sent


_S = ShipmentStatus
SHIPMENT = Workflow(
    "shipment",
    _S.WAITING,
    {
        _S.WAITING: {"pack": _S.READY, "cancel": _S.CANCELLED},
        _S.READY: {"hand_over": _S.HANDED_OVER, "refuse": _S.REFUSED},
        _S.HANDED_OVER: {
            "move": _S.IN_TRANSIT,
            "deliver": _S.DELIVERED,
            "lose": _S.LOST,
            "return": _S.RETURNED,
        },
        _S.IN_TRANSIT: {"deliver": _S.DELIVERED, "lose": _S.LOST, "return": _S.RETURNED},
        _S.DELIVERED: {"lose": _S.LOST},
        _S.LOST: {"deliver": _S.DELIVERED},
        _S.RETURNED: {},
        _S.REFUSED: {},
        _S.CANCELLED: {},
    },
)
# Somebody or something still moves.
OPEN = frozenset({_S.WAITING, _S.READY, _S.HANDED_OVER, _S.IN_TRANSIT})
# It did not arrive: it can go elsewhere, and be sent again.
FAILED = frozenset({_S.LOST, _S.RETURNED, _S.REFUSED})
# With the courier.
OUT = frozenset({_S.HANDED_OVER, _S.IN_TRANSIT})

# What a step that the courier tells does to a shipment; the others say where it is.
MOVES: dict[str, str] = {
    "picked_up": "",
    "departed": "move",
    "arrived": "move",
    "out_for_delivery": "move",
    "signed": "deliver",
    "returned": "return",
    "lost": "lose",
}
# Why a shipment has not arrived, where the courier did not say it in a step.
REPORTED, SILENT, UNREACHABLE = "reported", "silent", "unreachable"
# Why one waits that should have been packed: what goes into it could not be made.
NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A shipment. `subject` is what is sent (an invoice); who and where it goes to are ciphertexts.

    `contents` is what lies in it (the code and the number of a paper). `heard_at` is the newest step's
    instant. `problem` is a code. `replaced_by` is the shipment that was sent in its place.
    """

    id: str
    subject: str
    account_id: str
    platform_id: str
    agency_id: str
    attempt: int
    status: ShipmentStatus
    recipient: bytes
    phone: bytes
    region: bytes
    detail: bytes
    contents: str
    courier: str
    tracking_no: str
    problem: str
    created_at: int
    packed_at: int | None
    handed_over_at: int | None
    heard_at: int | None
    ended_at: int | None
    reported_at: int | None
    replaced_by: str | None

    @property
    def stands_still(self) -> bool:
        """Whether it waits for contents that could not be made: staff have them made again."""
        return self.status is ShipmentStatus.WAITING and bool(self.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStep:
    """A step as its row is; where it happened is a ciphertext."""

    id: str
    shipment_id: str
    account_id: str
    code: str
    place: bytes
    occurred_at: int
    recorded_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to a parcel, where, and when."""

    code: str
    place: str
    occurred_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentShown:
    """A shipment as its person sees it, and staff with who and where masked; newest step first.

    `can` are the verbs open to who asks; `report_from` and `report_until` are when it can be reported.
    `silent` says that nothing was heard for longer than the rules allow.
    """

    id: str
    subject: str
    account_id: str
    platform_id: str
    agency_id: str
    attempt: int
    status: ShipmentStatus
    contents: str
    courier: str
    tracking_no: str
    problem: str
    recipient: str
    phone: str
    place: str
    created_at: int
    packed_at: int | None
    handed_over_at: int | None
    heard_at: int | None
    ended_at: int | None
    reported_at: int | None
    replaced_by: str | None
    report_from: int | None
    report_until: int | None
    silent: bool
    steps: tuple[Step, ...]
    can: tuple[str, ...]
