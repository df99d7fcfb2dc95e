"""A certificate under examination: its parts read from its encoding, not from what a builder meant."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import types

from engine.pki import certificates, der, paths
from engine.pki.certificates import Issuer, Urls
from engine.pki.profiles import Profile

UNREADABLE = (*paths.UNREADABLE, der.NotDer)
_EXTENSIONS = 0xA3
E = TypeVar("E", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause that is not met: a stable code and what was seen."""

    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code} ({self.detail})" if self.detail else self.code


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A certificate under examination, its parts read from its encoding, each once."""

    certificate: x509.Certificate
    # The to-be-signed part, field by field, and the algorithm that stands outside of it.
    fields: tuple[der.Element, ...]
    algorithm: der.Element
    subject: tuple[tuple[str, der.Element], ...]
    profile: Profile
    issuer: x509.Certificate | None
    urls: Urls

    @functools.cached_property
    def extensions(self) -> dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]]:
        """The extensions as cryptography reads them. Raises: one of UNREADABLE."""
        return {extension.oid: extension for extension in self.certificate.extensions}

    @functools.cached_property
    def encoded_extensions(self) -> tuple[tuple[der.Element, ...], ...]:
        """The extensions as they are encoded: of each its identifier, perhaps its criticality, its value.

        Raises: one of UNREADABLE.
        """
        for field in self.fields[7:]:
            if field.tag == _EXTENSIONS:
                return tuple(_parts(one.encoded) for one in der.children(field.content))
        return ()

    @functools.cached_property
    def issued_by(self) -> Issuer:
        """What is known of the issuer; a self-signed certificate is its own."""
        return certificates.issuer_of(self.issuer or self.certificate)

    @functools.cached_property
    def public_key(self) -> types.CertificatePublicKeyTypes:
        """The certified key. Raises: one of UNREADABLE, also where a point is not on its curve."""
        return self.certificate.public_key()

    def value(self, kind: type[E]) -> E | None:
        """The extension of that kind, when there is one."""
        oid: Any = getattr(kind, "oid", None)
        found = self.extensions.get(oid)
        return found.value if found and isinstance(found.value, kind) else None


@functools.lru_cache(maxsize=1024)
def _parts(extension: bytes) -> tuple[der.Element, ...]:
    # Most of an issuer's extensions are the same bytes each time.
    return der.children(extension)


def read(
    encoded: bytes, profile: Profile, *, issuer: x509.Certificate | None, urls: Urls
) -> Examined | Finding:
    """The certificate's parts, or why they cannot be had; reading may raise one of UNREADABLE."""
    certificate = x509.load_der_x509_certificate(encoded)
    if certificate.version is not x509.Version.v3:
        return Finding(code="version_not_v3")
    signed, algorithm, _ = der.children(encoded)
    fields = der.children(signed.encoded)
    return Examined(
        certificate=certificate,
        fields=fields,
        algorithm=algorithm,
        subject=tuple(_attributes(fields[5].content)),
        profile=profile,
        issuer=issuer,
        urls=urls,
    )


def _attributes(content: bytes) -> Iterator[tuple[str, der.Element]]:
    for relative in der.elements(content):
        pairs = der.elements(relative.content)
        for pair in pairs:
            kind, value = der.elements(pair.content)
            # An attribute that shares its set with another one is not one that we write.
            yield _dotted(kind) if len(pairs) == 1 else "multivalued", value


@functools.lru_cache(maxsize=256)
def _dotted(kind: der.Element) -> str:
    return der.to_oid(kind)
