"""Signing in by scan under attack and from places that are new (LOG-1, `security.md` 3.1)."""

from __future__ import annotations

import collections
import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.binding import actions, queries
from engine.http.doors import DirectDoor
from engine.issuing import model as issuing
from engine.issuing import proofs
from engine.kernel import actors, clock, codec, errors
from engine.mall import actions as mall_actions
from engine.mall import queries as mall
from engine.messaging import queries as messages
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.scanning import queries as scanned
from tests.support import binding, fold, key_proofs, parties, worlds
from tests.support.line import Line
from tests.support.worlds import SYSTEM

HOME, AWAY = actors.Source(address="100.64.0.9"), actors.Source(address="8.8.8.8")


@pytest.fixture
def party(world):
    """A bound party that has never signed in by scan."""
    found = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, found)
    return found


def signed_in_before(world, party, nonce: str) -> None:
    """The party's PC has signed in by password on this browser."""
    account = world.engine.ask(mall.mall_account, SYSTEM, party.mall.mall_account_id)
    world.engine.perform(
        mall_actions.open_session,
        {"mall_account_id": account.id, "way": "password", "nonce": nonce, "browser_name": "PC"},
        actor=SYSTEM,
    )


def login(world, party, nonce: str, **changes) -> tickets.OpenedTicket:
    """A confirmed sign-in."""
    opened = binding.login_qr(world, "guangzheng", nonce=nonce)
    binding.scan(world, party, opened)
    binding.confirm(world, party, opened, nonce=nonce, **changes)
    return opened


def kinds_told(world, party) -> list[str]:
    return [one.kind for one in world.engine.ask(messages.mine, party.person)]


@pytest.mark.row("LOG-1")
def test_a_browser_on_which_nobody_has_signed_in_asks_for_two_digits_once(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    signed_in_before(world, party, "the browser at work")
    opened = binding.login_qr(world, "guangzheng", nonce="a new browser")
    ticket = binding.scan(world, party, opened)
    asked = world.engine.ask(scanned.asked, party.person, ticket.id)
    assert asked.step_up == ("browser",)
    with binding.untouched(world), pytest.raises(scanning.NumberNeeded):
        binding.confirm(world, party, opened, number="")
    assert len(binding.digits(world, opened, "a new browser")) == 2
    binding.confirm(world, party, opened, nonce="a new browser")
    binding.finish(world, opened, nonce="a new browser")
    # The person's phones hear of the new browser, and it is none the next time.
    assert kinds_told(world, party).count("mall_account.new_browser") == 1
    again = login(world, party, "a new browser", number="")
    binding.finish(world, again, nonce="a new browser")
    assert kinds_told(world, party).count("mall_account.new_browser") == 1
    fold.require(world)


def test_the_browser_of_the_password_is_known_when_it_scans(world, party):
    signed_in_before(world, party, "at work")
    assert login(world, party, "at work", number="").ticket.step_up == ""


def test_a_browser_that_was_silent_for_half_a_year_is_new_again(world, party):
    signed_in_before(world, party, "at work")
    worlds.clock_of(world).advance(181 * clock.DAY)
    opened = binding.login_qr(world, "guangzheng", nonce="at work")
    binding.scan(world, party, opened)
    assert world.engine.ask(scanned.asked, party.person, opened.ticket.id).step_up == ("browser",)


@pytest.mark.row("LOG-1")
def test_of_fifty_confirmations_and_fifty_pcs_at_once_each_code_opens_one_session(any_world, count):
    world, runs = any_world, count(2, 20)
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    sessions = 0
    for _ in range(runs):
        opened = binding.login_qr(world, "guangzheng")
        ticket = binding.scan(world, party, opened)
        proof = key_proofs.prove(
            world,
            party.person,
            party.certificate_id,
            party.key,
            tickets.challenge_of(ticket),
        )
        arguments = {
            "ticket_id": ticket.id,
            "certificate_id": party.certificate_id,
            "proof": proof,
            "number": binding.digits(world, opened),
        }

        def confirm(_, arguments=arguments):
            try:
                world.engine.perform(actions.confirm_login, arguments, actor=party.person)
            except errors.EngineError as refused:
                return type(refused).__name__
            return "confirmed"

        def finish(_, opened=opened):
            try:
                return type(binding.finish(world, opened)).__name__
            except errors.EngineError as refused:
                return type(refused).__name__

        with ThreadPoolExecutor(8) as pool:
            confirmed = collections.Counter(pool.map(confirm, range(50)))
            finished = collections.Counter(pool.map(finish, range(50)))
        assert confirmed["confirmed"] == 1
        sessions += finished["MallSession"]
    assert sessions == runs
    sql = "SELECT id FROM mall_session WHERE way = 'scan'"
    assert len(worlds.rows(world, sql)) == runs


@pytest.mark.row("LOG-1")
def test_a_planted_cookie_is_worth_nothing_after_the_sign_in(world, party, count):
    runs, worth = count(10, 100), 0
    for number in range(runs):
        planted = f"planted {number}"
        opened = login(world, party, planted)
        session = binding.finish(world, opened, nonce=planted)
        assert planted not in session.token
        # Neither as a session, nor as the browser of a code that was taken.
        worth += world.engine.ask(mall.account_by_token, SYSTEM, planted) is not None
        with pytest.raises(errors.IllegalTransition):
            binding.finish(world, opened, nonce=planted)
        worlds.clock_of(world).advance(clock.MINUTE)
    assert worth == 0


@pytest.mark.row("LOG-1")
def test_every_confirmation_verifies_later_from_its_row_and_the_certificate_alone(any_world, count):
    world, runs = any_world, count(5, 50)
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    for _ in range(runs):
        login(world, party, "a browser")
        worlds.clock_of(world).advance(clock.MINUTE)
    certificate = world.engine.ask(
        lambda q: q.get(issuing.Certificate, "certificate", party.certificate_id), SYSTEM
    )
    kept = world.engine.ask(scanned.confirmed_with, SYSTEM, party.certificate_id)
    assert len(kept) == runs + 1
    assert all(tickets.confirmation_holds(one, certificate.public_key) for one in kept)
    # One other word anywhere, and it does not.
    for one in kept:
        changed = dataclasses.replace(one, payload=one.payload | {"title": "别的商城"})
        assert not tickets.confirmation_holds(changed, certificate.public_key)
        other = dataclasses.replace(one, nonce_hash=bytes(32))
        assert not tickets.confirmation_holds(other, certificate.public_key)


@pytest.mark.row("LOG-1")
def test_what_the_phone_showed_is_what_was_confirmed_to_the_byte(world, party, count):
    """A document (here: what the code says) swapped after the scan is refused whatever byte it is."""
    runs, refused = count(10, 100), 0
    for number in range(runs):
        opened = binding.login_qr(world, "guangzheng")
        ticket = binding.scan(world, party, opened)
        title = ticket.payload["title"]
        at = number % len(title)
        swapped = title[:at] + chr(ord(title[at]) ^ 1) + title[at + 1 :]
        payload = codec.canonical(ticket.payload | {"title": swapped})
        worlds.run_sql(world, "UPDATE ticket SET payload = ? WHERE id = ?", payload, ticket.id)
        with pytest.raises(proofs.WrongPin):
            binding.confirm(world, party, opened, message=tickets.challenge_of(ticket))
        refused += 1
        # The next one is another person's phone, as far as the PIN goes.
        worlds.run_sql(world, "DELETE FROM pin_guard")
        worlds.clock_of(world).advance(clock.MINUTE)
    assert refused == runs


def test_a_certificate_delegated_for_signing_in_opens_its_enterprises_account(world, party):
    sql = "UPDATE certificate SET delegated_by = ? WHERE id = ?"
    delegate = parties.certified(world, party.reviewers, number=2, name="新疆昆仑商贸有限公司")
    # The second party's certificate becomes one that the first enterprise has delegated.
    worlds.run_sql(world, sql, party.person.account_id, delegate.certificate_id)
    worlds.run_sql(
        world,
        "UPDATE certificate SET enterprise_id = ? WHERE id = ?",
        party.enterprise_id,
        delegate.certificate_id,
    )
    opened = binding.login_qr(world, "guangzheng")
    binding.scan(world, delegate, opened)
    with binding.untouched(world), pytest.raises(actions.OutOfScope):
        binding.confirm(world, delegate, opened)
    scope = "UPDATE certificate_order SET scope = ? WHERE id = ?"
    worlds.run_sql(world, scope, '["login"]', delegate.order_id)
    binding.confirm(world, delegate, opened)
    session = binding.finish(world, opened)
    assert session.mall_account_id == party.mall.mall_account_id


def test_a_delegated_certificate_is_bound_to_no_account(world, party):
    world.engine.perform(actions.unbind, {}, actor=party.mall)
    worlds.run_sql(world, "UPDATE certificate SET delegated_by = account_id")
    opened = binding.binding_qr(world, party)
    binding.scan(world, party, opened)
    with binding.untouched(world), pytest.raises(actions.OutOfScope):
        binding.confirm(world, party, opened)


# -- the guide's steps, through the door of the phone and of the PC -----------------------------------


@pytest.fixture
def line(world):
    return Line.on(world)


@pytest.mark.row("BND-1")
@pytest.mark.row("BND-2")
@pytest.mark.guide("G-binding-4")
@pytest.mark.guide("G-binding-5")
def test_a_purchaser_binds_by_scan_and_is_told(line):
    """标证通扫码绑定, 扫一扫, 绑定成功."""
    person = line.person(0)
    line.certified(person)
    person.sign_in_by_password()
    person.scan_and_confirm(person.show_binding_qr())
    assert worlds.kinds(line.world).count("binding.bound") == 1
    assert person.browser.ask("binding.course", {})["status"] == "bound"
    assert "binding.bound" in [one["kind"] for one in person.handset.door.ask("messaging.mine", {})]


@pytest.mark.row("LOG-1")
@pytest.mark.guide("G-binding-7")
@pytest.mark.guide("G-scanlogin-1")
@pytest.mark.guide("G-scanlogin-4")
def test_purchaser_and_supplier_sign_in_by_scan_with_the_certificates_pin(line):
    """扫一扫, 证书密码."""
    for index in (0, 1):
        line.bound(line.person(index))
    facts = worlds.rows(line.world, "SELECT body FROM event WHERE kind = 'mall_account.signed_in'")
    assert sum('"way":"scan"' in row["body"] for row in facts) == 2


@pytest.mark.row("LOG-1")
@pytest.mark.guide("G-scanlogin-2")
def test_who_never_bound_is_led_to_the_password(line):
    """The twin of signing in with a bound account."""
    person = line.person(1)
    line.certified(person)
    ticket_id, qr_text = person.show_login_qr()
    with pytest.raises(actions.NeverBound):
        person.scan_and_confirm(qr_text)
    seen = person.browser.ask("binding.watch", {"ticket_id": ticket_id, "nonce": person.nonce})
    assert (seen["status"], seen["why"]) == ("refused", "never_bound")
    assert "mall_account.signed_in" not in worlds.kinds(line.world)
    person.sign_in_by_password()
    assert isinstance(person.browser, DirectDoor)
    assert worlds.kinds(line.world).count("mall_account.signed_in") == 1


@pytest.mark.row("LOG-1")
@pytest.mark.guide("G-scanlogin-3")
def test_the_wrong_kind_of_code_is_refused_with_the_reason(line):
    """新点标证通 APP 二维码, 全国 CA 互认二维码."""
    person = line.person(1)
    line.bound(person)
    ticket_id, qr_text = person.show_login_qr("national")
    with pytest.raises(actions.WrongCertificateKind) as refused:
        person.scan_and_confirm(qr_text)
    assert refused.value.params == {"needed": "national"}
    ticket_id, qr_text = person.show_login_qr("platform")
    person.scan_and_confirm(qr_text)
    person.finish_login(ticket_id)
    assert (
        line.world.engine.ask(queries.watch, SYSTEM, ticket_id, person.nonce).status == "consumed"
    )
