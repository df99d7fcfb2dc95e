"""The SQL of statements and of the cases that money becomes."""

from __future__ import annotations

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.ordering import model


def statement_of(q: Reader, business_date: str) -> model.Statement | None:
    """The statement of a business date."""
    sql = "SELECT * FROM statement WHERE business_date = ?"
    return q.first(model.Statement, sql, (business_date,))


def statements(q: Reader, window: paging.Window) -> list[model.Statement]:
    """The statements, newest first."""
    part, values = paging.clause(window, ("business_date",))
    return q.all(model.Statement, f"SELECT * FROM statement WHERE 1 = 1{part}", values)  # noqa: S608


def lines(q: Reader, statement_id: str) -> list[model.StatementLine]:
    """The lines of a statement, as they stood in it."""
    sql = "SELECT * FROM statement_line WHERE statement_id = ? ORDER BY line_number"
    return q.all(model.StatementLine, sql, (statement_id,))


def case_about(q: Reader, kind: model.CaseKind, subject: str) -> model.MoneyCase | None:
    """The case of a kind about a subject, whatever its status."""
    sql = "SELECT * FROM money_case WHERE kind = ? AND subject = ?"
    return q.first(model.MoneyCase, sql, (kind.value, subject))


def open_cases(q: Reader, window: paging.Window) -> list[model.MoneyCase]:
    """Cases that nobody has settled, oldest first."""
    part, values = paging.clause(window, ("id",), newest_first=False)
    sql = f"SELECT * FROM money_case WHERE status <> 'settled'{part}"  # noqa: S608
    return q.all(model.MoneyCase, sql, values)


def settled_cases(q: Reader, window: paging.Window) -> list[model.MoneyCase]:
    """Settled cases, the last one first."""
    part, values = paging.clause(window, ("settled_at", "id"))
    sql = f"SELECT * FROM money_case WHERE status = 'settled'{part}"  # noqa: S608
    return q.all(model.MoneyCase, sql, values)


def cases_of_statement(q: Reader, statement_id: str) -> list[model.MoneyCase]:
    """The differences that a comparison found."""
    sql = "SELECT * FROM money_case WHERE statement_id = ? ORDER BY opened_at, id"
    return q.all(model.MoneyCase, sql, (statement_id,))


def case_counts(q: Reader) -> dict[str, tuple[int, int]]:
    """Statement id → how many of its cases are open, and how many there are."""
    sql = (
        "SELECT statement_id, SUM(CASE WHEN status <> 'settled' THEN 1 ELSE 0 END) AS still,"
        " COUNT(*) AS n FROM money_case WHERE statement_id IS NOT NULL GROUP BY statement_id"
    )
    return {row["statement_id"]: (int(row["still"]), int(row["n"])) for row in q.rows(sql)}


def order_not_told(q: Reader, statement_id: str) -> list[tuple[str, str]]:
    """Payments of a statement that are paid while their order still waits: payment id, order id."""
    sql = (
        "SELECT p.id, o.id AS order_id FROM payment p"
        " JOIN certificate_order o ON o.id = p.order_id"
        " WHERE p.status = 'paid' AND o.status = 'awaiting_payment'"
        " AND p.id IN (SELECT payment_id FROM movement WHERE statement_id = ?) ORDER BY p.id"
    )
    return [(row["id"], row["order_id"]) for row in q.rows(sql, (statement_id,))]
