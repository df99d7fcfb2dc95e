"""The lab in a browser: a run is started, watched, paused, stopped, resumed and ends; two are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from simulations import runs, studies
from tests.browser.conftest import PASSWORD
from tests.support import lab_runs
from tests.support.lab_runs import FEWER, FIRST

# The machine may be loaded: a run takes as long as it takes.
_LONG_MS = 240_000


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the served console keeps its runs: two have ended. Whatever still runs is ended too."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YINXIN_RUNS", str(folder))
        yield lab_runs.make(folder)
    for one in (*runs.listed(folder), *studies.listed(studies.place(folder))):
        if one.progress().moving:
            one.stop()


def enter(page: Page, server: str, address: str) -> None:
    page.goto(f"{server}/login?lang=zh_CN")
    page.get_by_label("登录名").fill("lead")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{server}/{address}")


def state(page: Page, word: str) -> None:
    """Wait until the page says that the run is in a state."""
    expect(page.locator(".stMarkdownBadge").first).to_contain_text(word, timeout=_LONG_MS)


@pytest.mark.row("SIM-4")
def test_a_run_is_started_watched_paused_stopped_resumed_and_ends(
    page: Page, server: str, place: Path
) -> None:
    enter(page, server, "simulation_runs?scenario=quiet_day&people=10&seed=5")
    page.get_by_role("button", name="启动", exact=True).click()
    expect(page).to_have_url(re.compile(r"simulation_run\?run=[0-9-]+-quiet_day"))
    state(page, "运行中")
    page.get_by_role("button", name="暂停运行").click()
    state(page, "已暂停")
    # Whoever comes back to the address finds the run where it waits.
    name = page.url.partition("run=")[2]
    page.reload()
    state(page, "已暂停")
    assert page.url.endswith(name)
    expect(page.get_by_text("已注册").first).to_be_visible()
    page.get_by_role("button", name="继续").click()
    state(page, "运行中")
    page.get_by_role("button", name="停止运行").click()
    state(page, "已停止")
    page.get_by_role("button", name="恢复运行").click()
    state(page, "已完成")
    folder = runs.Folder(place / name)
    manifest = folder.manifest()
    assert manifest is not None
    assert manifest["violations"] == 0
    # The same files, and the same digest, as a run that nobody interrupted.
    expect(page.get_by_text("平均等待").first).to_be_attached()
    page.get_by_text("清单", exact=True).click()
    expect(page.get_by_text(manifest["digest"])).to_be_visible()


@pytest.mark.row("SIM-4")
def test_two_runs_are_compared_and_a_phone_shows_the_same(
    page: Page, server: str, chromium: Browser
) -> None:
    enter(page, server, f"simulation_compare?runs={FIRST},{FEWER}")
    expect(page.get_by_role("heading", name="设定上的差别")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    phone = context.new_page()
    enter(phone, server, page.url.removeprefix(f"{server}/"))
    expect(phone.get_by_test_id("stVegaLiteChart")).to_be_visible()
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.goto(f"{server}/simulation_run?run={FIRST}&view=board")
    expect(phone.get_by_text("已绑定").first).to_be_visible()
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()


@pytest.mark.row("SIM-6")
def test_a_what_if_goes_on_through_a_reload_and_keeps_what_is_done_when_it_is_stopped(
    page: Page, server: str, place: Path
) -> None:
    enter(page, server, f"simulation_staffing?run={FIRST}")
    people = page.get_by_role("spinbutton", name="人数", exact=True)
    people.fill("3000")
    people.press("Enter")
    often = page.get_by_role("spinbutton", name="重复次数", exact=True)
    often.fill("900")
    often.press("Enter")
    expect(page.get_by_text("1 种排班 × 900 次重复")).to_be_visible()
    page.get_by_role("button", name="开始推演").click()
    state(page, "运行中")
    expect(page.get_by_text(re.compile(r"已完成 [2-9]\d* / 900 次重复"))).to_be_visible(
        timeout=_LONG_MS
    )
    page.reload()
    state(page, "运行中")
    page.get_by_role("button", name="停止运行").click()
    state(page, "已停止")
    # What is done is answered for, and no more than that.
    expect(page.get_by_text(re.compile("900 次重复中已完成"))).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    [study] = studies.listed(studies.place(place))
    done = len(study.found())
    assert 2 <= done < 900
    page.get_by_role("button", name="恢复运行").click()
    state(page, "运行中")
    page.get_by_role("button", name="停止运行").click()
    state(page, "已停止")
    assert len(study.found()) >= done
