"""Signing in, where an unknown number becomes an account (ACC-1…3), and confirming that it is oneself."""

from __future__ import annotations

import dataclasses
import hashlib

from engine.kernel import clock, errors, identifiers, ids
from engine.kernel.engine import look_only, prepared_by
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model, queries, store
from engine.registration.actions import codes, credentials
from engine.scanning import queries as scanning


class AccountClosed(errors.NotPermitted):
    """This account is frozen or cancelled. Call customer service."""


class AccountFrozen(AccountClosed):
    """This account is frozen. Unfreeze it with a code and your real name."""


@prepared_by(credentials.stretch_new)
def sign_in_by_code(
    op: Operation,
    *,
    request_id: str,
    phone: str,
    code: str,
    device_key: bytes,
    device_label: str,
    password: str = "",
    prepared: credentials.Stretched | None = None,
) -> model.HandsetSession:
    """Sign a handset in; a number nobody has registers an account (guide 7.1.2).

    A `password` is taken where the number registers; an account that exists keeps its own.
    Emits: account.registered, account.password_set, device.added, account.signed_in, code.refused.
    Raises: CodeWrong, CodeExpired, AccountFrozen, AccountClosed, failures.TooManyFailures,
    failures.NumberLocked, and what `passwords.check` refuses.
    """
    number = identifiers.phone(phone)
    codes.check(
        op, request_id=request_id, number=number, code=code, purpose=model.CodePurpose.SIGN_IN
    )
    account, new = known_or_registered(op, number)
    if new and password and prepared is not None:
        credentials.keep(op, account.id, prepared)
    session = open_session(
        op, account, device_key=device_key, device_label=device_label, way="sms", strong=True
    )
    return dataclasses.replace(session, new_account=new)


def known_or_registered(op: Operation, number: str) -> tuple[model.Account, bool]:
    """The account of a proven number, and whether it has just been registered.

    Emits: account.registered.
    """
    known = store.account_with_phone(op, number)
    return (known, False) if known is not None else (_register(op, number), True)


def open_session(
    op: Operation,
    account: model.Account,
    *,
    device_key: bytes,
    device_label: str,
    way: str,
    strong: bool,
) -> model.HandsetSession:
    """Open a handset's session with a fresh token; `strong` when the way proved the phone number.

    One phone has one session of an account: the one before ends. A new phone beside others is told of.
    Emits: device.added, account.signed_in, message.sent. Raises: AccountFrozen, AccountClosed.
    """
    if account.status is model.AccountStatus.FROZEN:
        raise AccountFrozen()
    if account.status is not model.AccountStatus.ACTIVE:
        raise AccountClosed()
    device = _device(op, account.id, device_key, device_label)
    op.unlogged(
        "UPDATE handset_session SET ended_at = ? WHERE account_id = ? AND device_id = ?"
        " AND ended_at IS NULL",
        (op.now, account.id, device.id),
    )
    token = ids.token(op.entropy)
    days = op.policy(policies.Sessions).handset_days
    op.unlogged(
        "INSERT INTO handset_session (token_hash, id, account_id, device_id, way, second_factor_at,"
        " created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ids.token_hash(token),
            op.new_id("ses"),
            account.id,
            device.id,
            way,
            op.now if strong else None,
            op.now,
            op.now,
            op.now + days * clock.DAY,
        ),
    )
    op.record("account.signed_in", account.id, device_id=device.id, way=way)
    return model.HandsetSession(
        token=token,
        account_id=account.id,
        device_id=device.id,
        new_account=False,
        qr_key=scanning.public_key(op),
    )


@look_only
def step_up(op: Operation, *, request_id: str, code: str) -> None:
    """Confirm with a code that it is oneself: for 5 minutes this phone may do what needs it (AUTH-3).

    Emits: account.stepped_up, code.refused. Raises: CodeWrong, CodeExpired.
    """
    person = queries.person(op)
    codes.check(
        op,
        request_id=request_id,
        number=queries.person_phone(op, person.account_id),
        code=code,
        purpose=model.CodePurpose.STEP_UP,
    )
    op.unlogged(
        "UPDATE handset_session SET second_factor_at = ? WHERE account_id = ? AND device_id = ?"
        " AND ended_at IS NULL",
        (op.now, person.account_id, person.device_id),
    )
    op.record("account.stepped_up", person.account_id, device_id=person.device_id)


def _register(op: Operation, number: str) -> model.Account:
    account_id, subject_id = op.new_id("acc"), op.new_id("sub")
    op.new_subject(subject_id, "person")
    terms = op.policy(policies.Terms)
    account = model.Account(
        id=account_id,
        subject_id=subject_id,
        status=model.ACCOUNT.initial,
        phone=op.seal(subject_id, f"account|phone|{account_id}", number),
        name=None,
        resident_id=None,
        terms_version=terms.version,
        terms_digest=hashlib.sha256((terms.text.zh + terms.text.en).encode()).digest(),
        real_name_at=None,
        created_at=op.now,
    )
    op.insert("account", account)
    op.index("account.phone", number, account_id)
    op.record("account.registered", account_id)
    return account


def _device(op: Operation, account_id: str, device_key: bytes, label: str) -> model.Device:
    """The phone that signs in: known, known and once removed, or new."""
    known = store.device(op, account_id, device_key)
    if known is not None and known.removed_at is None:
        return known
    others = store.devices_of(op, account_id)
    if known is not None:
        op.update("device", known.id, {"removed_at": None}, was={"removed_at": known.removed_at})
        device = dataclasses.replace(known, removed_at=None)
    else:
        device = model.Device(
            id=op.new_id("dev"),
            account_id=account_id,
            public_key=device_key,
            label="".join(c for c in label if c.isprintable())[:64],
            created_at=op.now,
        )
        op.insert("device", device)
    op.record("device.added", device.id, account_id=account_id)
    if others:
        messaging.notify(op, account_id=account_id, kind="account.new_device", subject=device.id)
    return device


def keep_alive(op: Operation, *, token: str) -> None:
    """Note that a session is in use; the doors do it at most once a minute (ACC-5)."""
    op.unlogged(
        "UPDATE handset_session SET last_seen_at = ? WHERE token_hash = ? AND ended_at IS NULL",
        (op.now, ids.token_hash(token)),
    )


@look_only
def sign_out(op: Operation, *, token: str) -> None:
    """End a handset's session.

    Emits: account.signed_out.
    """
    found = store.session(op, token)
    if found is not None:
        op.unlogged(
            "UPDATE handset_session SET ended_at = ? WHERE token_hash = ?",
            (op.now, ids.token_hash(token)),
        )
        op.record("account.signed_out", found[0], device_id=found[1])
