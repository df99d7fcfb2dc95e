"""Rejected delegations, replacements and changes come back to their form, at the field (OPS-1, ENT-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.boot import tables
from engine.kernel import paging
from engine.messaging import queries as messages
from engine.ordering import actions, model, queries
from engine.reviewing import queries as cases
from tests.integration.test_corrections import reject, todo
from tests.support import covering, ordering, parties
from tests.support.worlds import SYSTEM

S = model.OrderStatus


@pytest.fixture
def party(any_world):
    return parties.certified(any_world, parties.Reviewers.of(any_world))


def offered(world, order_id, kind="certificate_platform"):
    """What the reviewer can reject this very case with."""
    with world.engine.reader(SYSTEM) as q:
        return set(cases.reasons_on(q, kind, tables.SHEETS[kind](q, order_id)))


def handed_in(world, party, placed):
    """The order paid for, its papers before the platform."""
    mine = replace(party, order_id=placed.id, person=ordering.fresh(world, party.person))
    parties.pay(world, mine)
    ordering.hand_in(world, replace(mine, person=ordering.fresh(world, party.person)))
    assert ordering.order(world, placed.id).status is S.PLATFORM_REVIEW
    return mine


@pytest.mark.row("ENT-3")
@pytest.mark.row("OPS-1")
@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("power_of_attorney_missing_stamp", "power_of_attorney"),
        ("delegated_scope_too_wide", "scope"),
        ("delegate_not_of_enterprise", "delegate"),
    ],
)
def test_a_rejected_delegation_opens_at_its_field_is_corrected_and_approved(
    any_world, party, reason, field
):
    world = any_world
    member = ordering.colleague(world, party)
    placed = covering.order(world, party, member, "login", "contract")
    handed_in(world, party, placed)
    assert reason in offered(world, placed.id)
    # No reason speaks of a paper that this order does not have.
    assert not {"authorization_expired", "replacement_application_unclear"} & offered(
        world, placed.id
    )
    reject(world, "certificate_platform", placed.id, party.reviewers.platform, reason)
    assert todo(world, party.person, "order.rejected").link == f"apply/{placed.id}/{field}"
    [told] = world.engine.ask(queries.rejection, party.person, placed.id)
    assert (told.code, told.field) == (reason, field)
    # What the form is filled with again: the certificate, the member, the acts.
    before = world.engine.ask(queries.order, party.person, placed.id)
    assert (before.business, before.replaces) == ("delegation", party.certificate_id)
    assert before.delegate_account_id == member.person.account_id
    assert before.scope == ("login", "contract")
    again = covering.order(world, party, member, "login")
    [told] = world.engine.ask(queries.to_correct, party.person, again.id)
    assert told.field == field
    ordering.until_ready(world, party, again.id)
    with_it = replace(member, order_id=again.id, person=ordering.fresh(world, member.person))
    assert parties.download(world, with_it).certificate_id
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-3")
@pytest.mark.row("OPS-1")
def test_a_rejected_replacement_comes_back_for_its_paper_and_for_its_reason(any_world, party):
    world = any_world
    for reason, field in (
        ("replacement_application_missing_stamp", "replacement_application"),
        ("replacement_reason_differs", "why"),
    ):
        placed = ordering.perform(
            world,
            party,
            actions.replace_certificate,
            certificate_id=party.certificate_id,
            why="lost_phone",
        )
        handed_in(world, party, placed)
        assert "power_of_attorney_unclear" not in offered(world, placed.id)
        assert reason in offered(world, placed.id)
        reject(world, "certificate_platform", placed.id, party.reviewers.platform, reason)
        assert f"apply/{placed.id}/{field}" in [
            one.link for one in messages_of(world, party.person)
        ]


def messages_of(world, person):
    return world.engine.ask(messages.mine, person, window=paging.Window(limit=100))
