"""Rehearsed trouble in a browser: one switch, and console, phone and mall say so until it is over."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from engine.kernel import clock, texts
from engine.rehearsing import model, queries
from engine.rehearsing.model import Kind
from tests.support import clocked, worlds
from tests.support.phone_pages import PhonePage
from tests.support.served import ServedLine

SMS = model.parties()["sms"]
DOWN = texts.text("{party} is down", "zh_CN", party=SMS.label.zh)


def test_one_switch_is_told_on_every_screen_and_its_end_too(
    page: Page, phone: PhonePage, server: str, served: ServedLine
) -> None:
    page.goto(f"{server}/faults")
    page.click("button[value=lead]")
    page.locator(".st-key-sms-down button").first.dblclick()
    expect(page.locator(".st-key-trouble").get_by_text(DOWN)).to_be_visible()
    expect(page.get_by_text(SMS.ends[Kind.DOWN].zh).first).to_be_visible()
    assert worlds.kinds(served.world).count("trouble.begun") == 1

    phone.open("login")
    expect(phone.page.locator(".trouble")).to_contain_text(DOWN)
    mall = phone.page.context.new_page()
    mall.goto(f"{server}/w/demo/mall/guangzheng")
    expect(mall.locator(".trouble")).to_contain_text(DOWN)

    page.goto(f"{server}/pki")
    expect(page.locator(".st-key-trouble").get_by_text(DOWN)).to_be_visible()
    served.work(11 * clock.MINUTE // clock.SECOND)
    expect(phone.page.locator(".trouble")).to_have_count(0)
    expect(mall.locator(".trouble")).to_have_count(0)
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".st-key-trouble")).to_have_count(0)
    assert not served.world.engine.ask(queries.in_force, clocked.MOVER)
