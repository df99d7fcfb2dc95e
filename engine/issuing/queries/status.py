"""What the authorities publish of certificates."""

from __future__ import annotations

from engine.issuing import model, store
from engine.kernel import clock, ports
from engine.kernel.reader import Reader

# An entry stays until it stood in a list that was regularly made after its certificate had expired
# (RFC 5280 3.3): lists are made at least once a day.
KEPT_AFTER_EXPIRY_MS = 2 * clock.DAY


def revocations(q: Reader, *, agency_id: str, after: int = 0) -> ports.Revocations:
    """What an agency's CRL has to list now, and what changed after a revision that was published.

    Source: domain-rules 4 (a list on each revocation), RFC 5280 5.2.4 for what changed.
    """
    return ports.Revocations(
        revision=store.revision(q, agency_id),
        listed=tuple(
            ports.Revocation(
                serial=int(one.serial_hex, 16),
                revoked_at=one.revoked_at or q.now,
                reason=one.revocation_reason or "certificateHold",
            )
            for one in store.listed(q, agency_id, q.now - KEPT_AFTER_EXPIRY_MS)
        ),
        changed=tuple(store.changed(q, agency_id, after)),
    )


def revision(q: Reader, *, agency_id: str) -> int:
    """The newest change of status among an agency's certificates; 0 where there was none."""
    return store.revision(q, agency_id)


def status_for_ocsp(q: Reader, *, agency_id: str, serial: int) -> tuple[str, int, str]:
    """What an OCSP answer says of a serial: good, revoked (since, why), or unknown."""
    found = store.standing(q, agency_id, f"{serial:x}")
    if found is None:
        return "unknown", 0, ""
    if found["status"] in (model.CertificateStatus.REVOKED, model.CertificateStatus.SUSPENDED):
        reason = found["revocation_reason"] or "certificateHold"
        return "revoked", found["revoked_at"] or found["created_at"], reason
    return "good", 0, ""
