"""An account's password at rest: stretched before the transaction, compared and kept within it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import errors, identifiers, passwords
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import model, queries, store
from engine.registration.actions import failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretched:
    """A new password as it is kept, and the old one that was stated with it, where there is one."""

    salt: bytes
    hash: bytes
    old: bytes = b""


def _fresh(q: Reader, password: str, *context: str) -> Stretched:
    passwords.check(password, *context)
    salt = passwords.salt_for(q.parts, f"account/{context[0]}/{q.now}")
    return Stretched(salt=salt, hash=passwords.stretch(q.parts, password, salt))


def stretch_new(
    q: Reader, *, phone: str, password: str = "", **_others: object
) -> Stretched | None:
    """For `prepared_by`: a password stated while registering, or None.

    Raises: what `passwords.check` refuses.
    """
    return _fresh(q, password, identifiers.phone(phone)) if password else None


def stretch_reset(
    q: Reader, *, phone: str, new_password: str, name: str = "", **_others: object
) -> Stretched:
    """For `prepared_by`: a password stated by somebody who forgot theirs.

    Raises: what `passwords.check` refuses.
    """
    return _fresh(q, new_password, identifiers.phone(phone), name.strip())


def stretch_changed(q: Reader, *, new_password: str, old_password: str = "") -> Stretched:
    """For `prepared_by`: a signed-in person's new password, and the old one stretched as it is kept.

    Raises: what `passwords.check` refuses, failures.TooManyFailures.
    """
    person = queries.person(q)
    number = queries.person_phone(q, person.account_id)
    fresh = _fresh(q, new_password, number, queries.person_name(q, person.account_id))
    known = store.password_of(q, person.account_id)
    if known is None:
        return fresh
    failures.require(q, number)
    old = passwords.stretch(q.parts, old_password, known[0])
    return Stretched(salt=fresh.salt, hash=fresh.hash, old=old)


def stretch_known(q: Reader, *, phone: str, password: str, **_others: object) -> bytes:
    """For `prepared_by`: a stated password under its account's salt; an unknown number costs the same.

    Raises: failures.TooManyFailures, failures.NumberLocked, before any work is done.
    """
    number = identifiers.phone(phone)
    failures.require(q, number)
    account = store.account_with_phone(q, number)
    known = store.password_of(q, account.id) if account else None
    salt = known[0] if known else passwords.salt_for(q.parts, f"account/{number}")
    return passwords.stretch(q.parts, password, salt)


def keep(op: Operation, account_id: str, fresh: Stretched) -> None:
    """Keep an account's new password.

    Emits: account.password_set.
    """
    op.unlogged(
        "INSERT INTO account_credential (account_id, salt, hash, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (account_id) DO UPDATE SET salt = excluded.salt, hash = excluded.hash,"
        " created_at = excluded.created_at",
        (account_id, fresh.salt, fresh.hash, op.now),
    )
    op.record("account.password_set", account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A name and a resident ID number that somebody stated; empty where they stated none."""

    name: str
    resident_id: str


def stated(q: Reader, *, name: str, resident_id: str) -> Stated:
    """What somebody stated of themselves, normalized; the same for a number with and without account.

    Raises: the errors of `identifiers` for what cannot be a name or a number.
    """
    return Stated(
        name=identifiers.person_name(name) if name.strip() else "",
        resident_id=(
            identifiers.resident_id(resident_id, now=q.now).number if resident_id.strip() else ""
        ),
    )


def agrees(q: Reader, account: model.Account | None, particulars: Stated) -> bool:
    """Whether particulars are those proven for an account; true where nothing is proven yet."""
    if account is None:
        return False
    if account.real_name_at is None:
        return True
    return particulars.name == queries.person_name(q, account.id) and q.find(
        "account.resident_id", particulars.resident_id
    ) == [account.id]


class WrongPassword(errors.NotPermitted):
    """The present password is wrong. Check it and try again."""

    commits = True
