"""A person's own certificate, and one for a single event (CRT-2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import worker
from engine.boot import tables
from engine.invoicing import queries as invoices
from engine.kernel import clock, errors, ids
from engine.ordering import actions, model
from engine.pki import keys
from engine.registration import queries as people
from tests.support import certifying, closing, fold, ordering, parties, registering, stuck, worlds
from tests.support.worlds import SYSTEM

S, YEAR = model.OrderStatus, 365 * clock.DAY
OWN = {
    "product": "individual",
    "platform_id": "yangguang",
    "agency_id": "huaxia",
    "seal_agency_id": "",
    "certificate_kind": "platform",
    "years": 2,
}
EVENT = {
    "product": "event",
    "platform_id": "yangguang",
    "agency_id": "huaxia",
    "seal_agency_id": "",
    "certificate_kind": "platform",
    "years": 0,
    "scope": ("contract",),
}


@pytest.fixture
def someone(any_world):
    """Somebody with a proven name and no enterprise."""
    reviewers = parties.Reviewers.of(any_world)
    person = registering.sign_up(any_world, "13600136000")
    registering.prove(any_world, person, registering.resident_id(sequence="036"), name="李小红")
    key = keys.generate(ids.seeded(36, "someone"))
    return parties.Party(
        name="李小红", person=person, enterprise_id="", mall=None, key=key, reviewers=reviewers
    )


def place(world, who, choice, **changes):
    return ordering.perform(world, who, actions.place_order, **{**choice, **changes})


@pytest.mark.row("CRT-2")
def test_a_persons_own_certificate_needs_no_enterprise_and_no_account_at_the_platform(
    any_world, someone
):
    world = any_world
    placed = place(world, someone, OWN)
    assert (placed.enterprise_id, placed.holder, placed.amount_fen) == (
        None,
        someone.person.account_id,
        9_500,
    )
    assert [(one.code, one.amount_fen) for one in placed.price] == [
        ("new", 10_000),
        ("several_years", -500),
    ]
    # Here the CA alone reviews it, and it is paid afterwards.
    assert ordering.until_ready(world, someone, placed.id) == [
        S.AGENCY_REVIEW,
        S.AWAITING_PAYMENT,
        S.AWAITING_DOWNLOAD,
    ]
    after = ordering.complete(world, someone, placed.id, 36)
    mine = ordering.certificate(world, after.certificate_id)
    assert (mine["product"], mine["status"], mine["enterprise_id"]) == (
        "individual",
        "active",
        None,
    )
    assert mine["not_after"] == mine["not_before"] + 2 * YEAR
    with pytest.raises(actions.HoldsCertificate), worlds.unchanged(world):
        place(world, someone, OWN)
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-2")
def test_nobody_elses_name_and_no_unproven_one(any_world, someone):
    other = registering.sign_up(any_world, "13500135000")
    with pytest.raises(people.NotRealNamed), worlds.unchanged(any_world):
        any_world.engine.perform(actions.place_order, dict(OWN), actor=other)


@pytest.mark.row("CRT-2")
def test_a_platform_sells_what_it_lists(any_world, someone):
    for changes, field in (
        ({"platform_id": "guangzheng", "agency_id": "dongfang", "years": 1}, "product"),
        ({"product": "company"}, "product"),
        ({"seal_agency_id": "huayin"}, "seal_agency_id"),
        ({"scope": ("login",)}, "scope"),
        ({"years": 5}, "years"),
    ):
        with pytest.raises(actions.NotOffered) as refused, worlds.unchanged(any_world):
            place(any_world, someone, OWN, **changes)
        assert refused.value.field == field


@pytest.mark.row("CRT-2")
@pytest.mark.row("S-PI-4")
def test_a_persons_case_is_called_by_its_number_and_shows_the_name_masked(any_world, someone):
    placed = place(any_world, someone, OWN)
    (case,) = worlds.rows(
        any_world, "SELECT title, platform_id FROM review_case WHERE subject_id = ?", placed.id
    )
    assert case == {"title": placed.number, "platform_id": "yangguang"}
    sheet = any_world.engine.ask(tables.SHEETS["certificate_ca"], SYSTEM, placed.id)
    assert "李小红" not in repr(sheet)
    assert {check.label for check in sheet.checks if check.ok} >= {"The applicant's name is proven"}
    assert "enterprise" not in {field.name for field in sheet.fields}


@pytest.mark.row("CRT-3")
def test_a_persons_own_certificate_is_renewed_and_replaced_by_themselves_alone(any_world, someone):
    world = any_world
    after = ordering.complete(world, someone, place(world, someone, OWN).id, 36)
    again = ordering.perform(
        world,
        someone,
        actions.replace_certificate,
        certificate_id=after.certificate_id,
        why="damaged",
    )
    assert (again.amount_fen, again.product) == (1_500, model.Product.INDIVIDUAL)
    stranger = registering.sign_up(world, "13500135000")
    registering.prove(world, stranger, registering.resident_id(sequence="038"), name="赵小刚")
    with pytest.raises(Exception) as refused, worlds.unchanged(world):
        ordering.perform(
            world,
            replace(someone, person=stranger),
            actions.renew_certificate,
            certificate_id=after.certificate_id,
            years=1,
        )
    assert refused.value.code == "kernel.not_found"
    new = ordering.complete(world, someone, again.id, 37)
    assert ordering.certificate(world, after.certificate_id)["revocation_reason"] == "superseded"
    assert ordering.certificate(world, new.certificate_id)["status"] == "active"
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-2")
def test_an_event_holds_for_its_day_and_one_act_and_may_be_free(any_world, someone):
    world = any_world
    placed = place(world, someone, EVENT)
    # Nobody asks for money or a review here: it can be downloaded at once.
    assert (placed.status, placed.amount_fen, placed.scope) == (
        S.AWAITING_DOWNLOAD,
        0,
        ("contract",),
    )
    assert ("certificate.ready", True) in ordering.messages(world, someone.person)
    after = ordering.complete(world, someone, placed.id, 36)
    mine = ordering.certificate(world, after.certificate_id)
    assert mine["not_after"] == mine["not_before"] + clock.DAY
    assert worlds.rows(world, "SELECT id FROM payment") == []
    worlds.clock_of(world).set(mine["not_after"])
    assert place(world, someone, EVENT).status is S.AWAITING_DOWNLOAD
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-2")
def test_an_event_is_paid_for_and_reviewed_where_the_platform_says(any_world):
    world = any_world
    party = parties.enterprise(world, parties.Reviewers.of(world))
    placed = place(
        world,
        party,
        EVENT,
        platform_id="guangzheng",
        agency_id="nanfang",
        enterprise_id=party.enterprise_id,
    )
    assert ordering.until_ready(world, party, placed.id) == [
        S.AWAITING_PAYMENT,
        S.PLATFORM_REVIEW,
        S.AWAITING_DOWNLOAD,
    ]
    ready = ordering.order(world, placed.id)
    assert ready.platform_approved_by == party.reviewers.platform.text
    assert ready.agency_approved_by is None
    # Beside it, the enterprise's own certificate is another matter.
    assert parties.order(world, party).order_id != placed.id
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-2")
def test_an_event_has_no_years_and_exactly_one_act(any_world, someone):
    with pytest.raises(actions.TermNotOffered), worlds.unchanged(any_world):
        place(any_world, someone, EVENT, years=1)
    for scope in ((), ("login", "contract"), ("anything",)):
        with pytest.raises(actions.NotOffered) as refused, worlds.unchanged(any_world):
            place(any_world, someone, EVENT, scope=scope)
        assert refused.value.field == "scope"


@pytest.mark.row("CRT-2")
def test_an_event_certificate_is_not_renewed(any_world, someone):
    after = ordering.complete(any_world, someone, place(any_world, someone, EVENT).id, 36)
    with pytest.raises(actions.NotOffered), worlds.unchanged(any_world):
        ordering.perform(
            any_world,
            someone,
            actions.renew_certificate,
            certificate_id=after.certificate_id,
            years=1,
        )


def test_a_persons_own_order_can_be_invoiced(any_world, someone):
    after = ordering.complete(any_world, someone, place(any_world, someone, OWN).id, 36)
    (candidate,) = any_world.engine.ask(invoices.candidates, after.person)
    assert (candidate.refused, candidate.enterprise_id) == ("", None)


def test_the_old_way_of_ordering_still_means_an_enterprises_new_certificate(any_world):
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    placed = ordering.order(any_world, party.order_id)
    assert (placed.product, placed.business, placed.holder) == (
        "enterprise",
        "new",
        party.enterprise_id,
    )
    assert (placed.download_mode, placed.platform_reviews, placed.agency_reviews) == (
        "manual",
        1,
        1,
    )


@pytest.mark.row("CRT-2")
def test_one_whose_ca_is_away_until_its_account_is_ended_is_given_up(any_world, someone):
    world = any_world
    placed = place(world, someone, OWN)
    ordering.until_ready(world, someone, placed.id)
    one, other, _ = closing.officers(world)
    due_at = closing.terminate(world, someone.person.account_id, one, other).due_at
    worlds.clock_of(world).set(due_at - clock.HOUR)
    holder = replace(someone, order_id=placed.id, person=ordering.fresh(world, someone.person))
    asked = certifying.request(world, holder)
    away = stuck.behind(world, errors.ProviderUnavailable(), "huaxia")
    worker.run_due(away)
    worlds.clock_of(world).set(due_at + clock.MINUTE)
    parties.settle(away, rounds=1)
    worlds.clock_of(world).advance(clock.HOUR)
    worker.run_due(world)
    # The person's name is gone: there is nobody to certify.
    assert certifying.found(world, asked.id).status == "abandoned"
    assert worlds.rows(world, "SELECT kind FROM job WHERE status = 'stuck'") == []
    assert parties.violations(world) == {}
    fold.require(world)
