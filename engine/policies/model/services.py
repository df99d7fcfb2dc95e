"""Services that are sold by the month, and the rules that all of their orders follow (PAY-2)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class Service(Setting):
    """A service: what it is, for which platforms, for whom, for how long and for how much."""

    KIND = "service"
    NAMED = True
    label: Text
    text: Text
    category: Literal["information", "platform"]
    # What a quantity counts.
    unit: Text
    # Of one unit for one month, tax included.
    price_fen: int = Field(ge=1, le=100_000_000)
    # The terms that can be chosen, in months.
    terms: tuple[int, ...]
    # The greatest quantity of one order.
    most: int = Field(default=1, ge=1, le=10_000)
    # The item of tax that its invoices name.
    tax: str
    platforms: tuple[str, ...]
    buyers: tuple[Literal["enterprise", "person"], ...]
    # The CA that provides it, where one does.
    agency: str = ""
    # Whether an enterprise has to be onboarded at the platform first.
    onboarded: bool = False
    # How much of the months that have not begun goes back to who gives a running service up.
    refund_percent: int = Field(default=100, ge=0, le=100)
    # A closed service takes no new order, and keeps those it has.
    open: bool = True


class ServiceRules(Setting):
    """When an unpaid order lapses, and when the end of a service is told beforehand."""

    KIND = "service_rules"
    lapse_hours: int = Field(default=72, ge=1, le=720)
    notice_days: tuple[int, ...] = (30, 7, 1)
