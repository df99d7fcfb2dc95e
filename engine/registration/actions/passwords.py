"""Signing in by password, setting one, and getting along without a forgotten one (ACC-4, ACC-6)."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.engine import prepared_by, second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import model, queries, store
from engine.registration.actions import accounts, codes, credentials, failures, security


class WrongPhoneOrPassword(errors.NotPermitted):
    """The number or the password is wrong, or no password was set. You can sign in by SMS code instead."""

    http_status = 401
    commits = True


@prepared_by(credentials.stretch_known)
def sign_in_by_password(
    op: Operation,
    *,
    phone: str,
    password: str,
    terms_accepted: bool,
    device_key: bytes,
    device_label: str,
    prepared: bytes,
) -> model.HandsetSession:
    """Sign a handset in by password; it may look only, until a code confirms who it is (AUTH-3).

    An unknown number, an account without a password and a wrong one are refused in the same words and after
    the same work (AUTH-4; guide 7.1.3).
    Emits: device.added, account.signed_in, account.sign_in_refused. Raises: WrongPhoneOrPassword,
    codes.TermsNotAccepted, failures.TooManyFailures, failures.NumberLocked, accounts.AccountFrozen.
    """
    if not terms_accepted:
        raise codes.TermsNotAccepted(field="terms_accepted")
    number = identifiers.phone(phone)
    failures.require(op, number)
    account = store.account_with_phone(op, number)
    known = store.password_of(op, account.id) if account else None
    stored = known[1] if known else bytes(32)
    if not op.same_secret(stored, prepared) or account is None:
        failures.count(op, number, "passwords")
        op.record("account.sign_in_refused", account.id if account else "unknown")
        raise WrongPhoneOrPassword()
    failures.clear(op, number, "passwords")
    return accounts.open_session(
        op,
        account,
        device_key=device_key,
        device_label=device_label,
        way="password",
        strong=False,
    )


@second_factor
@prepared_by(credentials.stretch_changed)
def set_password(
    op: Operation,
    *,
    new_password: str,
    old_password: str = "",
    prepared: credentials.Stretched,
) -> None:
    """Set or change the own password; where there is one, the old one is needed (ACC-6).

    Emits: account.password_set, account.sessions_ended, account.sign_in_refused, message.sent.
    Raises: credentials.WrongPassword, failures.TooManyFailures, and what `passwords.check` refuses.
    """
    person = queries.person(op)
    known = store.password_of(op, person.account_id)
    if known is not None and not op.same_secret(known[1], prepared.old):
        failures.count(op, queries.person_phone(op, person.account_id), "passwords")
        op.record("account.sign_in_refused", person.account_id)
        raise credentials.WrongPassword(field="old_password")
    _changed(op, person.account_id, prepared, but_device=person.device_id)


@prepared_by(credentials.stretch_reset)
def reset_password(
    op: Operation,
    *,
    request_id: str,
    phone: str,
    code: str,
    new_password: str,
    name: str = "",
    resident_id: str = "",
    prepared: credentials.Stretched,
) -> None:
    """Set a new password with a code and, where the account has one, its proven name (ACC-6).

    It ends every session, and a lock of the number.
    Emits: account.password_set, account.sessions_ended, code.refused, message.sent.
    Raises: codes.DetailsWrong, codes.CodeExpired, failures.TooManyFailures, failures.NumberLocked.
    """
    number = identifiers.phone(phone)
    account = store.account_with_phone(op, number)
    particulars = credentials.stated(op, name=name, resident_id=resident_id)
    fits = credentials.agrees(op, account, particulars)
    codes.check(
        op,
        request_id=request_id,
        number=number,
        code=code,
        purpose=model.CodePurpose.FORGOTTEN_PASSWORD,
        fits=fits,
        recovers=fits and account is not None and account.real_name_at is not None,
    )
    if account is None:
        raise errors.NotPermitted()
    _changed(op, account.id, prepared, but_device="")


def _changed(
    op: Operation, account_id: str, fresh: credentials.Stretched, *, but_device: str
) -> None:
    credentials.keep(op, account_id, fresh)
    security.end_sessions(op, account_id, but_device=but_device)
    messaging.notify(op, account_id=account_id, kind="account.password_changed", subject=account_id)
