"""What is known of members of staff, and who of them are one and the same person."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel import actors, codec, errors, identifiers, paging
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.staffing import model
from engine.staffing.queries import rights
from engine.staffing.store import people as store
from engine.staffing.store import secrets

PHONE, RESIDENT_ID = "staff.phone", "staff.resident_id"
COLUMNS = {PHONE: "phone", RESIDENT_ID: "resident_id"}
# The blind indexes of customers' own values, whose rows are accounts (`registration` stands above).
_OF_ACCOUNTS = {PHONE: "account.phone", RESIDENT_ID: "account.resident_id"}
_DEEDS = paging.Window(limit=100)


class GrantsAndReviews(errors.PolicyRefused):
    """Whoever grants roles never reviews. This would give one person both: choose somebody else."""


def own(q: Reader, staff: model.Staff) -> dict[str, str]:
    """A member's phone and resident ID number in the clear, by the index they are found with."""
    found = {}
    for kind, column in COLUMNS.items():
        sealed = getattr(staff, column)
        if sealed is not None:
            found[kind] = q.open(staff.id, f"staff|{column}|{staff.id}", sealed)
    return found


def listed(q: Reader) -> list[model.Profile]:
    """All staff who are people, by login; for administrators and auditors.

    Raises: MayNot.
    """
    if not rights.has(q.actor, model.Right.AUDIT):
        rights.require(q, model.Right.MANAGE_STAFF)
    return everyone(q)


def profile(q: Reader, staff_id: str) -> model.Profile:
    """A member of staff as the console shows them.

    Raises: NotFound.
    """
    return _profile(q, q.get(model.Staff, "staff", staff_id))


def _profile(q: Reader, staff: model.Staff) -> model.Profile:
    grants = tuple(store.grants(q, staff.id))
    names = tuple(dict.fromkeys(grant.role for grant in grants))
    roles = q.policies(policies.Role) if names else {}
    mine = isinstance(q.actor, actors.Staff) and q.actor.staff_id == staff.id
    told = own(q, staff) if mine or rights.has(q.actor, model.Right.MANAGE_STAFF) else {}
    known = secrets.credential(q, staff.id)
    return model.Profile(
        id=staff.id,
        login=staff.login,
        name=staff.name,
        roles=names,
        labels=tuple(roles[name].label for name in names if name in roles),
        grants=grants,
        status=staff.status,
        phone=identifiers.masked_phone(told[PHONE]) if PHONE in told else "",
        resident_id=identifiers.masked_id(told[RESIDENT_ID]) if RESIDENT_ID in told else "",
        second_factor=is_enrolled(q, staff.id),
        must_change_password=bool(known and known.must_change),
    )


def name_of(q: Reader, staff_id: str) -> str:
    """What colleagues call a member of staff; the id of somebody who is not there."""
    known: dict[str, str] = q.memo.setdefault("names of staff", {})
    if staff_id not in known:
        found = q.first(model.Staff, "SELECT * FROM staff WHERE id = ?", (staff_id,))
        known[staff_id] = staff_id if found is None else found.name
    return known[staff_id]


def everyone(q: Reader) -> list[model.Profile]:
    """All staff who are people, by login."""
    return [_profile(q, staff) for staff in store.everyone(q)]


def my_profile(q: Reader) -> model.Profile:
    """The signed-in member of staff.

    Raises: MayNot.
    """
    if not isinstance(q.actor, actors.Staff):
        raise rights.MayNot(right=model.Right.LOOK_UP.value)
    return profile(q, q.actor.staff_id)


def toured(q: Reader) -> bool:
    """Whether the signed-in member of staff was shown around the console, or did not want to be.

    Raises: MayNot.
    """
    return store.has_fact(q, my_profile(q).id, "staff.toured")


def is_enrolled(q: Reader, staff_id: str) -> bool:
    """Whether a member of staff has a confirmed second factor."""
    found = secrets.totp(q, staff_id)
    return found is not None and found.confirmed_at is not None


def recovery_codes_left(q: Reader, staff_id: str) -> int:
    """How many of a member's recovery codes are unused."""
    return secrets.recovery_left(q, staff_id)


def history(q: Reader, staff_id: str, *, window: paging.Window = _DEEDS) -> list[model.Deed]:
    """What was done to a member's account, newest first; for administrators and auditors (OPS-7).

    Raises: MayNot.
    """
    if not rights.has(q.actor, model.Right.AUDIT):
        rights.require(q, model.Right.MANAGE_STAFF)
    return [
        model.Deed(
            seq=seq,
            occurred_at=occurred_at,
            actor=who,
            kind=kind,
            facts={
                name: value
                for name, value in codec.load(body).get("facts", {}).items()
                if name != "sealed"
            },
        )
        for seq, occurred_at, who, kind, body in store.deeds(q, staff_id, window)
    ]


def own_accounts(q: Reader, staff_id: str) -> frozenset[str]:
    """The customers' accounts of a member of staff: with the same phone or resident ID number.

    Whoever has several staff accounts is one person in all of them.
    """
    staff = store.by_id(q, staff_id)
    if staff is None:
        return frozenset()
    found: set[str] = set()
    for numbers in same_person(q, own(q, staff), staff_id).values():
        for kind, value in numbers.items():
            found |= set(q.find(_OF_ACCOUNTS[kind], value))
    return frozenset(found)


def same_person(q: Reader, values: dict[str, str], staff_id: str) -> dict[str, dict[str, str]]:
    """The staff accounts of one person: this one, whichever shares a number with it, and so on.

    Each with its numbers in the clear, by kind of index.
    """
    found, looked_at = {staff_id: values}, [values]
    while looked_at:
        for kind, value in looked_at.pop().items():
            for other in q.find(kind, value):
                if other not in found:
                    found[other] = own(q, q.get(model.Staff, "staff", other))
                    looked_at.append(found[other])
    return found


def are_one_person(q: Reader, one_id: str, other_id: str) -> bool:
    """Whether two staff accounts are one person's: four eyes are two people's, not two accounts'."""
    staff = store.by_id(q, one_id)
    return staff is not None and other_id in same_person(q, own(q, staff), one_id)


def rights_to_be(q: Reader, roles: Iterable[str]) -> frozenset[model.Right]:
    """What roles allow now and by every change of them that is approved already."""
    found: set[model.Right] = set()
    in_force = q.policies(policies.Role)
    for name in roles:
        if name in in_force:
            found |= set(in_force[name].rights)
        newest = policy_queries.approved(q, policies.Role.KIND, name)
        if newest is not None:
            found |= set(policies.Role.model_validate_json(newest.body).rights)
    return frozenset(found)


def require_no_conflict(
    q: Reader, staff: model.Staff, *, more: Iterable[str] = (), values: dict[str, str] | None = None
) -> None:
    """Refuse that one person, whatever their accounts, both grants roles and reviews.

    `more` are roles about to be granted; `values` the numbers about to be theirs. Raises: GrantsAndReviews.
    """
    known = own(q, staff) if values is None else values
    roles = set(more)
    for one in same_person(q, known, staff.id):
        account = store.by_id(q, one)
        if account is not None and (one == staff.id or account.status == "active"):
            roles |= {grant.role for grant in store.grants(q, one)}
    if model.grants_and_decides(rights_to_be(q, roles)):
        raise GrantsAndReviews()


def links(q: Reader, staff_id: str) -> list[tuple[str, str]]:
    """Outside sign-ins of a member of staff that hold: (id, issuer).

    Raises: MayNot.
    """
    if not isinstance(q.actor, actors.Staff) or q.actor.staff_id != staff_id:
        rights.require(q, model.Right.MANAGE_STAFF)
    return store.links(q, staff_id)
