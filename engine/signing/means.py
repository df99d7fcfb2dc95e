"""What a party can sign a contract with: its certificates and seals, and why one cannot be used now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.issuing import coverage, proofs
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import errors, identifiers, texts
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.policies import model as policies
from engine.registration import queries as people
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from engine.signing import queries
from engine.signing.signatures import OtherPlatform

_HIDDEN = frozenset({"requested", "issued", "finished", "revoked", "abandoned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateChoice:
    """A certificate of the enterprise; `why` says what keeps it from signing here.

    `kind` is the QR code it goes with; `holder` is masked: whose phone it is on.
    """

    id: str
    kind: str
    agency: Text
    holder: str
    delegated: bool
    serial_end: str
    not_after: int
    why: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealChoice:
    """A seal of the enterprise, its picture and true size.

    `barred` says, by certificate, why it cannot serve with that one.
    """

    id: str
    kind: str
    name: str
    code: str
    picture: str
    width_mm: int
    height_mm: int
    barred: dict[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Certificates and seals of a party, those that can be used first."""

    certificates: tuple[CertificateChoice, ...]
    seals: tuple[SealChoice, ...]


def means(q: Reader, contract_id: str = "") -> Means:
    """What the signed-in account's enterprise can sign with, at all or a contract of its own (SGN-3).

    The choice is looked at anew when it is made: this is for the screen. Raises: NotFound, NotPermitted.
    """
    account = mall.signed_in(q)
    platform_id = account.platform_id
    if contract_id:
        platform_id = queries.contract(q, contract_id).platform_id
    own = [
        one
        for one in certificates.of_enterprise(q, account.enterprise_id)
        if one.usage is issuing.Usage.SIGNING and one.status.value not in _HIDDEN
    ]
    chosen = [_certificate(q, one, platform_id) for one in own]
    made = [
        _seal(q, one, own)
        for one in seals.of_enterprise(q, account.enterprise_id)
        if one.status is not sealing.SealStatus.DELETED and one.png_blob_id is not None
    ]
    return Means(
        certificates=tuple(sorted(chosen, key=lambda one: one.why is not None)),
        seals=tuple(
            sorted(made, key=lambda one: (len(one.barred) == len(own), one.kind != "company"))
        ),
    )


def _told(check: Callable[[], object]) -> Text | None:
    """What a check refuses with, in both languages."""
    try:
        check()
    except errors.EngineError as refusal:
        return Text(zh=texts.of_error(refusal, "zh_CN"), en=texts.of_error(refusal, "en"))
    return None


def _require(q: Reader, certificate: issuing.Certificate, platform_id: str) -> None:
    if not certificate.usable(q.now):
        raise proofs.CertificateNotUsable(status=issuing.status_at(certificate, q.now))
    if certificate.kind == "platform" and certificate.platform_id != platform_id:
        raise OtherPlatform()
    coverage.require(q, certificate, "contract")


def _certificate(
    q: Reader, certificate: issuing.Certificate, platform_id: str
) -> CertificateChoice:
    return CertificateChoice(
        id=certificate.id,
        kind=certificate.kind,
        agency=q.policy(policies.CertificateAgency, certificate.agency_id).label,
        holder=identifiers.masked_name(people.person_name(q, certificate.account_id)),
        delegated=certificate.delegated_by is not None,
        serial_end=certificate.serial_hex[-8:],
        not_after=certificate.not_after,
        why=_told(lambda: _require(q, certificate, platform_id)),
    )


def _seal(q: Reader, seal: sealing.Seal, own: list[issuing.Certificate]) -> SealChoice:
    barred = {}
    for certificate in own:
        why = _told(lambda one=certificate: seals.require_usable(q, seal.id, one))  # type: ignore[misc]
        if why is not None:
            barred[certificate.id] = why
    return SealChoice(
        id=seal.id,
        kind=str(seal.kind),
        name=seal.name,
        code=seal.code,
        picture=seal.png_blob_id or "",
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
        barred=barred,
    )
