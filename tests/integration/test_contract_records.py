"""Staff find a contract by its number and read everything that its parties did."""

from __future__ import annotations

import pytest

from engine.records import queries as records
from engine.signing import actions
from engine.staffing.model import Role
from tests.support import trading, worlds


@pytest.mark.row("OPS-6")
def test_a_contract_is_found_with_its_parties_seals_and_whole_history(any_world):
    world = any_world
    deal = trading.trade(world)
    contract = trading.draft(world, deal)
    given = {"contract_id": contract.id}
    world.engine.perform(actions.read, given, actor=deal.supplier.mall)
    trading.sign(world, deal.purchaser, contract.id)
    decline = {**given, "opinion": "联系李四再议"}
    world.engine.perform(actions.decline, decline, actor=deal.supplier.mall)
    staff = worlds.staff(world, Role.LEAD)
    (hit,) = [
        one
        for one in world.engine.ask(records.find, staff, contract.number)
        if one.kind == "contract"
    ]
    assert hit.id == contract.id
    links = world.engine.ask(records.record, staff, hit.id).linked
    assert [one.kind for one in links] == ["enterprise", "enterprise", "seal", "certificate"]
    assert {one.title for one in links[:2]} == {deal.purchaser.name, deal.supplier.name}
    entries = world.engine.ask(records.history, staff, hit.id).entries[::-1]
    kinds = [one.kind for one in entries]
    for kind in ("contract.created", "party.asked", "party.read", "signature.completed"):
        assert kind in kinds
    assert kinds.index("party.declined") < kinds.index("contract.declined")
    assert "李四" not in repr(entries)
