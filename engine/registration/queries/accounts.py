"""Who a handset belongs to, and what a person sees of their account."""

from __future__ import annotations

from engine.kernel import actors, errors, identifiers, vault
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model, store


class NotRealNamed(errors.PolicyRefused):
    """Prove your real name first."""


def person_by_token(q: Reader, token: str) -> actors.Person | None:
    """Whose living session a handset's token stands for; looked up on every request."""
    found = store.session(q, token)
    if found is None:
        return None
    return actors.Person(account_id=found[0], device_id=found[1], second_factor_at=found[2])


def person(q: Reader) -> actors.Person:
    """The actor, who must be a signed-in person.

    Raises: NotPermitted.
    """
    if not isinstance(q.actor, actors.Person):
        raise errors.NotPermitted()
    return q.actor


def account(q: Reader, account_id: str) -> model.Account:
    """One account.

    Raises: NotFound.
    """
    return q.get(model.Account, "account", account_id)


def lives(q: Reader, account_id: str) -> bool:
    """Whether an account has not been cancelled; composed where its person would be asked something."""
    return account(q, account_id).status is not model.AccountStatus.CANCELLED


def real_named(q: Reader) -> model.Account:
    """The actor's own account, which must have a proven name.

    Raises: NotRealNamed, NotPermitted.
    """
    found = account(q, person(q).account_id)
    if found.real_name_at is None:
        raise NotRealNamed()
    return found


def person_name(q: Reader, account_id: str) -> str:
    """A person's proven name in the clear; empty before it is proven and after the account has ended."""
    found = account(q, account_id)
    if found.name is None:
        return ""
    try:
        return q.open(found.subject_id, f"account|name|{found.id}", found.name)
    except vault.Destroyed:
        return ""


def person_phone(q: Reader, account_id: str) -> str:
    """A person's phone number in the clear."""
    found = account(q, account_id)
    return q.open(found.subject_id, f"account|phone|{found.id}", found.phone)


def person_number(q: Reader, account_id: str) -> str:
    """A person's proven resident ID number in the clear; empty before it is proven."""
    found = account(q, account_id)
    if found.resident_id is None:
        return ""
    return q.open(found.subject_id, f"account|resident_id|{found.id}", found.resident_id)


def device_public_key(q: Reader, device_id: str) -> bytes:
    """The public key of a phone (SEC 1 point); empty of one that is not there any more."""
    found = q.row("SELECT public_key FROM device WHERE id = ? AND removed_at IS NULL", (device_id,))
    return b"" if found is None else bytes(found["public_key"])


def me(q: Reader) -> model.Me:
    """The signed-in person's own account, number and name masked."""
    found = account(q, person(q).account_id)
    return model.Me(
        account_id=found.id,
        phone=identifiers.masked_phone(person_phone(q, found.id)),
        name=identifiers.masked_name(person_name(q, found.id)),
        real_named=found.real_name_at is not None,
        status=found.status,
        enterprises=tuple(store.enterprises_of(q, found.id)),
    )


def enterprises_of(q: Reader, account_id: str) -> list[model.Enterprise]:
    """The enterprises a person is a member of."""
    return store.enterprises_of(q, account_id)


def terms(q: Reader) -> policies.Terms:
    """The terms of use in force."""
    return q.policy(policies.Terms)
