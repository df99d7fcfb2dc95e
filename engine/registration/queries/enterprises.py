"""Enterprises and who may act for them."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.queries.accounts import person

INVARIANTS = {
    "an approved enterprise has an approved claim": (
        "SELECT id FROM enterprise WHERE id NOT IN (SELECT enterprise_id FROM enterprise_claim"
        " WHERE status = 'approved' AND enterprise_id IS NOT NULL)"
    ),
    "a claim is approved by two people": (
        "SELECT c.id FROM enterprise_claim c WHERE c.status = 'approved' AND NOT EXISTS ("
        "SELECT 1 FROM review_case r WHERE r.subject_id = c.id AND r.status = 'approved'"
        " AND r.sample_of IS NULL AND r.approved_by <> '[]')"
    ),
    "an approved claim is in the register": (
        "SELECT id FROM enterprise_claim WHERE status = 'approved' AND id NOT IN"
        " (SELECT about FROM register_check WHERE status = 'matched')"
    ),
    "an enterprise that is active has an administrator": (
        "SELECT id FROM enterprise WHERE status = 'active' AND id NOT IN (SELECT enterprise_id"
        " FROM membership WHERE status = 'active' AND role = 'administrator')"
    ),
    "nobody belongs to an enterprise that is closed": (
        "SELECT id FROM enterprise WHERE status = 'closed' AND id IN (SELECT enterprise_id"
        " FROM membership WHERE status = 'active')"
    ),
    "a reverse payment that matched is one fen": (
        "SELECT id FROM reverse_payment WHERE status = 'matched' AND amount_fen <> 1"
    ),
}


class NotAMember(errors.NotPermitted):
    """You are not entitled to act for this enterprise. Ask its administrator."""


def enterprise(q: Reader, enterprise_id: str) -> model.Enterprise:
    """One enterprise; its name and code are public.

    Raises: NotFound.
    """
    return q.get(model.Enterprise, "enterprise", enterprise_id)


def enterprise_by_code(q: Reader, uscc: str) -> model.Enterprise | None:
    """The enterprise with this unified social credit code."""
    return store.enterprise_by_uscc(q, uscc)


def enterprises_like(q: Reader, text: str, *, limit: int = 20) -> list[model.Enterprise]:
    """Enterprises by a part of their name or the beginning of their code."""
    return store.enterprises_like(q, text, limit)


class TextTooShort(errors.InvalidInput):
    """Enter two characters at least of the enterprise's name or code."""


def find_enterprises(q: Reader, text: str) -> list[model.Enterprise]:
    """Enterprises that somebody signed in can apply to join, by name or the beginning of the code (ENT-2).

    Raises: TextTooShort.
    """
    person(q)
    wanted = text.strip()
    if len(wanted) < 2:
        raise TextTooShort(field="text")
    found = store.enterprises_like(q, wanted, 20)
    return [one for one in found if one.status is model.EnterpriseStatus.ACTIVE]


def particulars(q: Reader, enterprise_id: str) -> model.Particulars:
    """What is kept of an enterprise beside its public name and code.

    Raises: NotFound.
    """
    found = store.particulars(q, enterprise_id)
    if found is None:
        raise errors.NotFound(what="enterprise")
    return found


def representative(q: Reader, enterprise_id: str) -> str:
    """The legal representative's name in the clear, for what is made with it inside."""
    return _opened(q, enterprise_id, "legal_representative")


def representative_number(q: Reader, enterprise_id: str) -> str:
    """The legal representative's resident ID number in the clear, or empty."""
    return _opened(q, enterprise_id, "legal_representative_id")


def _opened(q: Reader, enterprise_id: str, column: str) -> str:
    kept = particulars(q, enterprise_id)
    sealed: bytes | None = getattr(kept, column)
    subject_id = enterprise(q, enterprise_id).subject_id
    place = f"enterprise_particulars|{column}|{kept.id}"
    return "" if sealed is None else q.open(subject_id, place, sealed)


def specimen(q: Reader, enterprise_id: str) -> bytes:
    """The picture of the legal representative's signature, as it was handed in.

    Raises: NotFound.
    """
    blob_id = model.blob_of(particulars(q, enterprise_id).papers, "signature_specimen")
    if blob_id is None:
        raise errors.NotFound(what="specimen")
    return q.blob(blob_id)


def membership(q: Reader, enterprise_id: str, account_id: str) -> model.Membership | None:
    """A person's living membership of an enterprise."""
    return store.membership(q, enterprise_id, account_id)


def administrators(q: Reader, enterprise_id: str) -> list[str]:
    """Account ids of an enterprise's administrators."""
    return store.administrators(q, enterprise_id)


def require_member(
    q: Reader, enterprise_id: str, roles: tuple[model.MemberRole, ...] = tuple(model.MemberRole)
) -> model.Membership:
    """The actor's membership of an enterprise, in one of these roles.

    Raises: NotAMember.
    """
    found = store.membership(q, enterprise_id, person(q).account_id)
    if found is None or found.role not in roles:
        raise NotAMember()
    return found
