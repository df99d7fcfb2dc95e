"""What must hold of money at any instant: questions whose every row is a violation."""

from __future__ import annotations

from engine.ordering import model

# A payment from before payments named their revenue account was posted in the earlier books alone.


def _posted(account: str) -> str:
    """What an account holds of a payment's order."""
    return (
        "COALESCE((SELECT SUM(l.amount_fen) FROM ledger_line l"  # noqa: S608
        f" WHERE l.order_id = p.order_id AND l.account = '{account}'), 0)"
    )


INVARIANTS = {
    "a ledger posting adds up to zero": (
        "SELECT posting_id AS id FROM ledger_line GROUP BY posting_id HAVING SUM(amount_fen) <> 0"
    ),
    "every line of the ledger is closed by its posting": (
        "SELECT l.id FROM ledger_line l LEFT JOIN ledger_posting p ON p.id = l.posting_id"
        " WHERE p.id IS NULL"
    ),
    "what moved at the provider stands in the ledger": (
        "SELECT p.id FROM payment p WHERE p.revenue IS NOT NULL AND "  # noqa: S608
        f"{_posted(model.CLEARING)} <> COALESCE((SELECT SUM(CASE WHEN m.kind = 'payment' THEN m.amount_fen"
        " ELSE -m.amount_fen END) FROM movement m JOIN payment x ON x.id = m.payment_id"
        " WHERE x.order_id = p.order_id AND m.source <> 'settled'), 0)"
    ),
    "what is owed is what was asked for and neither paid nor closed": (
        "SELECT p.id FROM payment p WHERE p.revenue IS NOT NULL AND "  # noqa: S608
        f"{_posted(model.RECEIVABLE)} <> COALESCE((SELECT SUM(x.amount_fen) FROM payment x"
        " WHERE x.order_id = p.order_id AND x.status IN ('requested', 'opened')), 0)"
    ),
    "what is on its way back is payable": (
        "SELECT p.id FROM payment p WHERE p.revenue IS NOT NULL AND "  # noqa: S608
        f"-{_posted(model.REFUNDS_PAYABLE)} <> COALESCE((SELECT SUM(r.amount_fen) FROM refund r"
        " JOIN payment x ON x.id = r.payment_id"
        " WHERE x.order_id = p.order_id AND r.status <> 'done'), 0)"
    ),
    "a payment's status is what moved": (
        "SELECT p.id FROM payment p WHERE p.revenue IS NOT NULL AND"
        " (p.status IN ('requested', 'opened', 'closed')) = EXISTS (SELECT 1 FROM movement m"
        " WHERE m.payment_id = p.id AND m.kind = 'payment' AND m.reference = p.trade_no)"
    ),
    "no more goes back than came": (
        "SELECT r.trade_no AS id FROM refund r GROUP BY r.trade_no HAVING SUM(r.amount_fen) >"
        " (SELECT MAX(m.amount_fen) FROM movement m WHERE m.reference = r.trade_no)"
    ),
    "money that came twice is given back or on the list": (
        "SELECT m.id FROM movement m JOIN payment p ON p.id = m.payment_id"
        " WHERE m.kind = 'payment' AND m.reference <> p.trade_no AND NOT EXISTS"
        " (SELECT 1 FROM money_case c WHERE c.kind = 'paid_twice' AND c.subject = m.reference)"
    ),
}
