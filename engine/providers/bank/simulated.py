"""The provider as the world meets it: `create` opens a payment; `pay` is what a person does at its page.

The notices then come due one after another, and whoever drives the world delivers them.
"""

from __future__ import annotations

from typing import Any

from engine.kernel import database, errors, ports
from engine.providers.bank import books, notices, statements


class PaymentUnknown(errors.NotFound):
    """There is no such payment. Go back to the order and pay from there."""


class PaymentClosed(errors.PolicyRefused):
    """This payment was closed because its order ended. Nothing was paid."""


class SimulatedBank(notices.Notices):
    """`ports.PaymentProvider`, its cashier's page and its notices."""

    def create(self, charge: ports.Charge) -> str:
        """Open a payment; asking twice opens it once."""
        now, trade_no = self._memory.now(), f"T{charge.payment_id[-20:]}"
        with self._memory.parts.db.write() as connection:
            known = _payment(connection, charge.payment_id)
            if known is not None:
                return str(known["trade_no"])
            connection.run(
                "INSERT INTO sim_payment (payment_id, amount_fen, description, status, trade_no,"
                " created_at, payer) VALUES (?, ?, ?, 'created', ?, ?, '')",
                (charge.payment_id, charge.amount_fen, charge.description, trade_no, now),
            )
        return trade_no

    def state(self, payment_id: str) -> ports.PaymentState:
        """What became of a payment."""
        with self._memory.parts.db.read() as connection:
            return _state(connection, payment_id)

    def close(self, payment_id: str) -> ports.PaymentState:
        """Take no more money for a payment that was not paid yet."""
        with self._memory.parts.db.write() as connection:
            connection.run(
                "UPDATE sim_payment SET status = 'closed'"
                " WHERE payment_id = ? AND status = 'created'",
                (payment_id,),
            )
            return _state(connection, payment_id)

    def pay(self, payment_id: str, account: str = "") -> None:
        """A person pays at the cashier's page; notices are scheduled. Twice pays once.

        `account` is one of the test accounts, which force an outcome.
        Raises: PaymentUnknown, PaymentClosed.
        """
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            known = _payment(connection, payment_id)
            if known is None:
                raise PaymentUnknown(what="payment")
            if known["status"] == "closed":
                raise PaymentClosed()
            changed = connection.run(
                "UPDATE sim_payment SET status = 'paid', payer = ?"
                " WHERE payment_id = ? AND status = 'created'",
                (account, payment_id),
            )
            if changed == 0:
                return
            self._trade(connection, now, known, known["trade_no"], account)
            if self._rules.strikes("paid_twice", payment_id, account):
                again = f"U{payment_id[-20:]}"
                self._trade(connection, now, known, again, account)

    def _trade(
        self,
        connection: database.Connection,
        now: int,
        payment: dict[str, Any],
        number: str,
        payer: str,
    ) -> None:
        payment_id, fen = payment["payment_id"], payment["amount_fen"]
        books.trade(
            connection,
            reference=number,
            kind="payment",
            trade_no=number,
            payment_id=payment_id,
            amount_fen=fen,
            fee_fen=self._rules.fee(fen),
            occurred_at=now,
        )
        if self._rules.strikes("notice_lost", number, payer):
            return
        told = {
            "payment_id": payment_id,
            "trade_no": number,
            "amount_fen": fen,
            "status": "paid",
        }
        name = f"{number}.paid"
        books.announce(self._memory, self._rules, connection, now, name, told)

    def refund(self, payback: ports.Payback) -> ports.RefundState:
        """Give money back; a notice is scheduled. Twice gives back once; a refused one is tried anew."""
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            known = _refund(connection, payback.refund_no)
            if known is not None and known["status"] == "done":
                return ports.RefundState(refund_no=payback.refund_no, status="accepted")
            tries = known["tries"] if known else 0
            payment = _payment(connection, payback.payment_id)
            payer = payment["payer"] if payment else ""
            problem = books.refusal(self._rules, connection, payback, tries, payer)
            connection.run("DELETE FROM sim_refund WHERE refund_no = ?", (payback.refund_no,))
            connection.run(
                "INSERT INTO sim_refund (refund_no, payment_id, trade_no, amount_fen, status,"
                " reason, tries) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    payback.refund_no,
                    payback.payment_id,
                    payback.trade_no,
                    payback.amount_fen,
                    "refused" if problem else "done",
                    problem,
                    tries + 1,
                ),
            )
            if problem and problem != "card_closed":
                return ports.RefundState(
                    refund_no=payback.refund_no, status="refused", problem=problem
                )
            # Whether a card still takes money is known to its bank alone, which answers later.
            self._gone_back(connection, now, payback, payment, problem, tries)
        return ports.RefundState(refund_no=payback.refund_no, status="accepted")

    def _gone_back(
        self,
        connection: database.Connection,
        now: int,
        payback: ports.Payback,
        payment: dict[str, Any] | None,
        problem: str,
        tries: int,
    ) -> None:
        if not problem:
            books.trade(
                connection,
                reference=payback.refund_no,
                kind="refund",
                trade_no=payback.trade_no,
                payment_id=payback.payment_id,
                amount_fen=payback.amount_fen,
                fee_fen=0,
                occurred_at=now,
            )
            if payment is not None and payment["trade_no"] == payback.trade_no:
                left = payment["amount_fen"] - books.given_back(connection, payback.trade_no)
                if left == 0:
                    connection.run(
                        "UPDATE sim_payment SET status = 'refunded' WHERE payment_id = ?",
                        (payback.payment_id,),
                    )
        if self._rules.strikes("notice_lost", payback.refund_no, ""):
            return
        told = {
            "payment_id": payback.payment_id,
            "trade_no": payback.trade_no,
            "amount_fen": payment["amount_fen"] if payment else payback.amount_fen,
            "status": "refund_failed" if problem else "refunded",
            "refund_no": payback.refund_no,
            "refund_fen": payback.amount_fen,
            "problem": problem,
        }
        name = f"{payback.refund_no}.{tries}.{told['status']}"
        books.announce(self._memory, self._rules, connection, now, name, told)

    def refund_state(self, refund_no: str) -> ports.RefundState:
        """What became of a refund."""
        with self._memory.parts.db.read() as connection:
            known = _refund(connection, refund_no)
            moved = connection.rows(
                "SELECT occurred_at FROM sim_trade WHERE reference = ?", (refund_no,)
            )
        if known is None:
            return ports.RefundState(refund_no=refund_no, status="unknown")
        return ports.RefundState(
            refund_no=refund_no,
            status=known["status"],
            problem=known["reason"],
            occurred_at=moved[0]["occurred_at"] if moved else 0,
        )

    def statement(self, business_date: str) -> bytes:
        """The daily statement of a civil date in Shanghai.

        Raises: ports.NotYet until the morning after.
        """
        return statements.statement(self._memory, self._rules, business_date)


def _payment(connection: database.Connection, payment_id: str) -> dict[str, Any] | None:
    found = connection.rows("SELECT * FROM sim_payment WHERE payment_id = ?", (payment_id,))
    return dict(found[0]) if found else None


def _refund(connection: database.Connection, refund_no: str) -> dict[str, Any] | None:
    found = connection.rows("SELECT * FROM sim_refund WHERE refund_no = ?", (refund_no,))
    return dict(found[0]) if found else None


def _state(connection: database.Connection, payment_id: str) -> ports.PaymentState:
    known = _payment(connection, payment_id)
    if known is None:
        return ports.PaymentState(
            payment_id=payment_id, status="unknown", amount_fen=0, trade_no=""
        )
    moved = connection.rows(
        "SELECT occurred_at FROM sim_trade WHERE reference = ?", (known["trade_no"],)
    )
    return ports.PaymentState(
        payment_id=payment_id,
        status=known["status"],
        amount_fen=known["amount_fen"],
        trade_no=known["trade_no"],
        occurred_at=moved[0]["occurred_at"] if moved else 0,
    )
