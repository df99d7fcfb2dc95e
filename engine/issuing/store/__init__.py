"""The SQL of certificates."""

from engine.issuing.store.certificates import (
    OWNED,
    UNLOGGED,
    by_serial,
    by_serial_anywhere,
    of_account,
    of_enterprise,
    of_order,
    of_pair,
    revoked,
    tries,
)

__all__ = [
    "OWNED",
    "UNLOGGED",
    "by_serial",
    "by_serial_anywhere",
    "of_account",
    "of_enterprise",
    "of_order",
    "of_pair",
    "revoked",
    "tries",
]
