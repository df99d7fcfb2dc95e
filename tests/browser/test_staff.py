"""In a browser: a second factor set up, signed out, signed in with a code; and asked for before an act."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from engine.kernel import actors
from engine.staffing import actions, queries
from engine.staffing.model import Role
from tests.browser.conftest import PASSWORD
from tests.support.served import ServedLine

pytestmark = pytest.mark.row("OPS-7")
SETUP = actors.System(job="setup")


def sign_in(page: Page, server: str, login: str, password: str = PASSWORD) -> None:
    """The sign-in page, filled in and sent."""
    page.goto(f"{server}/login?lang=zh_CN&next=/my_account")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.locator("button.primary").click()


def shot(page: Page, folder: Path | None, name: str) -> None:
    """A picture to look at, where one was asked for."""
    if folder is not None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=folder / f"{name}-390.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})


@pytest.fixture
def shots() -> Path | None:
    """Where pictures go, if anywhere."""
    found = os.environ.get("YINXIN_SHOTS")
    return Path(found) if found else None


def test_set_up_signed_out_and_signed_in_with_a_code(
    page: Page, server: str, shots: Path | None
) -> None:
    sign_in(page, server, "second")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.locator('input[aria-label="密码"]').fill(PASSWORD)
    page.get_by_role("button", name="立即设置").click()
    expect(page.get_by_text("请用验证器应用扫描二维码")).to_be_visible()
    secret = page.locator("code").first.inner_text().strip()
    shot(page, shots, "my-account-qr")
    app = pyotp.TOTP(secret)
    page.locator('input[aria-label="验证码"]').fill(app.now())
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_text("请妥善记下这些恢复码")).to_be_visible()
    codes = page.locator("code").first.inner_text().split()
    assert len(codes) == 10
    shot(page, shots, "my-account-codes")
    page.get_by_role("button", name="我已记下").click()
    expect(page.get_by_text("已启用")).to_be_visible()
    shot(page, shots, "my-account")
    page.get_by_role("link", name="退出登录").click()
    expect(page.get_by_label("登录名")).to_be_visible()

    sign_in(page, server, "second")
    expect(page.get_by_text("请输入验证器应用显示的验证码。")).to_be_visible()
    shot(page, shots, "sign-in-code")
    # The password alone opens nothing.
    page.goto(f"{server}/desk")
    expect(page).to_have_url(re.compile("/login"))
    page.goto(f"{server}/sign-in/step?next=/my_account")
    page.get_by_label("验证码").fill("000000")
    page.locator("button.primary").click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不正确")
    # One step on: the present one was used to set it up, and a clock may be 30 s ahead.
    page.get_by_label("验证码").fill(app.at(int(time.time()) + 30))
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()


def test_an_administrator_sets_one_up_at_the_door_and_confirms_a_grant(
    page: Page, server: str, served: ServedLine, shots: Path | None
) -> None:
    given = {
        "login": "root",
        "name": "系统管理员",
        "password": PASSWORD,
        "roles": (Role.ADMINISTRATOR,),
    }
    served.world.engine.perform(actions.create_staff, given, actor=SETUP)
    sign_in(page, server, "root")
    expect(page.get_by_text("您的角色登录时需要两步验证")).to_be_visible()
    shot(page, shots, "sign-in-enrol")
    secret = page.locator(".secret").inner_text().split()[-1].split("：")[-1]
    page.get_by_label("验证码").fill(pyotp.TOTP(secret).now())
    page.locator("button.primary").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    shot(page, shots, "sign-in-codes")
    page.get_by_role("link", name="我已记下").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    # More than five minutes later the code is asked for again, in a dialog.
    served.pass_time(600)
    page.goto(f"{server}/staff?who=auditor")
    expect(page.get_by_role("heading", name="员工与角色")).to_be_visible()
    expect(page.get_by_role("button", name="授予")).to_be_visible()
    shot(page, shots, "staff")
    page.get_by_role("button", name="授予").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("此操作不可撤销")).to_be_visible()
    shot(page, shots, "step-up")
    dialog.locator('input[aria-label="验证码"]').fill(codes[0])
    dialog.get_by_role("button", name="确认").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("企业审核员 · 全部")).to_be_visible()
    everyone = served.world.engine.ask(queries.everyone, SETUP)
    told = next(one for one in everyone if one.login == "auditor")
    assert set(told.roles) == {"auditor", "enterprise_reviewer"}
