"""How a certificate's key is held, and what a phone brings to prove it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from engine.kernel.reader import WorldKind

# So long after it was opened a try may be used.
TRY_LIFETIME_MS = 600_000
NONCE_BYTES = 16


class Scheme(enum.StrEnum):
    """How the key of a certificate is held (`certificate.key_scheme`)."""

    SPLIT_RSA = "split_rsa"  # divided between the phone and the server, never anywhere whole
    SEEDED_EC = "seeded_ec"  # whole on the phone, camouflaged: for simulated populations alone
    AGENCY = "agency"  # made by the agency's key management centre: encryption keys


# A world's boot policy: which schemes a phone may bring a key of.
SCHEMES: dict[WorldKind, frozenset[Scheme]] = {
    "production": frozenset({Scheme.SPLIT_RSA}),
    "demo": frozenset({Scheme.SPLIT_RSA, Scheme.SEEDED_EC}),
    "run": frozenset({Scheme.SPLIT_RSA, Scheme.SEEDED_EC}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyProof:
    """What a phone brings to an act that a certificate's key has to confirm.

    `half` is the phone's half of the signature over what is confirmed (of a whole key: the signature).
    `refresh` is its new share less its old one, big-endian in two's complement, or empty. Where one entry
    of the PIN confirms several things, `more` are the halves for the others, in their order.
    """

    try_id: str
    half: bytes = field(repr=False)
    refresh: bytes = field(default=b"", repr=False)
    more: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def halves(self) -> tuple[bytes, ...]:
        """One for each thing that is confirmed."""
        return (self.half, *self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A PIN try, counted and not yet used. `left`: how many more there are before the key is locked."""

    id: str
    certificate_id: str
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRules:
    """What a certificate PIN has to be, for its holder's phone, which alone sees it.

    `repeats` and `runs` are refused where they are true; `refused` are its holder's own dates and numbers,
    and PINs that many people choose. `locked` is how the PIN of a certificate that is there already stands.
    """

    digits: int
    tries: int
    repeats: bool
    runs: bool
    refused: tuple[str, ...] = field(repr=False)
    locked: bool = False
