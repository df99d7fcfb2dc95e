"""Keeping addresses, and posting things to them."""

from engine.delivering.actions.addresses import (
    CharacterRefused,
    DetailMissing,
    RecipientMissing,
    RegionUnknown,
    TextTooLong,
    TooManyAddresses,
    add_address,
    change_address,
    delete_address,
    forget_addresses,
    set_default_address,
)

__all__ = [
    "CharacterRefused",
    "DetailMissing",
    "RecipientMissing",
    "RegionUnknown",
    "TextTooLong",
    "TooManyAddresses",
    "add_address",
    "change_address",
    "delete_address",
    "forget_addresses",
    "set_default_address",
]
