"""Signing in by password, signing out, and the password's change (MAL-2)."""

from __future__ import annotations

from engine.kernel import actors, clock, errors, ids, passwords
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import model, queries, store
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.scanning import model as tickets
from engine.scanning import networks


class WrongCredentials(errors.NotPermitted):
    """The login or the password is wrong. Check both and try again."""

    http_status = 401
    commits = True


class OldPasswordWrong(errors.NotPermitted):
    """The password used so far is wrong. Nothing was changed."""

    commits = True


class TooManyTries(errors.PolicyRefused):
    """Too many wrong tries. Wait {seconds} s and try again."""

    http_status = 429


def _stretch_known(
    q: Reader, *, platform_id: str, login: str, password: str, **others: object
) -> bytes:
    account = store.by_login(q, platform_id, login)
    known = store.credential(q, account.id) if account else None
    salt = known[0] if known else passwords.salt_for(q.parts, f"{platform_id}/{login}")
    return passwords.stretch(q.parts, password, salt)


@prepared_by(_stretch_known)
def sign_in(
    op: Operation,
    *,
    platform_id: str,
    login: str,
    password: str,
    nonce: str = "",
    browser_name: str = "",
    prepared: bytes,
) -> model.MallSession:
    """Sign a browser in by password (MAL-2). By its `nonce` the browser is known the next time.

    Emits: mall_account.signed_in, mall_account.sign_in_refused, message.sent. Raises: WrongCredentials,
    TooManyTries.
    """
    account = store.by_login(op, platform_id, login)
    known = store.credential(op, account.id) if account else None
    if account is None or known is None:
        raise WrongCredentials()
    _, stored, failures, wait_until = known
    _require_no_wait(op, wait_until)
    wrong = account.status != "active" or not op.same_secret(stored, prepared)
    failures = failures + 1 if wrong else 0
    _count_failures(op, account.id, failures)
    if wrong:
        op.record("mall_account.sign_in_refused", account.id, failures=failures)
        raise WrongCredentials()
    return open_session(
        op,
        mall_account_id=account.id,
        way="password",
        nonce=nonce,
        browser_name=browser_name,
    )


class PasswordWrong(errors.NotPermitted):
    """The password of this account is wrong. Nothing was done."""

    commits = True


def stretch_own(q: Reader, password: str) -> bytes:
    """The signed-in account's password as it is compared; long work, before a transaction."""
    account = queries.signed_in(q)
    known = store.credential(q, account.id)
    salt = known[0] if known else passwords.salt_for(q.parts, account.id)
    return passwords.stretch(q.parts, password, salt)


def require_password(op: Operation, stretched: bytes) -> None:
    """The signed-in account's own password, proved once more. Composed by stages above.

    Wrong tries count together with those of signing in. Emits: mall_account.sign_in_refused.
    Raises: PasswordWrong (committed), TooManyTries.
    """
    account = queries.signed_in(op)
    known = store.credential(op, account.id)
    if known is None:
        raise PasswordWrong(field="password")
    _, stored, failures, wait_until = known
    _require_no_wait(op, wait_until)
    if not op.same_secret(stored, stretched):
        _count_failures(op, account.id, failures + 1)
        op.record("mall_account.sign_in_refused", account.id, failures=failures + 1)
        raise PasswordWrong(field="password")
    _count_failures(op, account.id, 0)


def _require_no_wait(op: Operation, wait_until: int) -> None:
    if op.now < wait_until:
        raise TooManyTries(seconds=-(-(wait_until - op.now) // 1000))


def _count_failures(op: Operation, mall_account_id: str, failures: int) -> None:
    op.unlogged(
        "UPDATE mall_credential SET failures = ?, wait_until = ? WHERE mall_account_id = ?",
        (failures, op.now + passwords.wait_after(failures), mall_account_id),
    )


def open_session(
    op: Operation,
    *,
    mall_account_id: str,
    way: str,
    nonce: str = "",
    browser_name: str = "",
    certificate_id: str = "",
    scanned_by: str = "",
) -> model.MallSession:
    """Open a browser's session with a fresh token. Composed by `sign_in` and by scan login.

    A browser that is new to an account is told to its person's phones. `certificate_id` and `scanned_by`
    say by what and by whom it was signed in by scan. Emits: mall_account.signed_in, message.sent.
    """
    browser = ids.token_hash(nonce) if nonce else None
    name = tickets.clean_name(browser_name)
    _tell_of_new_browser(op, mall_account_id, browser, name)
    token = ids.token(op.entropy)
    hours = op.policy(policies.Sessions).mall_hours
    op.unlogged(
        "INSERT INTO mall_session (token_hash, id, mall_account_id, way, created_at, expires_at,"
        " browser, network, label, certificate_id, scanned_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ids.token_hash(token),
            op.new_id("ses"),
            mall_account_id,
            way,
            op.now,
            op.now + hours * clock.HOUR,
            browser,
            networks.place_of(op.source.address),
            name,
            certificate_id,
            scanned_by,
        ),
    )
    op.record("mall_account.signed_in", mall_account_id, way=way)
    return model.MallSession(token=token, mall_account_id=mall_account_id)


def _tell_of_new_browser(
    op: Operation, mall_account_id: str, browser: bytes | None, name: str
) -> None:
    if browser is None or not store.ever_signed_in(op, mall_account_id):
        return
    if store.knows_browser(op, mall_account_id, browser):
        return
    account = queries.mall_account(op, mall_account_id)
    told = {"login": account.login, "browser": name or "?"}
    kind = "mall_account.new_browser"
    city = networks.city_of(networks.place_of(op.source.address))
    if city is not None:
        # It stands in the table of networks; of any other address no city is said.
        kind, told = "mall_account.new_browser_at", {**told, "city": city.zh, "city_en": city.en}
    messaging.notify(op, account_id=account.account_id, kind=kind, params=told, subject=account.id)


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


def _stretch_both(q: Reader, *, old_password: str, new_password: str) -> tuple[bytes, bytes, bytes]:
    account = queries.signed_in(q)
    passwords.check(new_password, account.login)
    known = store.credential(q, account.id)
    salt = passwords.salt_for(q.parts, f"mall/{account.platform_id}/{account.login}/{q.now}")
    old_salt = known[0] if known else salt
    return (
        passwords.stretch(q.parts, old_password, old_salt),
        salt,
        passwords.stretch(q.parts, new_password, salt),
    )


@prepared_by(_stretch_both)
def change_password(
    op: Operation, *, old_password: str, new_password: str, prepared: tuple[bytes, bytes, bytes]
) -> None:
    """Change the signed-in account's password; its sessions in other browsers end (MAL-2).

    Wrong tries count together with those of signing in. Emits: mall_account.password_changed,
    mall_account.sign_in_refused, message.sent. Raises: OldPasswordWrong, TooManyTries, those of
    `passwords.check`.
    """
    account = queries.signed_in(op)
    known = store.credential(op, account.id)
    if known is None:
        raise WrongCredentials()
    _, stored, failures, wait_until = known
    _require_no_wait(op, wait_until)
    tried, salt, stretched = prepared
    if not op.same_secret(stored, tried):
        _count_failures(op, account.id, failures + 1)
        op.record("mall_account.sign_in_refused", account.id, failures=failures + 1)
        raise OldPasswordWrong(field="old_password")
    op.unlogged(
        "UPDATE mall_credential SET salt = ?, hash = ?, failures = 0, wait_until = 0"
        " WHERE mall_account_id = ?",
        (salt, stretched, account.id),
    )
    mine = op.actor.session_id if isinstance(op.actor, actors.MallAccount) else ""
    op.unlogged(
        "UPDATE mall_session SET ended_at = ? WHERE mall_account_id = ? AND ended_at IS NULL"
        " AND COALESCE(id, '') <> ?",
        (op.now, account.id, mine or "none"),
    )
    op.record("mall_account.password_changed", account.id)
    messaging.notify(
        op,
        account_id=account.account_id,
        kind="mall_account.password_changed",
        params={"login": account.login},
        subject=account.id,
    )
