"""The to-be-signed part of a certificate, put together from parts that are encoded once.

Of two certificates that an authority issues by one profile only the serial, the term, the subject, the key
and what names either is different; everything else is encoded by `cryptography` once, out of a certificate
that `certificates.build` makes, and kept. What comes out is byte for byte what the builder would have made:
a test compares them for each profile. Nothing is judged here; `lint` reads the result anew.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.kernel import clock
from engine.pki import certificates, der, keys, listing, names
from engine.pki.certificates import Issuer, Subject, Urls
from engine.pki.profiles import Attribute, Profile

SUBJECT_KEY_IDENTIFIER = der.oid("2.5.29.14")
_EC_PUBLIC_KEY = der.oid("1.2.840.10045.2.1")
# A P-256 key as RFC 5480 2.2 writes it, uncompressed: this, and 64 octets of a point.
_P256 = der.sequence(_EC_PUBLIC_KEY, der.oid("1.2.840.10045.3.1.7"))
P256_HEAD = bytes((der.SEQUENCE, 0x59)) + _P256 + bytes((der.BIT_STRING, 0x42, 0, 4))
P256_SIZE = len(P256_HEAD) + 64
# Known to everybody, so that nothing it signs is worth anything: its copies exist to be read.
WORTHLESS = ec.derive_private_key(1, keys.CURVE)
_EXAMPLE_BEGIN = 1_700_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What is the same in all that an authority issues by a profile for keys of one kind, in DER.

    `extensions` are in their order; `subject_key_identifier` and `uscc_extensions` are the places of what
    is put in anew, the latter with the beginning of each.
    """

    version: bytes
    algorithm: bytes
    issuer: bytes
    extensions: tuple[bytes, ...]
    subject_key_identifier: int
    uscc_extensions: tuple[tuple[int, bytes], ...]


@functools.lru_cache(maxsize=256)
def template(profile: Profile, issuer: Issuer, urls: Urls, on_a_curve: bool) -> Template:
    """The template of an issuer and a profile, read out of an example that the builder made."""
    example = certificates.build(
        profile=profile,
        subject=_example(profile),
        public_key=WORTHLESS.public_key() if on_a_curve else _rsa_example(),
        serial=1,
        not_before_ms=_EXAMPLE_BEGIN,
        not_after_ms=_EXAMPLE_BEGIN + clock.DAY,
        issuer=issuer.certificate,
        urls=urls,
    ).sign(WORTHLESS, hashes.SHA256(), ecdsa_deterministic=True)
    fields = der.children(example.tbs_certificate_bytes)
    [listed] = der.elements(fields[7].content)
    extensions = der.elements(listed.content)
    beginnings = [der.elements(one.content)[0].encoded for one in extensions]
    places = {der.oid(dotted) for dotted in profile.uscc_extensions}
    return Template(
        version=fields[0].encoded,
        algorithm=fields[2].encoded,
        issuer=fields[3].encoded,
        extensions=tuple(one.encoded for one in extensions),
        subject_key_identifier=beginnings.index(SUBJECT_KEY_IDENTIFIER),
        uscc_extensions=tuple(
            (place, begin) for place, begin in enumerate(beginnings) if begin in places
        ),
    )


def _example(profile: Profile) -> Subject:
    named = {place.attribute for place in profile.subject if place.required}
    number = "911100000000000000" if Attribute.ORGANIZATION_IDENTIFIER in named else ""
    others = named - {Attribute.COUNTRY, Attribute.COMMON_NAME, Attribute.ORGANIZATION_IDENTIFIER}
    texts: dict[str, Any] = {one.value: "x" for one in others}
    return Subject(common_name="x", uscc=number, **texts)


@functools.cache
def _rsa_example() -> rsa.RSAPublicKey:
    """Any RSA key: only its kind is of interest."""
    return rsa.RSAPublicNumbers(65537, (1 << 2047) + 1).public_key()


def canonical_key(public_key: bytes) -> bytes:
    """A SubjectPublicKeyInfo as it is written into a certificate.

    A key on P-256 of the usual form stays as it is: whether its point is one is seen when it is linted.
    Raises: keys.KeyUnreadable.
    """
    if len(public_key) == P256_SIZE and public_key.startswith(P256_HEAD):
        return public_key
    return keys.public_to_der(keys.public_from_der(public_key))


def identifier(public_key: bytes) -> bytes:
    """The key identifier of RFC 5280 4.2.1.2 (1): SHA-1 of the key's bits."""
    if public_key.startswith(P256_HEAD):
        bits = public_key[len(P256_HEAD) - 1 :]
    else:
        _, found = der.children(public_key)
        bits = found.content[1:]
    return hashlib.sha1(bits, usedforsecurity=False).digest()


def is_on_a_curve(public_key: bytes) -> bool:
    """Whether a SubjectPublicKeyInfo is of a key on a curve."""
    if public_key.startswith(P256_HEAD):
        return True
    algorithm, _ = der.children(public_key)
    return algorithm.content.startswith(_EC_PUBLIC_KEY)


def to_be_signed(
    *,
    profile: Profile,
    subject: Subject,
    public_key: bytes,
    serial: int,
    not_before_ms: int,
    not_after_ms: int,
    issuer: Issuer,
    urls: Urls,
) -> bytes:
    """The TBSCertificate (DER) of a profile without alternative names; `public_key` is canonical.

    Raises: what `names.name_of` raises.
    """
    known = template(profile, issuer, urls, is_on_a_curve(public_key))
    extensions = list(known.extensions)
    extensions[known.subject_key_identifier] = der.sequence(
        SUBJECT_KEY_IDENTIFIER, der.octets(der.octets(identifier(public_key)))
    )
    for place, begin in known.uscc_extensions:
        extensions[place] = der.sequence(begin, der.octets(der.utf8(subject.uscc)))
    return der.sequence(
        known.version,
        der.integer(serial),
        known.algorithm,
        known.issuer,
        der.sequence(listing.instant(not_before_ms), listing.instant(not_after_ms)),
        names.encoded(profile, subject),
        public_key,
        der.explicit(3, der.sequence(*extensions)),
    )
