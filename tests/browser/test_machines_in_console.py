"""A machine in a browser: approved by a second person, its token shown once; told of events, twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import worker
from engine.integrating import model
from engine.staffing.model import Role
from tests.support import machines, worlds
from tests.support.console_pages import ConsolePage, said
from tests.support.served import ServedLine

pytestmark = pytest.mark.row("API-1")
NAME, AREA = "仓储系统", "registration"
TOKEN, SECRET = re.compile("^ymt_"), re.compile("^whsec_")


def _proposed(console: ConsolePage) -> None:
    console.unfold(said("Register a machine"))
    console.fill(said("Name"), NAME)
    console.fill(said("What it is for"), "核对库存与订单")
    area = model.areas()[AREA].in_language("zh_CN")
    console.choose(said("Scopes"), f"{area} · {said('reads')}")
    console.page.keyboard.press("Escape")
    console.press(said("Propose"))
    console.sees(said("Somebody else has to approve what you proposed."))


def _once(console: ConsolePage, secret: re.Pattern[str]) -> str:
    """A secret that was made just now: read, put away, and to be seen nowhere after that."""
    shown = console.page.get_by_test_id("stCode").filter(has_text=re.compile(secret.pattern[1:]))
    expect(shown).to_have_count(1)
    text = shown.inner_text().strip()
    assert secret.match(text)
    console.press(said("I have kept it"))
    expect(shown).to_have_count(0)
    console.page.reload()
    console.still()
    assert text not in console.page.content()
    return text


def test_a_token_is_shown_once_and_a_delivery_is_seen_and_sent_again(
    page: Page, phone_page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    world = served.world
    for login in ("admin-a", "admin-b"):
        worlds.staff(world, Role.ADMINISTRATOR, login=login)
    maker, other = ConsolePage(page, server), ConsolePage(phone_page, server)
    maker.open("admin-a", "/machines")
    _proposed(maker)
    other.open("admin-b", "/machines")
    other.fits()
    other.press(said("Approve"))
    other.sees(said("Done: {name}.", name=NAME))
    maker.go("/machines")
    maker.choose(said("Open"), NAME)
    maker.press(said("Make a new token"))
    token = _once(maker, TOKEN)
    assert token not in repr(worlds.content(world))
    maker.go("/machines?view=endpoints")
    maker.fill(said("Address"), machines.STEADY)
    kind = next(one for one in model.events().values() if one.scope == f"{AREA}:read")
    maker.choose(said("Events"), kind.label.in_language("zh_CN"))
    page.keyboard.press("Escape")
    maker.press(said("Add"))
    _once(maker, SECRET)
    maker.press(said("Send a test event"))
    maker.sees(said("A test event is on its way."))
    worker.tick(world, owner="test")
    maker.go("/machines?view=deliveries")
    maker.choose(said("State of the delivery"), said("Delivered"))
    maker.sees(re.compile("webhook.test"))
    page.screenshot(path=tmp_path / "delivery-1440.png", full_page=True)
    maker.press(said("Send it once more: same id, same body"))
    maker.sees(said("It is on its way again."))
    worker.tick(world, owner="test")
    assert world.receivers is not None
    came = world.receivers.arrived()
    assert len(came) == 2
    assert {(one.message_id, one.body, one.verified) for one in came} == {
        (came[0].message_id, came[0].body, True)
    }
    other.go("/machines?view=receiver")
    other.fits()
    expect(phone_page.get_by_test_id("stCode")).to_contain_text("webhook.test")
    phone_page.screenshot(path=tmp_path / "receiver-390.png", full_page=True)
