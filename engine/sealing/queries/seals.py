"""Seals and applications as their owner, staff and the stages above may see them."""

from __future__ import annotations

import hashlib

from engine.kernel import actors, errors, paging
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.sealing import model, store
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def certificate_digest(der: bytes) -> str:
    """How a seal names a certificate: SHA-256 in hexadecimal."""
    return hashlib.sha256(der).hexdigest()


def require_sight(q: Reader, enterprise_id: str | None, account_id: str) -> None:
    """Members, the enterprise's own mall accounts and entitled staff see its seals; a person their own.

    Raises: NotAMember, NotFound, MayNot.
    """
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, anywhere=True)
    elif isinstance(q.actor, actors.Person):
        if enterprise_id is not None:
            people.require_member(q, enterprise_id)
        elif q.actor.account_id != account_id:
            raise errors.NotFound(what="seal")
    elif isinstance(q.actor, actors.MallAccount) and (
        enterprise_id is None or mall.signed_in(q).enterprise_id != enterprise_id
    ):
        raise errors.NotFound(what="seal")


def seal(q: Reader, seal_id: str) -> model.Seal:
    """One seal, as somebody of its enterprise, its person, entitled staff, or the platform itself.

    Raises: NotFound, NotAMember, MayNot.
    """
    found = q.get(model.Seal, "seal", seal_id)
    require_sight(q, found.enterprise_id, found.account_id)
    return found


def of_enterprise(
    q: Reader, enterprise_id: str, *, window: paging.Window | None = None
) -> list[model.Seal]:
    """An enterprise's seals, newest first.

    Raises: NotAMember, NotFound, MayNot.
    """
    require_sight(q, enterprise_id, "")
    return store.of_enterprise(q, enterprise_id, window)


def my_seals(q: Reader, *, window: paging.Window | None = None) -> list[model.Seal]:
    """The signed-in person's own seals, newest first (SEA-3)."""
    return store.of_person(q, people.person(q).account_id, window)


def applications_of(
    q: Reader, enterprise_id: str, *, window: paging.Window | None = None
) -> list[model.SealApplication]:
    """An enterprise's applications, newest first.

    Raises: NotAMember, NotFound, MayNot.
    """
    require_sight(q, enterprise_id, "")
    return store.applications_of(q, enterprise_id, window)


def my_applications(
    q: Reader, *, window: paging.Window | None = None
) -> list[model.SealApplication]:
    """The signed-in person's applications for seals of their own, newest first."""
    return store.applications_of_person(q, people.person(q).account_id, window)


def application(q: Reader, application_id: str) -> model.ApplicationDetail:
    """One application, and why it was rejected, for its owner's people and entitled staff.

    Raises: NotFound, NotAMember, MayNot.
    """
    found = q.get(model.SealApplication, "seal_application", application_id)
    require_sight(q, found.enterprise_id, found.account_id)
    return model.ApplicationDetail(application=found, reasons=people.reasons_told(q, found.reasons))


def by_code(q: Reader, code: str) -> model.Seal | None:
    """The seal with this 13-digit code.

    Raises: NotAMember, NotFound, MayNot.
    """
    found = store.by_code(q, code)
    if found is not None:
        require_sight(q, found.enterprise_id, found.account_id)
    return found


def is_person(q: Reader) -> bool:
    """Whether a person asks, and not staff, a mall account or the platform itself."""
    return isinstance(q.actor, actors.Person)
