"""Money in words and figures as contracts and invoices print it.

Capitals follow the Bank of China's rules for filling in payment papers (支付结算办法, annex 1):
one 零 for any run of zeros inside the number, 整 after 元 or 角 and never after 分, 零 between 元
and 分 when there is no 角. Amounts are integer fen; nothing is rounded.
"""

from __future__ import annotations

from engine.kernel import errors

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
# 10^16 yuan: beyond it the group 万亿亿 has no common reading.
LIMIT = 10**18


class AmountNotWritable(errors.InvalidInput):
    """The amount is too large to be written in words."""


def _group(value: int) -> str:
    """A number below 10,000 in capitals, inner zero runs as one 零, no 零 at either end."""
    words = ""
    zero = False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if not digit:
            zero = bool(words)
            continue
        words += ("零" if zero else "") + _DIGITS[digit] + _PLACES[power]
        zero = False
    return words


def _whole(yuan: int) -> str:
    """Whole yuan in capitals: 亿 over 万 over four digits, one 零 where a place is skipped."""
    for unit, word in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(yuan, unit)
        if high:
            rest = _whole(low)
            return _whole(high) + word + ("零" if rest and low < unit // 10 else "") + rest
    return _group(yuan)


def capitals(fen: int) -> str:
    """An amount in fen in Chinese capitals, as 壹佰元整; negative amounts begin with 负.

    Raises: AmountNotWritable beyond 10^16 yuan.
    """
    if abs(fen) >= LIMIT:
        raise AmountNotWritable
    yuan, cents = divmod(abs(fen), 100)
    jiao, odd = divmod(cents, 10)
    words = _whole(yuan) + "元" if yuan else ""
    if not cents:
        return ("负" if fen < 0 else "") + (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角" + ("" if odd else "整")
    elif words:
        words += "零"
    if odd:
        words += _DIGITS[odd] + "分"
    return ("负" if fen < 0 else "") + words


def figures(fen: int) -> str:
    """An amount in fen as yuan with grouping and two decimals, as 1,234.56."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{cents:02d}"
