"""Certificates as their holders, staff and the authorities may see them."""

from __future__ import annotations

from engine.issuing import model, store
from engine.kernel import actors, errors, notes, ports
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.registration.model.closing import CERTIFICATE_LIVE
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "no certificate without payment and both approvals": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status <> 'abandoned' AND (o.paid_at IS NULL OR o.platform_approved_by IS NULL"
        " OR o.agency_approved_by IS NULL OR o.platform_approved_by = o.agency_approved_by)"
    ),
    "serials are unique": (
        "SELECT MIN(id) AS id FROM certificate GROUP BY agency_id, serial_hex HAVING COUNT(*) > 1"
    ),
    "one usable certificate to an order": (
        "SELECT MIN(id) AS id FROM certificate WHERE status <> 'abandoned'"
        " GROUP BY order_id HAVING COUNT(*) > 1"
    ),
    "an active certificate's order is completed": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status = 'active' AND o.status <> 'completed'"
    ),
}


def certificate(q: Reader, certificate_id: str) -> model.Certificate:
    """One certificate, as its holder, its enterprise's mall account, entitled staff, or the platform.

    Raises: NotFound.
    """
    found = q.get(model.Certificate, "certificate", certificate_id)
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id)
    elif not _sees(q, found):
        raise errors.NotFound(what="certificate")
    return found


def _sees(q: Reader, found: model.Certificate) -> bool:
    if isinstance(q.actor, actors.Person):
        return q.actor.account_id == found.account_id
    if isinstance(q.actor, actors.MallAccount):
        return mall.signed_in(q).enterprise_id == found.enterprise_id
    return isinstance(q.actor, actors.System)


def living(q: Reader, account_id: str) -> list[model.Certificate]:
    """A person's certificates that are used or may yet be: asked for, issued, active or suspended."""
    return [
        one
        for one in store.of_account(q, account_id)
        if not model.CERTIFICATE.terminal(one.status) and not one.expired(q.now)
    ]


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: its living certificates.

    One that the CA is about to sign can't be revoked yet, so it blocks even who would let all be revoked.
    """
    return [
        notes.Note(
            code=CERTIFICATE_LIVE
            if model.CERTIFICATE.allows(one.status, "revoke")
            else "blocker.certificate_requested",
            subject=one.id,
            params={"serial": one.serial_hex},
        )
        for one in living(q, account_id)
    ]


def kept(q: Reader, account_id: str) -> list[notes.Kept]:
    """What the law has kept beyond an account: the record of every certificate that was signed.

    A certificate has ended when it was revoked, or else when its time is over.
    """
    live = {one.id for one in living(q, account_id)}
    return [
        notes.Kept(
            kind="certificate",
            id=one.id,
            keeper=one.agency_id,
            ended_at=one.not_after if one.revoked_at is None else one.revoked_at,
            live=one.id in live,
        )
        for one in store.of_account(q, account_id)
        if one.der is not None
    ]


def mine(q: Reader) -> list[model.Certificate]:
    """The signed-in person's certificates, newest first."""
    return store.of_account(q, people.person(q).account_id)


def active(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's usable certificates."""
    return [c for c in store.of_enterprise(q, enterprise_id) if c.usable(q.now)]


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's certificates, newest first."""
    return store.of_enterprise(q, enterprise_id)


def of_order(q: Reader, order_id: str) -> model.Certificate | None:
    """The certificate of an order."""
    return store.of_order(q, order_id)


def by_serial(q: Reader, serial_hex: str) -> list[model.Certificate]:
    """Certificates by serial number (hexadecimal)."""
    return store.by_serial_anywhere(q, serial_hex.replace(":", "").strip().lower())


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


def naming(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[model.Certificate]:
    """The living certificates that would name what an enterprise is no longer called."""
    if "name" not in changed:
        return []
    return [
        one
        for one in store.of_enterprise(q, enterprise_id)
        if model.CERTIFICATE.allows(one.status, "revoke") and not one.expired(q.now)
    ]


def consequences(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[notes.Note]:
    """Which certificates a change of particulars would end, told before it is confirmed (ENT-4)."""
    return [
        notes.Note(
            code="consequence.certificate_revoked",
            subject=one.id,
            params={"serial": one.serial_hex},
        )
        for one in naming(q, enterprise_id, changed)
    ]
