"""Ending what is signed in at a platform's pages: from the phone, or with its certificate."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import store
from engine.registration import queries as people


def end_browser_session(op: Operation, *, session_id: str) -> None:
    """A person ends a browser's session: of an account they opened, or one that they signed in by scan.

    Emits: mall_account.session_ended. Raises: NotFound. Source: MAL-2, `security.md` 3.1.
    """
    found = store.session_of(op, session_id, people.person(op).account_id)
    if found is None:
        raise errors.NotFound(what="session")
    store.end_session(op, session_id)
    op.record("mall_account.session_ended", found.mall_account_id, session_id=session_id)


def end_sessions_by(op: Operation, *, certificate_id: str) -> None:
    """Every browser that a certificate signed in is signed out. Composed when that is withdrawn or held.

    Emits: mall_account.session_ended.
    """
    for one in store.sessions_by(op, certificate_id):
        store.end_session(op, one.id)
        op.record("mall_account.session_ended", one.mall_account_id, session_id=one.id)
