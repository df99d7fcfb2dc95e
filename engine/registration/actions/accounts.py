"""Signing in by SMS code; an unknown number becomes an account (ACC-1, ACC-3).

A code has 6 digits, lives 5 minutes, belongs to its number and purpose, is kept as an HMAC and dies
after 5 wrong tries; a number gets one per 60 s and 10 per day over all purposes. The count is written
before the message leaves (`security.md` 3.2, AUTH-1).
"""

from __future__ import annotations

import hashlib

from engine.kernel import clock, errors, identifiers, ids, vault
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model, store
from engine.scanning import queries as scanning


class TermsNotAccepted(errors.InvalidInput):
    """Read the terms and tick “I agree” first."""


class CodeTooSoon(errors.PolicyRefused):
    """A code was sent a moment ago. You can ask for another one in {seconds} s."""

    http_status = 429


class CodesUsedUp(errors.PolicyRefused):
    """This number has had its {count} codes for today. Try again tomorrow."""

    http_status = 429


class CodeWrong(errors.PolicyRefused):
    """This code is wrong. {left} tries are left."""

    commits = True


class CodeExpired(errors.PolicyRefused):
    """This code has expired. Request a new one."""


class AccountClosed(errors.NotPermitted):
    """This account is frozen or cancelled. Call customer service."""


def request_code(
    op: Operation, *, phone: str, purpose: model.CodePurpose, terms_accepted: bool
) -> model.CodeRequested:
    """Send a one-time code to a phone number.

    Emits: code.requested. Raises: identifiers.PhoneInvalid, TermsNotAccepted, CodeTooSoon, CodesUsedUp.
    """
    number = identifiers.phone(phone)
    if not terms_accepted:
        raise TermsNotAccepted(field="terms_accepted")
    rule = op.policy(policies.SmsCodes)
    digest = vault.blind(op.parts.keyring, "code.phone", number)
    earlier = store.codes_since(op, digest, op.now - clock.DAY)
    gap_ms = rule.gap_seconds * clock.SECOND
    if earlier and op.now < earlier[0] + gap_ms:
        raise CodeTooSoon(field="phone", seconds=-(-(earlier[0] + gap_ms - op.now) // 1000))
    if len(earlier) >= rule.per_day:
        raise CodesUsedUp(field="phone", count=rule.per_day)
    code, request_id = ids.digits(6, op.entropy), op.new_id("cod")
    expires_at = op.now + rule.lifetime_seconds * clock.SECOND
    op.unlogged(
        "INSERT INTO verification_code (id, phone_digest, purpose, code_mac, created_at,"
        " expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        (request_id, digest, purpose.value, _mac(op, request_id, code), op.now, expires_at),
    )
    text = f"【印信】验证码 {code}，用于登录标证通，5 分钟内有效。请勿告诉他人。"
    op.enqueue("send_sms", request_id, {"phone": number, "text": text})
    op.record("code.requested", request_id, purpose=purpose)
    return model.CodeRequested(
        request_id=request_id, expires_at=expires_at, next_at=op.now + gap_ms
    )


def _mac(op: Operation, request_id: str, code: str) -> bytes:
    return op.parts.keyring.mac("pepper", f"code|{request_id}|{code}".encode())


def _check_code(
    op: Operation, *, request_id: str, number: str, code: str, purpose: model.CodePurpose
) -> None:
    found = op.row("SELECT * FROM verification_code WHERE id = ?", (request_id,))
    digest = vault.blind(op.parts.keyring, "code.phone", number)
    tries = op.policy(policies.SmsCodes).tries
    dead = (
        found is None
        or found["purpose"] != purpose.value
        or bytes(found["phone_digest"]) != digest
        or found["used_at"] is not None
        or op.now >= found["expires_at"]
        or found["tries"] >= tries
    )
    if dead or found is None:
        raise CodeExpired(field="code")
    if not op.same_secret(found["code_mac"], _mac(op, request_id, code.strip())):
        op.unlogged("UPDATE verification_code SET tries = tries + 1 WHERE id = ?", (request_id,))
        op.record("code.refused", request_id)
        raise CodeWrong(field="code", left=tries - found["tries"] - 1)
    op.unlogged("UPDATE verification_code SET used_at = ? WHERE id = ?", (op.now, request_id))


def sign_in_by_code(
    op: Operation,
    *,
    request_id: str,
    phone: str,
    code: str,
    device_key: bytes,
    device_label: str,
) -> model.HandsetSession:
    """Sign a handset in; a number nobody has registers an account.

    Emits: account.registered, device.added, account.signed_in, code.refused.
    Raises: CodeWrong, CodeExpired, AccountClosed.
    """
    number = identifiers.phone(phone)
    _check_code(
        op, request_id=request_id, number=number, code=code, purpose=model.CodePurpose.SIGN_IN
    )
    known = op.find("account.phone", number)
    account = op.get(model.Account, "account", known[0]) if known else _register(op, number)
    if account.status is not model.AccountStatus.ACTIVE:
        raise AccountClosed()
    device = store.device(op, account.id, device_key) or _add_device(
        op, account.id, device_key, device_label
    )
    token = ids.token(op.entropy)
    days = op.policy(policies.Sessions).handset_days
    op.unlogged(
        "INSERT INTO handset_session (token_hash, account_id, device_id, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (ids.token_hash(token), account.id, device.id, op.now, op.now + days * clock.DAY),
    )
    op.record("account.signed_in", account.id, device_id=device.id, way="sms")
    return model.HandsetSession(
        token=token,
        account_id=account.id,
        device_id=device.id,
        new_account=not known,
        qr_key=scanning.public_key(op),
    )


def _register(op: Operation, number: str) -> model.Account:
    account_id, subject_id = op.new_id("acc"), op.new_id("sub")
    op.new_subject(subject_id, "person")
    terms = op.policy(policies.Terms)
    account = model.Account(
        id=account_id,
        subject_id=subject_id,
        status=model.AccountStatus.ACTIVE,
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


def _add_device(op: Operation, account_id: str, device_key: bytes, label: str) -> model.Device:
    shown = "".join(c for c in label if c.isprintable())[:64]
    device = model.Device(
        id=op.new_id("dev"),
        account_id=account_id,
        public_key=device_key,
        label=shown,
        created_at=op.now,
    )
    op.insert("device", device)
    op.record("device.added", device.id, account_id=account_id)
    return device


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
