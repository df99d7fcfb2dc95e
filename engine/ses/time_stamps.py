"""Reading a time-stamp token (RFC 3161) that was put on a signature made with a seal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from asn1crypto import tsp
from cryptography import x509

from engine.kernel import clock, errors
from engine.pki import signed_data

TST_INFO = "1.2.840.113549.1.9.16.1.4"


class StampUnreadable(errors.InvalidInput):
    """This time-stamp cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a time-stamp says, whose own signature holds; whether its signer is trusted is not asked."""

    at_ms: int
    digest: bytes
    algorithm: str
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]

    def digest_of(self, content: bytes) -> bytes:
        """The digest of a content by the stamp's own algorithm."""
        return hashlib.new(self.algorithm, content).digest()


def read_stamp(token: bytes) -> Stamp:
    """The stamp that a token is.

    Raises: StampUnreadable, signed_data.NotSignedData.
    """
    signed = signed_data.verified(token, TST_INFO)
    try:
        info = tsp.TSTInfo.load(signed.content, strict=True)
        imprint = info["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        read = Stamp(
            at_ms=clock.from_datetime(info["gen_time"].native),
            digest=imprint["hashed_message"].native,
            algorithm=algorithm,
            signer=signed.signer,
            others=signed.others,
        )
    except (ValueError, TypeError, KeyError) as problem:
        raise StampUnreadable from problem
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise StampUnreadable
    return read
