"""A certificate and the table of its steps."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.kernel import clock
from engine.kernel.workflow import Workflow
from engine.pki import der, keys


class CertificateStatus(enum.StrEnum):
    """Where a certificate stands."""

    REQUESTED = "requested"  # the CA signs next
    ISSUED = "issued"  # the phone takes it and proves the PIN
    ACTIVE = "active"
    SUSPENDED = "suspended"
    FINISHED = "finished"  # of a one-time certificate: its one act is done
    REVOKED = "revoked"
    ABANDONED = "abandoned"


class Usage(enum.StrEnum):
    """What the key of a certificate does: the two of a pair (CRT-6)."""

    SIGNING = "signing"  # made on the phone, never anywhere whole
    ENCRYPTION = "encryption"  # made by the key management centre, which keeps a copy


class Holder(enum.StrEnum):
    """Who put a certificate on hold: staff's hold is not the holder's to lift."""

    HOLDER = "holder"
    STAFF = "staff"


_S = CertificateStatus


CERTIFICATE = Workflow(
    "certificate",
    _S.REQUESTED,
    {
        _S.REQUESTED: {"issue": _S.ISSUED, "abandon": _S.ABANDONED},
        _S.ISSUED: {"activate": _S.ACTIVE, "revoke": _S.REVOKED},
        _S.ACTIVE: {"suspend": _S.SUSPENDED, "finish": _S.FINISHED, "revoke": _S.REVOKED},
        _S.SUSPENDED: {"resume": _S.ACTIVE, "revoke": _S.REVOKED},
        _S.FINISHED: {},
        _S.REVOKED: {},
        _S.ABANDONED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate. `public_key` is DER SubjectPublicKeyInfo, `der` the signed certificate.

    `pair_id` is the signing certificate's id, for itself too. `enterprise_id` is empty for a person of
    their own. `delegated_by` is whose account lets somebody else hold it; `replaces` and `replaced_by`
    are the certificates before and after it.
    """

    id: str
    order_id: str
    enterprise_id: str | None
    account_id: str
    device_id: str
    platform_id: str
    agency_id: str
    kind: str
    product: str
    profile: str
    usage: Usage
    pair_id: str
    key_scheme: str
    status: CertificateStatus
    serial_hex: str
    public_key: bytes
    not_before: int
    not_after: int
    der: bytes | None
    created_at: int
    activated_at: int | None
    revoked_at: int | None
    revocation_reason: str | None
    delegated_by: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    held_by: Holder | None = None
    finished_at: int | None = None

    @property
    def one_time(self) -> bool:
        """Whether it is for one act (CRT-2): it names that act and is finished after it."""
        return self.product == "event"

    def expired(self, now: int) -> bool:
        """Whether its time is over."""
        return now >= self.not_after

    def usable(self, now: int) -> bool:
        """Active and within its time."""
        return self.status is _S.ACTIVE and self.not_before <= now < self.not_after


def answers(
    certificate: Certificate, encoded: bytes, *, common_name: str, organization: str
) -> bool:
    """Whether `encoded` is the certificate that was asked for: serial, key, term and holder's names."""
    try:
        signed = x509.load_der_x509_certificate(encoded)
    except ValueError:
        return False
    named: dict[x509.ObjectIdentifier, list[str]] = {}
    for attribute in signed.subject:
        named.setdefault(attribute.oid, []).append(str(attribute.value))
    return (
        signed.serial_number == int(certificate.serial_hex, 16)
        and _certifies(signed, certificate.public_key)
        and clock.from_datetime(signed.not_valid_before_utc) == certificate.not_before
        and clock.from_datetime(signed.not_valid_after_utc) == certificate.not_after
        and named.get(NameOID.COMMON_NAME) == [common_name]
        and named.get(NameOID.ORGANIZATION_NAME, []) == ([organization] if organization else [])
    )


def _certifies(signed: x509.Certificate, public_key: bytes) -> bool:
    """Whether the certified key is this one: written the same way, as a rule, else read."""
    fields = der.children(signed.tbs_certificate_bytes)
    if len(fields) > 6 and fields[6].encoded == public_key:
        return True
    return keys.public_to_der(signed.public_key()) == public_key


def status_at(certificate: Certificate, now: int) -> str:
    """The status that people see: `expired` once its time is over, unless it was revoked."""
    live = certificate.status in (_S.ISSUED, _S.ACTIVE, _S.SUSPENDED)
    return "expired" if live and certificate.expired(now) else certificate.status.value
