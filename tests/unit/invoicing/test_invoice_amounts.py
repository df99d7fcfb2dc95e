"""Net, tax and gross of an invoice and of its red letters agree to the fen, whatever was paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.invoicing import model

AMOUNTS = st.integers(min_value=1, max_value=10**13)
RATES = st.sampled_from([0, 10, 15, 30, 50, 60, 90, 130])
QUANTITIES = st.integers(min_value=1, max_value=10**5)


def a_line(gross_fen: int = 20_000, quantity: int = 1, rate: int = 60) -> model.Line:
    net, tax = model.split_tax(gross_fen, rate)
    return model.Line(
        order_id="ord_1",
        name="*信息技术服务*数字证书服务费",
        quantity=quantity,
        amount_fen=net,
        tax_fen=tax,
        rate_permille=rate,
    )


@pytest.mark.row("INV-2")
@given(gross=AMOUNTS, rate=RATES)
def test_net_and_tax_add_up_to_what_was_paid(gross, rate):
    net, tax = model.split_tax(gross, rate)
    assert net + tax == gross
    assert net >= tax >= 0


@pytest.mark.row("INV-2")
@given(gross=AMOUNTS, rate=RATES)
def test_the_tax_is_the_rate_of_the_net_to_within_a_fen(gross, rate):
    net, tax = model.split_tax(gross, rate)
    assert abs(tax - Decimal(net) * rate / 1_000) < 1


@pytest.mark.parametrize(
    ("gross", "rate", "expected"),
    [
        (20_000, 60, (18_868, 1_132)),
        (10_600, 60, (10_000, 600)),
        (1, 130, (1, 0)),
        (7, 0, (7, 0)),
        # 101.5 fen at 1.5 percent: half a fen goes up.
        (203, 15, (200, 3)),
    ],
)
def test_known_amounts(gross, rate, expected):
    assert model.split_tax(gross, rate) == expected


@pytest.mark.row("INV-2")
@given(gross=AMOUNTS, quantity=QUANTITIES, rate=RATES)
def test_a_line_as_it_is_made_has_no_fault(gross, quantity, rate):
    line = a_line(gross, quantity, rate)
    assert model.faults([line], line_fen=1, total_fen=1) == ()
    price = model.unit_price(line)
    assert len(price.partition(".")[2]) <= 13
    assert abs(Decimal(price) * quantity * 100 - line.amount_fen) <= Decimal("0.5")


@pytest.mark.row("INV-2")
@given(lines=st.lists(st.tuples(AMOUNTS, QUANTITIES, RATES), min_size=1, max_size=50))
def test_so_do_fifty_of_them_together_within_what_the_rules_allow(lines):
    made = [a_line(*one) for one in lines]
    assert model.faults(made, line_fen=6, total_fen=127) == ()
    net, tax, total = model.totals(made)
    assert net + tax == total == sum(gross for gross, _, _ in lines)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"tax_fen": 1_140}, "invoice.fault_tax"),
        ({"amount_fen": 18_868, "tax_fen": 1_132, "rate_permille": 130}, "invoice.fault_tax"),
    ],
)
def test_a_wrong_line_has_a_fault(changes, fault):
    wrong = replace(a_line(), **changes)
    assert fault in model.faults([wrong], line_fen=6, total_fen=127)
    assert "invoice.fault_total" in model.faults([wrong] * 50, line_fen=10**9, total_fen=127)


def test_the_unit_price_has_as_many_decimals_as_it_needs_up_to_thirteen():
    def price(net_fen: int, quantity: int) -> str:
        return model.unit_price(replace(a_line(quantity=quantity), amount_fen=net_fen))

    assert price(18_868, 3) == "62.8933333333333"
    assert price(20_000, 3) == "66.6666666666667"
    assert price(10_000, 1) == "100.00"
    assert price(10_050, 4) == "25.125"
    assert price(-18_868, -1) == "188.68"
    assert price(-943, 0) == ""


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"rate_permille": 60}, "6%"),
        ({"rate_permille": 15}, "1.5%"),
        ({"rate_permille": 0}, "0%"),
        ({"rate_permille": 0, "exempt": True}, "免税"),
        ({"rate_permille": None, "rate_percent": 13}, "13%"),
    ],
)
def test_the_rate_as_it_is_printed(changes, text):
    assert model.rate_text(replace(a_line(), **changes)) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [(1, "0.01"), (100, "1.00"), (-12_345, "-123.45"), (10**13 + 5, f"{10**11}.05")],
)
def test_yuan_for_machines_has_two_decimals_and_no_grouping(fen, text):
    assert model.yuan(fen) == text


@pytest.mark.row("INV-2")
@given(
    gross=st.integers(min_value=1, max_value=10**10),
    rate=RATES,
    cuts=st.lists(st.integers(min_value=1, max_value=10**10), max_size=12),
)
def test_however_a_line_is_taken_back_it_comes_to_nothing_net_and_tax(gross, rate, cuts):
    """Parts in any order and number, and at last the rest: no fen of net or tax is left or too much."""
    line = a_line(gross, 3, rate)
    taken: list[model.Line] = []
    for cut in [*cuts, gross]:
        left = model.less(line, taken)
        fen = min(cut, left.gross_fen)
        if fen == 0:
            break
        red = model.red_line(line, left, fen)
        assert red.gross_fen == -fen
        assert red.amount_fen <= 0 >= red.tax_fen
        taken.append(red)
        after = model.less(line, taken)
        assert after.amount_fen >= 0 <= after.tax_fen
    left = model.less(line, taken)
    assert (left.amount_fen, left.tax_fen) == (0, 0)


@pytest.mark.row("INV-2")
def test_a_whole_line_is_taken_back_with_its_quantity_and_a_part_without():
    line = a_line(20_000, 2)
    whole = model.red_line(line, line, 20_000)
    assert (whole.quantity, whole.amount_fen, whole.tax_fen) == (-2, -18_868, -1_132)
    assert model.unit_price(whole) == model.unit_price(line)
    part = model.red_line(line, line, 1_000)
    assert (part.quantity, part.amount_fen, part.tax_fen) == (0, -943, -57)


@pytest.mark.row("INV-2")
@given(
    lefts=st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=20),
    data=st.data(),
)
def test_an_amount_spread_over_lines_is_that_amount_and_no_line_gives_more_than_it_has(lefts, data):
    whole = sum(lefts)
    if whole == 0:
        return
    amount = data.draw(st.integers(min_value=1, max_value=whole))
    shares = model.spread(amount, lefts)
    assert sum(shares) == amount
    assert all(0 <= share <= left for share, left in zip(shares, lefts, strict=True))


def test_what_nobody_moves_any_more_is_settled():
    assert model.INVOICE.terminal(model.InvoiceStatus.REVERSED)
    assert model.RED_LETTER.terminal(model.InvoiceStatus.ISSUED)
    assert model.InvoiceStatus.PARTLY_REVERSED in model.SETTLED
    for status in model.SETTLED - {model.InvoiceStatus.ISSUED, model.InvoiceStatus.PARTLY_REVERSED}:
        assert not model.INVOICE.verbs(status)
