"""The SQL of certificates."""

from engine.issuing.store.certificates import (
    OWNED,
    UNLOGGED,
    by_serial,
    by_serial_anywhere,
    of_account,
    of_enterprise,
    of_order,
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
    "revoked",
    "tries",
]
