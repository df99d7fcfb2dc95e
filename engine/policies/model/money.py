"""The chart of accounts and the rules of money (PAY-1)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class LedgerAccount(Setting):
    """An account of the ledger: its number in the chart of accounts, its name, and what it is."""

    KIND = "ledger_account"
    NAMED = True
    number: str = Field(pattern=r"^\d{4}(\.\d{2})?$")
    label: Text
    family: Literal["asset", "liability", "income", "expense"]


class MoneyRules(Setting):
    """When a day's statement is asked for, and up to which amount one person settles a case alone."""

    KIND = "money_rules"
    # The hour in Shanghai at which the provider's statement of the day before is asked for.
    statement_hour: int = Field(ge=0, le=23)
    # Above this a second person decides, at the desk.
    alone_up_to_fen: int = Field(ge=0, le=100_000_000)
