"""One-tap sign-in: the carrier says which number the phone's SIM has (ACC-2; guide 7.1.1.2).

The phone gets a token from its carrier, we ask the carrier whose number it stands for, and whoever
holds the secret of the request takes the session, once. The number is never typed.
"""

from __future__ import annotations

import dataclasses

from engine.kernel import clock, errors, identifiers, ids
from engine.kernel.operation import Operation
from engine.registration import model, queries, store
from engine.registration.actions import accounts, codes, limits

LIFETIME_MS = 2 * clock.MINUTE


class OneTapPending(errors.PolicyRefused):
    """The carrier has not answered yet. It takes a moment."""

    http_status = 425


class OneTapRefused(errors.PolicyRefused):
    """The carrier could not confirm this phone's number. Sign in with a code by SMS instead."""


class OneTapOver(errors.PolicyRefused):
    """This sign-in took too long or was used already. Start again, or use a code by SMS."""


def request_one_tap(
    op: Operation,
    *,
    carrier_token: str,
    terms_accepted: bool,
    device_key: bytes,
    device_label: str,
) -> model.OneTapRequested:
    """Ask the carrier for the number of the SIM whose token this is.

    Emits: one_tap.requested. Raises: codes.TermsNotAccepted, limits.SourceBusy.
    """
    if not terms_accepted:
        raise codes.TermsNotAccepted(field="terms_accepted")
    limits.count_source(op)
    request_id, secret = op.new_id("tap"), ids.token(op.entropy)
    # Nobody comes back for one that is long over.
    op.unlogged("DELETE FROM one_tap WHERE expires_at < ?", (op.now - clock.DAY,))
    op.unlogged(
        "INSERT INTO one_tap (id, secret_hash, device_key, device_label, status, new_account,"
        " created_at, expires_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
        (
            request_id,
            ids.token_hash(secret),
            device_key,
            device_label[:200],
            model.ONE_TAP.initial.value,
            op.now,
            op.now + LIFETIME_MS,
        ),
    )
    op.enqueue("ask_carrier", request_id, {"token": carrier_token})
    op.record("one_tap.requested", request_id)
    return model.OneTapRequested(request_id=request_id, secret=secret)


def record_one_tap(op: Operation, *, request_id: str, phone: str) -> None:
    """Record the carrier's answer: a number, which registers if nobody has it, or none.

    Emits: one_tap.confirmed, one_tap.refused, account.registered. Raises: NotPossibleNow, NotFound.
    """
    found = store.one_tap(op, request_id)
    if found is None:
        raise errors.NotFound(what="one tap")
    status = model.ONE_TAP.advance(found.status, "confirm" if phone else "refuse")
    account_id, new = None, False
    if phone:
        account, new = accounts.known_or_registered(op, identifiers.phone(phone))
        account_id = account.id
    op.unlogged(
        "UPDATE one_tap SET status = ?, account_id = ?, new_account = ? WHERE id = ?",
        (status.value, account_id, int(new), request_id),
    )
    op.record(f"one_tap.{status}", request_id)


def finish_one_tap(op: Operation, *, request_id: str, secret: str) -> model.HandsetSession:
    """Take the session that the carrier's answer opens; once, and only with the request's secret.

    Emits: device.added, account.signed_in. Raises: OneTapPending, OneTapRefused, OneTapOver,
    accounts.AccountFrozen, accounts.AccountClosed.
    """
    found = store.one_tap(op, request_id)
    if found is None or not op.same_secret(found.secret_hash, ids.token_hash(secret)):
        raise OneTapOver()
    if found.status is model.OneTapStatus.REFUSED:
        raise OneTapRefused()
    if op.now >= found.expires_at or not (
        found.status is model.OneTapStatus.PENDING or model.ONE_TAP.allows(found.status, "take")
    ):
        raise OneTapOver()
    if found.status is model.OneTapStatus.PENDING or found.account_id is None:
        raise OneTapPending()
    taken = model.ONE_TAP.advance(found.status, "take")
    op.unlogged("UPDATE one_tap SET status = ? WHERE id = ?", (taken.value, request_id))
    session = accounts.open_session(
        op,
        queries.account(op, found.account_id),
        device_key=found.device_key,
        device_label=found.device_label,
        way="one_tap",
        strong=True,
    )
    return dataclasses.replace(session, new_account=bool(found.new_account))
