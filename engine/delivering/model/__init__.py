"""Addresses that post goes to, and what is posted to them."""

from engine.delivering.model.addresses import (
    DETAIL_LONGEST,
    RECIPIENT_LONGEST,
    Address,
    AddressForm,
    Destination,
    KeptAddress,
)
from engine.delivering.model.regions import Region, children, names, region_of
from engine.delivering.model.shipments import (
    FAILED,
    MOVES,
    NOT_MADE,
    OPEN,
    OUT,
    REPORTED,
    SHIPMENT,
    SILENT,
    UNREACHABLE,
    KeptStep,
    Shipment,
    ShipmentShown,
    ShipmentStatus,
    Step,
)

__all__ = [
    "DETAIL_LONGEST",
    "FAILED",
    "MOVES",
    "NOT_MADE",
    "OPEN",
    "OUT",
    "RECIPIENT_LONGEST",
    "REPORTED",
    "SHIPMENT",
    "SILENT",
    "UNREACHABLE",
    "Address",
    "AddressForm",
    "Destination",
    "KeptAddress",
    "KeptStep",
    "Region",
    "Shipment",
    "ShipmentShown",
    "ShipmentStatus",
    "Step",
    "children",
    "names",
    "region_of",
]
