"""The SQL of messages."""

from __future__ import annotations

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.messaging import model

UNLOGGED: dict[str, str] = {}


def kinds_of(category: str) -> list[str]:
    """The kinds of a category."""
    return [kind for kind, place in model.KINDS.items() if place.category == category]


def of_account(
    q: Reader, account_id: str, kinds: list[str] | None, window: paging.Window
) -> list[model.Message]:
    """A person's messages, newest first; of these kinds alone where they are given."""
    among, values = "", [account_id]
    if kinds is not None:
        among = f" AND kind IN ({', '.join('?' for _ in kinds)})"
        values += kinds
    part, where = paging.clause(window, ("id",))
    sql = f"SELECT * FROM message WHERE account_id = ?{among}{part}"  # noqa: S608
    return q.all(model.Message, sql, (*values, *where))


def unread_of(q: Reader, account_id: str) -> list[model.Message]:
    """What a person has not read, oldest first."""
    sql = "SELECT * FROM message WHERE account_id = ? AND read_at IS NULL ORDER BY created_at, id"
    return q.all(model.Message, sql, (account_id,))


def counts(q: Reader, account_id: str) -> list[tuple[str, int, int]]:
    """Kind, unread and open to-dos of a person."""
    sql = (
        "SELECT kind, SUM(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END) AS unread,"
        " SUM(CASE WHEN todo = 1 AND done_at IS NULL THEN 1 ELSE 0 END) AS todo"
        " FROM message WHERE account_id = ? GROUP BY kind ORDER BY kind"
    )
    return [(r["kind"], int(r["unread"]), int(r["todo"])) for r in q.rows(sql, (account_id,))]


def told_about(q: Reader, subject: str, kind: str) -> list[str]:
    """The account of each message of a kind about a subject, in the order of sending."""
    sql = "SELECT account_id FROM message WHERE subject = ? AND kind = ? ORDER BY created_at, id"
    return [row["account_id"] for row in q.rows(sql, (subject, kind))]


def open_todos_about(q: Reader, subject: str, kind: str = "") -> list[model.Message]:
    """The open to-dos about a subject, of one kind where it is given."""
    sql = "SELECT * FROM message WHERE subject = ? AND todo = 1 AND done_at IS NULL ORDER BY id"
    found = q.all(model.Message, sql, (subject,))
    return [message for message in found if kind in ("", message.kind)]


def open_todos_of(q: Reader, account_id: str, kind: str) -> list[model.Message]:
    """A person's open to-dos of a kind."""
    sql = (
        "SELECT * FROM message WHERE account_id = ? AND kind = ?"
        " AND todo = 1 AND done_at IS NULL ORDER BY id"
    )
    return q.all(model.Message, sql, (account_id, kind))
