"""Sessions: keeping them alive and ending them."""

from __future__ import annotations

from engine.kernel import actors
from engine.kernel.operation import Operation
from engine.staffing import model, queries
from engine.staffing.store import sessions as store


def keep_alive(op: Operation, *, token: str) -> None:
    """Note that a session is in use; doors call it at most once a minute."""
    store.keep_alive(op, token)


def move_along(op: Operation, *, by_ms: int) -> None:
    """Have the session of who moves a demo's clock last on: for them no time has passed."""
    if isinstance(op.actor, actors.Staff) and op.actor.session_id:
        store.move_along(op, op.actor.session_id, by_ms)


def sign_out(op: Operation, *, token: str) -> None:
    """End a session, or a sign-in on its way to one.

    Emits: staff.signed_out.
    """
    found = queries.pending(op, token)
    if found is not None:
        store.end(op, found.id)
        return
    staff = queries.staff_by_token(op, token)
    if staff is not None:
        store.end(op, staff.session_id)
        op.record("staff.signed_out", staff.staff_id, session=staff.session_id)


def end_session(op: Operation, *, session_id: str) -> None:
    """End one session: one's own, or as an administrator anybody's. Ended already is ended.

    Emits: staff.session_ended. Raises: queries.MayNot.
    """
    found = store.by_id(op, session_id)
    mine = isinstance(op.actor, actors.Staff) and found is not None
    if not mine or found is None or found.staff_id != _me(op):
        queries.require(op, model.Right.MANAGE_STAFF)
    if found is not None:
        store.end(op, found.id)
        op.record("staff.session_ended", found.staff_id, session=found.id, by=_by(op, found))


def _me(op: Operation) -> str:
    return op.actor.staff_id if isinstance(op.actor, actors.Staff) else ""


def _by(op: Operation, found: model.Session) -> str:
    return "owner" if found.staff_id == _me(op) else "administrator"


def end_my_other_sessions(op: Operation) -> int:
    """End every session of one's own but this one; how many.

    Emits: staff.sessions_ended. Raises: queries.MayNot.
    """
    me = queries.my_profile(op)
    session = op.actor.session_id if isinstance(op.actor, actors.Staff) else ""
    ended = store.end_all(op, me.id, but=session)
    op.record("staff.sessions_ended", me.id, ended=ended, by="owner")
    return ended


def end_sessions(op: Operation, *, staff_id: str) -> int:
    """End every session of somebody, as an administrator; how many.

    Emits: staff.sessions_ended. Raises: queries.MayNot, NotFound.
    """
    queries.require(op, model.Right.MANAGE_STAFF)
    staff = op.get(model.Staff, "staff", staff_id)
    ended = store.end_all(op, staff.id)
    op.record("staff.sessions_ended", staff.id, ended=ended, by="administrator")
    return ended
