"""Taking an order back at each state, what goes back of its money, and being told of an end in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import worker
from engine.issuing import actions as issuing
from engine.kernel import actors, clock, errors
from engine.ordering import actions, model
from tests.support import fold, key_proofs, ordering, parties, registering, worlds

S = model.OrderStatus


@pytest.fixture
def party(any_world):
    return parties.enterprise(any_world, parties.Reviewers.of(any_world))


def brought_to(world, party, status):
    """The party's order in a state."""
    party = parties.order(world, party)
    steps = {
        S.AWAITING_PAPERS: parties.pay,
        S.PLATFORM_REVIEW: parties.hand_in,
        S.AGENCY_REVIEW: lambda w, p: parties.approve(
            w, "certificate_platform", p.order_id, p.reviewers.platform
        ),
        S.AWAITING_DOWNLOAD: lambda w, p: parties.approve(
            w, "certificate_ca", p.order_id, p.reviewers.agency
        ),
    }
    for reached, step in steps.items():
        if ordering.order(world, party.order_id).status is status:
            break
        step(world, party)
        assert ordering.order(world, party.order_id).status is reached
    return party


def given_back(world):
    sql = "SELECT COALESCE(SUM(amount_fen), 0) AS fen FROM refund WHERE status = 'done'"
    return int(worlds.rows(world, sql)[0]["fen"])


@pytest.mark.row("CRT-5")
@pytest.mark.parametrize(
    ("status", "back"),
    [
        (S.AWAITING_PAYMENT, 0),
        (S.AWAITING_PAPERS, 20_000),
        (S.PLATFORM_REVIEW, 20_000),
        (S.AGENCY_REVIEW, 20_000),
        (S.AWAITING_DOWNLOAD, 16_000),
    ],
)
def test_an_order_is_taken_back_at_each_state_before_its_certificate_is_in_use(
    any_world, party, status, back
):
    """All of it goes back until the last approval, and what the CA's rule leaves afterwards (80 %)."""
    world = any_world
    party = brought_to(world, party, status)
    ordering.perform(world, party, actions.cancel, order_id=party.order_id)
    parties.settle(world)
    assert ordering.order(world, party.order_id).status is S.CANCELLED
    assert given_back(world) == back
    assert [todo for _, todo in ordering.messages(world, party.person) if todo] == []
    assert parties.violations(world) == {}
    assert parties.order(world, party).order_id != party.order_id
    fold.require(world)


@pytest.mark.row("CRT-5")
def test_a_certificate_in_use_is_not_taken_back_with_its_order(any_world):
    party = parties.certified(any_world, parties.Reviewers.of(any_world))
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(any_world):
        ordering.perform(any_world, party, actions.cancel, order_id=party.order_id)


@pytest.mark.row("CRT-5")
@pytest.mark.parametrize("issued", [False, True], ids=["being signed", "issued"])
def test_a_certificate_that_was_made_meanwhile_ends_with_its_order(any_world, party, issued):
    world = any_world
    party = brought_to(world, party, S.AWAITING_DOWNLOAD)
    requested = world.engine.perform(
        issuing.request_certificate,
        key_proofs.request_arguments(party.order_id, party.key),
        actor=party.person,
    )
    if issued:
        parties.settle(world, rounds=1)
    ordering.perform(world, party, actions.cancel, order_id=party.order_id)
    parties.settle(world)
    found = ordering.certificate(world, requested.id)
    assert (found["status"], found["revocation_reason"]) == ("revoked", "cessationOfOperation")
    assert ordering.order(world, party.order_id).status is S.CANCELLED
    assert parties.violations(world) == {}
    fold.require(world)


# -- in time --------------------------------------------------------------------------------------------


def told(world, party):
    """How many days before the end the holder was told, in order."""
    sql = (
        "SELECT params FROM message WHERE account_id = ? AND kind = 'certificate.ends_soon'"
        " ORDER BY created_at, id"
    )
    return [
        int(row["params"].split('"days":"')[1].split('"')[0])
        for row in worlds.rows(world, sql, party.person.account_id)
    ]


def ends(world, party):
    return ordering.certificate(world, party.certificate_id)["not_after"]


def pass_days(world, until):
    """Day after day until an instant, with the worker at work."""
    while worlds.clock_of(world).now_ms() < until:
        worlds.clock_of(world).set(min(worlds.clock_of(world).now_ms() + 20 * clock.DAY, until))
        while worker.tick(world, owner="test"):
            pass


@pytest.mark.row("CRT-3")
def test_the_holder_is_told_in_time_and_at_last_that_it_has_ended(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    end = ends(world, party)
    for days, expected in (
        (91, []),
        (90, [90]),
        (30, [90, 30]),
        (7, [90, 30, 7]),
        (1, [90, 30, 7, 1]),
    ):
        pass_days(world, end - days * clock.DAY)
        assert told(world, party) == expected
    asks = [
        one for one in ordering.messages(world, party.person) if one[0] == "certificate.ends_soon"
    ]
    # One to-do at a time, and none about what has ended.
    assert [todo for _, todo in asks] == [False, False, False, True]
    pass_days(world, end)
    assert ("certificate.has_expired", False) in ordering.messages(world, party.person)
    assert not any(
        todo
        for kind, todo in ordering.messages(world, party.person)
        if kind == "certificate.ends_soon"
    )
    fold.require(world)


@pytest.mark.row("CRT-3")
def test_nobody_is_told_of_what_was_renewed_or_revoked(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    end = ends(world, party)
    pass_days(world, end - 90 * clock.DAY)
    renewed = ordering.perform(
        world, party, actions.renew_certificate, certificate_id=party.certificate_id, years=1
    )
    # While the order is under way nobody is hurried.
    pass_days(world, end - 30 * clock.DAY)
    assert told(world, party) == [90]
    ordering.complete(world, party, renewed.id, 7)
    pass_days(world, end + clock.DAY)
    assert told(world, party) == [90]
    kinds = [kind for kind, _ in ordering.messages(world, party.person)]
    assert "certificate.has_expired" not in kinds


@pytest.mark.row("CRT-3")
def test_a_renewal_that_fell_through_lets_the_notices_go_on(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    end = ends(world, party)
    pass_days(world, end - 90 * clock.DAY)
    renewed = ordering.perform(
        world, party, actions.renew_certificate, certificate_id=party.certificate_id, years=1
    )
    ordering.perform(world, party, actions.cancel, order_id=renewed.id)
    pass_days(world, end - 30 * clock.DAY)
    assert told(world, party) == [90, 30]


def test_only_the_worker_reminds(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    arguments = {"certificate_id": party.certificate_id}
    stranger = registering.sign_up(world, "13700137000")
    for actor in (party.person, stranger, actors.Machine(name="payment")):
        with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
            world.engine.perform(actions.remind_of_expiry, arguments, actor=actor)
    gone = replace(party, certificate_id="crt_none")
    system = actors.System(job="remind_of_expiry")
    found = world.engine.perform(
        actions.remind_of_expiry, {"certificate_id": gone.certificate_id}, actor=system
    )
    assert found == "ended"
