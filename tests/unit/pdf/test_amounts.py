from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pdf import amounts

CASES = {
    0: "零元整",
    1: "壹分",
    10: "壹角整",
    100: "壹元整",
    101: "壹元零壹分",
    110: "壹元壹角整",
    111: "壹元壹角壹分",
    1000: "壹拾元整",
    10_000: "壹佰元整",
    10_001: "壹佰元零壹分",
    10_500: "壹佰零伍元整",
    140_950: "壹仟肆佰零玖元伍角整",
    600_714: "陆仟零柒元壹角肆分",
    1_001_000: "壹万零壹拾元整",
    1_680_032: "壹万陆仟捌佰元叁角贰分",
    32_504: "叁佰贰拾伍元零肆分",
    10_000_000: "壹拾万元整",
    100_010_000: "壹佰万零壹佰元整",
    10_001_000_100: "壹亿零壹万零壹元整",
    10_000_000_000: "壹亿元整",
    100_010_000_000_000: "壹万零壹亿元整",
    123_456_789: "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
    -24_450: "负贰佰肆拾肆元伍角整",
}
VALUES = {character: index for index, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(("fen", "words"), CASES.items())
def test_capitals_follow_the_rules_for_payment_papers(fen: int, words: str) -> None:
    assert amounts.capitals(fen) == words


def _whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, low = words.rsplit(unit, 1) if unit == "亿" else words.split(unit, 1)
            return _whole(high) * size + _whole(low)
    total = digit = 0
    for character in words:
        if character in UNITS:
            total += digit * UNITS[character]
            digit = 0
        else:
            digit = VALUES[character]
    return total + digit


def _read(words: str) -> int:
    """An independent reader of capitals, back to fen."""
    words = words.removesuffix("整")
    whole, _, rest = words.partition("元") if "元" in words else ("零", "", words)
    total = _whole(whole) * 100
    digit = 0
    for character in rest:
        if character == "角":
            total += digit * 10
        elif character == "分":
            total += digit
        else:
            digit = VALUES[character]
    return total


@given(st.integers(0, 10**16 - 1))
def test_capitals_read_back_to_the_same_amount(fen: int) -> None:
    words = amounts.capitals(fen)
    assert _read(words) == fen
    assert "零零" not in words
    assert "零元" not in words.removeprefix("零元")


def test_figures_group_and_keep_two_decimals() -> None:
    assert [amounts.figures(n) for n in (0, 5, 123_456_789, -50)] == [
        "0.00",
        "0.05",
        "1,234,567.89",
        "-0.50",
    ]


def test_an_amount_beyond_all_words_is_refused() -> None:
    with pytest.raises(amounts.AmountNotWritable):
        amounts.capitals(amounts.LIMIT)
