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

__all__ = [
    "DETAIL_LONGEST",
    "RECIPIENT_LONGEST",
    "Address",
    "AddressForm",
    "Destination",
    "KeptAddress",
    "Region",
    "children",
    "names",
    "region_of",
]
