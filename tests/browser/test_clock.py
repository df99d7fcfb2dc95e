"""A long journey of the clock in a browser: it shows how far it is, and stops where one says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.kernel import clock, texts
from engine.kernel.operation import Operation
from tests.support import worlds
from tests.support.served import ServedLine

DAYS = 300


def _said(text: str) -> str:
    return texts.text(text, "zh_CN")


def _much_is_due(op: Operation) -> None:
    """Something that the worker looks at on each of many days."""
    for day in range(1, DAYS + 1):
        op.enqueue("send_sms", f"sms-{day}", due_at=op.now + day * clock.DAY)


@pytest.mark.row("DEM-3")
def test_a_long_journey_is_stopped_on_its_way(page: Page, server: str, served: ServedLine) -> None:
    world = served.world
    world.engine.perform(_much_is_due, {}, actor=worlds.SYSTEM)
    began = world.engine.now()
    page.goto(f"{server}/time_travel")
    page.click("button[value=lead]")
    page.get_by_role("button", name=_said("+1 year")).click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    page.get_by_role("button", name=_said("Stop here")).click()
    # It stands between here and there, and tells what happened by then.
    expect(page.get_by_role("button", name=_said("+1 year"))).to_be_visible()
    expect(bar).to_have_count(0)
    expect(page.get_by_role("heading", name="起发生的事项")).to_be_visible()
    reached = world.engine.now()
    assert began < reached < began + DAYS * clock.DAY
    page.reload()
    expect(page.get_by_role("button", name=_said("+1 year"))).to_be_visible()
    assert world.engine.now() - reached < clock.HOUR
