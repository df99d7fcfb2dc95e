"""Renewal, replacement and change: a new certificate takes the place of the old one (CRT-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import worker
from engine.issuing import actions as issuing
from engine.kernel import clock, errors, notes
from engine.ordering import actions, model, queries
from engine.registration import actions as registration
from tests.support import fold, ordering, parties, registering, worlds
from tests.support.worlds import SYSTEM

S, YEAR = model.OrderStatus, 365 * clock.DAY


@pytest.fixture
def party(world):
    """An enterprise with a living certificate of one year."""
    return parties.certified(world, parties.Reviewers.of(world))


def held(world, party):
    return ordering.certificate(world, party.certificate_id)


def into_window(world, party, days=90):
    """The clock stands so many days before the certificate's end."""
    worlds.clock_of(world).set(held(world, party)["not_after"] - days * clock.DAY)


def renew(world, party, years=1, **more):
    return ordering.perform(
        world,
        party,
        actions.renew_certificate,
        certificate_id=party.certificate_id,
        years=years,
        **more,
    )


def replace_it(world, party, why="lost_phone", **more):
    return ordering.perform(
        world,
        party,
        actions.replace_certificate,
        certificate_id=party.certificate_id,
        why=why,
        **more,
    )


def change_it(world, party, **more):
    return ordering.perform(
        world, party, actions.change_certificate, certificate_id=party.certificate_id, **more
    )


# -- renewal -----------------------------------------------------------------------------------------


@pytest.mark.row("CRT-3")
def test_a_renewal_carries_the_days_that_are_left_over_and_supersedes_the_old_one(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    into_window(world, party, 60)
    placed = renew(world, party)
    # A renewal asks for no papers at this platform.
    assert ordering.until_ready(world, party, placed.id) == [
        S.AWAITING_PAYMENT,
        S.PLATFORM_REVIEW,
        S.AGENCY_REVIEW,
        S.AWAITING_DOWNLOAD,
    ]
    assert held(world, party)["status"] == "active"
    after = ordering.complete(world, party, placed.id, 7)
    old, new = held(world, party), held(world, after)
    assert (old["status"], old["revocation_reason"]) == ("revoked", "superseded")
    assert new["not_after"] == old["not_after"] + YEAR
    assert (new["replaces"], old["replaced_by"]) == (old["id"], new["id"])
    orders = [ordering.order(world, one) for one in (party.order_id, after.order_id)]
    assert [one.status for one in orders] == [S.COMPLETED, S.COMPLETED]
    assert orders[0].certificate_until == worlds.clock_of(world).now_ms()
    assert orders[1].certificate_until == new["not_after"]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-3")
def test_the_window_of_renewal_opens_ninety_days_before_the_end(world, party):
    ends = held(world, party)["not_after"]
    worlds.clock_of(world).set(ends - 90 * clock.DAY - 1)
    with pytest.raises(actions.TooEarlyToRenew) as refused, worlds.unchanged(world):
        renew(world, party)
    day = clock.civil_date(ends - 90 * clock.DAY).isoformat()
    assert refused.value.params == {"day": day, "days": 90}
    worlds.clock_of(world).set(ends - 90 * clock.DAY)
    assert renew(world, party).business is model.Business.RENEWAL


@pytest.mark.row("CRT-3")
def test_what_has_ended_is_not_renewed_but_applied_for_anew(world, party):
    worlds.clock_of(world).set(held(world, party)["not_after"])
    for again in (renew, replace_it, change_it):
        with pytest.raises(actions.HasEnded), worlds.unchanged(world):
            again(world, party)


def test_several_years_of_renewal_have_a_price_of_their_own(world, party):
    into_window(world, party)
    placed = renew(world, party, years=3)
    assert [(one.code, one.amount_fen) for one in placed.price] == [
        ("renewal", 60_000),
        ("several_years", -3_000),
    ]
    assert placed.amount_fen == 57_000


def test_a_renewal_that_comes_after_the_old_end_begins_when_it_is_made(world, party):
    into_window(world, party, 1)
    placed = renew(world, party)
    ordering.until_ready(world, party, placed.id)
    worlds.clock_of(world).set(held(world, party)["not_after"] + 5 * clock.DAY)
    after = ordering.complete(world, party, placed.id, 7)
    new = held(world, after)
    assert new["not_after"] == new["not_before"] + YEAR
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-3")
def test_a_suspended_certificate_is_resumed_before_it_is_renewed(world, party):
    into_window(world, party)
    worlds.run_sql(
        world,
        "UPDATE certificate SET status = 'suspended', held_by = 'holder',"
        " revocation_reason = 'certificateHold', revoked_at = 1 WHERE id = ?",
        party.certificate_id,
    )
    with pytest.raises(actions.OnHold), worlds.unchanged(world):
        renew(world, party)
    assert replace_it(world, party).why == "lost_phone"


@pytest.mark.row("CRT-3")
def test_what_the_ca_holds_nobody_gets_round_with_an_order(world, party):
    into_window(world, party)
    worlds.run_sql(
        world,
        "UPDATE certificate SET status = 'suspended', held_by = 'staff',"
        " revocation_reason = 'certificateHold', revoked_at = 1 WHERE id = ?",
        party.certificate_id,
    )
    for again in (renew, replace_it, change_it):
        with pytest.raises(actions.HeldByStaff), worlds.unchanged(world):
            again(world, party)


# -- replacement -------------------------------------------------------------------------------------


@pytest.mark.row("CRT-3")
def test_a_replacement_keeps_the_old_end_and_asks_for_its_own_paper(world, party):
    worlds.clock_of(world).advance(100 * clock.DAY)
    placed = replace_it(world, party, why="forgotten_pin")
    assert (placed.amount_fen, placed.years) == (5_000, 0)
    assert S.AWAITING_PAPERS in ordering.until_ready(world, party, placed.id)
    after = ordering.complete(world, party, placed.id, 7)
    old, new = held(world, party), held(world, after)
    assert new["not_after"] == old["not_after"]
    assert (old["status"], old["revocation_reason"]) == ("revoked", "superseded")
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-3")
def test_an_order_that_is_rejected_or_taken_back_leaves_the_old_certificate_alone(world, party):
    placed = replace_it(world, party)
    ordering.perform(world, party, actions.cancel, order_id=placed.id)
    again = replace_it(world, party)
    at = replace(party, order_id=again.id, person=ordering.fresh(world, party.person))
    parties.pay(world, at)
    ordering.hand_in(world, at)
    parties.reject(world, "certificate_platform", again.id, party.reviewers.platform)
    assert held(world, party)["status"] == "active"
    assert (
        ordering.order(world, party.order_id).certificate_until == held(world, party)["not_after"]
    )


@pytest.mark.row("CRT-3")
def test_one_order_at_a_time_whatever_it_is_for(world, party):
    into_window(world, party)
    placed = renew(world, party)
    for again in (renew, replace_it):
        with pytest.raises(actions.OrderRunning) as refused, worlds.unchanged(world):
            again(world, party)
        assert refused.value.params == {"order_id": placed.id}


def test_a_reason_that_is_not_listed_is_refused(world, party):
    with pytest.raises(actions.NotOffered), worlds.unchanged(world):
        replace_it(world, party, why="bored")


@pytest.mark.row("CRT-3")
def test_files_that_could_not_be_opened_any_more_are_named_and_confirmed(world, party):
    lost = notes.Note(code="stranded.file", subject="fil_1", params={"name": "投标文件.pdf"})
    parts = replace(world.engine.parts, stranded=(lambda q, certificate_id: (lost,),))
    world.engine.parts = parts
    shown = world.engine.ask(queries.stranded, SYSTEM, party.certificate_id)
    assert shown == (lost,)
    with pytest.raises(actions.StrandsFiles) as refused, worlds.unchanged(world):
        replace_it(world, party)
    assert refused.value.params == {"count": 1}
    assert replace_it(world, party, stranding_confirmed=True).status is S.AWAITING_PAYMENT


# -- change ------------------------------------------------------------------------------------------


def rename(world, party, name="新疆天山净水设备有限公司"):
    """The enterprise's name is another one now."""
    made = ordering.perform(
        world,
        party,
        registration.change_enterprise,
        enterprise_id=party.enterprise_id,
        name=name,
        legal_representative=registering.NAME,
        legal_representative_id=registering.resident_id(),
        papers=registering.papers_of_claim(registering.NAME),
        confirmed=True,
    )
    worker.tick(world, owner="test")
    parties.approve(world, "enterprise_change", made.id, party.reviewers.enterprise)
    return replace(party, name=name)


@pytest.mark.row("CRT-3")
@pytest.mark.row("ENT-4")
def test_after_a_change_of_name_the_certificate_is_changed_for_the_rest_of_its_term(world, party):
    with pytest.raises(actions.NothingChanged), worlds.unchanged(world):
        change_it(world, party)
    worlds.clock_of(world).advance(30 * clock.DAY)
    changed = rename(world, party)
    old = held(world, party)
    assert (old["status"], old["revocation_reason"]) == ("revoked", "affiliationChanged")
    placed = change_it(world, changed)
    assert placed.business is model.Business.CHANGE
    after = ordering.complete(world, changed, placed.id, 7)
    assert held(world, after)["not_after"] == old["not_after"]
    assert held(world, party)["replaced_by"] == after.certificate_id
    with pytest.raises(actions.HoldsCertificate), worlds.unchanged(world):
        change_it(world, changed)
    assert parties.violations(world) == {}


def test_a_certificate_revoked_for_another_reason_is_not_changed(world, party):
    ordering.perform(
        world, party, issuing.revoke, certificate_id=party.certificate_id, reason="keyCompromise"
    )
    with pytest.raises(actions.HasEnded), worlds.unchanged(world):
        change_it(world, party)


# -- whose ---------------------------------------------------------------------------------------------


@pytest.mark.row("CRT-3")
def test_only_who_orders_for_the_enterprise_orders_its_successor(world, party):
    into_window(world, party)
    other = parties.enterprise(world, party.reviewers, number=2, name="新疆昆仑商贸有限公司")
    stranger = replace(party, person=other.person)
    for again in (renew, replace_it, change_it):
        with pytest.raises(errors.EngineError) as refused, worlds.unchanged(world):
            again(world, stranger)
        assert refused.value.code == "registration.not_a_member"
    with pytest.raises(errors.NotFound), worlds.unchanged(world):
        renew(world, replace(party, certificate_id="crt_none"))
