"""The trust list of mutual recognition (PKI-4): whose certificates count everywhere, and since when.

Modelled on ETSI TS 119 612 and written as JSON: a sequence number that only rises, an instant until which
it holds (six months at most), and for each agency its services, with their certificates and the course of
their status. Signed as CMS by a certificate of the purpose `tslSigning` that leads to a root one trusts.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import enum
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import clock, codec, errors
from engine.pki import certificates, chains, names, signed_data
from engine.pki.profiles import Purpose

FORMAT = "yinxin-trust-list/1"
# In the arc of examples (RFC 5612), like the policies.
CONTENT_TYPE = "1.3.6.1.4.1.32473.3.1"
# ETSI TS 119 612 5.3.15: the next update is within six months.
LONGEST_MS = 183 * clock.DAY


class Status(enum.StrEnum):
    """Where an authority stands with the scheme (TS 119 612 5.5.4, in three words)."""

    GRANTED = "granted"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Refused(enum.StrEnum):
    """Why a certificate is not recognized."""

    LIST_STALE = "list_stale"
    NOT_LISTED = "not_listed"
    NOT_VALID = "not_valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class TrustListUnusable(errors.InvalidInput):
    """This trust list cannot be used: {why}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A status and the instants (UTC milliseconds) from which and, once over, until which it held."""

    status: Status
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One issuing authority: its certificate, and its status from the first to the present one."""

    certificate: x509.Certificate
    periods: tuple[Period, ...]

    def status_at(self, at_ms: int) -> Status | None:
        """The status at an instant; None before it was ever listed."""
        held = [one for one in self.periods if one.since <= at_ms]
        return held[-1].status if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAgency:
    """An agency on the list, by its label, names, registered name and credit code."""

    label: str
    name_zh: str
    name_en: str
    organization: str
    uscc: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """A list: who is on it, and for how long it may be used."""

    operator: str
    sequence: int
    issued_at: int
    next_update: int
    agencies: tuple[ListedAgency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What the list says of a certificate: the agency, or why it does not count."""

    agency: ListedAgency | None
    refused: Refused | None = None

    @property
    def ok(self) -> bool:
        """Whether the certificate counts."""
        return self.refused is None


def publish(
    listed: TrustList,
    *,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
) -> bytes:
    """The signed list (CMS, DER). `chain` leads from the signer's issuer towards the root, without it."""
    return signed_data.sign(
        codec.canonical(_written(listed)).encode(),
        CONTENT_TYPE,
        key=key,
        certificate=certificate,
        others=chain,
    )


def read(document: bytes, roots: Sequence[x509.Certificate], at_ms: int) -> TrustList:
    """The list, once its signature, its signer's path to one of `roots` and its form hold.

    Whether it is still in force is asked at each use (`recognised`).
    Raises: TrustListUnusable.
    """
    try:
        signed = signed_data.verified(document, CONTENT_TYPE)
    except signed_data.NotSignedData as problem:
        raise TrustListUnusable(why="its signature does not hold") from problem
    verdict = chains.verify_chain(
        signed.signer, signed.others, roots, at_ms, purpose=Purpose.TSL_SIGNING
    )
    if not verdict.ok:
        raise TrustListUnusable(why=f"its signer is not trusted ({verdict.reason_codes[0]})")
    return _parsed(signed.content)


@functools.lru_cache(maxsize=32)
def _parsed(content: bytes) -> TrustList:
    try:
        found = _read(json.loads(content))
    except (
        ValueError,
        KeyError,
        TypeError,
        binascii.Error,
        certificates.CertificateUnreadable,
    ) as e:
        raise TrustListUnusable(why="its content is not of the known form") from e
    if not 0 < found.next_update - found.issued_at <= LONGEST_MS:
        raise TrustListUnusable(why="it holds for longer than six months, or for no time at all")
    return found


def recognised(
    listed: TrustList,
    chain: Sequence[bytes],
    now: int,
    crls: Sequence[x509.CertificateRevocationList] | None = None,
) -> Recognition:
    """What the list says at `now` of a certificate, given in DER with those above it that came along.

    The path must end at a listed service, which was granted and is neither suspended nor withdrawn.
    Revocation is looked at where `crls` are given. Raises: CertificateUnreadable.
    """
    if not listed.issued_at <= now < listed.next_update:
        return Recognition(agency=None, refused=Refused.LIST_STALE)
    if not chain:
        return Recognition(agency=None, refused=Refused.NOT_LISTED)
    leaf, *others = [certificates.from_bytes(one) for one in chain]
    services = {
        one.certificate: (agency, one) for agency in listed.agencies for one in agency.services
    }
    verdict = chains.verify_chain(leaf, others, tuple(services), now, crls)
    agency, service = services.get(verdict.path[-1], (None, None))
    if agency is None or service is None:
        return Recognition(agency=None, refused=Refused.NOT_LISTED)
    status = service.status_at(now)
    if not verdict.ok:
        return Recognition(agency=agency, refused=Refused.NOT_VALID)
    if status is Status.GRANTED:
        return Recognition(agency=agency)
    return Recognition(agency=agency, refused=_REFUSED[status])


_REFUSED: Mapping[Status | None, Refused] = {
    None: Refused.NOT_LISTED,
    Status.SUSPENDED: Refused.SUSPENDED,
    Status.WITHDRAWN: Refused.WITHDRAWN,
}


def _written(listed: TrustList) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "operator": listed.operator,
        "sequence": listed.sequence,
        "issued_at": _instant(listed.issued_at),
        "next_update": _instant(listed.next_update),
        "agencies": [
            {
                "label": one.label,
                "name": {"zh": one.name_zh, "en": one.name_en},
                "organization": one.organization,
                "identifier": names.ORGANIZATION_IDENTIFIER_PREFIX + one.uscc,
                "services": [_written_service(service) for service in one.services],
            }
            for one in listed.agencies
        ],
    }


def _written_service(service: Service) -> dict[str, Any]:
    return {
        "type": "CA/PKC",
        "name": service.certificate.subject.rfc4514_string(),
        "certificate": base64.b64encode(certificates.to_der(service.certificate)).decode(),
        "status": [
            {"status": one.status.value, "since": _instant(one.since)}
            | ({} if one.until is None else {"until": _instant(one.until)})
            for one in service.periods
        ],
    }


def _read(told: dict[str, Any]) -> TrustList:
    if told["format"] != FORMAT:
        raise ValueError(told["format"])
    return TrustList(
        operator=str(told["operator"]),
        sequence=int(told["sequence"]),
        issued_at=_ms(told["issued_at"]),
        next_update=_ms(told["next_update"]),
        agencies=tuple(_read_agency(one) for one in told["agencies"]),
    )


def _read_agency(told: dict[str, Any]) -> ListedAgency:
    return ListedAgency(
        label=str(told["label"]),
        name_zh=str(told["name"]["zh"]),
        name_en=str(told["name"]["en"]),
        organization=str(told["organization"]),
        uscc=str(told["identifier"]).removeprefix(names.ORGANIZATION_IDENTIFIER_PREFIX),
        services=tuple(_read_service(one) for one in told["services"]),
    )


def _read_service(told: dict[str, Any]) -> Service:
    encoded = base64.b64decode(told["certificate"], validate=True)
    return Service(
        certificate=certificates.from_bytes(encoded),
        periods=tuple(
            Period(
                status=Status(one["status"]),
                since=_ms(one["since"]),
                until=_ms(one["until"]) if "until" in one else None,
            )
            for one in told["status"]
        ),
    )


def _instant(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms // 1000 * 1000):%Y-%m-%dT%H:%M:%SZ}"


def _ms(text: str) -> int:
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return clock.from_datetime(moment.replace(tzinfo=clock.UTC))
