"""The SQL of the ledger."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.ordering import model


def ledger(q: Reader, order_id: str) -> list[model.LedgerLine]:
    """The lines of an order's postings, in the order in which they were made."""
    sql = "SELECT * FROM ledger_line WHERE order_id = ? ORDER BY created_at, id"
    return q.all(model.LedgerLine, sql, (order_id,))


def balances(q: Reader) -> list[model.Balance]:
    """Every account that something was posted to."""
    sql = (
        "SELECT account, SUM(CASE WHEN amount_fen > 0 THEN amount_fen ELSE 0 END) AS debit,"
        " SUM(CASE WHEN amount_fen < 0 THEN -amount_fen ELSE 0 END) AS credit, COUNT(*) AS n"
        " FROM ledger_line GROUP BY account ORDER BY account"
    )
    return [
        model.Balance(
            account=row["account"],
            debit_fen=int(row["debit"]),
            credit_fen=int(row["credit"]),
            lines=int(row["n"]),
        )
        for row in q.rows(sql)
    ]


def lines_of(q: Reader, account: str, *, limit: int, before: str) -> list[model.LineShown]:
    """The lines of an account, newest first; `before` is the id of the last one shown."""
    sql = (
        "SELECT l.id, l.posting_id, p.kind, p.subject, l.account, l.amount_fen, l.order_id,"
        " l.created_at FROM ledger_line l JOIN ledger_posting p ON p.id = l.posting_id"
        " WHERE l.account = ? AND (? = '' OR l.id < ?) ORDER BY l.id DESC LIMIT ?"
    )
    return q.all(model.LineShown, sql, (account, before, before, limit))


def lines_with(q: Reader, posting_id: str) -> list[model.LineShown]:
    """All lines of a posting."""
    sql = (
        "SELECT l.id, l.posting_id, p.kind, p.subject, l.account, l.amount_fen, l.order_id,"
        " l.created_at FROM ledger_line l JOIN ledger_posting p ON p.id = l.posting_id"
        " WHERE l.posting_id = ? ORDER BY l.id"
    )
    return q.all(model.LineShown, sql, (posting_id,))


def cleared_differently(q: Reader, statement_id: str) -> list[tuple[str, int, int]]:
    """Payments of a statement's lines whose movements and ledger disagree: id, moved, posted (fen)."""
    sql = (
        "SELECT p.id, m.fen AS moved, COALESCE(l.fen, 0) AS posted FROM payment p"
        " JOIN (SELECT payment_id, SUM(CASE WHEN kind = 'payment' THEN amount_fen ELSE -amount_fen END)"
        " AS fen FROM movement WHERE source <> 'settled' GROUP BY payment_id) m ON m.payment_id = p.id"
        " LEFT JOIN (SELECT order_id, SUM(amount_fen) AS fen FROM ledger_line"
        " WHERE account = 'provider_clearing' GROUP BY order_id) l ON l.order_id = p.order_id"
        " WHERE p.id IN (SELECT payment_id FROM movement WHERE statement_id = ?)"
        " AND p.revenue IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payment x"
        " WHERE x.order_id = p.order_id AND x.id <> p.id) AND m.fen <> COALESCE(l.fen, 0) ORDER BY p.id"
    )
    return [
        (row["id"], int(row["moved"]), int(row["posted"])) for row in q.rows(sql, (statement_id,))
    ]
