"""An invoice is never for more than was paid and not given back, however often it is asked for at once."""

from __future__ import annotations

import collections
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import worker
from engine.invoicing import actions, queries
from engine.kernel import errors, ports
from engine.ordering import actions as ordering
from engine.ordering import model
from engine.staffing.model import Role
from tests.support import fold, moneys, parties, worlds


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
def test_an_order_of_which_a_part_went_back_is_not_invoiced_as_if_it_were_whole(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    payment = moneys.payment_of(world, party)
    given = ports.Payback(
        refund_no="rfd_theirs",
        payment_id=payment.id,
        trade_no=payment.trade_no,
        amount_fen=1_000,
    )
    world.ports.payment.refund(given)
    parties.settle(world)
    [case] = moneys.cases(world, kind="refund_unasked")
    settled = {"case_id": case["id"], "resolution": model.Resolution.ACCEPT, "note": "已核对"}
    finance = worlds.staff(world, Role.FINANCE)
    world.engine.perform(ordering.settle_case, settled, actor=finance)
    with worlds.unchanged(world):
        assert attempt(world, party) == "OrderPartlyRefunded"
    [candidate] = world.engine.ask(queries.candidates, party.person)
    assert candidate.refused == "invoice.partly_refunded"
    assert parties.violations(world) == {}
