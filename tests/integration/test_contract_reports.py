"""Reports on contracts: where they stand, and how long each party takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.kernel import clock
from engine.reports import catalog, snapshot
from engine.signing import actions
from tests.support import parties as people
from tests.support import trading, worlds


def asker(world, tmp_path):
    def ask(name):
        snapshot.refresh(world.engine, tmp_path)
        with snapshot.open_copy(snapshot.newest(tmp_path)) as copy:
            answer = catalog.ask(copy, catalog.load(name), to_ms=world.engine.now() + 1)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    return ask


@pytest.mark.row("SGN-5")
def test_contracts_are_counted_by_where_they_stand_and_parties_by_how_long_they_take(
    world, tmp_path
):
    deal = trading.trade(world)
    ask, clocks = asker(world, tmp_path), worlds.clock_of(world)

    def made(number, **more):
        given = {
            "purchase_order_id": deal.purchase_order.id,
            "terms": replace(trading.TERMS, number=number),
            **more,
        }
        return world.engine.perform(actions.create_contract, given, actor=deal.purchaser.mall)

    def act(party, name, contract, **given):
        given["contract_id"] = contract.id
        return world.engine.perform(getattr(actions, name), given, actor=party.mall)

    passed, declined, withdrawn = made("A"), made("B"), made("C")
    made("D", sign_by=world.engine.now() + clock.DAY)
    made("E")
    clocks.advance(2 * clock.HOUR)
    trading.sign(world, deal.purchaser, passed.id)
    clocks.advance(2 * clock.HOUR)
    trading.sign(world, deal.supplier, passed.id)
    act(deal.purchaser, "submit", passed)
    people.approve(world, "contract", passed.id, deal.reviewers.contract)
    act(deal.supplier, "decline", declined, opinion="价格有误")
    act(deal.purchaser, "withdraw", withdrawn, reason="重复")
    clocks.advance(2 * clock.DAY)
    rows = ask("contracts")
    assert {row["outcome"]: row["contracts"] for row in rows} == {
        "passed": 1,
        "declined": 1,
        "withdrawn": 1,
        "overdue": 1,
        "being_signed": 1,
    }
    assert next(row for row in rows if row["outcome"] == "passed")["signed_p50_h"] == 4.0
    found = {(row["role"], row["outcome"]): row for row in ask("contract_parties")}
    assert {key: row["asked"] for key, row in found.items()} == {
        ("purchaser", "signed"): 1,
        ("purchaser", "ended"): 2,
        ("purchaser", "overdue"): 1,
        ("purchaser", "waiting"): 1,
        ("supplier", "signed"): 1,
        ("supplier", "declined"): 1,
        ("supplier", "ended"): 1,
        ("supplier", "overdue"): 1,
        ("supplier", "waiting"): 1,
    }
    assert found["purchaser", "signed"]["signed_p50_h"] == 2.0
    assert found["supplier", "signed"]["signed_p50_h"] == 4.0
    assert found["purchaser", "overdue"]["were_read"] == 1
    assert found["supplier", "overdue"]["were_read"] == 0
