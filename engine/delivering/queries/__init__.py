"""What a person may see of their addresses and of what is posted to them."""

from engine.delivering.queries.addresses import (
    address,
    address_form,
    addresses,
    default_address,
    own_address,
    regions,
)
from engine.delivering.queries.shipments import (
    INVARIANTS,
    MOST_LISTED,
    blockers,
    destination,
    held,
    in_states,
    newest,
    shipment,
    shipment_for_job,
    shipments,
    shown,
    unfinished,
)

__all__ = [
    "INVARIANTS",
    "MOST_LISTED",
    "address",
    "address_form",
    "addresses",
    "blockers",
    "default_address",
    "destination",
    "held",
    "in_states",
    "newest",
    "own_address",
    "regions",
    "shipment",
    "shipment_for_job",
    "shipments",
    "shown",
    "unfinished",
]
