"""Mall accounts, who is signed in, and the platforms there are."""

from __future__ import annotations

from engine.kernel import actors, errors, identifiers
from engine.kernel.reader import Reader
from engine.mall import model, store
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people


class PlatformClosed(errors.PolicyRefused):
    """This trading platform takes no new accounts and orders now. What you have there stays."""


def account_by_token(q: Reader, token: str) -> actors.MallAccount | None:
    """Whose living session a mall cookie's token stands for; looked up on every request."""
    found = store.session(q, token)
    if found is None:
        return None
    mall_account_id, platform_id, session_id = found
    return actors.MallAccount(
        mall_account_id=mall_account_id, platform_id=platform_id, session_id=session_id
    )


def signed_in(q: Reader) -> model.MallAccount:
    """The actor's own mall account.

    Raises: NotPermitted when the actor is not a signed-in mall account.
    """
    if not isinstance(q.actor, actors.MallAccount):
        raise errors.NotPermitted()
    return mall_account(q, q.actor.mall_account_id)


def mall_account(q: Reader, mall_account_id: str) -> model.MallAccount:
    """One mall account.

    Raises: NotFound.
    """
    return q.get(model.MallAccount, "mall_account", mall_account_id)


def enterprise_of(q: Reader, mall_account_id: str) -> registration.Enterprise:
    """The enterprise behind a mall account.

    Raises: NotFound.
    """
    return people.enterprise(q, mall_account(q, mall_account_id).enterprise_id)


def onboarded(q: Reader, platform_id: str, enterprise_id: str) -> model.MallAccount | None:
    """An enterprise's account on a platform, the first made."""
    found = store.of_enterprise(q, platform_id, enterprise_id)
    return found[0] if found else None


def knows_browser(q: Reader, mall_account_id: str, browser: bytes) -> bool:
    """Whether somebody has signed in to an account on this browser (the hash of its nonce) before."""
    return store.knows_browser(q, mall_account_id, browser)


def profile(q: Reader) -> model.Profile:
    """The signed-in account's own user information (用户信息), number and name masked (MAL-3).

    Raises: NotPermitted.
    """
    mine = signed_in(q)
    enterprise = people.enterprise(q, mine.enterprise_id)
    return model.Profile(
        mall_account_id=mine.id,
        platform_id=mine.platform_id,
        platform=q.policy(policies.Platform, mine.platform_id).label,
        login=mine.login,
        role=mine.role,
        enterprise_id=enterprise.id,
        enterprise=enterprise.name,
        uscc=enterprise.uscc,
        person=identifiers.masked_name(people.person_name(q, mine.account_id)),
        phone=identifiers.masked_phone(people.person_phone(q, mine.account_id)),
        created_at=mine.created_at,
    )


def signed_in_by_scan(q: Reader, mall_account_id: str) -> bool:
    """Whether an account ever signed in by scan."""
    return store.signed_in_by(q, mall_account_id, "scan")


def platforms(q: Reader) -> dict[str, policies.Platform]:
    """The trading platforms in force, by id."""
    return q.policies(policies.Platform)


def find_platforms(q: Reader, text: str) -> dict[str, policies.Platform]:
    """Platforms whose name holds the text, in either language."""
    wanted = text.strip().lower()
    return {
        platform_id: platform
        for platform_id, platform in platforms(q).items()
        if wanted in platform.label.zh.lower() or wanted in platform.label.en.lower()
    }


def open_platform(q: Reader, platform_id: str) -> policies.Platform:
    """A platform that takes new accounts and orders now (MAL-4).

    Raises: PlatformClosed, SettingUnknown.
    """
    found = q.policy(policies.Platform, platform_id)
    if not found.open:
        raise PlatformClosed(field="platform_id")
    return found
