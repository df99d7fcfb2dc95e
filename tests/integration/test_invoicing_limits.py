"""An invoice is never for more than was paid and not given back, however often it is asked for at once."""

from __future__ import annotations

import collections
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import worker
from engine.invoicing import actions
from engine.kernel import errors
from tests.support import fold, invoicing, parties, worlds


def attempt(world, party) -> str:
    """Apply for the invoice of the party's order; what came of it."""
    arguments = {"order_ids": (party.order_id,), "kind": "ordinary"}
    try:
        world.engine.perform(actions.apply_for_invoice, arguments, actor=party.person)
    except errors.EngineError as refused:
        return type(refused).__name__
    return "applied"


@pytest.mark.row("S-PAY-5")
def test_of_fifty_requests_at_once_one_invoice_comes(any_world, count):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    with ThreadPoolExecutor(8) as pool:
        came = collections.Counter(pool.map(lambda _: attempt(world, party), range(count(50, 50))))
    assert came == {"applied": 1, "OrderInvoiced": 49}
    worker.run_due(world)
    [invoice] = worlds.rows(world, "SELECT total_fen, status FROM invoice")
    assert invoice == {"total_fen": 20_000, "status": "issued"}
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("S-PAY-5")
@pytest.mark.row("INV-1")
def test_of_an_order_of_which_a_part_went_back_the_rest_is_invoiced(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    invoicing.give_back(world, party, 1_000)
    ticked = invoicing.candidate(world, party)
    assert (ticked.refused, ticked.left_fen, ticked.refunded_fen) == ("", 19_000, 1_000)
    issued = invoicing.issued(world, party)
    assert issued.total_fen == 19_000
    assert invoicing.reds(world, issued.id) == []
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("S-PAY-5")
@pytest.mark.row("INV-1")
def test_fifty_requests_over_several_orders_at_once_never_invoice_one_twice(any_world, count):
    """Every request ticks two of three orders: whichever is first, no order is in two invoices."""
    world = any_world
    party, order_ids = invoicing.several(world, 3)
    pairs = [(order_ids[i % 3], order_ids[(i + 1) % 3]) for i in range(3)]

    def attempt(number: int) -> None:
        invoicing.apply(world, party, order_kind="information", order_ids=pairs[number % 3])

    came = invoicing.at_once(world, count(50, 50), attempt)
    assert came == {"done": 1, "OrderInvoiced": 49}
    rows = worlds.rows(
        world, "SELECT order_id, SUM(gross_fen) AS fen FROM invoiced_order GROUP BY order_id"
    )
    assert [row["fen"] for row in rows] == [3_900, 3_900]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("S-PAY-5")
@pytest.mark.row("INV-2")
def test_fifty_red_letters_at_once_take_no_more_back_than_there_is(any_world, count):
    """Each asks for a third; one is in review at a time, and together they take the whole at most."""
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    issued = invoicing.issued(world, party)

    def attempt(_: int) -> None:
        given = {"invoice_id": issued.id, "reason": "04", "amount_fen": 7_000}
        world.engine.perform(actions.ask_red_letter, given, actor=party.person)

    assert invoicing.at_once(world, count(50, 50), attempt) == {"done": 1, "RedPending": 49}
    for left in (13_000, 6_000):
        [red] = [r for r in invoicing.reds(world, issued.id) if r["status"] == "in_review"]
        invoicing.approve(world, "red_letter", red["id"])
        invoicing.run(world)
        assert invoicing.shown(world, party, issued.id).reversed_fen == 20_000 - left
        if left > 7_000:
            attempt(0)
    with worlds.unchanged(world), pytest.raises(actions.RedTooMuch):
        attempt(0)
    assert parties.violations(world) == {}
    fold.require(world)
