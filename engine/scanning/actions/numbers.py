"""The two digits on the PC that a step-up asks for (`security.md` 3.1)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.scanning import model
from engine.scanning.actions.moving import move


class NumberNeeded(errors.PolicyRefused):
    """The PC that shows this QR code is not where you are. Enter the two digits that it shows now."""


class WrongNumber(errors.PolicyRefused):
    """These are not the two digits on the PC. {left} tries are left. If you see none, refuse."""

    commits = True


class NumberSpent(errors.PolicyRefused):
    """The two digits were wrong too often, and the QR code has ended. Nothing was done."""

    commits = True


def ask_for_number(op: Operation, *, ticket_id: str, why: model.StepUp) -> None:
    """From now on the two digits on the PC are needed. Composed by upper stages that know more.

    Emits: ticket.stepped_up.
    """
    ticket = op.get(model.Ticket, "ticket", ticket_id)
    reasons = [*(ticket.step_up.split(",") if ticket.step_up else []), why]
    step_up = ",".join(dict.fromkeys(reasons))
    op.update("ticket", ticket.id, {"step_up": step_up}, was={"step_up": ticket.step_up})
    op.record("ticket.stepped_up", ticket.id, why=why)


def require_number(op: Operation, ticket: model.Ticket, number: str) -> None:
    """The two digits of a ticket that asks for them; wrong ones are counted and end it at last.

    Emits: ticket.wrong_number, ticket.cancelled. Raises: NumberNeeded; WrongNumber and NumberSpent, both
    committed.
    """
    if not ticket.step_up:
        return
    if not number:
        raise NumberNeeded(field="number")
    right = model.number_of(op.parts.keyring, ticket.id)
    if op.same_secret(right.encode(), number.strip().encode()):
        return
    tried = ticket.wrong_numbers + 1
    op.update("ticket", ticket.id, {"wrong_numbers": tried}, was={"wrong_numbers": tried - 1})
    left = op.policy(policies.Tickets).wrong_numbers - tried
    op.record("ticket.wrong_number", ticket.id, left=left)
    if left <= 0:
        move(op, op.get(model.Ticket, "ticket", ticket.id), "cancel", "ticket.cancelled")
        raise NumberSpent(field="number")
    raise WrongNumber(field="number", left=left)
