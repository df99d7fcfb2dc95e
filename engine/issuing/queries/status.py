"""What the authorities publish of certificates."""

from __future__ import annotations

from engine.issuing import model, store
from engine.kernel import ports
from engine.kernel.reader import Reader


def revocations(q: Reader, *, agency_id: str) -> list[ports.Revocation]:
    """What an agency's CRL has to list now."""
    return [
        ports.Revocation(
            serial=int(one.serial_hex, 16),
            revoked_at=one.revoked_at or q.now,
            reason=one.revocation_reason or "certificateHold",
        )
        for one in store.revoked(q, agency_id)
    ]


def status_for_ocsp(q: Reader, *, agency_id: str, serial: int) -> tuple[str, int, str]:
    """What an OCSP answer says of a serial: good, revoked (since, why), or unknown."""
    found = store.by_serial(q, agency_id, f"{serial:x}")
    if found is None or found.der is None:
        return "unknown", 0, ""
    if found.status in (model.CertificateStatus.REVOKED, model.CertificateStatus.SUSPENDED):
        reason = found.revocation_reason or "certificateHold"
        return "revoked", found.revoked_at or found.created_at, reason
    return "good", 0, ""
