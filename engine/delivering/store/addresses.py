"""The SQL of addresses."""

from __future__ import annotations

from engine.delivering import model
from engine.kernel import notes
from engine.kernel.reader import Reader

OWNED = notes.Owned(
    table="delivery_address",
    columns=("is_default", "created_at", "changed_at"),
    sealed={
        "recipient": "profile",
        "phone": "profile",
        "region": "profile",
        "detail": "profile",
        "label": "profile",
    },
)


def of_account(q: Reader, account_id: str) -> list[model.KeptAddress]:
    """A person's addresses, the default first and then the newest."""
    sql = (
        "SELECT * FROM delivery_address WHERE account_id = ?"
        " ORDER BY is_default DESC, created_at DESC, id DESC"
    )
    return q.all(model.KeptAddress, sql, (account_id,))


def default_of(q: Reader, account_id: str) -> model.KeptAddress | None:
    """The address that is taken without asking."""
    sql = "SELECT * FROM delivery_address WHERE account_id = ? AND is_default = 1"
    return q.first(model.KeptAddress, sql, (account_id,))
