"""A certificate and the table of its steps."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.kernel import clock
from engine.kernel.workflow import Workflow
from engine.pki import keys


class CertificateStatus(enum.StrEnum):
    """Where a certificate stands."""

    REQUESTED = "requested"  # the CA signs next
    ISSUED = "issued"  # the phone takes it and proves the PIN
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ABANDONED = "abandoned"


_S = CertificateStatus


CERTIFICATE = Workflow(
    "certificate",
    _S.REQUESTED,
    {
        _S.REQUESTED: {"issue": _S.ISSUED, "abandon": _S.ABANDONED},
        _S.ISSUED: {"activate": _S.ACTIVE, "revoke": _S.REVOKED},
        _S.ACTIVE: {"suspend": _S.SUSPENDED, "revoke": _S.REVOKED},
        _S.SUSPENDED: {"resume": _S.ACTIVE, "revoke": _S.REVOKED},
        _S.REVOKED: {},
        _S.ABANDONED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate. `public_key` is DER SubjectPublicKeyInfo, `der` the signed certificate."""

    id: str
    order_id: str
    enterprise_id: str
    account_id: str
    device_id: str
    platform_id: str
    agency_id: str
    kind: str
    profile: str
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

    def expired(self, now: int) -> bool:
        """Whether its time is over."""
        return now >= self.not_after

    def usable(self, now: int) -> bool:
        """Active and within its time."""
        return self.status is _S.ACTIVE and self.not_before <= now < self.not_after


def answers(certificate: Certificate, der: bytes, *, organization: str) -> bool:
    """Whether `der` is the certificate that was asked for: serial, key, term and holder's name."""
    try:
        signed = x509.load_der_x509_certificate(der)
    except ValueError:
        return False
    names = signed.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return (
        signed.serial_number == int(certificate.serial_hex, 16)
        and keys.public_to_der(signed.public_key()) == certificate.public_key
        and clock.from_datetime(signed.not_valid_before_utc) == certificate.not_before
        and clock.from_datetime(signed.not_valid_after_utc) == certificate.not_after
        and [name.value for name in names] == [organization]
    )


def status_at(certificate: Certificate, now: int) -> str:
    """The status that people see: `expired` once its time is over, unless it was revoked."""
    live = certificate.status in (_S.ISSUED, _S.ACTIVE, _S.SUSPENDED)
    return "expired" if live and certificate.expired(now) else certificate.status.value
