"""An agent's call in a real browser: number typed at once, sentence copied, hurried along, logged."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.kernel import actors, clock
from engine.staffing import actions as staffing
from simulations.people import Person
from tests.browser.conftest import PASSWORD
from tests.support import calling, worlds
from tests.support.served import ServedLine

NUMBER = "来电人的手机号、身份证号或订单号"


@pytest.fixture(scope="module")
def caller(served: ServedLine) -> Person:
    """Somebody whose order is in review, and whose enterprise's first seals wait for the certificate."""
    given = {"login": "agent", "name": "陈客服", "password": PASSWORD, "roles": (calling.AGENT,)}
    setup = actors.System(job="setup")
    served.world.engine.perform(staffing.create_staff, given, actor=setup)
    person = served.somebody(0)
    served.onboarded(person)
    person.order(agency_id="dongfang")
    served.work()
    person.pay()
    served.work(70)
    person.attach()
    served.work()
    # Long enough that the review is late.
    served.pass_time(6 * clock.DAY // clock.SECOND)
    return person


def _sign_in(page: Page, server: str) -> None:
    page.goto(f"{server}/calls")
    page.get_by_label("登录名").fill("agent")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_label(NUMBER)).to_be_visible()


@pytest.mark.row("OPS-8")
def test_a_call_from_the_first_digit_to_the_log(
    page: Page, server: str, served: ServedLine, caller: Person, tmp_path: Path
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _sign_in(page, server)
    # The box has the focus: no click comes before the number.
    expect(page.get_by_label(NUMBER)).to_be_focused()
    page.keyboard.type(caller.identity.phone)
    page.keyboard.press("Enter")
    expect(page.get_by_text("正在交易平台审核").first).to_be_visible()
    expect(page.get_by_text("139****0000").first).to_be_visible()
    assert caller.identity.phone not in page.inner_text("body")
    sentence = page.locator(".aloud").filter(has_text="正在交易平台审核")
    assert sentence.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 20
    expect(sentence).to_contain_text("让您久等了")
    page.screenshot(path=tmp_path / "calls-1440.png")
    page.get_by_role("button", name="复制").first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == sentence.inner_text()
    page.get_by_role("button", name="催办").first.dblclick()
    expect(page.get_by_text("已催办，审核台会标出来。")).to_be_visible()
    expect(page.locator(".aloud").filter(has_text="共催办1次")).to_be_visible()
    page.get_by_text("本次沟通").first.click()
    page.get_by_label("补充说明").fill("客户很着急，明天要投标")
    page.get_by_role("button", name="登记", exact=True).dblclick()
    expect(page.get_by_text("来电已登记。")).to_be_visible()
    expect(page.get_by_text("我接听的来电")).to_be_visible()
    page.screenshot(path=tmp_path / "calls-after-1440.png")
    kinds = worlds.kinds(served.world)
    assert [kinds.count(one) for one in ("call.began", "case.urged", "call.logged")] == [1, 1, 1]


@pytest.mark.row("OPS-8")
def test_a_call_fits_a_narrow_window(
    chromium: Browser, server: str, served: ServedLine, caller: Person, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{server}/calls")
    page.get_by_label("Login").fill("agent")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    box = page.get_by_label("Caller's mobile number, resident ID number or order number")
    box.fill(caller.identity.phone)
    box.press("Enter")
    expect(page.get_by_text("is being reviewed for the trading platform").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=tmp_path / "calls-390.png")
    page.get_by_role("button", name="Log the call").scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / "calls-390-below.png")
    context.close()
