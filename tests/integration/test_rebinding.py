"""What becomes of a binding when its certificate is renewed, replaced or revoked (BND-3)."""

from __future__ import annotations

import pytest

from engine.binding import model, queries
from engine.issuing import actions as issuing
from engine.kernel import clock
from engine.messaging import queries as messages
from engine.ordering import actions as ordering_actions
from tests.support import binding, fold, ordering, parties, worlds


def bound(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    return party, binding.bind(world, party)


def kinds_told(world, party) -> list[str]:
    return [one.kind for one in world.engine.ask(messages.mine, party.person)]


def renewed(world, party):
    """The party with the certificate that its renewal brought."""
    ends = ordering.certificate(world, party.certificate_id)["not_after"]
    worlds.clock_of(world).set(ends - 60 * clock.DAY)
    placed = ordering.perform(
        world,
        party,
        ordering_actions.renew_certificate,
        certificate_id=party.certificate_id,
        years=1,
    )
    ordering.until_ready(world, party, placed.id)
    return ordering.complete(world, party, placed.id, 7)


@pytest.mark.row("BND-3")
def test_a_renewal_takes_the_binding_along(any_world):
    world = any_world
    party, old = bound(world)
    after = renewed(world, party)
    new = world.engine.ask(queries.mine, party.mall)
    assert (new.certificate_id, new.moved_from, new.entity_id) == (
        after.certificate_id,
        old.id,
        old.entity_id,
    )
    assert "binding.moved" in kinds_told(world, party)
    assert "binding.rebind" not in kinds_told(world, party)
    # The new certificate signs in at once; the old one does not.
    opened = binding.login_qr(world, "guangzheng")
    binding.scan(world, after, opened)
    binding.confirm(world, after, opened)
    assert binding.finish(world, opened).mall_account_id == party.mall.mall_account_id
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("BND-3")
def test_after_a_replacement_the_account_is_bound_anew_without_being_asked_again(world):
    party, _ = bound(world)
    placed = ordering.perform(
        world,
        party,
        ordering_actions.replace_certificate,
        certificate_id=party.certificate_id,
        why="lost_phone",
    )
    ordering.until_ready(world, party, placed.id)
    after = ordering.complete(world, party, placed.id, 7)
    assert world.engine.ask(queries.mine, party.mall) is None
    assert kinds_told(world, party).count("binding.rebind") == 1
    opened = binding.binding_qr(world, after)
    binding.scan(world, after, opened)
    form = world.engine.ask(queries.entity_form, after.person, opened.ticket.id)
    assert form.fields == ()
    made = binding.confirm(world, after, opened, given={})
    assert made.status is model.BindingStatus.BOUND
    assert made.certificate_id == after.certificate_id
    assert parties.violations(world) == {}


@pytest.mark.row("BND-3")
def test_a_certificate_that_is_revoked_takes_a_waiting_binding_with_it(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    opened = binding.binding_qr(world, party)
    binding.scan(world, party, opened)
    found = binding.confirm(
        world, party, opened, given=binding.answers(world, party, contact="王小明")
    )
    assert found.status is model.BindingStatus.IN_REVIEW
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": party.certificate_id, "reason": "keyCompromise"},
        actor=ordering.fresh(world, party.person),
    )
    assert world.engine.ask(queries.course, party.mall).status == "none"
    parties.approve(world, "entity", found.entity_id, party.reviewers.platform)
    assert world.engine.ask(queries.mine, party.mall) is None
    assert "binding.rebind" not in kinds_told(world, party)
    assert parties.violations(world) == {}
