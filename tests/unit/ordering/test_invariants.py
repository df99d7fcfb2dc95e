"""The invariants of orders and money find what somebody with the database's password breaks."""

from __future__ import annotations

import pytest
from pysqlite3 import dbapi2 as sqlite

from tests.support import parties, worlds


@pytest.fixture
def party(world):
    """A party with an active certificate, in a world where nothing is wrong."""
    found = parties.certified(world, parties.Reviewers.of(world))
    assert parties.violations(world) == {}
    return found


def test_a_badly_ended_order_that_keeps_the_money_is_found(world, party):
    worlds.run_sql(world, "UPDATE certificate_order SET status = 'cancelled'")
    assert parties.violations(world)["a paid order that ended badly is refunded"]


def test_a_second_living_certificate_for_a_platform_is_found(world, party):
    until = "UPDATE certificate_order SET certificate_until = ? WHERE id = ?"
    worlds.run_sql(world, until, 0, party.order_id)
    worlds.clock_of(world).advance(60_000)
    parties.order(world, party)
    worlds.run_sql(
        world,
        "UPDATE certificate_order SET status = 'completed', paid_at = 1, ended_at = created_at,"
        " platform_approved_by = 'a', agency_approved_by = 'b' WHERE id <> ?",
        party.order_id,
    )
    assert parties.violations(world) == {}
    worlds.run_sql(world, until, 1 << 50, party.order_id)
    found = parties.violations(world)
    assert "a holder has one living certificate of a product per platform" in found


@pytest.mark.parametrize(
    "change",
    [
        "paid_at = NULL",
        "platform_approved_by = NULL",
        "agency_approved_by = NULL",
        "agency_approved_by = platform_approved_by",
        "amount_fen = -1",
        "price = NULL",
        "business = 'delegation'",
        "replaces = 'crt_1'",
        "enterprise_id = NULL",
        "status = 'unheard of'",
    ],
)
@pytest.mark.row("CRT-1")
def test_the_schema_itself_refuses_a_completed_order_without_payment_and_two_approvals(
    world, party, change
):
    with pytest.raises(sqlite.IntegrityError):
        worlds.run_sql(world, f"UPDATE certificate_order SET {change}")
