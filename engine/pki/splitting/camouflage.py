"""How a share rests on a phone: a uniform string under a stream that the PIN gives.

No redundancy, no check, nothing derived from the share beside it: every PIN opens it to a share of the
right width, and which is right only the server can tell. Argon2id makes each guess of somebody who has
more than the phone cost what the world's boot policy says (64 MiB; less in runs alone).
"""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import low_level

from engine.kernel import turns
from engine.pki.splitting import shares

SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess of a PIN costs (Argon2id)."""

    memory_kib: int
    passes: int


@turns.HASHING.one()
def _stream(pin: str, salt: bytes, cost: Cost, size: int) -> int:
    raw = low_level.hash_secret_raw(
        pin.encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=1,
        hash_len=size,
        type=low_level.Type.ID,
    )
    return int.from_bytes(raw, "big")


def hidden(
    share: int, pin: str, salt: bytes, cost: Cost, size: int = shares.PHONE_SHARE_BYTES
) -> bytes:
    """A share under a PIN, as the phone keeps it."""
    return (share ^ _stream(pin, salt, cost, size)).to_bytes(size, "big")


def shown(sealed: bytes, pin: str, salt: bytes, cost: Cost) -> int:
    """The share that a PIN opens; a wrong one opens another share."""
    return int.from_bytes(sealed, "big") ^ _stream(pin, salt, cost, len(sealed))
