"""The algorithms of seals, by the identifier that stands in them: one suite now, and how another joins.

A suite says how a key is taken out of a certificate, how it signs and verifies, and which digest names
certificates and documents. SM2 with SM3 (GB/T 32918, the user id in its digest) is one more `Suite` in
`SUITES`; until there is one, a seal of it is refused by its name and never half verified.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes

from engine.kernel import errors
from engine.pki import certificates, keys


class SuiteUnknown(errors.InvalidInput):
    """Electronic seals signed with {algorithm} can be neither made nor verified here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The algorithms of a seal: their identifiers and what they do.

    A key is whatever the suite's own `sign` takes; `public_key` makes of a certificate in DER what its
    `verify` takes, and may raise what `certificates.from_bytes` raises.
    """

    signature_oid: str
    digest_name: str
    digest: Callable[[bytes], bytes]
    digest_size: int
    sign: Callable[[Any, bytes], bytes]
    verify: Callable[[Any, bytes, bytes], bool]
    public_key: Callable[[bytes], Any]


def _sha256(data: bytes) -> bytes:
    taken = hashes.Hash(hashes.SHA256())
    taken.update(data)
    return taken.finalize()


def _public_key(certificate: bytes) -> object:
    return certificates.from_bytes(certificate).public_key()


INTERNATIONAL = Suite(
    signature_oid=keys.SIGNATURE_OID,
    digest_name="SHA256",
    digest=_sha256,
    digest_size=32,
    sign=keys.sign,
    verify=keys.verify,
    public_key=_public_key,
)
SUITES = {INTERNATIONAL.signature_oid: INTERNATIONAL}
# Algorithms that seals elsewhere are signed with: named where they are refused.
NAMES = {
    "1.2.156.10197.1.501": "SM2 with SM3",
    "1.2.840.10045.4.3.3": "ECDSA with SHA-384",
    "1.2.840.113549.1.1.11": "RSA with SHA-256",
}


def by_oid(signature_oid: str) -> Suite:
    """The suite of a signature algorithm.

    Raises: SuiteUnknown.
    """
    found = SUITES.get(signature_oid)
    if found is None:
        raise SuiteUnknown(algorithm=NAMES.get(signature_oid, signature_oid))
    return found
