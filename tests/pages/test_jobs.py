"""The page of stuck jobs as operations see it, and the board that leads there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import actors, errors, texts
from engine.staffing.model import Role
from tests.support import stuck, worlds

SignIn = Callable[..., actors.Staff | None]
Open = Callable[[str], AppTest]
BUG = ZeroDivisionError("bug")


def metrics(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


def links(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.get("page_link")]


def choose(app: AppTest, nth: int = 0) -> AppTest:
    box = app.selectbox(key="job")
    return box.select(box.options[nth]).run()


def statuses(world: World) -> list[str]:
    return [row["status"] for row in worlds.rows(world, "SELECT status FROM job ORDER BY id")]


def test_a_job_is_opened_and_done_again_with_a_reason(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    asked = stuck.certificate(console_world)
    sign_in(Role.LEAD)
    app = console("jobs")
    assert not app.exception
    assert metrics(app)["卡住的后台任务数"] == "1"
    [shown] = [one.value for one in app.dataframe if "原因" in one.value]
    assert shown["任务类型"].iloc[0] == "签发证书"
    assert "程序错误" in shown["原因"].iloc[0]
    assert asked.id in shown["涉及"].iloc[0]
    app = choose(app)
    assert "打开档案" in links(app)
    assert any(asked.id in one.value for one in app.caption)
    refused = app.button(key="take_up").click().run()
    assert refused.error
    [job] = worlds.rows(
        console_world, "SELECT id FROM job WHERE subject = ? AND status = 'stuck'", asked.id
    )
    app = refused.text_input(key=f"reason-{job['id']}").input("CA 已修复").run()
    done = app.button(key="take_up").click().run()
    assert not done.exception
    assert not done.error
    assert done.toast
    assert metrics(done)["卡住的后台任务数"] == "0"
    assert done.success
    sql = "SELECT body FROM event WHERE kind = 'job.taken_up'"
    [fact] = worlds.rows(console_world, sql)
    assert "CA 已修复" in fact["body"]


def test_all_of_a_kind_are_done_again_at_once(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    stuck.several(console_world, BUG, issue_invoice=3, send_sms=1)
    sign_in(Role.ADMINISTRATOR)
    app = console("jobs")
    assert metrics(app)["卡住的后台任务数"] == "4"
    app = app.selectbox(key="kind").select("issue_invoice").run()
    assert len(app.selectbox(key="job").options) == 3
    app = choose(app)
    assert "打开档案" not in links(app), "who may not look records up is not led to one"
    [job_id] = [one.key.removeprefix("reason-") for one in app.text_input if "reason-" in one.key]
    app = app.text_input(key=f"reason-{job_id}").input("税局已恢复").run()
    done = app.button(key="take_up_kind").click().run()
    assert not done.exception
    assert metrics(done)["卡住的后台任务数"] == "1"
    assert sorted(statuses(console_world)) == ["ready"] * 3 + ["stuck"]
    assert worlds.kinds(console_world).count("job.taken_up") == 3


def test_somebody_else_was_faster_and_it_says_so(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    [job_id] = stuck.several(console_world, BUG, send_sms=1)["send_sms"]
    sign_in(Role.LEAD)
    app = choose(console("jobs"))
    app = app.text_input(key=f"reason-{job_id}").input("短信网关已恢复").run()
    worlds.run_sql(console_world, "UPDATE job SET status = 'ready'")
    refused = app.button(key="take_up").click().run()
    assert not refused.exception
    assert any(job_id in one.value for one in refused.error)
    assert "job.taken_up" not in worlds.kinds(console_world)


def test_what_goes_on_by_itself_is_told_apart(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    stuck.several(console_world, errors.ProviderUnavailable(), ask_refund=2)
    sign_in(Role.LEAD)
    app = console("jobs")
    assert metrics(app) == {"卡住的后台任务数": "0", "自动重试中": "2"}
    [shown] = [one.value for one in app.dataframe]
    assert shown["任务类型"].iloc[0] == "查询退款结果"


def test_where_nothing_is_stuck_the_page_says_so(sign_in: SignIn, console: Open) -> None:
    sign_in(Role.LEAD)
    app = console("jobs")
    assert not app.exception
    assert any("没有卡住的后台任务" in one.value for one in app.success)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.PLATFORM_REVIEWER])
def test_nobody_else_has_the_page(sign_in: SignIn, console: Open, role: Role) -> None:
    sign_in(role)
    with pytest.raises(ValueError, match="jobs"):
        console("jobs")


def test_who_manages_one_platform_alone_is_told_why_not(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    stuck.several(console_world, BUG, send_sms=1)
    sign_in(Role.LEAD, scope_kind="platform", scope_id="guangzheng")
    app = console("jobs")
    assert not app.exception
    assert app.error
    assert not app.metric
    assert "卡住的后台任务数" not in metrics(console("board"))


@pytest.mark.parametrize("page", ["board", "overview"])
def test_the_first_screens_of_operations_lead_there_while_something_is_stuck(
    console_world: World, sign_in: SignIn, console: Open, page: str
) -> None:
    sign_in(Role.LEAD)
    assert "卡住的后台任务：2" not in links(console(page))
    stuck.several(console_world, BUG, send_sms=2)
    app = console(page)
    assert not app.exception
    assert "卡住的后台任务：2" in links(app)
    sign_in(Role.PLATFORM_REVIEWER)
    app = console(page)
    assert "卡住的后台任务：2" not in links(app)
    assert "卡住的后台任务数" not in metrics(app)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_it_draws_in_both_languages(
    console_world: World, sign_in: SignIn, console: Open, language: str
) -> None:
    ids = stuck.several(console_world, errors.Conflict(), issue_certificate=2, send_sms=1)
    sign_in(Role.LEAD)
    app = console("")
    app.session_state["language"] = language
    app = app.switch_page("jobs.py")
    # By its address, as a colleague was sent it.
    app.query_params["job"] = ids["issue_certificate"][1]
    app.run()
    assert not app.exception
    assert (app.title[0].value == "卡住的后台任务") == (language == "zh_CN")
    assert app.text[0].value == texts.of_error(errors.Conflict(), language)
