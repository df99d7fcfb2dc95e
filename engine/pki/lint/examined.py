"""A certificate under examination: its parts read from its encoding, not from what a builder meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography import x509

from engine.pki import der, paths
from engine.pki.certificates import Urls
from engine.pki.profiles import Profile

UNREADABLE = (*paths.UNREADABLE, der.NotDer)
E = TypeVar("E", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause that is not met: a stable code and what was seen."""

    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code} ({self.detail})" if self.detail else self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A certificate under examination, its parts read from its encoding."""

    certificate: x509.Certificate
    # The to-be-signed part, field by field, and the algorithm that stands outside of it.
    fields: tuple[der.Element, ...]
    algorithm: der.Element
    subject: tuple[tuple[str, der.Element], ...]
    extensions: dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]]
    profile: Profile
    issuer: x509.Certificate | None
    urls: Urls

    def value(self, kind: type[E]) -> E | None:
        """The extension of that kind, when there is one."""
        oid: Any = getattr(kind, "oid", None)
        found = self.extensions.get(oid)
        return found.value if found and isinstance(found.value, kind) else None


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
        extensions={extension.oid: extension for extension in certificate.extensions},
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
            yield der.to_oid(kind) if len(pairs) == 1 else "multivalued", value
