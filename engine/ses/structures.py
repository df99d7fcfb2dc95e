"""Seals as signed objects (GB/T 38540-2020, header version 4): made, and read back.

The maker signs the DER of the seal's information alone. A seal names the certificates that may use
it, by digest or whole; with none it is valid and nobody can use it. `verifying` judges a seal; who
may have one is not asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import core
from cryptography import x509

from engine.kernel import clock, errors
from engine.pki import certificates as x509_certificates
from engine.ses.asn1 import (
    CertDigestList,
    CertInfoList,
    ListKind,
    SealKind,
    SESeal,
    SesSealInfo,
)
from engine.ses.suites import INTERNATIONAL as INTERNATIONAL
from engine.ses.suites import Suite

HEADER_ID, VERSION = "ES", 4
LARGEST_SIDE_MM = 100
# A picture of 2 MB, and room for many certificates beside it. More is nobody's seal.
MOST_PICTURE_BYTES, MOST_BYTES, MOST_LISTED = 2 * 1024 * 1024, 4 * 1024 * 1024, 2_000
LONGEST_NAME = 300
# What reading strange DER may raise.
UNREADABLE = (ValueError, TypeError, OverflowError, AttributeError, KeyError, RecursionError)


class SealUnreadable(errors.InvalidInput):
    """This is not an electronic seal of GB/T 38540: {problem}"""


class SealFieldMalformed(errors.InvalidInput):
    """An electronic seal cannot be made with this {part}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A further field of a seal or a signature; who does not know a critical one refuses the whole."""

    oid: str
    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A seal that was read. Instants are UTC milliseconds, sizes millimetres.

    `listed` are certificates in DER or their digests, as `list_kind` says; `signed` are the bytes
    which the maker's signature covers.
    """

    version: int
    maker_id: str
    seal_id: str
    kind: int
    name: str
    list_kind: ListKind
    listed: tuple[bytes, ...]
    created_at_ms: int
    valid_from_ms: int
    valid_to_ms: int
    picture_type: str
    picture: bytes
    width_mm: int
    height_mm: int
    maker_certificate: bytes
    signature_oid: str
    signature: bytes
    signed: bytes
    extensions: tuple[Extension, ...] = ()

    def lists(self, certificate: x509.Certificate, suite: Suite = INTERNATIONAL) -> bool:
        """Whether that certificate may use the seal."""
        encoded = x509_certificates.to_der(certificate)
        if self.list_kind is ListKind.DIGESTS:
            encoded = suite.digest(encoded)
        return encoded in self.listed


def make_seal(
    *,
    seal_id: str,
    maker_id: str,
    name: str,
    certificates: Sequence[x509.Certificate],
    picture_type: str,
    picture: bytes,
    width_mm: int,
    height_mm: int,
    created_at_ms: int,
    valid_from_ms: int,
    valid_to_ms: int,
    maker_key: object,
    maker_certificate: x509.Certificate,
    kind: SealKind = SealKind.UNIT,
    list_kind: ListKind = ListKind.DIGESTS,
    suite: Suite = INTERNATIONAL,
    extensions: Sequence[Extension] = (),
) -> bytes:
    """An SESeal in DER, signed by its maker; `certificates` are those that may use it.

    Raises: SealFieldMalformed.
    """
    _check_fields(name, picture, (width_mm, height_mm), (valid_from_ms, valid_to_ms))
    if len(certificates) > MOST_LISTED:
        raise SealFieldMalformed(part="list of certificates")
    encoded = [x509_certificates.to_der(certificate) for certificate in certificates]
    listed: CertInfoList | CertDigestList = CertInfoList(encoded)
    if list_kind is ListKind.DIGESTS:
        listed = CertDigestList(
            [{"type": suite.digest_name, "value": suite.digest(one)} for one in encoded]
        )
    try:
        info = SesSealInfo(
            {
                **extended(extensions),
                "header": {"id": HEADER_ID, "version": VERSION, "vid": maker_id},
                "es_id": seal_id,
                "property": {
                    "type": int(kind),
                    "name": name,
                    "cert_list_type": int(list_kind),
                    "cert_list": listed,
                    "create_date": _second(created_at_ms),
                    "valid_start": _second(valid_from_ms),
                    "valid_end": _second(valid_to_ms),
                },
                "picture": {
                    "type": picture_type,
                    "data": picture,
                    "width": width_mm,
                    "height": height_mm,
                },
            }
        )
    except UnicodeEncodeError as problem:
        raise SealFieldMalformed(part="identifier") from problem
    signed = info.dump()
    return bytes(
        SESeal(
            {
                "eseal_info": info,
                "cert": x509_certificates.to_der(maker_certificate),
                "sign_alg_id": suite.signature_oid,
                "signed_value": suite.sign(maker_key, signed),
            }
        ).dump()
    )


def parse(encoded: bytes) -> Seal:
    """The seal that an SESeal in DER is.

    Raises: SealUnreadable.
    """
    require_size(encoded, MOST_BYTES)
    try:
        seal = SESeal.load(encoded, strict=True)
        info = seal["eseal_info"]
        header, properties, picture = info["header"], info["property"], info["picture"]
        header_id = header["id"].native
        list_kind = ListKind(properties["cert_list_type"].native)
        listed = properties["cert_list"]
        read = Seal(
            version=header["version"].native,
            maker_id=header["vid"].native,
            seal_id=info["es_id"].native,
            kind=properties["type"].native,
            name=properties["name"].native,
            list_kind=list_kind,
            listed=tuple(
                one.native if list_kind is ListKind.CERTIFICATES else one["value"].native
                for one in listed
            ),
            created_at_ms=instant(properties["create_date"]),
            valid_from_ms=instant(properties["valid_start"]),
            valid_to_ms=instant(properties["valid_end"]),
            picture_type=picture["type"].native,
            picture=picture["data"].native,
            width_mm=picture["width"].native,
            height_mm=picture["height"].native,
            maker_certificate=seal["cert"].native,
            signature_oid=seal["sign_alg_id"].dotted,
            signature=seal["signed_value"].native,
            signed=info.dump(),
            extensions=read_extensions(info["ext_datas"]),
        )
        require_der(seal, encoded)
    except UNREADABLE as problem:
        raise SealUnreadable(problem=" ".join(str(problem).split())) from problem
    if header_id != HEADER_ID or read.version != VERSION:
        raise SealUnreadable(problem=f"header {header_id!r} {read.version}")
    _check_limits(read)
    return read


def extended(extensions: Sequence[Extension]) -> dict[str, object]:
    """The field of a structure that holds extensions, where there are any."""
    if not extensions:
        return {}
    told = [
        {"extn_id": one.oid, "critical": one.critical, "extn_value": one.value}
        for one in extensions
    ]
    return {"ext_datas": told}


def read_extensions(told: core.Asn1Value) -> tuple[Extension, ...]:
    """The extensions of a structure; none where it has not the field."""
    if isinstance(told, core.Void):
        return ()
    return tuple(
        Extension(
            oid=one["extn_id"].dotted,
            critical=one["critical"].native,
            value=one["extn_value"].native,
        )
        for one in told
    )


def require_size(encoded: bytes, most: int) -> None:
    """Refuse what is larger than any seal, before anything of it is parsed.

    Raises: SealUnreadable.
    """
    if len(encoded) > most:
        raise SealUnreadable(problem=f"{len(encoded)} bytes")


def require_der(read: core.Asn1Value, encoded: bytes) -> None:
    """Refuse another encoding of the same values: what is signed has one form alone.

    Raises: ValueError.
    """
    if read.copy().dump(force=True) != encoded:
        raise ValueError("not in DER")


def _check_limits(read: Seal) -> None:
    limits = {
        "picture": len(read.picture) <= MOST_PICTURE_BYTES,
        "list of certificates": len(read.listed) <= MOST_LISTED,
        "name": len(read.name) <= LONGEST_NAME,
        "size": max(read.width_mm, read.height_mm) <= 10 * LARGEST_SIDE_MM,
    }
    for part, well in limits.items():
        if not well:
            raise SealUnreadable(problem=f"{part} too large")


def _check_fields(
    name: str,
    picture: bytes,
    sides_mm: tuple[int, int],
    period_ms: tuple[int, int],
) -> None:
    checks = {
        "name": 0 < len(name) <= LONGEST_NAME,
        "picture": 0 < len(picture) <= MOST_PICTURE_BYTES,
        "size": all(1 <= side <= LARGEST_SIDE_MM for side in sides_mm),
        "validity": period_ms[0] < period_ms[1],
    }
    for part, well in checks.items():
        if not well:
            raise SealFieldMalformed(part=part)


def _second(at_ms: int) -> object:
    return clock.to_datetime(at_ms // 1000 * 1000)


def instant(moment: core.GeneralizedTime) -> int:
    """UTC milliseconds."""
    return clock.from_datetime(moment.native)
