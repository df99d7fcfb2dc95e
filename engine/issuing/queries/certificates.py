"""Certificates as their holders and staff may see them."""

from __future__ import annotations

from engine.issuing import model, store
from engine.issuing.queries.holders import opened
from engine.kernel import actors, errors, paging
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pki import authority
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def certificate(q: Reader, certificate_id: str) -> model.Certificate:
    """One certificate, as its holder, its enterprise's mall account, entitled staff, or the platform.

    Raises: NotFound.
    """
    found = q.get(model.Certificate, "certificate", certificate_id)
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id)
    elif not _sees(q, found):
        raise errors.NotFound(what="certificate")
    return opened(q, found)


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


def pair(q: Reader, pair_id: str) -> list[model.Certificate]:
    """Both certificates of a pair, the signing one first, for whoever may see it.

    Raises: NotFound.
    """
    certificate(q, pair_id)
    return [opened(q, one) for one in store.of_pair(q, pair_id)]


def mine(q: Reader, *, window: paging.Window | None = None) -> list[model.Certificate]:
    """The signed-in person's certificates, newest first."""
    return [opened(q, one) for one in store.of_account(q, people.person(q).account_id, window)]


def revocation_reasons(q: Reader) -> tuple[str, ...]:
    """The reasons that whoever asks may revoke a certificate for (CRT-3).

    The platform itself revokes for any.
    """
    rules = q.policy(policies.RevocationRules)
    if isinstance(q.actor, actors.System):
        return tuple(one for one in authority.Reason if one != authority.Reason.CERTIFICATE_HOLD)
    return rules.staff if isinstance(q.actor, actors.Staff) else rules.holder


def delegated(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """What an enterprise's members hold for it, for its administrators (ENT-3), newest first.

    Raises: NotAMember.
    """
    people.require_member(q, enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    return [one for one in store.of_enterprise(q, enterprise_id) if one.delegated_by is not None]


def active(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's usable certificates."""
    return [c for c in store.of_enterprise(q, enterprise_id) if c.usable(q.now)]


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's certificates, newest first."""
    return store.of_enterprise(q, enterprise_id)


def encryption(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's encryption certificates, newest first; those that have ended too."""
    return store.encryption_for(q, enterprise_id)


def of_order(q: Reader, order_id: str) -> model.Certificate | None:
    """The certificate of an order."""
    return store.of_order(q, order_id)


def by_serial(q: Reader, serial_hex: str) -> list[model.Certificate]:
    """Certificates by serial number (hexadecimal)."""
    return store.by_serial_anywhere(q, serial_hex.replace(":", "").strip().lower())
