"""The mall's gateway, and phone and PC together: binding and signing in by the QR on a screen."""

from __future__ import annotations

from typing import Any

import pytest

from engine.boot import World
from engine.handset.handset import ForeignCode
from engine.http import doors, phone_stores
from engine.issuing.proofs import WrongPin
from engine.mall.actions import WrongCredentials
from engine.policies.model import Platform
from engine.scanning.actions import AlreadyScanned
from tests.support import binding, gateways, parties, qr_reading, web, worlds

PIN = "280517"
NUMBER = "13800130001"


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    return web.application(world, monkeypatch)


@pytest.fixture
def party(world: World) -> parties.Party:
    return parties.enterprise(world, parties.Reviewers.of(world))


@pytest.fixture
def mall(app: Any, world: World) -> gateways.Page:
    return gateways.mall(web.browser(app), world)


def _sign_in(mall: gateways.Page, **change: str) -> Any:
    given = {"login": "party0001", "password": worlds.PASSWORD, **change}
    return mall.do("mall.sign_in", **given)


@pytest.mark.row("MAL-2")
def test_an_account_signs_in_by_password_and_out(
    world: World, party: parties.Party, mall: gateways.Page
) -> None:
    with pytest.raises(doors.NotSignedIn):
        mall.ask("mall.signed_in")
    assert _sign_in(mall) == {"signed_in": True}
    assert worlds.kinds(world)[-1] == "mall_account.signed_in"
    assert mall.ask("mall.signed_in")["login"] == "party0001"
    assert mall.do("mall.sign_out") == {"signed_in": False}
    assert "yinxin_mall_guangzheng" not in mall.browser.cookies
    with pytest.raises(doors.NotSignedIn):
        mall.ask("mall.signed_in")


def test_a_wrong_password_opens_nothing(
    world: World, party: parties.Party, mall: gateways.Page
) -> None:
    with pytest.raises(WrongCredentials):
        _sign_in(mall, password="another sentence of mine")
    assert "yinxin_mall_guangzheng" not in mall.browser.cookies


def test_the_platform_is_the_pages_own_whatever_a_browser_says(
    world: World, party: parties.Party, mall: gateways.Page
) -> None:
    assert _sign_in(mall, platform_id="nowhere") == {"signed_in": True}


def test_a_session_of_one_platform_is_none_at_another(
    world: World, party: parties.Party, mall: gateways.Page, app: Any
) -> None:
    _sign_in(mall)
    others = [name for name in _platforms(world) if name != gateways.PLATFORM]
    other = gateways.mall(mall.browser, world, others[0])
    assert other.refused("ask", "mall.signed_in").code == "http.not_signed_in"
    mall.browser.cookies.set(f"yinxin_mall_{others[0]}", _cookie(mall, "yinxin_mall_guangzheng"))
    assert other.refused("ask", "mall.signed_in").code == "http.not_signed_in"
    assert gateways.mall(mall.browser, world, "nowhere").call("ask", "x").status_code == 404


def _platforms(world: World) -> list[str]:
    return sorted(world.engine.ask(lambda q: q.policies(Platform), worlds.SYSTEM))


def _cookie(page: gateways.Page, name: str) -> str:
    return str(page.browser.cookies[name])


def test_no_token_and_no_nonce_is_in_any_body(
    world: World, party: parties.Party, mall: gateways.Page
) -> None:
    _sign_in(mall)
    mall.ask("mall.signed_in")
    mall.do("binding.open_binding_ticket", kind="platform")
    for name in ("yinxin_mall_guangzheng", "yinxin_browser"):
        token = _cookie(mall, name).partition(".")[2]
        assert len(token) >= 43
        assert not any(token in body for body in mall.bodies)


def _phone_with_order(world: World, app: Any, party: parties.Party) -> tuple[gateways.Page, str]:
    """The party's person on a phone of the gateway, and a paid order that both reviews approved."""
    party = parties.order(world, party)
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    phone = gateways.phone(web.browser(app), world)
    gateways.sign_in(phone, world, NUMBER)
    return phone, party.order_id


def _phone_with_certificate(
    world: World, app: Any, party: parties.Party
) -> tuple[gateways.Page, str]:
    """The same with the order's certificate in use."""
    phone, order_id = _phone_with_order(world, app, party)
    made = phone.handset.request_certificate(order_id, PIN)
    active = gateways.activate(phone, made["id"], PIN)
    assert active["status"] == "active"
    return phone, made["id"]


@pytest.mark.row("BND-1")
@pytest.mark.row("LOG-1")
def test_phone_and_pc_bind_by_the_picture_of_a_qr_and_then_sign_in_by_one(
    world: World, app: Any, party: parties.Party, mall: gateways.Page
) -> None:
    phone, certificate_id = _phone_with_certificate(world, app, party)
    _sign_in(mall)
    opened = mall.do("binding.open_binding_ticket", kind="platform")
    ticket = phone.do("handset.scan", qr_text=qr_reading.read_base64(opened["qr_png"]))
    assert (ticket["purpose"], ticket["payload"]["login"]) == ("bind", "party0001")
    answers = binding.answers(world, party)
    phone.handset.confirm(ticket, certificate_id, PIN, particulars=answers)
    assert "binding.bound" in worlds.kinds(world)
    assert mall.ask("binding.mine")["certificate_id"] == certificate_id
    mall.do("mall.sign_out")
    shown = mall.do("binding.open_login_ticket", kind="platform")
    ticket = phone.do("handset.scan", qr_text=shown["qr_text"])
    phone.handset.confirm(ticket, certificate_id, PIN)
    assert mall.ask("binding.watch", ticket_id=ticket["id"])["status"] == "confirmed"
    done = mall.do("binding.finish_login", ticket_id=ticket["id"])
    assert done == {"signed_in": True}
    assert mall.ask("mall.signed_in")["login"] == "party0001"


def test_neither_a_pin_nor_a_key_passes_through_the_process(
    world: World, app: Any, party: parties.Party
) -> None:
    phone, certificate_id = _phone_with_certificate(world, app, party)
    for gone in ("request_certificate", "activate", "confirm"):
        refused = phone.refused("do", f"handset.{gone}", certificate_id=certificate_id, pin=PIN)
        assert refused.status == 404
    token = phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    kept = phone_stores.of_world(world).find(token)
    assert kept is not None
    names = kept.store.names("")
    assert {name.partition("/")[0] for name in names} <= {"session", "qr-key", "sim", "reply"}


def test_a_wrong_pin_is_counted_by_the_engine_and_changes_nothing_on_the_phone(
    world: World, app: Any, party: parties.Party, mall: gateways.Page
) -> None:
    phone, certificate_id = _phone_with_certificate(world, app, party)
    _sign_in(mall)
    opened = mall.do("binding.open_binding_ticket", kind="platform")
    ticket = phone.do("handset.scan", qr_text=qr_reading.read_base64(opened["qr_png"]))
    answers = binding.answers(world, party)
    with pytest.raises(WrongPin):
        phone.handset.confirm(ticket, certificate_id, "739164", particulars=answers)
    assert worlds.kinds(world).count("pin.wrong") == 1
    phone.handset.confirm(ticket, certificate_id, PIN, particulars=answers)
    assert "binding.bound" in worlds.kinds(world)


def test_another_browser_cannot_watch_or_take_what_a_qr_was_confirmed_for(
    world: World, app: Any, party: parties.Party, mall: gateways.Page
) -> None:
    opened = mall.do("binding.open_login_ticket", kind="platform")
    thief = gateways.mall(web.browser(app), world)
    ticket_id = opened["ticket"]["id"]
    assert thief.refused("ask", "binding.watch", ticket_id=ticket_id, nonce="x").status == 404
    assert thief.refused("do", "binding.finish_login", ticket_id=ticket_id).status == 404
    assert mall.ask("binding.watch", ticket_id=ticket_id)["status"] == "created"


def test_a_second_phone_is_refused_and_a_refusal_ends_the_code(
    world: World, app: Any, party: parties.Party, mall: gateways.Page
) -> None:
    opened = mall.do("binding.open_login_ticket", kind="platform")
    first, second = (gateways.phone(web.browser(app), world) for _ in range(2))
    gateways.sign_in(first, world, "13900139001")
    gateways.sign_in(second, world, "13900139002")
    ticket = first.do("handset.scan", qr_text=opened["qr_text"])
    with pytest.raises(AlreadyScanned):
        second.do("handset.scan", qr_text=opened["qr_text"])
    first.do("handset.refuse", ticket_id=ticket["id"])
    assert mall.ask("binding.watch", ticket_id=ticket["id"])["status"] == "refused"
    with pytest.raises(ForeignCode):
        first.do("handset.scan", qr_text=opened["qr_text"].replace("login", "bind"))


def test_a_file_is_shown_to_its_own_person_and_to_nobody_else(
    world: World, app: Any, party: parties.Party, mall: gateways.Page
) -> None:
    (paper, *_) = worlds.rows(world, "SELECT id FROM blob WHERE media_type = 'image/png'")
    parties.settle(world, rounds=2)
    owner, other = (gateways.phone(web.browser(app), world) for _ in range(2))
    gateways.sign_in(owner, world, NUMBER)
    gateways.sign_in(other, world, "13900139001")
    _sign_in(mall)
    shown = [page.browser.get(f"{page.base}/media/{paper['id']}") for page in (owner, other, mall)]
    assert [answer.status_code for answer in shown] == [200, 404, 404]
    assert shown[0].headers["cache-control"] == "no-store"
    assert "sandbox" in shown[0].headers["content-security-policy"]


def test_a_payment_at_the_simulated_cashier_comes_in_at_once(
    world: World, app: Any, party: parties.Party
) -> None:
    party = parties.order(world, party)
    phone = gateways.phone(web.browser(app), world)
    parties.settle(world, rounds=1)
    gateways.sign_in(phone, world, NUMBER)
    payment = phone.do("ordering.pay", order_id=party.order_id)
    assert phone.do("handset.pay", payment_id=payment["id"]) == {"paid": True}
    assert phone.ask("ordering.order", order_id=party.order_id)["paid_at"] is not None
    assert phone.refused("do", "handset.pay", payment_id="pay_unknown").status == 404
