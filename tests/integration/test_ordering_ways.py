"""The ways through an order that no platform of the seed takes: one review alone, paid on its other side.

Staff may set a platform up like that at any time (MAL-4); its orders then take these ways of the table.
"""

from __future__ import annotations

from typing import Any

import pytest

from engine.boot import World
from engine.ordering import actions, model
from engine.ordering import queries as orders
from tests.support import fold, malls, ordering, parties, worlds

S = model.OrderStatus


def at_platform(world: World, **rule: Any) -> parties.Party:
    """A party with a fresh order at a platform whose rule for first certificates is this one."""
    payment = rule.pop("payment")
    asked = {"product": "enterprise", "business": "new", "papers": [], **rule}
    malls.put(
        world, "platform", "tianshan", malls.PLATFORM | {"payment": payment, "rules": [asked]}
    )
    party = parties.enterprise(world, parties.Reviewers.of(world), platform_id="tianshan")
    return parties.order(world, party)


def steps(world: World, party: parties.Party) -> list[tuple[str, str]]:
    """What the applicant reads of the order's course: each step and who took it."""
    found = world.engine.ask(orders.detail, party.person, party.order_id)
    return [(step.code, step.who) for step in found.history]


@pytest.mark.row("CRT-1")
@pytest.mark.row("MAL-4")
def test_paid_first_and_reviewed_by_the_ca_alone(any_world):
    world = any_world
    party = at_platform(world, payment="before_review", platform_review=False)
    assert ordering.until_ready(world, party, party.order_id) == [
        S.AWAITING_PAYMENT,
        S.AGENCY_REVIEW,
        S.AWAITING_DOWNLOAD,
    ]
    ready = ordering.order(world, party.order_id)
    assert (ready.platform_approved_by, ready.agency_approved_by) == (
        None,
        party.reviewers.agency.text,
    )
    kinds = worlds.rows(world, "SELECT kind FROM review_case WHERE subject_id = ?", party.order_id)
    assert kinds == [{"kind": "certificate_ca"}]
    party = parties.download(world, party)
    assert ordering.order(world, party.order_id).status is S.COMPLETED
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-5")
def test_what_the_ca_alone_rejects_after_payment_is_given_back(any_world):
    world = any_world
    party = at_platform(world, payment="before_review", platform_review=False)
    parties.pay(world, party)
    parties.reject(world, "certificate_ca", party.order_id, party.reviewers.agency)
    parties.settle(world)
    assert ordering.order(world, party.order_id).status is S.REJECTED
    [payment] = worlds.rows(world, "SELECT status FROM payment")
    assert payment == {"status": "refunded"}
    assert [one for one in steps(world, party) if one[0] == "rejected"] == [("rejected", "agency")]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-1")
@pytest.mark.row("MAL-4")
def test_reviewed_by_the_platform_alone_and_paid_afterwards(any_world):
    world = any_world
    party = at_platform(world, payment="after_review", agency_review=False)
    assert worlds.rows(world, "SELECT id FROM payment") == []
    assert ordering.until_ready(world, party, party.order_id) == [
        S.PLATFORM_REVIEW,
        S.AWAITING_PAYMENT,
        S.AWAITING_DOWNLOAD,
    ]
    assert ("order.payment_wanted", True) not in ordering.messages(world, party.person)
    ready = ordering.order(world, party.order_id)
    assert (ready.platform_approved_by, ready.agency_approved_by) == (
        party.reviewers.platform.text,
        None,
    )
    assert [code for code, _ in steps(world, party)] == ["placed", "approved_by_platform", "paid"]
    party = parties.download(world, party)
    assert ordering.order(world, party.order_id).status is S.COMPLETED
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-5")
def test_an_order_that_the_platform_alone_approved_can_be_left_unpaid_and_taken_back(any_world):
    world = any_world
    party = at_platform(world, payment="after_review", agency_review=False)
    parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    assert ("order.payment_wanted", True) in ordering.messages(world, party.person)
    ordering.perform(world, party, actions.cancel, order_id=party.order_id)
    parties.settle(world)
    [payment] = worlds.rows(world, "SELECT status FROM payment")
    assert payment == {"status": "closed"}
    assert [kind for kind, todo in ordering.messages(world, party.person) if todo] == []
    assert parties.violations(world) == {}
    fold.require(world)
