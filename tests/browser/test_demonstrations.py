"""A story in a browser: from a cold stage to a sealed, verified contract, one step of it by hand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine import boot
from engine.kernel import texts
from simulations import stages, stories
from tests.support import on_stage

STORY = stories.shipped()["signing"]
WITHIN_S = 60
BESIDE, CONFIRM = "Scan the QR code on the PC beside", "Confirm with the certificate PIN"


@pytest.fixture
def here(served: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stages of the server, seen from the test: it reads what is in their logs."""
    world = served.world  # type: ignore[attr-defined]
    monkeypatch.setattr(boot, "current", lambda: world)
    yield
    for one in stages.listed():
        stages.find(one).end()


def _sign_in(page: Page, server: str) -> None:
    page.goto(f"{server}/demo")
    page.click("button[value=lead]")
    expect(page.locator(".st-key-begin-signing button")).to_be_visible()


def _begin(page: Page, server: str) -> stages.Stage:
    _sign_in(page, server)
    page.locator(".st-key-begin-signing button").click()
    expect(page.locator(".st-key-play-0 button")).to_be_visible(timeout=WITHIN_S * 1000)
    return stages.find(re.search(r"stage=([\w-]+)", page.url).group(1))  # type: ignore[union-attr]


def _play(page: Page, number: int) -> None:
    page.locator(f".st-key-play-{number} button").click()
    following = page.locator(f".st-key-play-{number + 1} button")
    over = page.get_by_text(texts.text("The story is at its end.", "zh_CN"))
    expect(following if number + 1 < len(STORY.steps) else over).to_be_visible()


def _sign_in_by_hand(page: Page) -> None:
    """The presenter takes over: the phone beside scans the PC's code and confirms it with the PIN."""
    pc, phone = page.locator(".beside .mall"), page.locator(".beside .yx-phone")
    page.locator(".st-key-hand-0 button").first.click()
    pc.get_by_role("tab", name="扫码登录").click()
    expect(pc.locator("img[data-yx-qr='']")).to_be_visible()
    phone.get_by_role("button", name=texts.text(BESIDE, "zh_CN")).click()
    phone.get_by_role("button", name=texts.text(CONFIRM, "zh_CN")).click()
    phone.get_by_label("证书密码").last.press_sequentially("280517")
    expect(pc.get_by_role("heading", name="工作台")).to_be_visible()
    # The story has seen it, and leaves the apps where they are.
    expect(page.locator(".st-key-play-1 button")).to_be_visible()


@pytest.mark.row("DEM-1", "DEM-2")
def test_from_a_cold_stage_to_a_sealed_verified_contract(
    page: Page, server: str, here: None
) -> None:
    began = time.monotonic()
    stage = _begin(page, server)
    _sign_in_by_hand(page)
    for number in range(1, len(STORY.steps)):
        _play(page, number)
    took = time.monotonic() - began
    state = stages.find(stage.id).state
    assert state.by_hand == [0]
    assert state.kept["verdict"] == "valid"
    log = on_stage.kinds(stage.world)
    assert log.count("party.signed") == 2
    assert log.count("contract.passed") == 1
    expect(page.get_by_text(texts.of_code("verdict.valid", "zh_CN")).first).to_be_visible()
    assert took < WITHIN_S, f"{took:.0f} s"


@pytest.mark.row("DEM-2")
def test_the_real_apps_show_what_each_step_has_made(page: Page, server: str, here: None) -> None:
    _begin(page, server)
    pc, phone = page.locator(".beside .mall"), page.locator(".beside .yx-phone")
    for number in range(3):
        _play(page, number)
    expect(pc.get_by_text("办公用品采购合同").first).to_be_visible()
    expect(phone.get_by_text("办公用品采购合同").first).to_be_visible()
    # Back: the contract is gone from both.
    page.get_by_role("button", name=texts.text("Step back", "zh_CN")).click()
    expect(page.locator(".st-key-play-2 button")).to_be_visible()
    expect(pc.get_by_text("办公用品采购合同")).to_have_count(0)
    # The page is loaded again and finds its stage.
    page.reload()
    expect(page.locator(".st-key-play-2 button")).to_be_visible()
    expect(pc.locator("header")).to_be_visible()


@pytest.mark.row("DEM-1")
def test_a_real_phone_joins_as_the_persona(
    page: Page, server: str, here: None, chromium: Browser
) -> None:
    stage = _begin(page, server)
    with stage.playing(stage.state) as play:
        purchaser = play.cast["purchaser"]
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(30_000)
    real = context.new_page()
    real.goto(f"{server}/w/{stage.id}/join/{purchaser.invitation}")
    expect(real.get_by_text("我的证书")).to_be_visible()
    real.get_by_role("link", name="我的").or_(real.get_by_role("button", name="我的")).last.click()
    number = purchaser.identity.phone
    expect(real.get_by_text(f"{number[:3]}****{number[-4:]}").first).to_be_visible()
    context.close()
