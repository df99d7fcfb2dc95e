"""The SQL of certificates."""

from engine.issuing.store import keys, publication
from engine.issuing.store.certificates import (
    OWNED,
    by_serial,
    by_serial_anywhere,
    of_account,
    of_enterprise,
    of_order,
    of_pair,
)
from engine.issuing.store.keys import (
    count_foreign,
    count_try,
    destroy_shares,
    foreign_tries,
    forgive,
    keep_shares,
    lock,
    locked_at,
    modulus_of,
    move_share,
    open_try,
    shares,
    tries,
    use_try,
)
from engine.issuing.store.publication import changed, listed, note_change, revision

UNLOGGED = {**keys.UNLOGGED, **publication.UNLOGGED}

__all__ = [
    "OWNED",
    "UNLOGGED",
    "by_serial",
    "by_serial_anywhere",
    "changed",
    "count_foreign",
    "count_try",
    "destroy_shares",
    "foreign_tries",
    "forgive",
    "keep_shares",
    "listed",
    "lock",
    "locked_at",
    "modulus_of",
    "move_share",
    "note_change",
    "of_account",
    "of_enterprise",
    "of_order",
    "of_pair",
    "open_try",
    "revision",
    "shares",
    "tries",
    "use_try",
]
