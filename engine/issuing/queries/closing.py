"""What certificates mean for the end of an account and for a change of an enterprise."""

from __future__ import annotations

from engine.issuing import model, store
from engine.issuing.queries.certificates import living
from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.registration.model.closing import CERTIFICATE_LIVE


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
