"""The stop of issuing: one sets it at once, two lift it, and nothing is issued in between (OPS-6)."""

from __future__ import annotations

import pytest

from engine.http import routes
from engine.incidents import actions, model, queries
from engine.issuing import actions as issuing
from engine.issuing import model as certificates
from engine.issuing import queries as issued
from engine.kernel import clock, ports
from engine.ordering import actions as ordering
from engine.ordering import queries as orders
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import certifying, fold, parties, worlds
from tests.support.worlds import SYSTEM

C = certificates.CertificateStatus


@pytest.fixture
def officers(any_world):
    """Two who handle incidents."""
    return worlds.staff(any_world, Role.LEAD), worlds.staff(any_world, Role.AGENCY_REVIEWER)


def stop(world, who, agency_id="dongfang", **more):
    """Issuing is stopped."""
    given = {"agency_id": agency_id, "reason": "密钥核查", **more}
    return world.engine.perform(actions.stop_issuing, given, actor=who)


def lift(world, found, asks, agrees):
    """Two people let it go on."""
    given = {"stop_id": found.id, "reason": "核查完成"}
    world.engine.perform(actions.ask_to_lift, given, actor=asks)
    return world.engine.perform(actions.lift_stop, {"stop_id": found.id}, actor=agrees)


def status(world, certificate_id):
    """Where a certificate stands."""
    return world.engine.ask(issued.certificate, SYSTEM, certificate_id).status


@pytest.mark.row("OPS-6")
def test_what_was_asked_for_waits_and_is_issued_once_the_stop_is_lifted(any_world, officers):
    world = any_world
    party = certifying.approved(world, parties.Reviewers.of(world))
    asked = certifying.request(world, party)
    found = stop(world, officers[0])
    # Far longer than the job would be tried.
    for _ in range(3):
        parties.settle(world)
        worlds.clock_of(world).advance(clock.DAY)
    assert status(world, asked.id) is C.REQUESTED
    assert parties.violations(world) == {}
    lift(world, found, *officers)
    parties.settle(world, rounds=1)
    assert status(world, asked.id) is C.ISSUED
    kinds = worlds.kinds(world)
    assert kinds.index("issuing.lifted") < kinds.index("certificate.issued")
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("OPS-6")
def test_nothing_that_would_lead_to_a_certificate_is_begun_and_what_there_is_goes_on(
    any_world, officers
):
    world = any_world
    reviewers = parties.Reviewers.of(world)
    certified = parties.certified(world, reviewers)
    ready = certifying.approved(world, reviewers, number=2, name="哈密瓜果贸易有限公司")
    other = parties.enterprise(world, reviewers, number=3, name="伊犁河谷农业有限公司")
    found = stop(world, officers[0])
    offered = {"platform_id": "guangzheng", "product": "enterprise"}
    told = world.engine.ask(orders.offers, other.person, **offered)
    assert "dongfang" not in {one.agency_id for one in told.offers}
    assert [one.why.en for one in told.lacking if one.agency_id == "dongfang"] == [
        "This CA is not issuing for now"
    ]
    with worlds.unchanged(world), pytest.raises(queries.IssuingStopped):
        parties.order(world, other)
    with worlds.unchanged(world), pytest.raises(queries.IssuingStopped):
        certifying.request(world, ready)
    # What was issued is revoked, held and told of as ever.
    act = {"certificate_id": certified.certificate_id}
    world.engine.perform(issuing.suspend, act, actor=reviewers.agency)
    world.engine.perform(issuing.resume, act, actor=reviewers.agency)
    assert status(world, certified.certificate_id) is C.ACTIVE
    lift(world, found, *officers)
    assert certifying.request(world, ready).status is C.REQUESTED
    assert parties.order(world, other).order_id


@pytest.mark.row("OPS-6")
def test_no_money_is_taken_for_what_cannot_be_issued(any_world, officers):
    world = any_world
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    parties.settle(world, rounds=1)
    found = stop(world, officers[0], model.ALL)
    with worlds.unchanged(world), pytest.raises(queries.IssuingStopped):
        world.engine.perform(ordering.pay, {"order_id": party.order_id}, actor=party.person)
    lift(world, found, *officers)
    parties.pay(world, party)


@pytest.mark.row("OPS-6")
def test_what_was_signed_in_the_same_instant_is_put_aside_and_comes_out_the_same(
    any_world, officers
):
    """The CA had signed when the stop came: that is not recorded, and afterwards the same bytes are."""
    world = any_world
    party = certifying.approved(world, parties.Reviewers.of(world))
    asked = certifying.request(world, party)
    signed = world.ports.agencies[asked.agency_id].issue(
        ports.CertificateRequest(
            serial=int(asked.serial_hex, 16),
            profile=asked.profile,
            applicant=world.engine.ask(issued.applicant, SYSTEM, asked),
            public_key=asked.public_key,
            not_before=asked.not_before,
            not_after=asked.not_after,
        )
    )
    found = stop(world, officers[0])
    late = {"certificate_id": asked.id, "der": signed}
    assert world.engine.perform(issuing.record_issuance, late, actor=SYSTEM).status is C.REQUESTED
    together = {"signed": {asked.id: signed}}
    assert world.engine.perform(issuing.record_issuances, together, actor=SYSTEM) == ()
    lift(world, found, *officers)
    parties.settle(world, rounds=1)
    assert world.engine.ask(issued.certificate, SYSTEM, asked.id).der == signed
    assert parties.violations(world) == {}


@pytest.mark.row("OPS-6")
@pytest.mark.row("OPS-3")
def test_one_stops_and_two_lift(any_world, officers):
    world = any_world
    one, other = officers
    found = stop(world, one)
    with worlds.unchanged(world), pytest.raises(actions.StoppedAlready):
        stop(world, other)
    given = {"stop_id": found.id, "reason": "核查完成"}
    world.engine.perform(actions.ask_to_lift, given, actor=one)
    with worlds.unchanged(world), pytest.raises(actions.AskedYourself):
        world.engine.perform(actions.lift_stop, {"stop_id": found.id}, actor=one)
    # Asked for is not lifted.
    assert world.engine.ask(queries.stopped, SYSTEM, "dongfang") is not None
    world.engine.perform(actions.refuse_lift, {"stop_id": found.id}, actor=other)
    assert world.engine.ask(queries.stops, one)[0].status is model.StopStatus.IN_FORCE
    lifted = lift(world, found, other, one)
    assert (lifted.asked_by, lifted.lifted_by) == (other.text, one.text)
    assert world.engine.ask(queries.stopped, SYSTEM, "dongfang") is None
    assert [one.id for one in world.engine.ask(queries.past_stops, one)] == [found.id]


@pytest.mark.row("OPS-6")
def test_a_stop_is_of_one_agency_or_of_all_and_who_may_set_it_is_scoped(any_world, officers):
    world = any_world
    lead, _ = officers
    nanfang = worlds.staff(world, Role.AGENCY_REVIEWER, scope_kind="agency", scope_id="nanfang")
    for agency_id in ("dongfang", model.ALL):
        with worlds.unchanged(world), pytest.raises(staffing.MayNot):
            stop(world, nanfang, agency_id)
    stop(world, nanfang, "nanfang")
    assert world.engine.ask(queries.stopped, SYSTEM, "dongfang") is None
    # The stop of all comes on top of that of one, and each holds by itself.
    found = stop(world, lead, model.ALL)
    assert world.engine.ask(queries.stopped, SYSTEM, "huaxia").id == found.id
    lift(world, found, *officers)
    assert world.engine.ask(queries.stopped, SYSTEM, "huaxia") is None
    assert world.engine.ask(queries.stopped, SYSTEM, "nanfang") is not None
    with worlds.unchanged(world), pytest.raises(actions.AgencyUnknown):
        stop(world, lead, "nowhere")


@pytest.mark.row("OPS-6")
def test_stopping_and_lifting_ask_for_the_second_factor():
    assert all(getattr(one, "step_up", False) for one in (actions.stop_issuing, actions.lift_stop))
    offered = {route.name for route in routes.ROUTES}
    assert {"incidents.stop_issuing", "incidents.ask_to_lift", "incidents.lift_stop"} <= offered


@pytest.mark.row("OPS-6")
def test_of_two_stops_the_lifting_of_one_issues_nothing(any_world, officers):
    world = any_world
    party = certifying.approved(world, parties.Reviewers.of(world))
    asked = certifying.request(world, party)
    own = stop(world, officers[0])
    everywhere = stop(world, officers[0], model.ALL)
    for found in (own, everywhere):
        assert status(world, asked.id) is C.REQUESTED
        lift(world, found, *officers)
        parties.settle(world, rounds=1)
    assert status(world, asked.id) is C.ISSUED
    assert parties.violations(world) == {}
