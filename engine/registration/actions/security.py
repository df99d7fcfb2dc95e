"""Devices and sessions of an account, and freezing it at once when somebody misuses it (ACC-5)."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.engine import look_only
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import model, queries, store
from engine.registration.actions import codes


class DeviceInHand(errors.PolicyRefused):
    """This is the phone in your hand. Sign out on it instead."""


def end_sessions(op: Operation, account_id: str, *, but_device: str = "") -> int:
    """End an account's sessions, but those of one device; how many. Composed by actions.

    Emits: account.sessions_ended, when there were any.
    """
    ended = op.unlogged(
        "UPDATE handset_session SET ended_at = ? WHERE account_id = ? AND device_id <> ?"
        " AND ended_at IS NULL AND expires_at > ?",
        (op.now, account_id, but_device, op.now),
    )
    if ended:
        op.record("account.sessions_ended", account_id, count=ended)
    return ended


def end_session(op: Operation, *, session_id: str) -> None:
    """End one of the own sessions.

    Emits: account.session_ended. Raises: NotFound.
    """
    person = queries.person(op)
    ended = op.unlogged(
        "UPDATE handset_session SET ended_at = ? WHERE id = ? AND account_id = ?"
        " AND ended_at IS NULL AND expires_at > ?",
        (op.now, session_id, person.account_id, op.now),
    )
    if not ended:
        raise errors.NotFound(what="session")
    op.record("account.session_ended", person.account_id, session_id=session_id)


def end_other_sessions(op: Operation) -> int:
    """End the own sessions on every other phone; how many.

    Emits: account.sessions_ended.
    """
    person = queries.person(op)
    return end_sessions(op, person.account_id, but_device=person.device_id)


def remove_device(op: Operation, *, device_id: str) -> None:
    """Take one of the own phones off the list; it is signed out.

    Emits: device.removed. Raises: NotFound, DeviceInHand.
    """
    person = queries.person(op)
    device = store.device_of(op, person.account_id, device_id)
    if device is None:
        raise errors.NotFound(what="device")
    if device.id == person.device_id:
        raise DeviceInHand()
    op.update("device", device.id, {"removed_at": op.now}, was={"removed_at": None})
    op.unlogged(
        "UPDATE handset_session SET ended_at = ? WHERE account_id = ? AND device_id = ?"
        " AND ended_at IS NULL",
        (op.now, person.account_id, device.id),
    )
    op.record("device.removed", device.id, account_id=person.account_id)


@look_only
def report_misuse(op: Operation) -> None:
    """Freeze the own account at once, from one of its phones (guide 三.4).

    Emits: account.frozen, account.sessions_ended, message.sent. Raises: NotPossibleNow.
    """
    freeze(op, queries.account(op, queries.person(op).account_id), cause="misuse")


def report_misuse_by_code(op: Operation, *, request_id: str, phone: str, code: str) -> None:
    """Freeze an account at once with a code to its number, without signing in (guide 三.4).

    Emits: account.frozen, account.sessions_ended, code.refused, message.sent. Raises: codes.CodeWrong,
    codes.CodeExpired, failures.TooManyFailures, failures.NumberLocked, NotPossibleNow.
    """
    number = identifiers.phone(phone)
    codes.check(
        op,
        request_id=request_id,
        number=number,
        code=code,
        purpose=model.CodePurpose.REPORT_MISUSE,
    )
    account = store.account_with_phone(op, number)
    if account is None:
        raise errors.NotFound(what="account")
    freeze(op, account, cause="misuse")


def freeze(op: Operation, account: model.Account, *, cause: str) -> None:
    """Freeze an account: nobody is signed in any more, nobody can sign in. Composed by actions.

    Emits: account.frozen, account.sessions_ended, message.sent. Raises: NotPossibleNow.
    """
    status = model.ACCOUNT.advance(account.status, "freeze")
    op.update("account", account.id, {"status": status}, was={"status": account.status})
    op.record("account.frozen", account.id, cause=cause)
    end_sessions(op, account.id)
    messaging.notify(op, account_id=account.id, kind="account.frozen", subject=account.id)
