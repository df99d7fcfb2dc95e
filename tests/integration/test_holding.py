"""Holds and ends of certificates: by whom, for what reason, and who may lift what (CRT-3, ENT-3)."""

from __future__ import annotations

import pytest

from engine.issuing import actions, model, queries
from engine.kernel import clock, errors
from engine.messaging import queries as messages
from engine.policies import model as policies
from engine.staffing.model import Role
from tests.support import fold, pairing, parties, registering, worlds
from tests.support.worlds import SYSTEM

S = model.CertificateStatus


@pytest.fixture
def found(world):
    """A complete pair."""
    return pairing.complete(world, scheme="seeded_ec")


def act(world, action, found, actor=None, **more):
    """Something done with a pair."""
    arguments = {"certificate_id": found.signing, **more}
    return world.engine.perform(action, arguments, actor=actor or found.party.person)


def agency(world):
    """A member of the CA's staff."""
    return worlds.staff(world, Role.AGENCY_REVIEWER)


def prove_again(world, found):
    """The holder proves their real name anew."""
    number = registering.resident_id(sequence="002")
    registering.prove(world, found.party.person, number)


@pytest.mark.row("CRT-3")
def test_a_holder_puts_a_certificate_on_hold_and_lifts_it_after_a_fresh_proof(any_world):
    world = any_world
    found = pairing.complete(world, scheme="seeded_ec")
    held = act(world, actions.suspend, found)
    assert (held.status, held.held_by) == (S.SUSPENDED, model.Holder.HOLDER)
    answer = world.engine.ask(
        queries.status_for_ocsp, SYSTEM, agency_id="dongfang", serial=int(held.serial_hex, 16)
    )
    assert answer == ("revoked", held.revoked_at, "certificateHold")
    with pytest.raises(actions.NameNotProvedAnew), worlds.unchanged(world):
        act(world, actions.resume, found)
    worlds.clock_of(world).advance(clock.MINUTE)
    prove_again(world, found)
    free = act(world, actions.resume, found)
    assert (free.status, free.held_by, free.revoked_at) == (S.ACTIVE, None, None)
    assert worlds.kinds(world)[-2:] == ["certificate.resumed", "message.sent"]
    assert parties.violations(world) == {}
    assert not fold.differences(world)


def test_a_proof_lifts_a_hold_for_some_minutes_and_no_longer(world, found):
    act(world, actions.suspend, found)
    worlds.clock_of(world).advance(clock.MINUTE)
    prove_again(world, found)
    minutes = world.engine.ask(lambda q: q.policy(policies.RevocationRules).resume_minutes, SYSTEM)
    worlds.clock_of(world).advance(minutes * clock.MINUTE)
    with pytest.raises(actions.NameNotProvedAnew), worlds.unchanged(world):
        act(world, actions.resume, found)


@pytest.mark.row("CRT-3")
def test_what_staff_put_on_hold_the_holder_cannot_lift(world, found):
    staff = agency(world)
    act(world, actions.suspend, found, actor=staff)
    worlds.clock_of(world).advance(clock.MINUTE)
    prove_again(world, found)
    with pytest.raises(actions.HeldByStaff), worlds.unchanged(world):
        act(world, actions.resume, found)
    assert act(world, actions.resume, found, actor=staff).status is S.ACTIVE


def test_staff_take_a_holders_hold_over(world, found):
    act(world, actions.suspend, found)
    taken = act(world, actions.suspend, found, actor=agency(world))
    assert (taken.status, taken.held_by) == (S.SUSPENDED, model.Holder.STAFF)
    assert worlds.kinds(world)[-1] == "certificate.hold_taken_over"
    worlds.clock_of(world).advance(clock.MINUTE)
    prove_again(world, found)
    with pytest.raises(actions.HeldByStaff):
        act(world, actions.resume, found)


def test_a_hold_is_put_on_once_and_lifted_once(world, found):
    act(world, actions.suspend, found)
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        act(world, actions.suspend, found)
    staff = agency(world)
    act(world, actions.resume, found, actor=staff)
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        act(world, actions.resume, found, actor=staff)


def test_nobody_else_holds_or_lifts(world, found):
    stranger = registering.sign_up(world, "13900139000")
    for actor, refusal in (
        (stranger, errors.NotFound),
        (found.party.mall, errors.NotPermitted),
        (worlds.staff(world, Role.SEAL_REVIEWER), errors.EngineError),
    ):
        for action in (actions.suspend, actions.resume):
            with pytest.raises(refusal), worlds.unchanged(world):
                act(world, action, found, actor=actor)


@pytest.mark.row("CRT-3")
def test_the_reasons_to_revoke_are_those_that_the_rules_offer(world, found):
    rules = world.engine.ask(lambda q: q.policy(policies.RevocationRules), SYSTEM)
    holder = found.party.person
    assert world.engine.ask(queries.revocation_reasons, holder) == rules.holder
    staff = agency(world)
    assert world.engine.ask(queries.revocation_reasons, staff) == rules.staff
    refused = {"superseded", "cACompromise", "certificateHold", "privilegeWithdrawn", "", "other"}
    for reason in sorted(refused - set(rules.holder)):
        with pytest.raises(actions.ReasonInvalid), worlds.unchanged(world):
            act(world, actions.revoke, found, reason=reason)
    ended = act(world, actions.revoke, found, reason=rules.holder[0])
    assert (ended.status, ended.revocation_reason) == (S.REVOKED, rules.holder[0])


def test_a_held_pair_can_be_revoked_and_then_stays_so(world, found):
    act(world, actions.suspend, found)
    ended = act(world, actions.revoke, found, reason="keyCompromise")
    assert (ended.status, ended.held_by) == (S.REVOKED, None)
    prove_again(world, found)
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        act(world, actions.resume, found)


def test_the_holder_is_told_of_each(world, found):
    staff = agency(world)
    act(world, actions.suspend, found, actor=staff)
    act(world, actions.resume, found, actor=staff)
    act(world, actions.revoke, found, actor=staff, reason="affiliationChanged")
    told = [one.kind for one in world.engine.ask(messages.mine, found.party.person)]
    wanted = {"certificate.revoked", "certificate.resumed", "certificate.suspended"}
    # One message for a pair, not one for each of the two.
    assert sorted(kind for kind in told if kind in wanted) == sorted(wanted)


@pytest.mark.row("ENT-3")
def test_what_was_not_delegated_is_not_withdrawn(world, found):
    with pytest.raises(actions.NotDelegated), worlds.unchanged(world):
        act(world, actions.withdraw_delegation, found)
    stranger = registering.sign_up(world, "13900139000")
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        act(world, actions.withdraw_delegation, found, actor=stranger)
