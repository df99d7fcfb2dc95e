"""What joins a binding, and that a broken join is found."""

from __future__ import annotations

import pytest

from engine.kernel import database
from tests.support import binding, parties, worlds


@pytest.fixture
def bound(world):
    """A bound party, in a world where nothing is wrong."""
    party = parties.certified(world, parties.Reviewers.of(world))
    made = binding.bind(world, party)
    assert parties.violations(world) == {}
    return party, made


def test_a_binding_to_another_enterprise_is_found(world, bound):
    party, made = bound
    other = parties.enterprise(world, party.reviewers, number=2, name="新疆昆仑商贸有限公司")
    sql = "UPDATE mall_account SET enterprise_id = ? WHERE id = ?"
    worlds.run_sql(
        world,
        "UPDATE mall_account SET role = 'purchaser' WHERE id = ?",
        party.mall.mall_account_id,
    )
    worlds.run_sql(world, sql, other.enterprise_id, party.mall.mall_account_id)
    assert parties.violations(world) == {"a binding joins one enterprise": [made.id]}


def test_a_living_binding_to_a_revoked_certificate_is_found(world, bound):
    _, made = bound
    worlds.run_sql(world, "UPDATE certificate SET status = 'revoked'")
    assert parties.violations(world)["no binding to a revoked certificate"] == [made.id]


@pytest.mark.row("BND-3")
def test_the_schema_itself_refuses_a_second_living_binding(world, bound):
    again = (
        "INSERT INTO binding SELECT 'bnd_x', mall_account_id, certificate_id, enterprise_id,"
        " account_id, platform_id, entity_id, NULL, 'bound', created_at, bound_at, NULL FROM binding"
    )
    with pytest.raises(database.UniqueViolated):
        worlds.run_sql(world, again)
    assert len(worlds.rows(world, "SELECT id FROM binding")) == 1


def test_a_binding_that_outlives_its_registration_is_found(world, bound):
    _, made = bound
    worlds.run_sql(world, "UPDATE entity SET status = 'rejected'")
    assert parties.violations(world) == {"a binding waits exactly as long as its entity": [made.id]}


def test_an_entity_in_review_without_a_case_is_found(world, bound):
    _, made = bound
    worlds.run_sql(world, "UPDATE entity SET status = 'in_review'")
    found = parties.violations(world)
    assert found["an entity in review has an open case"] == [made.entity_id]
    assert found["a binding waits exactly as long as its entity"] == [made.id]


def test_the_schema_itself_refuses_a_second_living_registration(world, bound):
    again = (
        "INSERT INTO entity SELECT 'ent_x', platform_id, enterprise_id, account_id,"
        " certificate_id, kind, particulars, differs, 'in_review', reasons, created_at, NULL"
        " FROM entity"
    )
    with pytest.raises(database.UniqueViolated):
        worlds.run_sql(world, again)
