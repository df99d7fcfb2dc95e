"""Net, tax and gross of an invoice agree to the fen, whatever was paid."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.invoicing import model

AMOUNTS = st.integers(min_value=1, max_value=10**13)
RATES = st.sampled_from([0, 1, 3, 5, 6, 9, 13])


def a_line(amount_fen: int, quantity: int) -> model.Line:
    return model.Line(
        order_id="ord_1",
        name="*信息技术服务*数字证书服务费",
        quantity=quantity,
        amount_fen=amount_fen,
        tax_fen=0,
        rate_percent=6,
    )


@given(gross=AMOUNTS, rate=RATES)
def test_net_and_tax_add_up_to_what_was_paid(gross, rate):
    net, tax = model.split_tax(gross, rate)
    assert net + tax == gross
    assert net >= tax >= 0


@given(gross=AMOUNTS, rate=RATES)
def test_the_tax_is_the_rate_of_the_net_to_within_a_fen(gross, rate):
    net, tax = model.split_tax(gross, rate)
    assert abs(tax - Decimal(net) * rate / 100) < 1


@pytest.mark.parametrize(
    ("gross", "rate", "expected"),
    [(20_000, 6, (18_868, 1_132)), (10_600, 6, (10_000, 600)), (1, 13, (1, 0)), (7, 0, (7, 0))],
)
def test_known_amounts(gross, rate, expected):
    assert model.split_tax(gross, rate) == expected


def test_the_unit_price_has_six_decimals_and_is_rounded_half_up():
    assert model.unit_price(a_line(18_868, 3)) == "62.893333"
    assert model.unit_price(a_line(20_000, 3)) == "66.666667"
    assert model.unit_price(a_line(10_000, 1)) == "100.000000"


@pytest.mark.parametrize(
    ("fen", "text"), [(1, "0.01"), (100, "1.00"), (10**13 + 5, f"{10**11}.05")]
)
def test_yuan_for_machines_has_two_decimals_and_no_grouping(fen, text):
    assert model.yuan(fen) == text


def test_an_issued_invoice_stays_as_it_is():
    assert model.INVOICE.terminal(model.InvoiceStatus.ISSUED)
