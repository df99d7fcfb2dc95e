"""A stuck job in a real browser: from the first screen to its list, and done again by a double click."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.support import stuck, worlds
from tests.support.served import ServedLine


def test_a_stuck_job_is_found_from_the_overview_and_done_again_once(
    page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    world = served.world
    job_id = stuck.put(world, "send_sms")
    worlds.run_sql(
        world,
        "UPDATE job SET status = 'stuck', attempts = 1, last_error = 'ZeroDivisionError' WHERE id = ?",
        job_id,
    )
    page.goto(server)
    page.get_by_label("登录名").fill("lead")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("link", name="卡住的后台任务：1").click()
    expect(page.get_by_role("heading", name="卡住的后台任务")).to_be_visible()
    page.get_by_role("combobox", name="打开任务").click()
    page.get_by_role("option", name="发送短信").click()
    expect(page.get_by_text("程序错误（ZeroDivisionError）").last).to_be_visible()
    page.get_by_role("textbox", name="为什么现在能办成").fill("短信网关已恢复")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="重新执行", exact=True).dblclick()
    expect(page.get_by_text("已重新执行 1 个任务，后台将立即处理。")).to_be_visible()
    expect(page.get_by_text("没有卡住的后台任务。平台自己办不成")).to_be_visible()
    page.screenshot(path=tmp_path / "jobs-1440.png")
    assert worlds.kinds(world).count("job.taken_up") == 1
    stuck_now = worlds.rows(world, "SELECT id FROM job WHERE status = 'stuck'")
    assert stuck_now == []
