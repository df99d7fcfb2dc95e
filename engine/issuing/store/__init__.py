"""The SQL of certificates."""

from engine.issuing.store import encryption, keys, publication
from engine.issuing.store.certificates import (
    OWNED,
    by_serial_anywhere,
    delegated_within,
    encryption_for,
    of_account,
    of_enterprise,
    of_order,
    of_pair,
    renewable,
)
from engine.issuing.store.choosing import chosen
from engine.issuing.store.counting import counts
from engine.issuing.store.encryption import (
    destroy_encryption_share,
    encryption_of,
    encryption_share,
    encryption_share_taken,
    keep_encryption_share,
    recoveries_of,
    recovery_of,
)
from engine.issuing.store.keys import (
    any_shares,
    count_try,
    destroy_shares,
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
from engine.issuing.store.publication import changed, listed, note_change, revision, standing
from engine.issuing.store.resealing import seal_shares_anew, shares_left
from engine.issuing.store.upkeep import forget_tries, requested, without_reminder

UNLOGGED = {**encryption.UNLOGGED, **keys.UNLOGGED, **publication.UNLOGGED}

__all__ = [
    "OWNED",
    "UNLOGGED",
    "any_shares",
    "by_serial_anywhere",
    "changed",
    "chosen",
    "count_try",
    "counts",
    "delegated_within",
    "destroy_encryption_share",
    "destroy_shares",
    "encryption_for",
    "encryption_of",
    "encryption_share",
    "encryption_share_taken",
    "forget_tries",
    "forgive",
    "keep_encryption_share",
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
    "recoveries_of",
    "recovery_of",
    "renewable",
    "requested",
    "revision",
    "seal_shares_anew",
    "shares",
    "shares_left",
    "standing",
    "tries",
    "use_try",
    "without_reminder",
]
