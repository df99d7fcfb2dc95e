"""The whole line in a browser: from the first deep link on a fresh server to a verified contract."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from engine.kernel import texts
from pages import _story, _story_steps


def _sign_in(page: Page, server: str, path: str) -> None:
    page.goto(server + path)
    expect(page).to_have_url(re.compile(r"/login\?next="))
    page.click("button[value=lead]")


def _step(page: Page, index: int, step: _story.Step) -> None:
    button = page.locator(f".st-key-do-{step.id} button")
    expect(button).to_be_visible()
    if step.consent:
        page.locator(f".st-key-{step.id}-consent label").first.click()
    if step.id == "sign-in":
        text = page.locator(".yx-sms").inner_text()
        code = re.search(r"\d{6}", text)
        assert code
        field = page.locator(f".st-key-{step.id}-code input")
        field.fill(code.group())
        field.press("Tab")
    button.click()
    following = index + 2
    if following <= len(_story_steps.STEPS):
        expect(page.get_by_text(re.compile(rf"(Step|第) ?{following}\b"))).to_be_visible()


@pytest.mark.row("DEM-1")
def test_the_line_is_clicked_through_from_the_first_deep_link(page: Page, server: str) -> None:
    _sign_in(page, server, "/demo")
    expect(page).to_have_url(re.compile(r"/demo$"))
    for index, step in enumerate(_story_steps.STEPS):
        _step(page, index, step)
    expect(page.get_by_text(texts.of_code("verdict.valid", "zh_CN")).first).to_be_visible()
    expect(
        page.locator(".yx-pill", has_text=texts.of_code("contract.status.passed", "zh_CN"))
    ).to_be_visible()


def test_an_anonymous_first_deep_link_shows_no_page(page: Page, server: str) -> None:
    for path in ("/desk", "/_story", "/nowhere"):
        page.goto(server + path)
        expect(page).to_have_url(re.compile(r"/login\?next="))
