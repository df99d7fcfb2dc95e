"""What placing an order and handing in its papers refuse, each leaving nothing changed."""

from __future__ import annotations

import pytest

from engine.kernel import actors, errors, files
from engine.ordering import actions, model, queries
from engine.registration import queries as people
from tests.support import parties, registering, worlds
from tests.support.worlds import SYSTEM

S = model.OrderStatus
CHOICE = {
    "platform_id": "guangzheng",
    "agency_id": "dongfang",
    "seal_agency_id": "huayin",
    "certificate_kind": "platform",
    "years": 1,
}


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    """An approved enterprise, onboarded at a platform that is paid first and asks for a paper."""
    return parties.enterprise(world, reviewers)


def place(world, party, **changes):
    """Place an order as the party's person."""
    arguments = {"enterprise_id": party.enterprise_id, **CHOICE, **changes}
    return world.engine.perform(actions.place_order, arguments, actor=party.person)


# -- what placing refuses -----------------------------------------------------------------------


@pytest.mark.row("CRT-1")
def test_no_order_without_an_account_at_the_platform(world, party):
    with pytest.raises(actions.NotOnboarded) as refused, worlds.unchanged(world):
        place(world, party, platform_id="yangguang")
    assert refused.value.field == "platform_id"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agency_id", "huaxia"),
        ("agency_id", ""),
        ("seal_agency_id", "other"),
        ("years", 2),
        ("years", 0),
        ("years", -1),
        ("certificate_kind", "national"),
    ],
)
def test_only_what_the_platform_offers_can_be_ordered(world, party, field, value):
    with pytest.raises(actions.NotOffered) as refused, worlds.unchanged(world):
        place(world, party, **{field: value})
    assert refused.value.field == field


def test_an_unknown_platform_is_refused(world, party):
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        place(world, party, platform_id="nowhere")


def test_an_open_order_blocks_a_second_one_until_it_has_ended(world, party):
    placed = place(world, party)
    with pytest.raises(actions.OrderRunning), worlds.unchanged(world):
        place(world, party, agency_id="nanfang")
    world.engine.perform(actions.cancel, {"order_id": placed.id}, actor=party.person)
    assert place(world, party, agency_id="nanfang").amount_fen == 13_000


@pytest.mark.row("CRT-1")
def test_a_living_certificate_blocks_another_one_until_it_has_expired(world, reviewers):
    party = parties.certified(world, reviewers)
    until = world.engine.ask(queries.order, SYSTEM, party.order_id).certificate_until
    with pytest.raises(actions.HoldsCertificate), worlds.unchanged(world):
        place(world, party)
    worlds.clock_of(world).set(until - 1)
    with pytest.raises(actions.HoldsCertificate), worlds.unchanged(world):
        place(world, party)
    worlds.clock_of(world).set(until)
    assert place(world, party).status is S.AWAITING_PAYMENT
    assert parties.violations(world) == {}


def test_nobody_orders_for_an_enterprise_they_do_not_belong_to(world, party):
    stranger = registering.sign_up(world, "13900139000")
    arguments = {"enterprise_id": party.enterprise_id, **CHOICE}
    with pytest.raises(people.NotRealNamed), worlds.unchanged(world):
        world.engine.perform(actions.place_order, arguments, actor=stranger)
    registering.prove(world, stranger, registering.resident_id(sequence="104"))
    with pytest.raises(people.NotAMember), worlds.unchanged(world):
        world.engine.perform(actions.place_order, arguments, actor=stranger)


@pytest.mark.parametrize("name", ["staff", "mall", "machine", "system"])
def test_only_a_person_orders(world, party, name):
    actor = {
        "staff": party.reviewers.platform,
        "mall": party.mall,
        "machine": actors.Machine(name="payment"),
        "system": SYSTEM,
    }[name]
    arguments = {"enterprise_id": party.enterprise_id, **CHOICE}
    with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
        world.engine.perform(actions.place_order, arguments, actor=actor)


# -- papers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("papers", "error"),
    [
        ((), actions.PaperMissing),
        ((("other", registering.PNG),), actions.PaperUnknown),
        ((("authorization", b"MZ\x90\x00 not a picture"),), files.FileKindRefused),
        ((("authorization", b""),), files.FileEmpty),
    ],
)
def test_papers_must_be_those_asked_for_and_of_a_known_kind(world, party, papers, error):
    party = parties.order(world, party)
    parties.pay(world, party)
    given = tuple(model.PaperUpload(code=code, content=content) for code, content in papers)
    with pytest.raises(error), worlds.unchanged(world):
        world.engine.perform(
            actions.attach_papers,
            {"order_id": party.order_id, "papers": given},
            actor=party.person,
        )


def test_papers_can_not_be_handed_in_before_payment_nor_twice(world, party):
    party = parties.order(world, party)
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        parties.hand_in(world, party)
    parties.pay(world, party)
    parties.hand_in(world, party)
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        parties.hand_in(world, party)
