"""Delegation: a member holds a certificate within the enterprise's own, under their own PIN (ENT-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.boot import tables
from engine.incidents import actions as incidents
from engine.issuing import actions as issuing
from engine.issuing import queries as certificates
from engine.kernel import clock, errors
from engine.kernel.engine import SecondFactorNeeded
from engine.ordering import actions, model, queries
from engine.registration import actions as registration
from engine.registration import queries as people
from engine.staffing.model import Role
from tests.support import fold, key_proofs, ordering, parties, registering, worlds
from tests.support.worlds import SYSTEM

S, YEAR = model.OrderStatus, 365 * clock.DAY


@pytest.fixture
def party(any_world):
    """An administrator whose enterprise has a living certificate."""
    return parties.certified(any_world, parties.Reviewers.of(any_world))


@pytest.fixture
def member(any_world, party):
    """A colleague with a proven name."""
    return ordering.colleague(any_world, party)


def delegate(world, party, member, scope=("contract", "login"), years=1, **more):
    arguments = {
        "certificate_id": party.certificate_id,
        "account_id": member.person.account_id,
        "scope": scope,
        "years": years,
    }
    return ordering.perform(world, party, actions.delegate_certificate, **{**arguments, **more})


def delegated(world, party, member):
    """The member with the certificate that was delegated to them in use."""
    placed = delegate(world, party, member)
    ordering.until_ready(world, party, placed.id)
    with_it = replace(member, order_id=placed.id, person=ordering.fresh(world, member.person))
    return parties.download(world, with_it)


@pytest.mark.row("ENT-3")
@pytest.mark.row("OPS-6")
def test_the_delegate_is_told_that_issuing_is_stopped_and_the_applicant_is_not(
    any_world, party, member
):
    world = any_world
    placed = delegate(world, party, member)
    ordering.until_ready(world, party, placed.id)
    lead, other = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.LEAD)
    given = {"agency_id": placed.agency_id, "reason": "密钥核查"}
    stop = world.engine.perform(incidents.stop_issuing, given, actor=lead)
    parties.settle(world)
    asked = {"stop_id": stop.id, "reason": "核查完成"}
    world.engine.perform(incidents.ask_to_lift, asked, actor=lead)
    world.engine.perform(incidents.lift_stop, {"stop_id": stop.id}, actor=other)
    parties.settle(world)
    for person, heard in ((member.person, 1), (party.person, 0)):
        told = [kind for kind, _ in ordering.messages(world, person)]
        assert (told.count("order.paused"), told.count("order.resumed")) == (heard, heard)


@pytest.mark.row("ENT-3")
@pytest.mark.row("CRT-3")
def test_the_delegate_is_told_downloads_and_sets_their_own_pin(any_world, party, member):
    world = any_world
    worlds.clock_of(world).advance(30 * clock.DAY)
    placed = delegate(world, party, member)
    # Listed in one order, each once, whatever was sent.
    assert placed.scope == ("login", "contract")
    assert (placed.amount_fen, placed.carries_until) == (
        10_000,
        ordering.certificate(world, party.certificate_id)["not_after"],
    )
    assert S.AWAITING_PAPERS in ordering.until_ready(world, party, placed.id)
    assert ("certificate.delegated", True) in ordering.messages(world, member.person)
    assert ("certificate.delegation_ready", False) in ordering.messages(world, party.person)
    # The administrator ordered it and can't take it onto their own phone.
    arguments = key_proofs.request_arguments(placed.id, party.key)
    with pytest.raises(errors.NotFound), worlds.unchanged(world):
        world.engine.perform(
            issuing.request_certificate, arguments, actor=ordering.fresh(world, party.person)
        )
    assert [o.id for o in world.engine.ask(queries.mine, member.person)] == [placed.id]
    after = parties.download(
        world, replace(member, order_id=placed.id, person=ordering.fresh(world, member.person))
    )
    theirs, own = (ordering.certificate(world, one.certificate_id) for one in (after, party))
    assert theirs["account_id"] == member.person.account_id
    assert theirs["delegated_by"] == party.person.account_id
    # Never longer than what it is within.
    assert theirs["not_after"] == own["not_after"] < theirs["not_before"] + YEAR
    assert own["status"] == "active"
    assert ("certificate.delegated", False) in ordering.messages(world, member.person)
    assert [
        c.id for c in world.engine.ask(certificates.mine, member.person) if c.usage == "signing"
    ] == [after.certificate_id]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-3")
def test_what_the_delegate_may_not_do_with_the_order(any_world, party, member):
    placed = delegate(any_world, party, member)
    who = ordering.fresh(any_world, member.person)
    assert any_world.engine.ask(queries.order, who, placed.id).id == placed.id
    for action, more in (
        (actions.cancel, {}),
        (actions.pay, {}),
        (actions.attach_papers, {"papers": ()}),
    ):
        with pytest.raises(errors.NotFound), worlds.unchanged(any_world):
            any_world.engine.perform(action, {"order_id": placed.id, **more}, actor=who)


@pytest.mark.row("ENT-3")
def test_only_an_administrator_delegates_and_only_to_a_member_with_a_proven_name(
    any_world, party, member
):
    world = any_world
    with pytest.raises(people.NotAMember), worlds.unchanged(world):
        delegate(world, replace(party, person=member.person), party)
    with pytest.raises(actions.DelegateUnknown), worlds.unchanged(world):
        delegate(world, party, party)
    stranger = registering.sign_up(world, "13700137000")
    with pytest.raises(actions.DelegateUnknown), worlds.unchanged(world):
        delegate(world, party, replace(member, person=stranger))
    for scope in ((), ("everything",), ("login", "everything")):
        with pytest.raises(actions.ScopeMissing), worlds.unchanged(world):
            delegate(world, party, member, scope=scope)
    with pytest.raises(actions.NotOffered), worlds.unchanged(world):
        delegate(world, party, member, years=2)
    with pytest.raises(errors.NotFound), worlds.unchanged(world):
        delegate(world, party, member, certificate_id="crt_none")


@pytest.mark.row("ENT-3")
@pytest.mark.row("S-AUTH-3")
def test_delegating_asks_for_a_fresh_code(any_world, party, member):
    stale = replace(party.person, second_factor_at=worlds.clock_of(any_world).now_ms())
    worlds.clock_of(any_world).advance(5 * clock.MINUTE)
    arguments = {
        "certificate_id": party.certificate_id,
        "account_id": member.person.account_id,
        "scope": ("login",),
        "years": 1,
    }
    with pytest.raises(SecondFactorNeeded):
        any_world.engine.perform(actions.delegate_certificate, arguments, actor=stale)
    assert (
        worlds.rows(any_world, "SELECT id FROM certificate_order WHERE business = 'delegation'")
        == []
    )


@pytest.mark.row("ENT-3")
def test_a_member_without_a_proven_name_proves_it_first(any_world, party, member):
    account_id = member.person.account_id
    worlds.run_sql(any_world, "UPDATE account SET real_name_at = NULL WHERE id = ?", account_id)
    with pytest.raises(actions.DelegateNotRealNamed), worlds.unchanged(any_world):
        delegate(any_world, party, member)


@pytest.mark.row("ENT-3")
def test_a_delegated_certificate_is_neither_delegated_nor_renewed_on(any_world, party, member):
    world = any_world
    after = delegated(world, party, member)
    third = ordering.colleague(world, party, phone="13700137000", sequence="036", name="李小红")
    with pytest.raises(actions.OfDelegate), worlds.unchanged(world):
        delegate(world, party, third, certificate_id=after.certificate_id)
    for action, more in (
        (actions.renew_certificate, {"years": 1}),
        (actions.replace_certificate, {"why": "lost_phone"}),
        (actions.change_certificate, {}),
    ):
        with pytest.raises(actions.OfDelegate), worlds.unchanged(world):
            ordering.perform(world, member, action, certificate_id=after.certificate_id, **more)
    # One for a member, and another one for another member.
    with pytest.raises(actions.DelegateHolds), worlds.unchanged(world):
        delegate(world, party, member)
    assert delegate(world, party, third).status is S.AWAITING_PAYMENT


@pytest.mark.row("ENT-3")
def test_it_ends_with_what_it_is_within_but_not_when_that_is_renewed(any_world, party, member):
    world = any_world
    after = delegated(world, party, member)
    worlds.clock_of(world).set(
        ordering.certificate(world, party.certificate_id)["not_after"] - clock.DAY
    )
    renewed = ordering.perform(
        world, party, actions.renew_certificate, certificate_id=party.certificate_id, years=1
    )
    new = ordering.complete(world, party, renewed.id, 7)
    assert ordering.certificate(world, after.certificate_id)["status"] == "active"
    assert ordering.certificate(world, new.certificate_id)["status"] == "active"


@pytest.mark.row("ENT-3")
def test_revoking_the_enterprises_own_ends_delegations_made_and_ordered(any_world, party, member):
    world = any_world
    after = delegated(world, party, member)
    third = ordering.colleague(world, party, phone="13700137000", sequence="036", name="李小红")
    running = delegate(world, party, third)
    parties.pay(
        world, replace(party, order_id=running.id, person=ordering.fresh(world, party.person))
    )
    ordering.perform(
        world,
        party,
        issuing.revoke,
        certificate_id=party.certificate_id,
        reason="cessationOfOperation",
    )
    theirs = ordering.certificate(world, after.certificate_id)
    assert (theirs["status"], theirs["revocation_reason"]) == ("revoked", "privilegeWithdrawn")
    assert ordering.order(world, running.id).status is S.CANCELLED
    assert ("order.taken_back", False) in ordering.messages(world, party.person)
    parties.settle(world)
    paid = worlds.rows(world, "SELECT status FROM payment WHERE order_id = ?", running.id)
    assert paid == [{"status": "refunded"}]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-3")
def test_it_ends_when_its_delegate_leaves(any_world, party, member):
    world = any_world
    placed = delegate(world, party, member)
    ordering.until_ready(world, party, placed.id)
    ordering.perform(
        world,
        party,
        registration.remove_member,
        membership_id=ordering.membership_id(world, member),
    )
    assert ordering.order(world, placed.id).status is S.CANCELLED
    arguments = key_proofs.request_arguments(placed.id, member.key)
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        world.engine.perform(
            issuing.request_certificate, arguments, actor=ordering.fresh(world, member.person)
        )
    parties.settle(world)
    assert parties.violations(world) == {}


@pytest.mark.row("ENT-3")
def test_the_administrator_takes_an_open_delegation_back_and_the_delegate_is_told(
    any_world, party, member
):
    placed = delegate(any_world, party, member)
    ordering.until_ready(any_world, party, placed.id)
    ordering.perform(any_world, party, actions.cancel, order_id=placed.id)
    told = ordering.messages(any_world, member.person)
    assert ("certificate.delegation_withdrawn", False) in told
    assert ("certificate.delegated", False) in told


@pytest.mark.row("ENT-3")
def test_reviewers_see_whose_it_is_and_what_for_with_names_masked(any_world, party, member):
    placed = delegate(any_world, party, member)
    sheet = any_world.engine.ask(tables.SHEETS["certificate_platform"], SYSTEM, placed.id)
    values = {field.name: field.value for field in sheet.fields}
    assert values["business"].zh == "授权"
    assert values["scope"].zh == "扫码登录、合同签署"
    assert "王小明" not in str(values["delegate"])
    assert (
        values["earlier_serial"]
        == ordering.certificate(any_world, party.certificate_id)["serial_hex"]
    )
    assert {check.label: check.ok for check in sheet.checks}[
        "The delegate belongs to the enterprise"
    ]
