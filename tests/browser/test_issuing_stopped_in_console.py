"""An incident in a browser: opened, issuing stopped after seeing what stops, lifted by a second person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import worlds
from tests.support.console_pages import ConsolePage, said
from tests.support.served import ServedLine

TITLE = "东方的一张证书签发给了前任经办人"


def _opened(console: ConsolePage) -> None:
    console.unfold(said("Open an incident"))
    console.fill(said("What happened, in one line"), TITLE)
    console.press(said("Open it"))
    expect(console.page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(console.page).to_have_url(re.compile("incident=inc_"))


@pytest.mark.row("OPS-6")
def test_one_stops_issuing_and_a_second_person_lets_it_go_on(
    page: Page, phone_page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    world = served.world
    lead, second = ConsolePage(page, server), ConsolePage(phone_page, server)
    lead.open("lead", "/incidents")
    _opened(lead)
    page.screenshot(path=tmp_path / "incident-1440.png", full_page=True)
    lead.go("/incidents?view=stops")
    lead.fill(said("Why it is stopped"), "核查授权书审核规则期间暂停")
    lead.press(said("{act}: what would stop?", act=said("Stop issuing")))
    # Its offers on two platforms, counted before and told on the button that does it.
    lead.sees(said("This would stop: {n}", n=2))
    lead.press(said("{act}; {n} stop", act=said("Stop issuing"), n=2))
    lead.sees(re.compile("起停止签发。核查授权书"))
    lead.fill(said("Why it can be lifted"), "规则已改，抽查无误")
    lead.press(said("Ask for it to be lifted"))
    expect(lead.button(said("Take back"))).to_be_visible()
    expect(lead.button(said("Agree: issue again"))).to_have_count(0)
    second.open("second", "/incidents?view=stops")
    second.fits()
    phone_page.screenshot(path=tmp_path / "stop-390.png", full_page=True)
    second.press(said("Agree: issue again"))
    for one in (lead, second):
        one.go("/incidents?view=stops")
        one.sees(re.compile("^" + said("Every authority issues certificates: {list}", list="")))
    kinds = worlds.kinds(world)
    assert [one for one in kinds if one.startswith("issuing.")] == [
        "issuing.stopped",
        "issuing.lift_asked",
        "issuing.lifted",
    ]
