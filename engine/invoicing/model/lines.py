"""The lines of an invoice and their arithmetic: whole fen, decimals, half up.

Each line is split into net and tax, the tax being what the net leaves of what was paid: so lines, totals
and payment agree to the fen by construction. A red letter takes parts of a line back; the last part takes
what is left, so that an invoice and its red letters come to nothing, net and tax each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

_THOUSAND = 1_000
_PRICE_PLACES = Decimal(1).scaleb(-13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; `amount_fen` is net, both with tax make the gross. A red letter's are negative.

    `tax_item` is the setting's id and `code` its classification code. A quantity of 0 is not printed, nor
    is a price then: an allowance (折让) has none. `rate_percent` is of lines from before rates were kept in
    thousandths.
    """

    order_id: str
    name: str
    quantity: int
    amount_fen: int
    tax_fen: int
    rate_percent: int | None = None
    rate_permille: int | None = None
    order_kind: str = "certificate"
    order_number: str = ""
    tax_item: str = ""
    code: str = ""
    spec: str = ""
    unit: str = "年"
    exempt: bool = False

    @property
    def permille(self) -> int:
        """The rate in thousandths."""
        if self.rate_permille is not None:
            return self.rate_permille
        return (self.rate_percent or 0) * 10

    @property
    def gross_fen(self) -> int:
        """Net and tax together."""
        return self.amount_fen + self.tax_fen


def rate_text(line: Line) -> str:
    """The rate as it is printed: `6%`, `1.5%`, or 免税."""
    if line.exempt:
        return "免税"
    whole, part = divmod(line.permille, 10)
    return f"{whole}.{part}%" if part else f"{whole}%"


def unit_price(line: Line) -> str:
    """The net price of one unit in yuan with at most 13 decimals; empty where no quantity is printed."""
    if line.quantity == 0:
        return ""
    price = (Decimal(line.amount_fen) / line.quantity / 100).quantize(
        _PRICE_PLACES, rounding=ROUND_HALF_UP
    )
    text = f"{price:f}".rstrip("0")
    whole, _, places = text.partition(".")
    return f"{whole}.{places.ljust(2, '0')}"


def yuan(amount_fen: int) -> str:
    """An amount in yuan with two decimals and no grouping, as machines read it."""
    return str((Decimal(amount_fen) / 100).quantize(Decimal("0.01")))


def split_tax(gross_fen: int, rate_permille: int) -> tuple[int, int]:
    """Net and tax of a gross amount, half up to the fen; they add up to the gross."""
    share = Decimal(gross_fen) * _THOUSAND / (_THOUSAND + rate_permille)
    net = share.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(net), gross_fen - int(net)


def totals(lines: Sequence[Line]) -> tuple[int, int, int]:
    """Net, tax and gross of lines."""
    net, tax = sum(one.amount_fen for one in lines), sum(one.tax_fen for one in lines)
    return net, tax, net + tax


def less(line: Line, taken: Sequence[Line]) -> Line:
    """What is left of a line after red lines about it."""
    mine = [one for one in taken if one.order_id == line.order_id]
    net, tax, _ = totals(mine)
    return replace(line, amount_fen=line.amount_fen + net, tax_fen=line.tax_fen + tax)


def red_line(line: Line, left: Line, gross_fen: int) -> Line:
    """The red line that takes so much of a line back, of which only `left` is left."""
    if gross_fen == line.gross_fen:
        return replace(
            line, amount_fen=-line.amount_fen, tax_fen=-line.tax_fen, quantity=-line.quantity
        )
    net, tax = split_tax(gross_fen, line.permille)
    tax = min(tax, left.tax_fen)
    net = min(gross_fen - tax, left.amount_fen)
    return replace(line, amount_fen=-net, tax_fen=-(gross_fen - net), quantity=0)


def spread(gross_fen: int, lefts: Sequence[int]) -> list[int]:
    """An amount over lines in proportion to what is left of each, to the fen, by the largest remainders."""
    whole = sum(lefts)
    shares = [gross_fen * left // whole for left in lefts]
    order = sorted(range(len(lefts)), key=lambda i: (-(gross_fen * lefts[i] % whole), i))
    for i in order[: gross_fen - sum(shares)]:
        shares[i] += 1
    return shares


def faults(lines: Sequence[Line], *, line_fen: int, total_fen: int) -> tuple[str, ...]:
    """What the tax service would find wrong with the arithmetic of lines, as codes."""
    found: list[str] = []
    for one in lines:
        if one.quantity:
            product = Decimal(unit_price(one)) * one.quantity * 100
            if abs(product - one.amount_fen) > line_fen:
                found.append("invoice.fault_price")
        if abs(_tax_of(one) - one.tax_fen) > line_fen:
            found.append("invoice.fault_tax")
    whole = sum((_tax_of(one) for one in lines), Decimal(0))
    if abs(whole - sum(one.tax_fen for one in lines)) > total_fen:
        found.append("invoice.fault_total")
    return tuple(dict.fromkeys(found))


def _tax_of(line: Line) -> Decimal:
    return Decimal(line.amount_fen) * line.permille / _THOUSAND
