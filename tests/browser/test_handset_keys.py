"""Divided keys in the phone's browser: the engine's vectors, PIN changes, locks, a page cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from simulations import papers
from simulations.people import Identity, b64
from tests.support import phone_keys, split_vectors, worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

WRONG, NEW = "739164", "460283"
INDIVIDUAL: dict[str, Any] = {
    "platform_id": "yangguang",
    "agency_id": "dongfang",
    "seal_agency_id": "",
    "certificate_kind": "platform",
    "product": "individual",
    "years": 1,
}

_VECTORS = split_vectors.FILE.with_name("split_vectors.js").read_text(encoding="utf-8")


@pytest.fixture
def phone(phone_page: Page, server: str, served: ServedLine) -> PhonePage:
    """A phone, with the served world at hand."""
    return PhonePage(phone_page, server)


def _certified(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    """Up to the active certificate, whose key this page made; its id."""
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    order = phone.do(
        "ordering.place_order",
        enterprise_id=phone.onboard(who),
        platform_id="guangzheng",
        agency_id="dongfang",
        seal_agency_id="huayin",
        certificate_kind="platform",
        years=1,
    )
    payment = phone.do("ordering.pay", order_id=order["id"])
    phone.do("handset.pay", payment_id=payment["id"])
    served.work()
    paper = {"code": "authorization", "content": b64(papers.picture("authorization", who.uscc))}
    phone.do("ordering.attach_papers", order_id=order["id"], papers=[paper])
    served.approve_all()
    return _taken(phone, served, order["id"], who.pin)


def _taken(phone: PhonePage, served: ServedLine, order_id: str, pin: str) -> str:
    made = phone.keys("enrol", order_id=order_id, pin=pin)
    served.work()
    phone.keys("activate", certificate_id=made["id"], pin=pin)
    return str(made["id"])


@pytest.mark.row("CRT-4")
def test_the_browser_computes_what_the_engine_computes(phone: PhonePage) -> None:
    vectors: dict[str, Any] = json.loads(split_vectors.FILE.read_text(encoding="utf-8"))
    phone.open("login")
    made = phone.page.evaluate(_VECTORS, vectors)
    assert made["half"] == vectors["half_base64"]
    assert made["blobs"] == [one["blob_hex"] for one in vectors["blobs"]]
    assert made["refreshes"] == [one["refresh_hex"] for one in vectors["refreshes"]]
    assert made["messages"] == {
        name: one["message_base64"] for name, one in vectors["messages"].items()
    }
    assert (made["other"], made["same"], made["divided"]) == (True, True, True)


@pytest.mark.row("CRT-4")
def test_a_pin_is_changed_and_a_page_closed_half_way_loses_nothing(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(57)
    certificate_id = _certified(phone, served, who)
    kept = phone.keys("kept", certificate_id=certificate_id)
    given = {"certificate_id": certificate_id, "pin": WRONG, "new_pin": NEW}
    assert phone_keys.call(phone.page, "rewrap", **given)[1]["code"] == "issuing.wrong_pin"
    assert phone.keys("kept", certificate_id=certificate_id) == kept
    # The engine has the new share, the page is gone before it is written: the old one still serves.
    given["pin"] = who.pin
    phone.keys("cut", **given)
    phone.page.reload()
    assert phone.keys("kept", certificate_id=certificate_id) == kept
    phone.open(f"pin/{certificate_id}")
    for digits in (who.pin, NEW, NEW):
        phone.press(digits)
    expect(phone.page.get_by_text("证书密码修改成功")).to_be_visible()
    assert phone.keys("kept", certificate_id=certificate_id) != kept
    assert "pin.changed" in worlds.kinds(served.world)
    device = phone.page.evaluate(
        """async () => {
          const { Kept } = await import("/apps/handset/keys/kept.js");
          const { key } = await new Kept("demo/phone/me").get("device");
          try { await crypto.subtle.exportKey("pkcs8", key); return "given out"; } catch { return "kept"; }
        }"""
    )
    assert device == "kept"


@pytest.mark.row("CRT-4")
def test_a_locked_pin_is_unlocked_by_a_fresh_real_name(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(58)
    certificate_id = _certified(phone, served, who)
    given = {"certificate_id": certificate_id, "pin": WRONG, "new_pin": NEW}
    for _ in range(4):
        assert phone_keys.call(phone.page, "rewrap", **given)[1]["code"] == "issuing.wrong_pin"
    phone.open(f"pin/{certificate_id}")
    for digits in (WRONG, NEW, NEW):
        phone.press(digits)
    phone.is_at("证书密码已锁定")
    phone.button("解锁", exact=True).click()
    expect(phone.page.get_by_text("请重新完成实名认证").first).to_be_visible()
    assert "pin.unlocked" not in worlds.kinds(served.world)
    face = b64(papers.face(who.phone))
    proved = {"way": "zhongjin", "name": who.name, "resident_id": who.resident_id, "face": face}
    phone.do("registration.prove_name", **proved)
    served.work()
    phone.button("解锁", exact=True).click()
    phone.is_at("修改证书密码")
    assert "pin.unlocked" in worlds.kinds(served.world)


@pytest.mark.row("CRT-1", "CRT-5")
@pytest.mark.guide("G-certificate-7")
def test_an_automatic_download_opens_by_itself_when_the_order_is_ready(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(59)
    phone.sign_in(who)
    phone.prove_name(who)
    order = phone.do("ordering.place_order", **INDIVIDUAL)
    served.approve_all()
    payment = phone.do("ordering.pay", order_id=order["id"])
    phone.open("home")
    phone.do("handset.pay", payment_id=payment["id"])
    served.work()
    phone.is_at("下载证书")
    for _ in range(2):
        phone.press(who.pin)
    expect(phone.page.get_by_text("证书下载成功")).to_be_visible()
    assert "certificate.activated" in worlds.kinds(served.world)
    # Who goes back is not led there again.
    phone.button("完成").click()
    phone.is_at("证书管理")


@pytest.mark.row("CRT-4")
@pytest.mark.parametrize("before", [True, False])
def test_a_page_closed_while_it_asks_for_a_certificate_loses_nothing(
    phone: PhonePage, served: ServedLine, before: bool
) -> None:
    who = somebody(60 if before else 61)
    phone.sign_in(who)
    phone.prove_name(who)
    order = phone.do("ordering.place_order", **INDIVIDUAL)
    served.approve_all()
    payment = phone.do("ordering.pay", order_id=order["id"])
    phone.open("security")
    phone.do("handset.pay", payment_id=payment["id"])
    served.work()
    phone.keys("cut_enrol", order_id=order["id"], pin=who.pin, before=before)
    phone.page.reload()
    certificate_id = _taken(phone, served, order["id"], who.pin)
    signing = [one for one in phone.ask("issuing.mine") if one["usage"] == "signing"]
    assert [(one["id"], one["status"]) for one in signing] == [(certificate_id, "active")]
    assert phone.keys("held") == [certificate_id]
