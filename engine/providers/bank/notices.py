"""The provider's notices that are due, and transfers into a sub-account, which are told of like them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import clock, codec, ports
from engine.providers.bank.rules import Rules
from engine.providers.store import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCallback:
    """A notice whose time has come."""

    id: str
    callback: ports.Callback
    due_at: int


class Notices:
    """What is due to be told, and by when."""

    def __init__(self, memory: Memory, rules: Rules) -> None:
        self._memory = memory
        self._rules = rules

    def transfer(self, sub_account: str, payer_name: str, amount_fen: int) -> str:
        """Somebody pays into a sub-account from a bank account in a name; a notice is scheduled.

        The notice is kept encrypted: a payer may be a person. The trade number is returned.
        """
        now = self._memory.now()
        number = self._memory.next_number("transfer")
        trade_no = f"X{number:019d}"
        body = codec.canonical(
            {
                "merchant": self._rules.merchant,
                "sub_account": sub_account,
                "payer_name": payer_name,
                "amount_fen": amount_fen,
                "currency": "CNY",
                "trade_no": trade_no,
                "occurred_at": now,
            }
        )
        due_at = now + self._rules.callback_delays_seconds[0] * clock.SECOND
        sealed = self._memory.seal(body, f"sim_transfer|{trade_no}")
        with self._memory.parts.db.write() as connection:
            connection.run(
                "INSERT INTO sim_transfer (id, notice, due_at) VALUES (?, ?, ?)",
                (trade_no, sealed, due_at),
            )
        return trade_no

    def transfers_due(self, *, trade_no: str = "") -> list[DueCallback]:
        """The notices of transfers that are due and not delivered yet; a named one at once."""
        now = self._memory.now()
        with self._memory.parts.db.read() as connection:
            rows = connection.rows(
                "SELECT * FROM sim_transfer WHERE delivered_at IS NULL AND (due_at <= ? OR id = ?)"
                " ORDER BY due_at, id LIMIT 100",
                (now, trade_no),
            )
        found = []
        for row in rows:
            body = self._memory.open(bytes(row["notice"]), f"sim_transfer|{row['id']}").encode()
            signature = self._memory.parts.keyring.mac("payment-callbacks", b"transfer|" + body)
            callback = ports.Callback(body=body, signature=signature)
            found.append(DueCallback(id=row["id"], callback=callback, due_at=row["due_at"]))
        return found

    def transfer_delivered(self, trade_no: str) -> None:
        """Note that the notice of a transfer was taken, whatever was answered."""
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            connection.run("UPDATE sim_transfer SET delivered_at = ? WHERE id = ?", (now, trade_no))

    def due(self, *, payment_id: str = "") -> list[DueCallback]:
        """The notices that are due and not delivered yet; of one payment, its first at once."""
        now = self._memory.now()
        with self._memory.parts.db.read() as connection:
            if payment_id:
                rows = connection.rows(
                    "SELECT * FROM sim_callback WHERE delivered_at IS NULL AND payment_id = ?"
                    " ORDER BY due_at, id LIMIT 1",
                    (payment_id,),
                )
            else:
                rows = connection.rows(
                    "SELECT * FROM sim_callback WHERE delivered_at IS NULL AND due_at <= ?"
                    " ORDER BY due_at, id LIMIT 100",
                    (now,),
                )
        return [
            DueCallback(
                id=row["id"],
                callback=ports.Callback(body=bytes(row["body"]), signature=bytes(row["signature"])),
                due_at=row["due_at"],
            )
            for row in rows
        ]

    def next_due(self, after: int = -1) -> int | None:
        """When the next notice is due (after an instant), or None."""
        with self._memory.parts.db.read() as connection:
            found = connection.rows(
                "SELECT MIN(due_at) AS due FROM (SELECT due_at FROM sim_callback WHERE"
                " delivered_at IS NULL UNION ALL SELECT due_at FROM sim_transfer WHERE"
                " delivered_at IS NULL) AS notices WHERE due_at > ?",
                (after,),
            )
        due: int | None = found[0]["due"]
        return due

    def delivered(self, callback_id: str) -> None:
        """Note that a notice was taken, whatever was answered."""
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            connection.run(
                "UPDATE sim_callback SET delivered_at = ? WHERE id = ?", (now, callback_id)
            )
