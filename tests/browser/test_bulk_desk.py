"""A bulk act in a browser: chosen, frozen, tried, agreed to by another, paused, gone on with, told."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import worker
from engine.bulk import model, wording
from engine.staffing.model import Role
from tests.support import bulking, deciding, worlds
from tests.support.console_pages import ConsolePage, said
from tests.support.served import ServedLine

pytestmark = pytest.mark.row("OPS-4")
# Those whose number begins with a one: more than somebody does alone.
FILTER, MATCH, TAKEN = "江苏第1", 111, 2
FORMULA = '=HYPERLINK("http://a.example","江苏第1有限公司")'


def _made(served: ServedLine) -> None:
    """Cases that wait, two of them in a colleague's hand, and one whose title a spreadsheet would run."""
    world = served.world
    made = bulking.waiting(world, 230)
    worlds.run_sql(world, "UPDATE review_case SET title = ? WHERE id = ?", FORMULA, made[1].id)
    colleague = worlds.staff(world, Role.LEAD)
    for case in made[10 : 10 + TAKEN]:
        deciding.take(world, colleague, case)


def _counts(console: ConsolePage, *told: tuple[str, int]) -> None:
    console.sees(" · ".join(f"{said(name)} {count}" for name, count in told))


def test_a_list_is_chosen_frozen_tried_agreed_to_and_run_with_a_pause(
    page: Page, phone_page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    _made(served)
    world, maker, second = served.world, ConsolePage(page, server), ConsolePage(phone_page, server)
    maker.open("lead", "/bulk")
    maker.choose(said("What is done"), said("Put cases on hold"))
    maker.fill(said("Search the queue"), FILTER)
    expect(page.get_by_test_id("stMetricValue")).to_have_text(str(MATCH))
    maker.choose(said("Why is it put on hold?"), "已联系申请人")
    maker.fill(said("What this is about"), "平台系统故障，先挂起")
    maker.press(said("Freeze the list and try it"))
    expect(page).to_have_url(re.compile("id=blk_"))
    worker.run_due(world)
    would = ("would go through", MATCH - TAKEN), ("would be refused", TAKEN)
    _counts(maker, *would)
    maker.sees(
        said("A second person has to agree before it runs: send them the address of this page.")
    )
    # Somebody else opens the address, on a phone, and agrees to just this list.
    second.open("second", page.url.removeprefix(server))
    _counts(second, *would)
    second.fits()
    second.press(said("Agree to this list of {n}", n=MATCH))
    maker.press(said("Do it to {n} items", n=MATCH - TAKEN))
    expect(maker.button(said("Let it rest"))).to_be_visible()
    worker.run_due(world, limit=1)
    _counts(maker, ("done", 98), ("refused", TAKEN), ("still open", 11))
    maker.press(said("Let it rest"))
    expect(maker.button(said("Go on with {n}", n=11))).to_be_visible()
    worker.run_due(world)
    _counts(maker, ("done", 98), ("refused", TAKEN), ("still open", 11))
    maker.press(said("Go on with {n}", n=11))
    expect(maker.button(said("Let it rest"))).to_be_visible()
    worker.run_due(world)
    for one in (maker, second):
        _counts(one, ("done", MATCH - TAKEN), ("refused", TAKEN), ("still open", 0))
        one.sees(said("Every item ended as the dry run said."))
    page.screenshot(path=tmp_path / "bulk-1440.png", full_page=True)
    phone_page.screenshot(path=tmp_path / "bulk-390.png", full_page=True)
    _the_file(maker)


def _the_file(maker: ConsolePage) -> None:
    """A result for each item, in words, and nothing that a spreadsheet would take for a formula."""
    with maker.page.expect_download() as got:
        maker.page.get_by_role("link", name="CSV").click()
    content = got.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "so that a spreadsheet reads the Chinese"
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == list(wording.headings("zh_CN"))
    assert len(rows) == MATCH
    assert f"'{FORMULA}" in [row[1] for row in rows]
    ended = [row[4] for row in rows]
    assert ended.count(said("goes through")) == MATCH - TAKEN
    assert {row[3] == row[4] for row in rows} == {True}


def test_a_run_is_ended_for_good_and_the_rest_left_alone(
    page: Page, server: str, served: ServedLine
) -> None:
    world = served.world
    bulking.waiting(world, 5, first=9_000)
    console = ConsolePage(page, server)
    console.open("lead", "/bulk")
    console.choose(said("What is done"), said("Mark cases as urged"))
    console.fill(said("Search the queue"), "江苏第900")
    console.press(said("Freeze the list and try it"))
    expect(page).to_have_url(re.compile("id=blk_"))
    worker.run_due(world)
    console.press(said("Do it to {n} items", n=5))
    console.press(said("Stop for good"))
    expect(console.button(said("Stop for good"))).to_have_count(0)
    worker.run_due(world)
    _counts(console, ("done", 0), ("refused", 0), ("still open", 5))
    [found] = worlds.rows(world, "SELECT status FROM bulk_act WHERE act = 'urge'")
    assert found["status"] == model.BulkStatus.STOPPED
    assert "case.urged" not in worlds.kinds(world)
