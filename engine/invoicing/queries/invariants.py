"""Questions whose every row is a violation."""

from __future__ import annotations

from engine.invoicing import model

_HELD = ", ".join(f"'{one.value}'" for one in sorted(model.HOLDING))
_TAKEN = ", ".join(f"'{one.value}'" for one in sorted(model.TAKING_BACK))
_LIVE = "'issued', 'partly_reversed', 'reversed'"

INVARIANTS = {
    "an invoice is the sum of what it is for": (
        "SELECT i.id FROM invoice i WHERE i.total_fen <> (SELECT COALESCE(SUM(x.gross_fen), 0)"
        " FROM invoiced_order x WHERE x.invoice_id = i.id)"
    ),
    "invoices of an order never exceed what was paid and not paid back": (
        "SELECT MIN(x.order_id) AS id FROM invoiced_order x JOIN invoice i ON i.id = x.invoice_id"  # noqa: S608
        f" WHERE i.reverses IS NULL AND i.status IN ({_HELD})"
        f" OR i.reverses IS NOT NULL AND i.status IN ({_TAKEN})"
        " GROUP BY x.order_id HAVING SUM(x.gross_fen) < 0 OR SUM(x.gross_fen) >"
        " COALESCE((SELECT SUM(p.amount_fen - COALESCE((SELECT SUM(r.amount_fen) FROM refund r"
        " WHERE r.payment_id = p.id AND r.trade_no = p.trade_no), 0)) FROM payment p"
        " WHERE p.order_id = x.order_id AND p.paid_at IS NOT NULL), 0)"
    ),
    "what is kept of an order's invoices is what they are": (
        "SELECT b.id FROM invoice_balance b WHERE b.invoiced_fen - b.reversed_fen <>"  # noqa: S608
        " COALESCE((SELECT SUM(x.gross_fen) FROM invoiced_order x JOIN invoice i"
        " ON i.id = x.invoice_id WHERE x.order_id = b.id"
        f" AND (i.reverses IS NULL AND i.status IN ({_HELD})"
        f" OR i.reverses IS NOT NULL AND i.status IN ({_TAKEN}))), 0)"
    ),
    "red letters take back no more than their invoice, and it says how much": (
        "SELECT b.id FROM invoice b WHERE b.reverses IS NULL AND b.reversed_fen <>"
        " COALESCE((SELECT -SUM(r.total_fen) FROM invoice r WHERE r.reverses = b.id"
        " AND r.status = 'issued'), 0)"
    ),
    "an invoice is reversed when nothing of it is left, and only then": (
        "SELECT id FROM invoice WHERE reverses IS NULL AND ("
        "(status = 'reversed' AND reversed_fen <> total_fen)"
        " OR (status = 'partly_reversed' AND (reversed_fen = 0 OR reversed_fen = total_fen))"
        " OR (status NOT IN ('reversed', 'partly_reversed') AND reversed_fen <> 0))"
    ),
    "net and tax of an invoice and of its red letters come to nothing together": (
        "SELECT b.id FROM invoice b WHERE b.status = 'reversed' AND (b.amount_fen + (SELECT"
        " SUM(r.amount_fen) FROM invoice r WHERE r.reverses = b.id AND r.status = 'issued') <> 0"
        " OR b.tax_fen + (SELECT SUM(r.tax_fen) FROM invoice r WHERE r.reverses = b.id"
        " AND r.status = 'issued') <> 0)"
    ),
    "a red letter is numbered after its invoice": (
        "SELECT r.id FROM invoice r JOIN invoice b ON b.id = r.reverses WHERE r.status = 'issued'"  # noqa: S608
        f" AND (b.status NOT IN ({_LIVE}) OR b.issued_at > r.issued_at)"
    ),
    # A red letter that comes when nothing may be kept of its buyer any more has no drawing.
    "an issued invoice has a number of 20 digits and a document": (
        f"SELECT id FROM invoice WHERE status IN ({_LIVE}) AND (LENGTH(number) <> 20"  # noqa: S608
        " OR (blob_id IS NULL AND reverses IS NULL) OR issued_at IS NULL)"
    ),
    "a special invoice is made out to a company": (
        "SELECT id FROM invoice WHERE kind = 'special' AND (title_kind <> 'company'"
        " OR title_code = '')"
    ),
}
