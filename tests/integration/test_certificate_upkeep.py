"""What an older world left undone: reminders of certificates' ends, tries at PINs that have ended."""

from __future__ import annotations

import pytest

from engine import worker
from engine.issuing import actions as issuing
from engine.kernel import actors, clock, errors
from tests.support import covering, key_proofs, ordering, parties, worlds


@pytest.fixture
def party(any_world):
    return parties.certified(any_world, parties.Reviewers.of(any_world))


def reminders(world):
    sql = "SELECT subject, due_at FROM job WHERE kind = 'remind_of_expiry' ORDER BY due_at"
    return [(row["subject"], row["due_at"]) for row in worlds.rows(world, sql)]


def of_before(world):
    """As a world was that took its certificates into use before there were reminders."""
    worlds.run_sql(world, "DELETE FROM job WHERE kind = 'remind_of_expiry'")


@pytest.mark.row("CRT-3")
def test_certificates_from_before_there_were_reminders_are_told_of_their_end(any_world, party):
    world = any_world
    ordered = reminders(world)
    of_before(world)
    assert world.look_after() == 1
    # As if it had always been there, and once, however often it is looked after.
    assert reminders(world) == ordered
    for _ in range(3):
        assert world.look_after() == 0
    assert reminders(world) == ordered
    ends = ordering.certificate(world, party.certificate_id)["not_after"]
    worlds.clock_of(world).set(ends - 30 * clock.DAY)
    worker.tick(world, owner="test")
    told = [kind for kind, _ in ordering.messages(world, party.person)]
    assert "certificate.ends_soon" in told
    worlds.clock_of(world).set(ends)
    worker.tick(world, owner="test")
    told = [kind for kind, _ in ordering.messages(world, party.person)]
    assert "certificate.has_expired" in told
    assert world.look_after() == 0


@pytest.mark.row("CRT-3")
def test_late_in_its_term_only_what_is_still_to_come_is_told(any_world, party):
    world = any_world
    of_before(world)
    ends = ordering.certificate(world, party.certificate_id)["not_after"]
    worlds.clock_of(world).set(ends - 20 * clock.DAY)
    world.look_after()
    assert [due for _, due in reminders(world)] == [ends - 7 * clock.DAY]


@pytest.mark.row("CRT-3")
def test_of_what_has_ended_or_is_for_one_act_nobody_is_told(any_world, party):
    world = any_world
    covering.event(world, party, "login")
    arguments = {"certificate_id": party.certificate_id, "reason": "cessationOfOperation"}
    who = ordering.fresh(world, party.person)
    world.engine.perform(issuing.revoke, arguments, actor=who)
    of_before(world)
    assert world.look_after() == 0
    assert reminders(world) == []


@pytest.mark.row("CRT-4")
def test_tries_at_a_pin_go_with_their_certificate_and_not_before(any_world, party):
    world = any_world
    key_proofs.open_try(world, party.person, party.certificate_id)
    worlds.clock_of(world).advance(90 * clock.DAY)
    world.look_after()
    # Its nonce is kept: what was recorded of a try is worth nothing, however old.
    assert len(worlds.rows(world, "SELECT id FROM pin_try")) == 2
    arguments = {"certificate_id": party.certificate_id, "reason": "cessationOfOperation"}
    who = ordering.fresh(world, party.person)
    world.engine.perform(issuing.revoke, arguments, actor=who)
    world.look_after()
    assert worlds.rows(world, "SELECT id FROM pin_try") == []


def test_only_the_platform_itself_looks_after_them(any_world, party):
    for actor in (party.person, party.mall, party.reviewers.agency):
        with pytest.raises(errors.NotPermitted), worlds.unchanged(any_world):
            any_world.engine.perform(issuing.look_after_certificates, {}, actor=actor)
    system = actors.System(job="look_after_certificates")
    assert any_world.engine.perform(issuing.look_after_certificates, {}, actor=system) == 0
