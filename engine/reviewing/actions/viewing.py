"""Saving views of the queue, counting what they show, and showing colleagues where one looks."""

from __future__ import annotations

from engine.kernel import codec, errors
from engine.kernel.operation import AlreadyTaken, Operation
from engine.reviewing import model, queries
from engine.reviewing.model import desk
from engine.reviewing.store import desk as sql


class ViewNameMissing(errors.InvalidInput):
    """Give the view a name of at most 40 characters."""


class ViewNameTaken(errors.Conflict):
    """You have a view of this name already. Choose another name, or change that view."""


class NotYourView(errors.NotPermitted):
    """Only who saved a view changes or deletes it. Save one of your own."""


def save_view(
    op: Operation, *, name: str, wanted: model.Wanted, shared: bool = False
) -> desk.SavedView:
    """Keep a filter under a name; `shared` shows it to colleagues too.

    Emits: view.saved. Raises: ViewNameMissing, ViewNameTaken, MayNot.
    """
    view = desk.SavedView(
        id=op.new_id("viw"),
        staff_id=queries.reviewer(op).staff_id,
        name=_name(name),
        wanted=codec.plain(wanted),
        shared=int(shared),
        changed_at=op.now,
    )
    try:
        op.insert("saved_view", view)
    except AlreadyTaken as taken:
        raise ViewNameTaken(field="name") from taken
    op.record("view.saved", view.id, shared=shared)
    return view


def change_view(
    op: Operation, *, view_id: str, name: str, wanted: model.Wanted, shared: bool = False
) -> desk.SavedView:
    """Change a view of one's own: its name, what it shows, whether colleagues see it.

    Emits: view.changed. Raises: ViewNameMissing, ViewNameTaken, NotYourView, NotFound, MayNot.
    """
    view = _own(op, view_id)
    changes = {
        "name": _name(name),
        "wanted": codec.plain(wanted),
        "shared": int(shared),
        "changed_at": op.now,
    }
    try:
        op.update("saved_view", view.id, changes, was={"changed_at": view.changed_at})
    except AlreadyTaken as taken:
        raise ViewNameTaken(field="name") from taken
    op.record("view.changed", view.id, shared=shared)
    return op.get(desk.SavedView, "saved_view", view.id)


def delete_view(op: Operation, *, view_id: str) -> None:
    """Delete a view of one's own, for colleagues too.

    Emits: view.deleted. Raises: NotYourView, NotFound, MayNot.
    """
    view = _own(op, view_id)
    op.delete("saved_view", view.id)
    sql.forget_counts(op, view.id)
    op.record("view.deleted", view.id)


def count_views(op: Operation) -> int:
    """Count anew what the actor's views show, where that was not done lately; how many were counted.

    Emits nothing: counts are derived. Raises: MayNot.
    """
    me = queries.reviewer(op).staff_id
    stale = [view for view in queries.views(op) if view.stale]
    for view in stale:
        found, more = queries.count(op, view.wanted)
        sql.keep_count(op, view.id, me, codec.canonical(view.wanted), found, more)
    return len(stale)


def look(op: Operation, *, case_id: str) -> bool:
    """Say that the actor has a case before them; noted once in ten seconds. Whether it was noted.

    Emits nothing: where somebody looked is forgotten in a minute. Raises: NotFound, MayNot.
    """
    me = queries.reviewer(op).staff_id
    shown = queries.case(op, case_id)
    sql.forget_looks(op, me, before=op.now - 2 * desk.LOOKING_MS)
    return sql.keep_look(op, shown.id, me, before=op.now - desk.LOOK_AGAIN_MS)


def _name(name: str) -> str:
    given = " ".join(name.split())
    if not given or len(given) > desk.LONGEST_NAME:
        raise ViewNameMissing(field="name")
    return given


def _own(op: Operation, view_id: str) -> desk.SavedView:
    me = queries.reviewer(op).staff_id
    view = op.get(desk.SavedView, "saved_view", view_id)
    if view.staff_id != me:
        raise NotYourView()
    return view
