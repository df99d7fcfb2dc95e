"""The phone's arithmetic runs apart from its screen, which moves meanwhile, tells stages, can be left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.support import phone_certificates as on_phone
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

# How often the page gets to do something while a share is put under a PIN, apart from it and in it.
_BEATS = """async () => {
  const { Apart } = await import("/apps/handset/keys/apart.js");
  const split = await import("/apps/handset/keys/split.js");
  const cost = { memory_kib: 65536, passes: 3 };
  const salt = new Uint8Array(16);
  const during = async (work) => {
    await work();
    let beats = 0;
    const beat = setInterval(() => { beats += 1; }, 5);
    const made = await work();
    clearInterval(beat);
    return [beats, Array.from(made.sealed).join()];
  };
  const apart = new Apart();
  const away = await during(() => apart.run("hidden", 5n, "280517", cost, 280, salt));
  const here = await during(() => split.hidden(5n, "280517", cost, 280, salt));
  const waiting = apart.run("make").then(() => "made", (refusal) => refusal.code);
  apart.end();
  return { away, here, left: await waiting, again: (await apart.run("make")).material.length };
}"""
_PENDING = """async () => {
  const { Kept } = await import("/apps/handset/keys/kept.js");
  return new Kept("demo/phone/me").names("pending/");
}"""


@pytest.mark.row("CRT-4")
def test_the_screen_moves_while_a_share_is_put_under_a_pin(phone: PhonePage) -> None:
    phone.open("login")
    told = phone.page.evaluate(_BEATS)
    (away, sealed), (here, same) = told["away"], told["here"]
    assert sealed == same
    assert away >= 10
    assert away > 5 * here
    assert (told["left"], told["again"]) == ("given_up", 256)


@pytest.mark.row("CRT-4", "CRT-5")
def test_a_key_being_made_tells_its_stages_and_is_given_up_without_a_trace(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(221)
    order_id = on_phone.own_paid(phone, served, who, at="security")
    phone.open(f"download/{order_id}")
    page = phone.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        """The network is slow: what a guess has to cost is not known yet."""
        if "handset.state" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or ""))
    for _ in range(2):
        phone.press(who.pin)
        if not held:
            page.route("**/phone/me/ask", hold)
    expect(page.get_by_text("正在用证书密码加密保存…")).to_be_visible()
    phone.button("取消", exact=True).click()
    expect(page.get_by_text("请设置 6 位数字证书密码", exact=False).first).to_be_visible()
    # What was held goes on now: its answer finds nobody who wants it.
    page.unroute("**/phone/me/ask")
    assert page.evaluate(_PENDING) == []
    assert not any("issuing.request_certificate" in one for one in sent)
    assert "certificate.requested" not in worlds.kinds(served.world)[-5:]
    for _ in range(2):
        phone.press(who.pin)
    served.work()
    expect(page.get_by_text("证书下载成功")).to_be_visible()
    assert worlds.kinds(served.world).count("certificate.activated") == 1
