"""Binding by scan and signing in by scan, with every refusal on the way."""

from __future__ import annotations

import collections
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.binding import actions, queries
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.kernel import clock, errors, ids
from engine.mall import model as mall_model
from engine.mall import queries as mall
from engine.messaging import queries as messages
from engine.pki import keys
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from tests.support import binding, certifying, fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

WRONG = keys.generate(ids.seeded(9, "wrong PIN"))
OTHER = "新疆昆仑商贸有限公司"


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    """A party with an active certificate of this platform, not bound yet."""
    return parties.certified(world, reviewers)


@pytest.fixture
def national(world, reviewers):
    """A party of the nationwide platform with a national certificate."""
    return binding.certified(world, reviewers, kind="national", number=2, name=OTHER)


def watched(world, opened, nonce=binding.NONCE):
    """What the browser beside the QR is told."""
    return world.engine.ask(queries.watch, SYSTEM, opened.ticket.id, nonce).status


# -- binding ------------------------------------------------------------------------------------------


@pytest.mark.row("BND-1")
def test_a_scan_and_a_pin_bind_at_once_and_both_screens_know(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    opened = binding.binding_qr(world, party)
    seen = [watched(world, opened)]
    shown = binding.scan(world, party, opened)
    assert shown.payload["enterprise"] == party.name
    seen.append(watched(world, opened))
    made = binding.confirm(world, party, opened)
    seen.append(watched(world, opened))
    assert seen == ["created", "scanned", "confirmed"]
    assert world.engine.ask(messages.mine, party.person)[0].kind == "binding.bound"
    assert world.engine.ask(queries.mine, party.mall) == made
    assert (made.certificate_id, made.enterprise_id) == (
        party.certificate_id,
        party.enterprise_id,
    )
    with binding.untouched(world), pytest.raises(errors.IllegalTransition):
        binding.confirm(world, party, opened)
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("BND-3")
def test_purchasers_bind_too_and_a_binding_can_be_given_up_and_made_anew(world, reviewers):
    party = parties.certified(world, reviewers, role=mall_model.MallRole.PURCHASER)
    with binding.untouched(world), pytest.raises(actions.NothingBound):
        world.engine.perform(actions.unbind, {}, actor=party.mall)
    first = binding.bind(world, party)
    with binding.untouched(world), pytest.raises(actions.BoundAlready):
        binding.binding_qr(world, party)
    ended = world.engine.perform(actions.unbind, {}, actor=party.mall)
    assert (ended.id, ended.status) == (first.id, "unbound")
    assert world.engine.ask(queries.mine, party.mall) is None
    assert binding.bind(world, party).id != first.id
    assert parties.violations(world) == {}


def test_of_two_codes_of_one_account_only_the_first_binds(world, party):
    one, two = binding.binding_qr(world, party), binding.binding_qr(world, party)
    for opened in (one, two):
        binding.scan(world, party, opened)
    binding.confirm(world, party, one)
    with binding.untouched(world), pytest.raises(actions.BoundAlready):
        binding.confirm(world, party, two)


@pytest.mark.row("BND-1")
def test_a_certificate_of_another_enterprise_binds_nothing(world, party, reviewers):
    other = parties.certified(world, reviewers, number=2, name=OTHER)
    opened = binding.binding_qr(world, party)
    binding.scan(world, other, opened)
    with binding.untouched(world), pytest.raises(actions.OtherEnterprise):
        binding.confirm(world, other, opened)
    assert world.engine.ask(queries.mine, party.mall) is None


def test_only_a_signed_in_mall_account_asks_for_a_binding(world, party):
    arguments = {"kind": binding.PLATFORM, "nonce": binding.NONCE}
    for actor in (SYSTEM, party.person, party.reviewers.platform):
        with binding.untouched(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.open_binding_ticket, arguments, actor=actor)


def test_a_revoked_certificate_leaves_no_binding(world, party):
    binding.bind(world, party)
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": party.certificate_id, "reason": "keyCompromise"},
        actor=party.person,
    )
    assert world.engine.ask(queries.mine, party.mall) is None
    assert parties.violations(world) == {}


# -- which code takes which certificate ------------------------------------------------------------


@pytest.mark.row("LOG-1")
@pytest.mark.parametrize("purpose", ["bind", "login"])
def test_each_kind_of_code_takes_its_own_kind_of_certificate(world, reviewers, national, purpose):
    plain = binding.certified(world, reviewers, number=3, name="新疆天池有限公司")

    def shown(party, kind):
        if purpose == "bind":
            return binding.binding_qr(world, party, kind)
        return binding.login_qr(world, "yangguang", kind)

    for party, own, foreign in (
        (national, binding.NATIONAL, binding.PLATFORM),
        (plain, binding.PLATFORM, binding.NATIONAL),
    ):
        opened = shown(party, foreign)
        binding.scan(world, party, opened)
        with binding.untouched(world), pytest.raises(actions.WrongCertificateKind) as refused:
            binding.confirm(world, party, opened)
        assert refused.value.params == {"needed": foreign.value}
        if purpose == "login":
            binding.bind(world, party, own)
        opened = shown(party, own)
        binding.scan(world, party, opened)
        binding.confirm(world, party, opened)


@pytest.mark.row("LOG-1")
def test_a_platforms_code_takes_no_certificate_of_another_platform(world, party):
    binding.bind(world, party)
    opened = binding.login_qr(world, "yangguang")
    binding.scan(world, party, opened)
    with binding.untouched(world), pytest.raises(actions.OtherPlatform):
        binding.confirm(world, party, opened)


# -- scan login ---------------------------------------------------------------------------------------


@pytest.mark.row("LOG-1")
def test_a_confirmed_code_signs_its_own_browser_in_once(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    opened = binding.login_qr(world, "guangzheng")
    with binding.untouched(world), pytest.raises(errors.IllegalTransition):
        binding.finish(world, opened)
    binding.scan(world, party, opened)
    binding.confirm(world, party, opened)
    with binding.untouched(world), pytest.raises(errors.NotFound):
        binding.finish(world, opened, nonce="another browser")
    session = binding.finish(world, opened)
    assert world.engine.ask(mall.account_by_token, SYSTEM, session.token) == party.mall
    with binding.untouched(world), pytest.raises(errors.IllegalTransition):
        binding.finish(world, opened)
    assert watched(world, opened) == "consumed"
    fold.require(world)


@pytest.mark.row("LOG-1")
def test_who_never_bound_is_sent_to_the_password(world, party):
    opened = binding.login_qr(world, "guangzheng")
    binding.scan(world, party, opened)
    with pytest.raises(actions.NeverBound) as refused:
        binding.confirm(world, party, opened)
    assert "password" in refused.value.message()
    # The PC is told, and the code has ended.
    seen = world.engine.ask(queries.watch, SYSTEM, opened.ticket.id, binding.NONCE)
    assert (seen.status, seen.why) == ("refused", "never_bound")
    with binding.untouched(world), pytest.raises(errors.IllegalTransition):
        binding.confirm(world, party, opened)


@pytest.mark.row("LOG-1")
def test_a_code_lives_180_seconds_and_not_one_millisecond_longer(world, party):
    binding.bind(world, party)
    clock_ = worlds.clock_of(world)
    opened = binding.login_qr(world, "guangzheng")
    assert opened.ticket.expires_at - opened.ticket.created_at == 180 * clock.SECOND
    binding.scan(world, party, opened)
    clock_.set(opened.ticket.expires_at)
    assert watched(world, opened) == "expired"
    with binding.untouched(world), pytest.raises(scanning.TicketExpired):
        binding.confirm(world, party, opened)
    late = binding.login_qr(world, "guangzheng")
    clock_.set(late.ticket.expires_at)
    with binding.untouched(world), pytest.raises(scanning.TicketExpired):
        binding.scan(world, party, late)
    just = binding.login_qr(world, "guangzheng")
    clock_.set(just.ticket.expires_at - 1)
    binding.scan(world, party, just)
    binding.confirm(world, party, just)
    assert binding.finish(world, just).mall_account_id == party.mall.mall_account_id


def test_a_wrong_pin_is_counted_and_the_code_can_still_be_confirmed(world, party):
    opened = binding.binding_qr(world, party)
    binding.scan(world, party, opened)
    with pytest.raises(proofs.WrongPin) as refused:
        binding.confirm(world, party, opened, key=WRONG)
    assert refused.value.params == {"left": 4}
    assert watched(world, opened) == "scanned"
    assert world.engine.ask(queries.mine, party.mall) is None
    binding.confirm(world, party, opened)
    assert watched(world, opened) == "confirmed"


@pytest.mark.parametrize("who", ["stranger", "other phone", "nobody scanned"])
def test_only_the_phone_that_scanned_confirms(world, party, who):
    opened = binding.binding_qr(world, party)
    if who != "nobody scanned":
        binding.scan(world, party, opened)
    actor = {
        "stranger": registering.sign_up(world, "13900139000"),
        "other phone": certifying.other_phone(party),
        "nobody scanned": party.person,
    }[who]
    with binding.untouched(world), pytest.raises((errors.NotFound, proofs.NotYourDevice)):
        binding.confirm(world, party, opened, actor=actor)


def test_nobody_confirms_with_somebody_elses_certificate(world, party, reviewers):
    other = parties.certified(world, reviewers, number=2, name=OTHER)
    opened = binding.binding_qr(world, party)
    binding.scan(world, party, opened)
    with binding.untouched(world), pytest.raises(errors.NotFound):
        binding.confirm(world, party, opened, certificate_id=other.certificate_id)


def test_a_code_made_for_one_thing_serves_no_other(world, party):
    binding.bind(world, party)
    login = binding.login_qr(world, "guangzheng")
    binding.scan(world, party, login)
    with binding.untouched(world), pytest.raises(scanning.WrongPurpose):
        binding.confirm(world, party, login, action=actions.confirm_binding)
    world.engine.perform(actions.unbind, {}, actor=party.mall)
    bind = binding.binding_qr(world, party)
    binding.scan(world, party, bind)
    with binding.untouched(world), pytest.raises(scanning.WrongPurpose):
        binding.confirm(world, party, bind, action=actions.confirm_login)
    binding.confirm(world, party, bind)
    with binding.untouched(world), pytest.raises(scanning.WrongPurpose):
        binding.finish(world, bind)


def test_a_confirmation_of_one_code_confirms_no_other(world, party):
    binding.bind(world, party)
    seen, aimed_at = (binding.login_qr(world, "guangzheng") for _ in range(2))
    binding.scan(world, party, aimed_at)
    with pytest.raises(proofs.WrongPin):
        binding.confirm(world, party, aimed_at, message=tickets.challenge_of(seen.ticket))
    assert watched(world, aimed_at) == "scanned"


@pytest.mark.row("LOG-1")
def test_of_fifty_browsers_requests_at_once_one_gets_the_session(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    opened = binding.login_qr(world, "guangzheng")
    binding.scan(world, party, opened)
    binding.confirm(world, party, opened)

    def take(_):
        try:
            return type(binding.finish(world, opened)).__name__
        except errors.IllegalTransition:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        came = collections.Counter(pool.map(take, range(50)))
    assert came == {"MallSession": 1, "refused": 49}
