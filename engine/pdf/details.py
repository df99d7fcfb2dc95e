"""What a signature says of itself beside its verdict: certificate, place on the page, algorithms, seal.

Nothing here judges anything. What cannot be read is left out: a hostile file may say what it likes.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from asn1crypto import core, keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.pdf import signing, trust

_LONGEST = 400
_MOST_PAGES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """A certificate as people and technicians read it; instants in UTC milliseconds, `der` in base64."""

    subject: str
    organization: str
    issuer: str
    serial_hex: str
    not_before: int
    not_after: int
    sha256: str
    key: str
    der: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a signature stands: the page from 1, and the box in user space (points)."""

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a signature says of itself. `places` is where it shows, its own field first.

    `seal` is its electronic seal in DER (base64), or empty.
    """

    certificate: CertificateFacts | None = None
    issuers: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    reason: str = ""
    location: str = ""
    format: str = ""
    digest: str = ""
    algorithm: str = ""
    byte_range: tuple[int, ...] = ()
    revision: int = 0
    permission: str = ""
    timestamp_authority: str = ""
    seal: str = ""


def _ms(value: Any) -> int:
    return int(value.native.timestamp() * 1000)


def _name(name: asn1_x509.Name) -> str:
    found = name.native
    value = found.get("common_name") or found.get("organization_name") or ""
    return str(value[-1] if isinstance(value, list) else value)[:_LONGEST]


def _key(info: keys.PublicKeyInfo) -> str:
    if info.algorithm == "ec":
        return f"EC {info.curve[1]}"
    return f"{info.algorithm.upper()} {info.bit_size}"


def certificate_facts(certificate: asn1_x509.Certificate) -> CertificateFacts:
    """A certificate's facts."""
    organization = certificate.subject.native.get("organization_name", "")
    if isinstance(organization, list):
        organization = organization[-1]
    validity = certificate["tbs_certificate"]["validity"]
    return CertificateFacts(
        subject=_name(certificate.subject),
        organization=str(organization)[:_LONGEST],
        issuer=_name(certificate.issuer),
        serial_hex=f"{certificate.serial_number:x}",
        not_before=_ms(validity["not_before"]),
        not_after=_ms(validity["not_after"]),
        sha256=certificate.sha256.hex(),
        key=_key(certificate.public_key),
        der=base64.b64encode(certificate.dump()).decode(),
    )


def pages(reader: PdfFileReader) -> dict[Any, int]:
    """The references of the pages, counted from 1; what is no proper tree gives what it has."""
    found: dict[Any, int] = {}
    waiting, seen = [reader.root["/Pages"]], 0
    while waiting and len(found) < _MOST_PAGES and seen < 4 * _MOST_PAGES:
        node, seen = waiting.pop(), seen + 1
        for index in reversed(range(len(node.get("/Kids", ())))):
            waiting.append(node["/Kids"].raw_get(index))
        while waiting and isinstance(waiting[-1], generic.IndirectObject):
            reference = waiting.pop()
            kid = reference.get_object()
            if "/Kids" in kid:
                waiting.append(kid)
                break
            found.setdefault(reference.reference, len(found) + 1)
    return found


def place(widget: Any, known: dict[Any, int]) -> Place | None:
    """Where a widget stands; None for one that shows nothing."""
    try:
        box = [float(n) for n in widget["/Rect"]]
        page = known.get(widget.raw_get("/P").reference)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if page is None or len(box) != 4 or box[0] == box[2] or box[1] == box[3]:
        return None
    left, right = sorted((box[0], box[2]))
    bottom, top = sorted((box[1], box[3]))
    return Place(page=page, box=(left, bottom, right, top))


def _text(of: Any, key: str) -> str:
    try:
        return str(of[key])[:_LONGEST]
    except (KeyError, TypeError, ValueError):
        return ""


def _seal(of: Any) -> str:
    try:
        # Not `get`, which would not follow the reference.
        content = of[signing.SEAL_KEY].data
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""
    return base64.b64encode(content).decode() if isinstance(content, bytes) else ""


def _algorithm(found: EmbeddedPdfSignature) -> str:
    used = found.signer_info["signature_algorithm"]["algorithm"]
    return str(used.native if isinstance(used, core.ObjectIdentifier) else used)


def _authority(found: EmbeddedPdfSignature) -> str:
    for token in trust.signature_tokens(found.signer_info)[:1]:
        for choice in token["certificates"]:
            chosen = choice.chosen
            used = isinstance(chosen, asn1_x509.Certificate) and chosen.extended_key_usage_value
            if used and "time_stamping" in used.native:
                return _name(chosen.subject)
    return ""


def of(found: EmbeddedPdfSignature, places: tuple[Place, ...]) -> Details:
    """The details of a signature; what is broken in them is left out."""
    try:
        permission = found.docmdp_level
        return Details(
            certificate=certificate_facts(found.signer_cert),
            issuers=tuple(_name(one.subject) for one in found.other_embedded_certs)[:16],
            places=places,
            reason=_text(found.sig_object, "/Reason"),
            location=_text(found.sig_object, "/Location"),
            format=_text(found.sig_object, "/SubFilter").removeprefix("/"),
            digest=str(found.md_algorithm),
            algorithm=_algorithm(found),
            byte_range=tuple(int(n) for n in found.byte_range),
            revision=int(found.signed_revision) + 1,
            permission="" if permission is None else permission.name.lower(),
            timestamp_authority=_authority(found),
            seal=_seal(found.sig_object),
        )
    except Exception:  # noqa: BLE001 the verdict does not rest on any of this
        return Details()
