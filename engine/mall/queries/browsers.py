"""Which browsers are signed in at platforms, as their person's phone lists them."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.mall import model, store
from engine.registration import queries as people
from engine.scanning import networks


def browser_sessions(q: Reader) -> tuple[model.BrowserSession, ...]:
    """The living sessions of the accounts that the person opened, and those they signed in by scan.

    Newest first. Source: MAL-2, `security.md` 3.1.
    """
    me = people.person(q).account_id
    return tuple(
        model.BrowserSession(
            id=one.id,
            platform_id=one.platform_id,
            login=one.login,
            way=one.way,
            browser=one.label,
            place=networks.shown(one.network),
            mine=one.account_id == me,
            created_at=one.created_at,
            expires_at=one.expires_at,
        )
        for one in store.sessions_of(q, me)
    )
