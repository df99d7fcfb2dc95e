"""What of orders and money keeps an account from being cancelled."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.ordering import store
from engine.ordering.queries.orders import open_orders


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: open orders, and money that is not back yet."""
    return [
        *(
            notes.Note(code="blocker.order_open", subject=one.id, params={"number": one.number})
            for one in open_orders(q, account_id)
        ),
        *(
            notes.Note(code="blocker.refund_running", subject=one, params={"number": number})
            for one, number in store.refunding(q, account_id)
        ),
        *(
            notes.Note(code="blocker.money_came_twice", subject=one, params={"number": number})
            for one, number in store.came_twice(q, account_id)
        ),
    ]
