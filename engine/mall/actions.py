"""Onboarding, signing in by password, purchase orders."""

from __future__ import annotations

import re

from engine.kernel import actors, clock, errors, ids, passwords
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import model, queries, store
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people

_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{3,31}")


class LoginInvalid(errors.InvalidInput):
    """A login has 4 to 32 letters, digits, dots or dashes and begins with a letter."""


class LoginTaken(errors.Conflict):
    """This login is taken on this platform. Choose another one."""


class OnboardedAlready(errors.Conflict):
    """This enterprise is on this platform already. Sign in with its account."""


class WrongCredentials(errors.NotPermitted):
    """The login or the password is wrong. Check both and try again."""

    http_status = 401
    commits = True


class TooManyTries(errors.PolicyRefused):
    """Too many wrong tries. Wait {seconds} s and try again."""

    http_status = 429


class OnlyPurchasers(errors.NotPermitted):
    """Only a purchaser can place a purchase order."""


class SupplierUnknown(errors.InvalidInput):
    """There is no such supplier on this platform."""


class LinesMissing(errors.InvalidInput):
    """A purchase order has at least one line with a quantity and a price above zero."""


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
    """Bring an enterprise onto a trading platform (入驻), by its administrator or handler.

    Emits: mall_account.opened. Raises: NotAMember, LoginInvalid, LoginTaken, OnboardedAlready.
    """
    op.policy(policies.Platform, platform_id)
    roles = (registration.MemberRole.ADMINISTRATOR, registration.MemberRole.HANDLER)
    member = people.require_member(op, enterprise_id, roles)
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
        account_id=member.account_id,
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


def _stretch_known(q: Reader, *, platform_id: str, login: str, password: str) -> bytes:
    account = store.by_login(q, platform_id, login)
    known = store.credential(q, account.id) if account else None
    salt = known[0] if known else passwords.salt_for(q.parts, f"{platform_id}/{login}")
    return passwords.stretch(q.parts, password, salt)


@prepared_by(_stretch_known)
def sign_in(
    op: Operation, *, platform_id: str, login: str, password: str, prepared: bytes
) -> model.MallSession:
    """Sign a browser in by password (MAL-2).

    Emits: mall_account.signed_in, mall_account.sign_in_refused. Raises: WrongCredentials, TooManyTries.
    """
    account = store.by_login(op, platform_id, login)
    known = store.credential(op, account.id) if account else None
    if account is None or known is None:
        raise WrongCredentials()
    _, stored, failures, wait_until = known
    if op.now < wait_until:
        raise TooManyTries(seconds=-(-(wait_until - op.now) // 1000))
    wrong = account.status != "active" or not op.same_secret(stored, prepared)
    failures = failures + 1 if wrong else 0
    op.unlogged(
        "UPDATE mall_credential SET failures = ?, wait_until = ? WHERE mall_account_id = ?",
        (failures, op.now + passwords.wait_after(failures), account.id),
    )
    if wrong:
        op.record("mall_account.sign_in_refused", account.id, failures=failures)
        raise WrongCredentials()
    return open_session(op, mall_account_id=account.id, way="password")


def open_session(op: Operation, *, mall_account_id: str, way: str) -> model.MallSession:
    """Open a browser's session with a fresh token. Composed by `sign_in` and by scan login.

    Emits: mall_account.signed_in.
    """
    token = ids.token(op.entropy)
    hours = op.policy(policies.Sessions).mall_hours
    op.unlogged(
        "INSERT INTO mall_session (token_hash, mall_account_id, created_at, expires_at)"
        " VALUES (?, ?, ?, ?)",
        (ids.token_hash(token), mall_account_id, op.now, op.now + hours * clock.HOUR),
    )
    op.record("mall_account.signed_in", mall_account_id, way=way)
    return model.MallSession(token=token, mall_account_id=mall_account_id)


def sign_out(op: Operation, *, token: str) -> None:
    """End a browser's session.

    Emits: mall_account.signed_out.
    """
    found = store.session(op, token)
    if found is not None:
        op.unlogged(
            "UPDATE mall_session SET ended_at = ? WHERE token_hash = ?",
            (op.now, ids.token_hash(token)),
        )
        op.record("mall_account.signed_out", found[0])


def place_purchase_order(
    op: Operation,
    *,
    supplier_id: str,
    title: str,
    awardee: str,
    lines: tuple[model.Line, ...],
) -> model.PurchaseOrder:
    """Place a purchase order with a supplier of the same platform (MAL-5).

    Emits: purchase_order.placed. Raises: OnlyPurchasers, SupplierUnknown, LinesMissing.
    """
    if not isinstance(op.actor, actors.MallAccount):
        raise errors.NotPermitted()
    mine = queries.signed_in(op)
    if mine.role is not model.MallRole.PURCHASER:
        raise OnlyPurchasers()
    supplier = op.first(
        model.MallAccount, "SELECT * FROM mall_account WHERE id = ?", (supplier_id,)
    )
    if supplier is None or (supplier.platform_id, supplier.role) != (
        mine.platform_id,
        model.MallRole.SUPPLIER,
    ):
        raise SupplierUnknown(field="supplier_id")
    total = sum(line.amount_fen for line in lines)
    if not lines or any(line.quantity < 1 or line.unit_price_fen < 1 for line in lines):
        raise LinesMissing(field="lines")
    prefix = f"CG-{clock.civil_date(op.now):%Y%m%d}"
    order = model.PurchaseOrder(
        id=op.new_id("pur"),
        platform_id=mine.platform_id,
        number=f"{prefix}{store.order_count(op, mine.platform_id, prefix) + 1:03d}",
        purchaser_id=mine.id,
        supplier_id=supplier.id,
        awardee=awardee.strip()[:64],
        title=title.strip()[:100],
        total_fen=total,
        lines=lines,
        created_at=op.now,
    )
    op.insert("purchase_order", order)
    op.record("purchase_order.placed", order.id, total_fen=total)
    return order
