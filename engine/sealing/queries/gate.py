"""The one gate before a seal is used: whose it is, whether it holds, and who acts (ENT-3)."""

from __future__ import annotations

from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.registration import model as registration
from engine.registration import queries as people
from engine.sealing import model, store
from engine.sealing.queries.seals import certificate_digest

# Who may use every seal of their enterprise by their role; others need a delegation.
USES_BY_ROLE = (registration.MemberRole.ADMINISTRATOR, registration.MemberRole.SEAL_USER)


class NotYourSeal(errors.PolicyRefused):
    """This seal and this certificate do not belong together. Choose a seal of the same enterprise."""


class SealNotUsable(errors.PolicyRefused):
    """This seal cannot be used now: it is {status}."""


class CertificateNotListed(errors.PolicyRefused):
    """This seal is being signed anew for your certificate. Try again in a moment."""


class NotEntrusted(errors.PolicyRefused):
    """Your role does not allow you to use this seal, and it was not entrusted to you. Ask your administrator."""  # noqa: E501


class DelegationOver(errors.PolicyRefused):
    """The time for which this seal was entrusted to you is over. Ask your administrator to prolong it."""


class ActNotEntrusted(errors.PolicyRefused):
    """This seal was entrusted to you for other acts than this one. Ask your administrator."""


def require_usable(
    q: Reader,
    seal_id: str,
    certificate: issuing.Certificate,
    *,
    act: model.SealAct = "contract",
    by: str = "",
) -> model.Seal:
    """The seal, which this certificate must be allowed to use now, and who acts with it.

    `by` is the account of who acts; the certificate's holder where nobody else is named.
    Raises: NotYourSeal, SealNotUsable, CertificateNotListed, NotEntrusted, DelegationOver, ActNotEntrusted.
    """
    found = q.get(model.Seal, "seal", seal_id)
    account_id = by or certificate.account_id
    if found.enterprise_id != certificate.enterprise_id:
        raise NotYourSeal()
    if found.enterprise_id is None and found.account_id != account_id:
        raise NotYourSeal()
    if not found.usable(q.now):
        raise SealNotUsable(status=_status(q, found))
    der = certificates.opened(q, certificate).der or b""
    if certificate_digest(der) not in found.certificates:
        raise CertificateNotListed()
    entrusted(q, found, account_id, act)
    return found


def _status(q: Reader, found: model.Seal) -> str:
    over = found.status is model.SealStatus.ACTIVE and q.now >= found.valid_to
    return "expired" if over else found.status.value


def entrusted(q: Reader, found: model.Seal, account_id: str, act: str) -> str | None:
    """By which delegation an account may use a seal for an act; None where it is by role or one's own.

    Raises: NotEntrusted, DelegationOver, ActNotEntrusted.
    """
    if found.enterprise_id is None:
        return None
    member = people.membership(q, found.enterprise_id, account_id)
    if member is not None and member.role in USES_BY_ROLE:
        return None
    given = store.active_delegation(q, found.id, account_id)
    if member is None or given is None:
        raise NotEntrusted()
    if q.now >= given.valid_to:
        raise DelegationOver()
    if not given.covers(act, q.now):
        raise ActNotEntrusted()
    return given.id
