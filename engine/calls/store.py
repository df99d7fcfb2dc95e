"""The SQL of calls."""

from __future__ import annotations

from engine.calls import model
from engine.kernel import notes, paging
from engine.kernel.reader import Reader

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="phone_call",
        columns=("way", "status", "matters", "urged", "began_at", "logged_at"),
        sealed={"phone": "profile", "said": "profile", "note": "profile"},
    ),
)


def open_of(q: Reader, staff_id: str) -> model.Call | None:
    """The call that a member of staff has open."""
    sql = "SELECT * FROM phone_call WHERE staff_id = ? AND status = 'open' ORDER BY began_at DESC"
    return q.first(model.Call, sql, (staff_id,))


def begun_since(q: Reader, staff_id: str, since: int) -> int:
    """How many callers a member of staff looked up since an instant."""
    sql = "SELECT COUNT(*) AS n FROM phone_call WHERE staff_id = ? AND began_at > ?"
    found = q.row(sql, (staff_id, since))
    return int(found["n"]) if found else 0


def of_account(q: Reader, account_id: str, limit: int) -> list[model.Call]:
    """The logged calls of a person, newest first."""
    sql = (
        "SELECT * FROM phone_call WHERE account_id = ? AND status = 'logged'"
        " ORDER BY began_at DESC, id DESC LIMIT ?"
    )
    return q.all(model.Call, sql, (account_id, limit))


def of_staff(q: Reader, staff_id: str, window: paging.Window) -> list[model.Call]:
    """The calls that a member of staff answered, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = f"SELECT * FROM phone_call WHERE staff_id = ? AND status <> 'dropped'{part}"  # noqa: S608
    return q.all(model.Call, sql, (staff_id, *values))
