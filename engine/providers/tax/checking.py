"""What a tax service refuses an application for, as codes; the engine should never give it a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from engine.kernel import errors, identifiers, ports

# As the tax authority's own check has it: a line may differ by one fen, all lines by six hundredths a line.
_LINE_FEN, _TOTAL_FEN = 1, 6
_PLACES = 13
# Everything an application is refused for, here or by what is used up or held.
PROBLEMS = (
    *("seller_unknown", "buyer_missing", "buyer_code_missing", "buyer_code_wrong", "lines_missing"),
    *("classification_wrong", "name_wrong", "rate_wrong", "line_wrong", "sum_wrong", "sign_wrong"),
    *("blue_unknown", "reason_wrong", "not_confirmed", "taken_back_already", "whole_only"),
    *("held_for_a_check", "quota_used_up"),
)
_REASONS = frozenset({"01", "02", "03", "04"})


def _code(text: str) -> bool:
    try:
        identifiers.credit_code(text)
    except errors.EngineError:
        return False
    return True


def parties(kind: str, seller: ports.TaxParty, buyer: ports.TaxParty) -> str:
    """What is wrong with those whom an invoice names, or nothing."""
    if not _code(seller.code):
        return "seller_unknown"
    if not buyer.name.strip():
        return "buyer_missing"
    if kind == "special" and not buyer.code:
        return "buyer_code_missing"
    if buyer.code and not _code(buyer.code):
        return "buyer_code_wrong"
    return ""


def lines(found: Sequence[ports.TaxLine], rates: Sequence[int]) -> str:
    """What is wrong with the lines by themselves, or nothing."""
    if not found:
        return "lines_missing"
    for one in found:
        if not re.fullmatch(r"\d{19}", one.code):
            return "classification_wrong"
        if not re.match(r"\*[^*]+\*.", one.name):
            return "name_wrong"
        if one.rate_permille not in rates or (one.exempt and one.tax_fen):
            return "rate_wrong"
        if _differs(one):
            return "line_wrong"
    return ""


def _differs(line: ports.TaxLine) -> bool:
    tax = Decimal(line.net_fen) * line.rate_permille / 1000
    if abs(tax - line.tax_fen) > _LINE_FEN:
        return True
    if bool(line.quantity) != bool(line.price):
        return True
    if not line.quantity:
        return False
    places = max(-int(Decimal(text).as_tuple().exponent) for text in (line.quantity, line.price))
    product = Decimal(line.quantity) * Decimal(line.price) * 100
    return places > _PLACES or abs(product - line.net_fen) > _LINE_FEN


def sums(
    found: Sequence[ports.TaxLine], *, net_fen: int, tax_fen: int, total_fen: int, red: bool
) -> str:
    """What is wrong with the sums of an invoice, or of a red letter, or nothing."""
    net, tax = sum(one.net_fen for one in found), sum(one.tax_fen for one in found)
    if (net, tax, net + tax) != (net_fen, tax_fen, total_fen):
        return "sum_wrong"
    whole = sum((Decimal(one.net_fen) * one.rate_permille / 1000 for one in found), Decimal(0))
    if abs(whole - tax) > _TOTAL_FEN * len(found):
        return "sum_wrong"
    if (total_fen < 0) != red or total_fen == 0:
        return "sign_wrong"
    return ""


def red(request: ports.RedRequest, *, blue_fen: int | None, taken_fen: int) -> str:
    """What is wrong with taking back a numbered invoice, or nothing; `blue_fen` is its total."""
    if blue_fen is None:
        return "blue_unknown"
    if request.reason not in _REASONS or request.applicant not in ("0", "1"):
        return "reason_wrong"
    if request.kind == "special" and not request.confirmed:
        return "not_confirmed"
    if taken_fen - request.total_fen > blue_fen:
        return "taken_back_already"
    if request.reason == "01" and -request.total_fen != blue_fen:
        return "whole_only"
    return ""
