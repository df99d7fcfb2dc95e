"""The provider's own books: trades, refunds, and the notices that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel import clock, codec, database, ports
from engine.providers.bank.rules import Rules
from engine.providers.store import Memory


def trade(
    connection: database.Connection,
    *,
    reference: str,
    kind: str,
    trade_no: str,
    payment_id: str,
    amount_fen: int,
    fee_fen: int,
    occurred_at: int,
) -> None:
    """Write down that money moved."""
    connection.run(
        "INSERT INTO sim_trade (reference, kind, trade_no, payment_id, amount_fen, fee_fen,"
        " occurred_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (reference, kind, trade_no, payment_id, amount_fen, fee_fen, occurred_at),
    )


def announce(
    memory: Memory,
    rules: Rules,
    connection: database.Connection,
    now: int,
    name: str,
    told: Mapping[str, Any],
) -> None:
    """Schedule the notices of something that happened: the same one, several times."""
    body = codec.canonical(
        {"merchant": rules.merchant, "currency": "CNY", "occurred_at": now, **told}
    ).encode()
    signature = memory.parts.keyring.mac("payment-callbacks", body)
    for place, delay in enumerate(rules.callback_delays_seconds):
        connection.run(
            "INSERT INTO sim_callback (id, payment_id, body, signature, due_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                f"{name}.{place}",
                told["payment_id"],
                body,
                signature,
                now + delay * clock.SECOND,
            ),
        )


def given_back(connection: database.Connection, trade_no: str) -> int:
    """What of a trade went back already."""
    found = connection.rows(
        "SELECT COALESCE(SUM(amount_fen), 0) AS fen FROM sim_trade"
        " WHERE trade_no = ? AND kind = 'refund'",
        (trade_no,),
    )
    return int(found[0]["fen"])


def refusal(
    rules: Rules, connection: database.Connection, payback: ports.Payback, tries: int, payer: str
) -> str:
    """Why a refund is refused (a code), or empty."""
    found = connection.rows(
        "SELECT amount_fen FROM sim_trade WHERE reference = ? AND kind = 'payment'",
        (payback.trade_no,),
    )
    if not found:
        return "trade_unknown"
    left = int(found[0]["amount_fen"]) - given_back(connection, payback.trade_no)
    if payback.amount_fen > left:
        return "more_than_left"
    if tries == 0 and rules.strikes("refund_fails_once", payback.refund_no, payer):
        return "provider_balance"
    if rules.strikes("card_closed", payback.trade_no, payer):
        return "card_closed"
    return ""
