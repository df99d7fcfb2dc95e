"""What a person may see of their addresses and of what is posted to them."""

from engine.delivering.queries.addresses import (
    address,
    address_form,
    addresses,
    default_address,
    own_address,
    regions,
)

__all__ = [
    "address",
    "address_form",
    "addresses",
    "default_address",
    "own_address",
    "regions",
]
