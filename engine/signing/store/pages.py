"""The SQL of the public pages of contracts."""

from __future__ import annotations

from engine.kernel.reader import Reader


def contract_of(q: Reader, token: str) -> str | None:
    """The contract whose page has this token."""
    found = q.row("SELECT id FROM contract_page WHERE token = ?", (token,))
    return None if found is None else str(found["id"])


def token_of(q: Reader, contract_id: str) -> str | None:
    """The token of a contract's page; None for one that was made before there were pages."""
    found = q.row("SELECT token FROM contract_page WHERE id = ?", (contract_id,))
    return None if found is None else str(found["token"])
