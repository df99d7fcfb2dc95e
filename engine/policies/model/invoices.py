"""What an invoice's lines are taxed as, and the rules of applying for one (INV-1, INV-2)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting

# What sends an application to the desk: a special invoice, a title that is not the payer's own, an amount.
InvoiceReviewed = Literal["special", "other_title", "amount"]


class TaxItem(Setting):
    """What a line is taxed as: the classification code (税收分类编码), the rate, and how it is printed.

    `category` is the short name of the class, which stands between asterisks before the item.
    """

    KIND = "tax_item"
    NAMED = True
    label: Text
    code: str = Field(pattern=r"^\d{19}$")
    category: str = Field(min_length=1, max_length=20)
    item: str = Field(min_length=1, max_length=60)
    unit: str = Field(max_length=10)
    rate_permille: int = Field(ge=0, le=999)
    # Exempt (免税) is another thing than a rate of zero, and printed in words.
    exempt: bool = False


class InvoiceRules(Setting):
    """The rules of applying: what is reviewed, how many orders, and what arithmetic may differ by."""

    KIND = "invoice_rules"
    review: tuple[InvoiceReviewed, ...] = ("special", "other_title", "amount")
    # Above this an application is reviewed, where `review` says so.
    review_above_fen: int = Field(default=1_000_000, ge=0)
    orders_most: int = Field(default=50, ge=1, le=1_000)
    titles_most: int = Field(default=50, ge=1, le=1_000)
    # Rates that the tax service takes, in thousandths: 13, 9, 6 and 0 percent, and the levies.
    rates_permille: tuple[int, ...] = (130, 90, 60, 50, 30, 15, 10, 0)
    # How far a line's amount may be from quantity times price, and its tax from amount times rate.
    line_tolerance_fen: int = Field(default=6, ge=0)
    # How far the tax of a whole invoice may be from what its net totals give.
    total_tolerance_fen: int = Field(default=127, ge=0)
    # How long an application that the tax service has accepted is waited for.
    answer_hours: int = Field(default=24, ge=1, le=720)
    # What a certificate order is taxed as: the id of a `tax_item`.
    certificate_tax: str = "certificate"
