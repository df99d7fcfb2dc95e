"""What the simulated payment provider is like, as data: its fee, its faults, and its test accounts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.kernel import catalog
from engine.kernel.catalog import Share
from engine.providers.store import chance

Fault = Literal[
    "notice_lost",
    "paid_twice",
    "refund_fails_once",
    "card_closed",
    "line_missing",
    "line_repeated",
    "line_late",
    "line_wrong_amount",
]


class Faults(catalog.Declared):
    """The share of payments, refunds or statement lines that each fault strikes."""

    notice_lost: Share = 0.0
    paid_twice: Share = 0.0
    refund_fails_once: Share = 0.0
    card_closed: Share = 0.0
    line_missing: Share = 0.0
    line_repeated: Share = 0.0
    line_late: Share = 0.0
    line_wrong_amount: Share = 0.0


class Sandbox(catalog.Declared):
    """A payer's account that forces an outcome."""

    account: str
    fault: Fault
    label: catalog.Text


class Rules(catalog.Declared):
    """data/providers/payment.toml."""

    merchant: str
    callback_delays_seconds: tuple[int, ...]
    fee_per_10000: Annotated[int, Field(ge=0, le=1000)]
    statement_hour: Annotated[int, Field(ge=0, le=23)]
    faults: Faults
    sandbox: tuple[Sandbox, ...] = ()

    def strikes(self, fault: Fault, key: str, payer: str) -> bool:
        """Whether a fault strikes, by the payer's account or by chance; asked twice it says the same."""
        if any(one.account == payer and one.fault == fault for one in self.sandbox):
            return True
        share: float = getattr(self.faults, fault)
        return share > 0 and chance(key, f"bank/{fault}") < share

    def fee(self, amount_fen: int) -> int:
        """What the provider keeps of a payment, rounded half up."""
        return (amount_fen * self.fee_per_10000 + 5000) // 10000


def load_rules() -> Rules:
    """The rules as declared."""
    return catalog.load(catalog.DATA / "providers" / "payment.toml", Rules)


def sandbox_values() -> tuple[Sandbox, ...]:
    """The accounts that force an outcome, in their order."""
    return load_rules().sandbox
