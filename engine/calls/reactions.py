"""Whoever called before they had an account: their calls become theirs, and end with the account."""

from __future__ import annotations

from engine.calls import model, queries
from engine.kernel import events, vault
from engine.kernel.operation import Operation
from engine.registration import queries as people


def number_known(op: Operation, event: events.Event) -> None:
    """Put the calls that came from a number under the key of the account that now has it.

    Emits: call.recognized.
    """
    account = people.account(op, event.subject)
    number = people.person_phone(op, account.id)
    for call_id in op.find("call.phone", number):
        call = op.get(model.Call, "phone_call", call_id)
        op.update(
            "phone_call",
            call.id,
            {
                "account_id": account.id,
                "subject_id": account.subject_id,
                "phone": None,
                **{
                    column: _under(op, call, column, account.subject_id)
                    for column in ("said", "note")
                },
            },
            was={"subject_id": call.subject_id},
        )
        op.destroy_key(call.subject_id, "profile")
        op.destroy_key(call.subject_id, "evidence")
        op.unlogged("DELETE FROM blind_index WHERE kind = 'call.phone' AND row_id = ?", (call.id,))
        op.record("call.recognized", call.id, account_id=account.id)


def _under(op: Operation, call: model.Call, column: str, subject_id: str) -> bytes | None:
    """A text of the call, sealed anew under another key."""
    sealed: bytes | None = getattr(call, column)
    place = f"{queries.PLACES[column]}|{call.id}"
    if sealed is None:
        return None
    try:
        text = op.open(call.subject_id, place, sealed)
    except vault.Destroyed:
        return None
    return op.seal(subject_id, place, text)
