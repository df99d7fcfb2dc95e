"""A certificate's key as a phone holds it, in each scheme: made, put under its PIN, opened, used, renewed.

`split_rsa` is the phone's share of a divided key. `seeded_ec` is a whole P-256 key whose scalar is
camouflaged by a number that the PIN gives: simulated populations have it, because a share's arithmetic is
dear by the thousand, and no production world takes it. In both every PIN opens what is kept to something
valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from argon2 import low_level
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import codec, errors, ids, turns
from engine.pki import keys, splitting


class KeyMissing(errors.NotFound):
    """The key of this certificate is not on this phone. Use the phone you downloaded it with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """What a phone keeps of a key: its secret under its PIN, and what it handed in of it (the modulus)."""

    scheme: str
    material: bytes
    salt: bytes
    sealed: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """As the phone's file keeps it."""
        return codec.canonical(self).encode()

    @classmethod
    def from_bytes(cls, kept: bytes) -> HeldKey:
        """Out of the phone's file."""
        return cls(**codec.load(kept.decode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """A key just made. `secret` goes under the PIN, `server_share` to the server; neither is kept so."""

    material: bytes
    secret: int = field(repr=False)
    server_share: bytes = field(default=b"", repr=False)


class PhoneScheme(Protocol):
    """What a phone does in a scheme."""

    def make(self, entropy: ids.Entropy) -> MadeKey:
        """A new key."""

    def hide(self, secret: int, pin: str, salt: bytes, cost: splitting.Cost) -> bytes:
        """A secret under a PIN."""

    def show(self, held: HeldKey, pin: str, cost: splitting.Cost) -> int:
        """What a PIN opens: with a wrong one another secret, just as valid."""

    def half(self, secret: int, material: bytes, message: bytes) -> bytes:
        """The phone's half of a signature."""

    def renew(self, secret: int, entropy: ids.Entropy) -> tuple[int, bytes]:
        """Another secret for the same key, and what the server has to know of the change."""


class SplitRsa:
    """The phone's share of an RSA key of four primes."""

    def make(self, entropy: ids.Entropy) -> MadeKey:
        """The primes and the exponent are forgotten as soon as this returns."""
        splitting.self_test()
        made = splitting.make_phone_key(entropy)
        return MadeKey(
            material=made.material,
            secret=made.share,
            server_share=made.server_share.to_bytes(splitting.SHARE_BYTES, "big"),
        )

    def hide(self, secret: int, pin: str, salt: bytes, cost: splitting.Cost) -> bytes:
        """A uniform string under the PIN's stream."""
        return splitting.hidden(secret, pin, salt, cost)

    def show(self, held: HeldKey, pin: str, cost: splitting.Cost) -> int:
        """The share that a PIN opens."""
        return splitting.shown(held.sealed, pin, held.salt, cost)

    def half(self, secret: int, material: bytes, message: bytes) -> bytes:
        """The encoded message to the share."""
        made = splitting.half(splitting.encoded(message), secret, int.from_bytes(material, "big"))
        return made.to_bytes(len(material), "big")

    def renew(self, secret: int, entropy: ids.Entropy) -> tuple[int, bytes]:
        """A new uniform share: two that were near one another would give the PIN away."""
        size = splitting.PHONE_SHARE_BYTES
        following = int.from_bytes(entropy(size), "big")
        return following, (following - secret).to_bytes(size + 1, "big", signed=True)


class SeededEc:
    """A whole P-256 key, camouflaged."""

    def make(self, entropy: ids.Entropy) -> MadeKey:
        """From the next bytes of `entropy`."""
        key = keys.generate(entropy)
        return MadeKey(
            material=keys.public_to_der(key.public_key()),
            secret=key.private_numbers().private_value,
        )

    def hide(self, secret: int, pin: str, salt: bytes, cost: splitting.Cost) -> bytes:
        """The scalar plus the PIN's number."""
        return ((secret + _mask(pin, salt, cost)) % keys.ORDER).to_bytes(32, "big")

    def show(self, held: HeldKey, pin: str, cost: splitting.Cost) -> int:
        """The scalar that a PIN opens."""
        return (int.from_bytes(held.sealed, "big") - _mask(pin, held.salt, cost)) % keys.ORDER or 1

    def half(self, secret: int, material: bytes, message: bytes) -> bytes:
        """The signature itself."""
        return keys.sign(ec.derive_private_key(secret, keys.CURVE), message)

    def renew(self, secret: int, entropy: ids.Entropy) -> tuple[int, bytes]:
        """A whole key has no other secret."""
        return secret, b""


@turns.HASHING.one()
def _mask(pin: str, salt: bytes, cost: splitting.Cost) -> int:
    raw = low_level.hash_secret_raw(
        pin.encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=1,
        hash_len=keys.SCALAR_BYTES,
        type=low_level.Type.ID,
    )
    return int.from_bytes(raw, "big") % keys.ORDER


SCHEMES: Mapping[str, PhoneScheme] = {"split_rsa": SplitRsa(), "seeded_ec": SeededEc()}


def hide(
    scheme: str,
    material: bytes,
    secret: int,
    pin: str,
    entropy: ids.Entropy,
    cost: splitting.Cost,
) -> HeldKey:
    """A secret under a PIN with a salt of its own."""
    salt = entropy(16)
    sealed = SCHEMES[scheme].hide(secret, pin, salt, cost)
    return HeldKey(scheme=scheme, material=material, salt=salt, sealed=sealed)
