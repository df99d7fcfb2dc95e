"""Browsers signed in at platforms: seen and ended from the phone; codes and messages say where a PC is."""

from __future__ import annotations

import pytest

from engine.kernel import actors, errors, texts
from engine.mall import actions as mall_actions
from engine.mall import queries as mall
from engine.messaging import queries as messages
from engine.scanning import model as tickets
from engine.scanning import networks
from engine.scanning import queries as scanned
from engine.signing import actions as signing
from tests.support import binding, covering, ordering, parties, registering, trading, worlds
from tests.support.worlds import SYSTEM

FIREFOX, CHROME = "Firefox 144 · Windows", "Chrome 142 · macOS"
NAMED = next(one for one in networks.table().place if one.in_a_city)
LOCAL = actors.Source(address="192.168.1.20")
THERE = actors.Source(address=NAMED.ranges[0].split("/")[0])
NOWHERE_KNOWN = actors.Source(address="8.8.8.8")


@pytest.fixture
def party(any_world):
    found = parties.certified(any_world, parties.Reviewers.of(any_world))
    binding.bind(any_world, found)
    return found


def by_password(world, party, nonce, name, source=THERE):
    arguments = {
        "platform_id": party.mall.platform_id,
        "login": world.engine.ask(mall.mall_account, SYSTEM, party.mall.mall_account_id).login,
        "password": worlds.PASSWORD,
        "nonce": nonce,
        "browser_name": name,
    }
    return world.engine.perform(mall_actions.sign_in, arguments, actor=SYSTEM, source=source)


def by_scan(world, party, nonce):
    opened = binding.login_qr(world, party.mall.platform_id, nonce=nonce)
    binding.scan(world, party, opened)
    binding.confirm(world, party, opened, nonce=nonce)
    return binding.finish(world, opened, nonce=nonce)


def listed(world, person):
    return world.engine.ask(mall.browser_sessions, person)


def signed_in(world, session):
    return world.engine.ask(mall.account_by_token, SYSTEM, session.token) is not None


@pytest.mark.row("MAL-2")
@pytest.mark.row("LOG-1")
def test_the_phone_lists_the_browsers_that_are_signed_in_and_ends_one(any_world, party):
    world = any_world
    first = by_password(world, party, "at work", FIREFOX)
    second = by_scan(world, party, "at home")
    found = listed(world, party.person)
    assert [(one.way, one.browser, one.mine) for one in found] == [
        ("scan", "", True),
        ("password", FIREFOX, True),
    ]
    assert found[1].place.city == NAMED.city
    arguments = {"session_id": found[1].id}
    world.engine.perform(mall_actions.end_browser_session, arguments, actor=party.person)
    assert not signed_in(world, first)
    assert signed_in(world, second)
    assert [one.way for one in listed(world, party.person)] == ["scan"]
    assert worlds.kinds(world).count("mall_account.session_ended") == 1
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        world.engine.perform(mall_actions.end_browser_session, arguments, actor=party.person)


@pytest.mark.row("MAL-2")
def test_nobody_else_sees_or_ends_them(any_world, party):
    world = any_world
    session = by_password(world, party, "at work", FIREFOX)
    [mine] = listed(world, party.person)
    stranger = registering.sign_up(world, "13900139000")
    assert listed(world, stranger) == ()
    arguments = {"session_id": mine.id}
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        world.engine.perform(mall_actions.end_browser_session, arguments, actor=stranger)
    with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
        world.engine.perform(mall_actions.end_browser_session, arguments, actor=party.mall)
    assert signed_in(world, session)


@pytest.mark.row("ENT-3")
def test_a_delegate_and_the_administrator_both_see_what_the_delegate_signed_in(any_world, party):
    world = any_world
    member = ordering.colleague(world, party)
    held = covering.delegated(world, party, member, "login")
    session = by_scan(world, held, "the member's PC")
    assert [one.mine for one in listed(world, held.person)] == [False]
    assert [one.mine for one in listed(world, party.person)] == [True]
    [one] = listed(world, held.person)
    world.engine.perform(
        mall_actions.end_browser_session, {"session_id": one.id}, actor=held.person
    )
    assert not signed_in(world, session)


@pytest.mark.row("LOG-1")
@pytest.mark.row("MSG-1")
def test_a_new_browsers_message_names_its_city_where_that_is_known(any_world, party):
    world = any_world
    by_password(world, party, "the first", FIREFOX)
    by_password(world, party, "a new one", CHROME)
    found = world.engine.ask(messages.mine, party.person)
    told = {one.kind: one for one in found}
    assert "mall_account.new_browser" not in told
    by_password(world, party, "one from nowhere", FIREFOX, NOWHERE_KNOWN)
    by_password(world, party, "one of the office", FIREFOX, LOCAL)
    again = [one.kind for one in world.engine.ask(messages.mine, party.person)]
    assert again.count("mall_account.new_browser_at") == 1
    known = told["mall_account.new_browser_at"]
    assert known.params["city"] == NAMED.city.zh
    text = texts.of_code(known.kind, "zh_CN", known.params)
    assert NAMED.city.zh in text
    assert CHROME in text
    # Of an address that no table knows no city is said, and none is made up.
    assert again.count("mall_account.new_browser") == 2


@pytest.mark.row("SGN-3")
def test_a_signing_code_says_who_what_and_where_on_the_phone(any_world):
    world = any_world
    deal = trading.trade(world)
    party, contract = deal.purchaser, trading.draft(world, deal)
    asked = trading.ask_to_sign(world, party, contract.id)
    arguments = {
        "signature_id": asked.id,
        "kind": tickets.TicketKind.PLATFORM,
        "nonce": trading.NONCE,
        "browser_name": FIREFOX,
    }
    opened = world.engine.perform(
        signing.open_signing_ticket, arguments, actor=party.mall, source=THERE
    )
    ticket = trading.scan(world, party, opened)
    shown = world.engine.ask(scanned.asked, party.person, ticket.id)
    assert (shown.browser, shown.place.city) == (FIREFOX, NAMED.city)
    account = world.engine.ask(mall.mall_account, SYSTEM, party.mall.mall_account_id)
    assert ticket.payload["login"] == account.login
    assert ticket.payload["enterprise"] == party.name
    assert ticket.payload["title"] == contract.name
