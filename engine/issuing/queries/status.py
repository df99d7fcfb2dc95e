"""What the authorities publish of certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.issuing import model, store
from engine.kernel import clock
from engine.kernel.reader import Reader
from engine.pki import certificates, listing, revocation

# An entry stays until it stood in a list that was regularly made after its certificate had expired
# (RFC 5280 3.3): lists are made at least once a day.
KEPT_AFTER_EXPIRY_MS = 2 * clock.DAY
_HELD = revocation.Reason.CERTIFICATE_HOLD.value
_NUMBERS: Mapping[str, int] = {
    one.value: number for one, number in revocation.REASON_NUMBERS.items()
}


def revocations(
    q: Reader, *, agency_id: str, after: int = 0, generation: int = 0, whole: bool = True
) -> listing.Standing:
    """What an agency's CRL has to list now, and what changed after a revision that was published.

    A `generation` has its own part of it, by the first octet of the serials; 0 is all of them.
    Source: domain-rules 4 (a list on each revocation), RFC 5280 5.2.4 for what changed.
    """
    since = q.now - KEPT_AFTER_EXPIRY_MS

    def own(serial: int) -> bool:
        return not generation or certificates.serial_prefix(serial) == generation

    changed = store.changed(q, agency_id, after, since)
    told = {
        entry.serial: entry if row["listed"] else None
        for row in changed
        if own((entry := _entry(q, row)).serial)
    }
    table = None
    if whole:
        entries = (_entry(q, row) for row in store.listed(q, agency_id, since))
        table = listing.Table(entry for entry in entries if own(entry.serial))
    return listing.Standing(revision=store.revision(q, agency_id), changed=told, table=table)


def _entry(q: Reader, row: Mapping[str, Any]) -> listing.Entry:
    return listing.Entry(
        int(row["serial_hex"], 16),
        row["revoked_at"] or q.now,
        _NUMBERS[row["revocation_reason"] or _HELD],
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
        reason = found["revocation_reason"] or _HELD
        return "revoked", found["revoked_at"] or found["created_at"], reason
    return "good", 0, ""
