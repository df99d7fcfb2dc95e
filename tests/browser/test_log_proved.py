"""The log in a browser: the proof of an event is drawn and checked, and its receipt holds outside too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.evidence import packing
from engine.evidence.verifier.receipts import proof_findings
from tests.support import registering, worlds
from tests.support.console_pages import ConsolePage, said
from tests.support.served import ServedLine


@pytest.mark.row("AUD-1")
def test_an_event_is_proved_on_the_page_and_by_the_receipt_that_it_gives(
    page: Page, phone_page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    world = served.world
    registering.sign_up(world, "13900002001")
    sql = "SELECT MAX(seq) AS seq FROM event WHERE kind = 'account.registered'"
    seq = worlds.rows(world, sql)[0]["seq"]
    console, narrow = ConsolePage(page, server), ConsolePage(phone_page, server)
    console.open("auditor", f"/log?event={seq}")
    narrow.open("auditor", f"/log?event={seq}")
    narrow.fits()
    for one, name in ((console, "1440"), (narrow, "390")):
        one.sees(re.compile(f"^事件 {seq} 在 .*算得出签名的根"))
        expect(one.page.locator(".lp .whole.way")).to_have_count(1)
        expect(one.page.locator(".lp .bad")).to_have_count(0)
        one.page.screenshot(path=tmp_path / f"log-{name}.png", full_page=True)
    with page.expect_download() as got:
        page.get_by_role("link", name=said("Download the receipt of this operation")).click()
    receipt = json.loads(got.value.path().read_bytes())
    found = proof_findings("receipt", receipt, packing.log_key(world.keyring).hex())
    assert all(good for good, _where, _told in found), found
    assert seq in {one["index"] + 1 for one in receipt["events"]}
    console.press(said("Check the whole log"))
    console.sees(re.compile("^已检查 .*全部完好"))
    # What is drawn at the bottom of the tree is what the receipt says of this event.
    titles = page.locator(".lp code").evaluate_all("all => all.map(one => one.title)")
    [own] = [one for one in receipt["events"] if one["index"] == seq - 1]
    assert own["leaf"] in titles[-2:]
    assert titles[0] == receipt["head"]["root"]
