"""Divided keys in the phone's browser: the engine's vectors, PIN changes, locks, a page cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from simulations import papers
from simulations.people import b64
from tests.support import phone_certificates as held
from tests.support import phone_keys, split_vectors, worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

WRONG, NEW = "739164", "460283"
_VECTORS = split_vectors.FILE.with_name("split_vectors.js").read_text(encoding="utf-8")


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
    certificate_id = held.certified(phone, served, who)
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
    certificate_id = held.certified(phone, served, who)
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
    held.own_paid(phone, served, who, at="home")
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
    order_id = held.own_paid(phone, served, who, at="security")
    phone.keys("cut_enrol", order_id=order_id, pin=who.pin, before=before)
    phone.page.reload()
    certificate_id = held.taken(phone, served, order_id, who.pin)
    signing = [one for one in phone.ask("issuing.mine") if one["usage"] == "signing"]
    assert [(one["id"], one["status"]) for one in signing] == [(certificate_id, "active")]
    assert phone.keys("held") == [certificate_id]
