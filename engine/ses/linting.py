"""Our own rules for electronic seals, each with its id: what a seal of GB/T 38540-2020 should hold to.

Errors are against the standard or contradict themselves; warnings are habits that make trouble elsewhere.
Where no public text confirms a rule (the literals of the header, the tag of the extensions), the rule says
what implementations agree on. A seal maker hands out nothing with an error.
"""

from __future__ import annotations

import enum
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

from engine.kernel import clock, errors
from engine.pki import certificates, paths
from engine.ses import structures
from engine.ses.asn1 import ListKind, SealKind
from engine.ses.structures import Seal
from engine.ses.suites import SUITES, Suite

PICTURE_TYPES = {"PNG": "PNG", "JPG": "JPEG", "JPEG": "JPEG", "BMP": "BMP"}
# Types whose content is looked at by name alone.
_VECTORS = ("SVG", "OFD")
# A picture's sides and its millimetres agree to this share.
_PROPORTION = 0.03
_COARSEST_DPI = 150
_LONGEST_YEARS = 30
_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")


class SealNotClean(errors.PolicyRefused):
    """The seal was not handed out, because it breaks the rules for electronic seals: {rules}."""


class Severity(enum.StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that a seal breaks, and what was found."""

    rule: str
    severity: Severity
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A rule: its id, what it demands, and the check, which tells what is wrong or nothing."""

    id: str
    demands: str
    severity: Severity
    check: Callable[[Seal], Iterator[str]]


def lint(encoded: bytes) -> list[Finding]:
    """What a seal in DER breaks, in the order of the rules.

    Raises: structures.SealUnreadable.
    """
    seal = structures.parse(encoded)
    return [
        Finding(rule=rule.id, severity=rule.severity, found=found)
        for rule in RULES
        for found in rule.check(seal)
    ]


def require_clean(encoded: bytes) -> None:
    """Refuse a seal that breaks a rule whose breach is an error.

    Raises: SealNotClean, structures.SealUnreadable.
    """
    broken = [one.rule for one in lint(encoded) if one.severity is Severity.ERROR]
    if broken:
        raise SealNotClean(rules=", ".join(broken))


def _ids(seal: Seal) -> Iterator[str]:
    for name, value in (("esID", seal.seal_id), ("Vid", seal.maker_id)):
        if not _ID.fullmatch(value):
            yield f"{name} {value[:20]!r}"


def _kind(seal: Seal) -> Iterator[str]:
    if seal.kind not in tuple(SealKind):
        yield f"type {seal.kind}"


def _name(seal: Seal) -> Iterator[str]:
    if not seal.name.strip() or seal.name != seal.name.strip():
        yield "blank at its ends"
    if not seal.name.isprintable():
        yield "control characters"


def _period(seal: Seal) -> Iterator[str]:
    if seal.valid_from_ms >= seal.valid_to_ms:
        yield "validEnd is not after validStart"
    if seal.created_at_ms > seal.valid_to_ms:
        yield "createDate is after validEnd"


def _long(seal: Seal) -> Iterator[str]:
    years = (seal.valid_to_ms - seal.valid_from_ms) / (365 * clock.DAY)
    if years > _LONGEST_YEARS:
        yield f"{years:.0f} years"


def _listed(seal: Seal) -> Iterator[str]:
    if not seal.listed:
        yield "empty"
    if len(set(seal.listed)) != len(seal.listed):
        yield "one certificate twice"
    if seal.list_kind is ListKind.DIGESTS:
        suite = SUITES.get(seal.signature_oid)
        if suite and any(len(one) != suite.digest_size for one in seal.listed):
            yield f"a digest that is not {suite.digest_size} bytes"
        return
    for one in seal.listed:
        try:
            certificates.from_bytes(one)
        except (certificates.CertificateUnreadable, *paths.UNREADABLE):
            yield "a certificate that cannot be read"


def _picture_type(seal: Seal) -> Iterator[str]:
    if seal.picture_type.upper() not in (*PICTURE_TYPES, *_VECTORS):
        yield seal.picture_type[:20]


def _size(seal: Seal) -> Iterator[str]:
    for side in (seal.width_mm, seal.height_mm):
        if not 1 <= side <= structures.LARGEST_SIDE_MM:
            yield f"{side} mm"


def _shown(seal: Seal) -> Image.Image | None:
    """The picture's head (its pixels are not unpacked); None where it is none of its type."""
    try:
        kind = PICTURE_TYPES[seal.picture_type.upper()]
        return Image.open(io.BytesIO(seal.picture), formats=(kind,))
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError):
        return None


def _picture(seal: Seal) -> Iterator[str]:
    if seal.picture_type.upper() in PICTURE_TYPES and _shown(seal) is None:
        yield f"no {seal.picture_type}"


def _proportion(seal: Seal) -> Iterator[str]:
    shown = _shown(seal)
    if shown is None or not (seal.width_mm and seal.height_mm and shown.height):
        return
    pixels, stated = shown.width / shown.height, seal.width_mm / seal.height_mm
    if abs(pixels / stated - 1) > _PROPORTION:
        yield f"{shown.width} by {shown.height} pixels"


def _coarse(seal: Seal) -> Iterator[str]:
    shown = _shown(seal)
    if shown is not None and seal.width_mm:
        dpi = shown.width / seal.width_mm * 25.4
        if dpi < _COARSEST_DPI:
            yield f"{dpi:.0f} dpi"


def _transparent(seal: Seal) -> Iterator[str]:
    shown = _shown(seal)
    if (
        shown is not None
        and shown.mode not in ("RGBA", "LA", "PA")
        and "transparency" not in (shown.info)
    ):
        yield f"mode {shown.mode}"


def _maker(seal: Seal) -> Iterator[str]:
    try:
        maker = certificates.from_bytes(seal.maker_certificate)
        start, end = maker.not_valid_before_utc, maker.not_valid_after_utc
    except (certificates.CertificateUnreadable, *paths.UNREADABLE):
        yield "cannot be read"
        return
    created = clock.to_datetime(seal.created_at_ms)
    if not start <= created <= end:
        yield "not valid when the seal was made"


def _own(seal: Seal) -> Iterator[str]:
    digested = seal.list_kind is ListKind.DIGESTS
    suite: Suite | None = SUITES.get(seal.signature_oid)
    maker = seal.maker_certificate
    if digested and suite is None:
        return
    own = suite.digest(maker) if digested and suite else maker
    if own in seal.listed:
        yield "the maker's certificate"


def _extensions(seal: Seal) -> Iterator[str]:
    oids = [one.oid for one in seal.extensions]
    if len(set(oids)) != len(oids):
        yield "one twice"
    yield from (f"critical {one.oid}" for one in seal.extensions if one.critical)


def _algorithm(seal: Seal) -> Iterator[str]:
    if seal.signature_oid not in SUITES:
        yield seal.signature_oid


def _rule(
    number: str, demands: str, check: Callable[[Seal], Iterator[str]], *, warn: bool = False
) -> _Rule:
    return _Rule(
        id=number,
        demands=demands,
        severity=Severity.WARNING if warn else Severity.ERROR,
        check=check,
    )


RULES = (
    _rule("SES-01", "esID and Vid are 1 to 64 letters, digits, dots, dashes", _ids),
    _rule("SES-02", "type is 1 (unit) or 2 (person)", _kind),
    _rule("SES-03", "the name is printable and not blank at its ends", _name),
    _rule("SES-04", "validStart lies before validEnd, and createDate not after it", _period),
    _rule("SES-05", "certList names certificates, each once, by digests of the suite", _listed),
    _rule("SES-06", "the picture's type is PNG, JPG, BMP, SVG or OFD", _picture_type),
    _rule("SES-07", "each side measures 1 to 100 mm", _size),
    _rule("SES-08", "the picture is what its type says", _picture),
    _rule("SES-09", "the picture's pixels have the proportion of its millimetres", _proportion),
    _rule("SES-10", "the maker's certificate was valid at createDate", _maker),
    _rule("SES-11", "the maker's own certificate is not among those that may use the seal", _own),
    _rule("SES-12", "the signature algorithm is of a suite that can be verified", _algorithm),
    _rule(
        "SES-13",
        "extensions are there once each, and none that is unknown is critical",
        _extensions,
    ),
    _rule("SES-21", "the seal is valid for 30 years at most", _long, warn=True),
    _rule("SES-22", "the picture has 150 dpi at least", _coarse, warn=True),
    _rule("SES-23", "the picture is transparent around its ink", _transparent, warn=True),
)
