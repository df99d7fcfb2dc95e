"""The SQL of titles."""

from __future__ import annotations

from engine.invoicing import model
from engine.kernel.reader import Reader


def of_account(q: Reader, account_id: str) -> list[model.TitleRow]:
    """What a person keeps of titles, newest first."""
    sql = "SELECT * FROM invoice_title WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.TitleRow, sql, (account_id,))
