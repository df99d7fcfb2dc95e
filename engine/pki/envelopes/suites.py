"""The algorithms of envelopes, each a row: another suite (SM2, SM4: GB/T 35275) joins by rows of its own.

A content cipher says how a file is encrypted; a wrap how its key is, where that was agreed on. What a row
does not name is refused by name. Sources: RFC 3565, RFC 5084, RFC 5753, RFC 8017.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

DATA = "1.2.840.113549.1.7.1"
ENVELOPED_DATA = "1.2.840.113549.1.7.3"
AUTH_ENVELOPED_DATA = "1.2.840.113549.1.9.16.1.23"
# What of these is told of by name where a file cannot be opened here.
OTHER_KINDS: Mapping[str, str] = {
    "1.2.840.113549.1.7.2": "it is signed and not encrypted",
    "1.2.156.10197.6.1.4.2.3": "it is encrypted by SM2 and SM4",
    "1.2.156.10197.6.1.4.2.4": "it is encrypted by SM2 and SM4",
}
RSA, OAEP, MGF1 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.7", "1.2.840.113549.1.1.8"
EC = "1.2.840.10045.2.1"
P_256 = "1.2.840.10045.3.1.7"
SHA256 = "2.16.840.1.101.3.4.2.1"
# The digests of OAEP by their name in an envelope.
DIGESTS: Mapping[str, str] = {"1.3.14.3.2.26": "sha1", SHA256: "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentCipher:
    """How a content is encrypted: its identifier, the length of its key, whether it proves it is whole."""

    oid: str
    key_bytes: int
    authenticated: bool
    nonce_bytes: int


_CIPHERS = (
    ContentCipher(oid="2.16.840.1.101.3.4.1.2", key_bytes=16, authenticated=False, nonce_bytes=16),
    ContentCipher(oid="2.16.840.1.101.3.4.1.22", key_bytes=24, authenticated=False, nonce_bytes=16),
    ContentCipher(oid="2.16.840.1.101.3.4.1.42", key_bytes=32, authenticated=False, nonce_bytes=16),
    ContentCipher(oid="2.16.840.1.101.3.4.1.6", key_bytes=16, authenticated=True, nonce_bytes=12),
    ContentCipher(oid="2.16.840.1.101.3.4.1.26", key_bytes=24, authenticated=True, nonce_bytes=12),
    ContentCipher(oid="2.16.840.1.101.3.4.1.46", key_bytes=32, authenticated=True, nonce_bytes=12),
)
CIPHERS: Mapping[str, ContentCipher] = {one.oid: one for one in _CIPHERS}
AES_256_CBC = CIPHERS["2.16.840.1.101.3.4.1.42"]
AES_256_GCM = CIPHERS["2.16.840.1.101.3.4.1.46"]

# AES key wrap (RFC 3394): how long its keys are.
WRAPS: Mapping[str, int] = {
    "2.16.840.1.101.3.4.1.5": 16,
    "2.16.840.1.101.3.4.1.25": 24,
    "2.16.840.1.101.3.4.1.45": 32,
}
AES_256_WRAP = "2.16.840.1.101.3.4.1.45"
# The key derivations of ANSI X9.63 by their digest, with and without the cofactor, which is 1 on P-256.
AGREED: Mapping[str, hashes.HashAlgorithm] = {
    "1.3.133.16.840.63.0.2": hashes.SHA1(),
    "1.3.132.1.11.1": hashes.SHA256(),
    "1.3.132.1.11.2": hashes.SHA384(),
    "1.3.132.1.11.3": hashes.SHA512(),
    "1.3.133.16.840.63.0.3": hashes.SHA1(),
    "1.3.132.1.14.1": hashes.SHA256(),
    "1.3.132.1.14.2": hashes.SHA384(),
    "1.3.132.1.14.3": hashes.SHA512(),
}
AGREED_SHA256 = "1.3.132.1.11.1"
