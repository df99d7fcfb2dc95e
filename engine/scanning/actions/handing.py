"""Handing a ticket to a phone that scanned nothing: a password on the PC stood in for that."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.scanning import model
from engine.scanning.actions.moving import move


def hand_over(op: Operation, *, ticket_id: str, account_id: str, device_id: str) -> model.Ticket:
    """The phone that holds a certificate has the ticket, and asks for the two digits on the PC.

    Composed by upper stages. Emits: ticket.sent.
    """
    ticket = op.get(model.Ticket, "ticket", ticket_id)
    return move(
        op,
        ticket,
        "scan",
        "ticket.sent",
        account_id=account_id,
        device_id=device_id,
        scanned_at=op.now,
        step_up=model.StepUp.SENT,
    )
