"""Onboarding on the phone and at the PC, where nobody is signed in (MAL-1)."""

from __future__ import annotations

import re

from engine.kernel import errors, identifiers, passwords
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import model, queries, store
from engine.messaging import actions as messaging
from engine.registration import model as registration
from engine.registration import queries as people
from engine.registration.actions import codes

_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{3,31}")


class LoginInvalid(errors.InvalidInput):
    """A login has 4 to 32 letters, digits, dots or dashes and begins with a letter."""


class LoginTaken(errors.Conflict):
    """This login is taken on this platform. Choose another one."""


class OnboardedAlready(errors.Conflict):
    """This enterprise is on this platform already. Sign in with its account."""


class PersonUnknown(errors.PolicyRefused):
    """Nobody with this phone number has a Biaozhengtong account yet. Register on the phone first."""


class EnterpriseUnknown(errors.PolicyRefused):
    """No approved enterprise has this name and this credit code. Claim it on the phone first."""


class NotItsHandler(errors.PolicyRefused):
    """This phone number is no administrator or handler of the enterprise. Ask its administrator."""


_ROLES = (registration.MemberRole.ADMINISTRATOR, registration.MemberRole.HANDLER)


def _stretch_new(
    q: Reader, *, login: str, password: str, platform_id: str, **others: object
) -> tuple[bytes, bytes]:
    passwords.check(password, login)
    salt = passwords.salt_for(q.parts, f"mall/{platform_id}/{login}/{q.now}")
    return salt, passwords.stretch(q.parts, password, salt)


@prepared_by(_stretch_new)
def onboard(
    op: Operation,
    *,
    platform_id: str,
    enterprise_id: str,
    role: model.MallRole,
    login: str,
    password: str,
    prepared: tuple[bytes, bytes],
) -> model.MallAccount:
    """Bring an enterprise onto a trading platform (入驻), by its administrator or handler (MAL-1).

    Emits: mall_account.opened. Raises: NotAMember, LoginInvalid, LoginTaken, OnboardedAlready,
    PlatformClosed.
    """
    member = people.require_member(op, enterprise_id, _ROLES)
    return _open(
        op,
        platform_id=platform_id,
        enterprise_id=enterprise_id,
        account_id=member.account_id,
        role=role,
        login=login,
        prepared=prepared,
    )


@prepared_by(_stretch_new)
def onboard_at_pc(
    op: Operation,
    *,
    platform_id: str,
    role: model.MallRole,
    enterprise_name: str,
    uscc: str,
    phone: str,
    request_id: str,
    code: str,
    login: str,
    password: str,
    prepared: tuple[bytes, bytes],
) -> model.MallAccount:
    """Bring an enterprise onto a trading platform at a PC, where nobody is signed in (MAL-1).

    A code sent to the phone proves who asks; that person must be the enterprise's administrator or
    handler. Emits: mall_account.opened, message.sent, code.refused. Raises: CodeWrong, CodeExpired,
    PersonUnknown, EnterpriseUnknown, NotItsHandler, LoginInvalid, LoginTaken, OnboardedAlready,
    PlatformClosed, the errors of `identifiers`.
    """
    number, wanted = identifiers.phone(phone), identifiers.credit_code(uscc)
    codes.check(
        op,
        request_id=request_id,
        number=number,
        code=code,
        purpose=registration.CodePurpose.ONBOARD,
    )
    known = op.find("account.phone", number)
    if not known:
        raise PersonUnknown(field="phone")
    enterprise = people.enterprise_by_code(op, wanted)
    same = enterprise is not None and _bare(enterprise.name) == _bare(enterprise_name)
    if enterprise is None or not same or enterprise.status != "active":
        raise EnterpriseUnknown(field="uscc")
    member = people.membership(op, enterprise.id, known[0])
    if member is None or member.role not in _ROLES:
        raise NotItsHandler(field="phone")
    account = _open(
        op,
        platform_id=platform_id,
        enterprise_id=enterprise.id,
        account_id=member.account_id,
        role=role,
        login=login,
        prepared=prepared,
    )
    messaging.notify(
        op,
        account_id=account.account_id,
        kind="mall_account.opened",
        params={"login": account.login},
        subject=account.id,
    )
    return account


def _bare(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）")


def _open(
    op: Operation,
    *,
    platform_id: str,
    enterprise_id: str,
    account_id: str,
    role: model.MallRole,
    login: str,
    prepared: tuple[bytes, bytes],
) -> model.MallAccount:
    queries.open_platform(op, platform_id)
    if not _LOGIN.fullmatch(login):
        raise LoginInvalid(field="login")
    if store.by_login(op, platform_id, login) is not None:
        raise LoginTaken(field="login")
    if any(a.role is role for a in store.of_enterprise(op, platform_id, enterprise_id)):
        raise OnboardedAlready()
    account = model.MallAccount(
        id=op.new_id("mal"),
        platform_id=platform_id,
        login=login,
        role=role,
        enterprise_id=enterprise_id,
        account_id=account_id,
        status="active",
        created_at=op.now,
    )
    op.insert("mall_account", account)
    salt, stretched = prepared
    op.unlogged(
        "INSERT INTO mall_credential (mall_account_id, salt, hash) VALUES (?, ?, ?)",
        (account.id, salt, stretched),
    )
    op.record("mall_account.opened", account.id, platform_id=platform_id, role=role)
    return account
