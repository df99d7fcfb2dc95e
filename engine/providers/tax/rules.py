"""What the simulated tax service is like, as data: what it numbers, its faults, and its test values."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel import catalog, clock
from engine.kernel.catalog import Share
from engine.providers.store import chance

Fault = Literal[
    "unreachable", "refused", "refused_once", "reply_lost", "slow", "unanswered", "twice",
    "wrong_number", "wrong_total",
]  # fmt: skip


class Faults(catalog.Declared):
    """The share of applications that each fault strikes.

    `reply_lost` numbers an invoice whose answer nobody hears, `unanswered` accepts one and numbers it only
    when it is asked for once more on a day without that fault, `twice` numbers it a second time when it is
    asked again, `wrong_number` and `wrong_total` answer something that cannot be.
    """

    unreachable: Share = 0.0
    refused: Share = 0.0
    refused_once: Share = 0.0
    reply_lost: Share = 0.0
    slow: Share = 0.0
    unanswered: Share = 0.0
    twice: Share = 0.0
    wrong_number: Share = 0.0
    wrong_total: Share = 0.0


class Sandbox(catalog.Declared):
    """A part of a buyer's name that forces an outcome."""

    name: str
    fault: Fault
    label: catalog.Text


class Rules(catalog.Declared):
    """data/providers/tax.toml."""

    # Digits 3-4 and 5 of a number: where the seller is taxed, and the channel it was issued through.
    province: str = Field(pattern=r"^\d{2}$")
    channel: str = Field(pattern=r"^\d$")
    # Digits 2 to 5 of a paper's code.
    paper_region: str = Field(pattern=r"^\d{4}$")
    # What a seller may have numbered in a month, net (总授信额度).
    quota_fen: int = Field(ge=0)
    rates_permille: tuple[int, ...]
    slow_seconds: int = Field(ge=0)
    faults: Faults
    sandbox: tuple[Sandbox, ...] = ()

    def strikes(self, fault: Fault, invoice_id: str, buyer: str, now_ms: int) -> bool:
        """Whether a fault strikes, by the buyer's name or by chance.

        Asked twice in one day (Shanghai) it says the same; another day has faults of its own, so what is
        tried again need not fail for ever.
        """
        if any(one.fault == fault and one.name in buyer for one in self.sandbox):
            return True
        share: float = getattr(self.faults, fault)
        day = clock.civil_date(now_ms)
        return share > 0 and chance(f"{invoice_id}/{day}", f"tax/{fault}") < share


def load_rules() -> Rules:
    """The rules as declared."""
    return catalog.load(catalog.DATA / "providers" / "tax.toml", Rules)


def sandbox_values() -> tuple[Sandbox, ...]:
    """The names that force an outcome, in their order."""
    return load_rules().sandbox
