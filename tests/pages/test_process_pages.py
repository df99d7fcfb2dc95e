"""The pages over the log of cases, and own SQL: drawn in both languages, they open cases and keep."""

from __future__ import annotations

import pytest

from engine.asking import queries as asked
from engine.kernel import texts
from engine.reports import catalog
from engine.staffing.model import Role
from tests.support import parties, worlds


def opened(console, page: str, language: str = "zh_CN"):
    """A page in a language. What acts is Chinese: the test driver words options outside the session."""
    first = console("")
    first.session_state["language"] = language
    return first.switch_page(f"{page}.py").run()


def shown(page) -> str:
    return " ".join(str(one.value) for one in (*page.caption, *page.markdown, *page.subheader))


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("reports_process", ("流程", "Process")),
        ("reports_cohorts", ("同期群", "Cohorts")),
        ("reports_funnel", ("从注册到开票", "From registration")),
        ("own_sql", ("自定义 SQL", "Own SQL")),
    ],
)
def test_the_pages_draw_in_both_languages(console_world, sign_in, console, page, told, language):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.LEAD)
    drawn = opened(console, page, language)
    assert not drawn.exception
    assert told[language == "en"] in drawn.title[0].value


@pytest.mark.row("RPT-4")
def test_the_process_page_shows_moves_and_opens_their_cases(console_world, sign_in, console):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.LEAD)
    page = opened(console, "reports_process")
    assert page.segmented_control(key="case-kind").value == "certificate_order"
    assert "发起支付" in page.dataframe[0].value.to_string()
    move = next(one for one in page.selectbox if one.label == "查看流转对应的案件")
    assert "发起支付 → 支付" in move.options
    page = move.set_value("payment.requested>order.paid").run()
    assert not page.exception
    assert page.query_params["move"] == "payment.requested>order.paid"
    cases = page.dataframe[0].value
    assert list(cases["案件类型"]) == ["证书订单"] * len(cases)
    assert "guangzheng" not in cases.to_string()


@pytest.mark.row("RPT-4")
def test_the_ways_that_cases_took_are_told_in_words(console_world, sign_in, console):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.LEAD)
    page = opened(console, "reports_process")
    page = page.segmented_control(key="case-kind").set_value("account").run()
    page = page.segmented_control(key="process-view").set_value("variants").run()
    assert not page.exception
    assert "注册 → 发起实名认证" in page.dataframe[0].value.to_string()
    assert catalog.load("variants").text("question", "zh_CN") in shown(page)


@pytest.mark.row("RPT-4")
def test_the_cohort_page_counts_who_registered(console_world, sign_in, console):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.LEAD)
    page = opened(console, "reports_cohorts")
    page = page.segmented_control(key="milestone").set_value("1_proved").run()
    assert not page.exception
    assert page.dataframe[0].value.iloc[0, -1] > 0
    cells = next(one for one in page.selectbox if one.label == "查看单元格对应的人员")
    month = page.dataframe[0].value["注册月份"].iloc[0]
    page = cells.set_value(f"{month}|0").run()
    assert not page.exception
    assert any("首个订单编号" in one.value for one in page.caption)


@pytest.mark.row("RPT-5")
def test_a_question_is_asked_drawn_and_saved(console_world, sign_in, console):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    lead = sign_in(Role.LEAD)
    page = opened(console, "own_sql")
    sql = "SELECT product, sum(amount_fen) AS amount_fen FROM order_fact GROUP BY ALL"
    page = page.text_area(key="own-sql").set_value(sql).run()
    page = page.button(key="ask").click().run()
    assert not page.exception
    answer = next(one.value for one in page.dataframe if "amount_fen" in one.value.columns)
    assert int(answer["amount_fen"].iloc[0]) > 0
    assert page.query_params["sql"] == sql
    page = page.selectbox(key="drawn-as").set_value("bar").run()
    assert not page.exception
    next(one for one in page.text_input if one.label == "查询名称").set_value("金额").run()
    page = page.button(key="save-new").click().run()
    assert not page.exception
    kept = console_world.engine.ask(asked.questions, lead)
    assert [(one.name, one.sql, one.drawing.kind) for one in kept] == [("金额", sql, "bar")]
    assert "question.asked" in worlds.kinds(console_world)


@pytest.mark.row("RPT-5")
def test_what_is_refused_is_said_and_what_was_typed_stays(console_world, sign_in, console):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.LEAD)
    page = opened(console, "own_sql")
    page = page.text_area(key="own-sql").set_value("FROM read_text('/etc/passwd')").run()
    page = page.button(key="ask").click().run()
    assert not page.exception
    assert "不在报表数据中" in page.error[0].value
    assert page.text_area(key="own-sql").value == "FROM read_text('/etc/passwd')"


@pytest.mark.row("RPT-5")
def test_a_pivot_table_of_the_answer(console_world, sign_in, console):
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.LEAD)
    page = opened(console, "own_sql")
    sql = "SELECT case_kind, actor_kind, 2.5::DECIMAL(9, 1) AS n FROM lifecycle_event"
    page = page.text_area(key="own-sql").set_value(sql).run()
    page = page.button(key="ask").click().run()
    page = page.selectbox(key="drawn-as").set_value("pivot").run()
    by_label = {one.label: one for one in page.selectbox}
    by_label["行"].set_value("case_kind")
    by_label["列"].set_value("actor_kind")
    by_label["单元格取值"].set_value("n")
    page = page.run()
    assert not page.exception
    lists = [one.value for one in page.dataframe]
    whole = next(one for one in lists if {"case_kind", "actor_kind", "n"} <= set(one.columns))
    pivot = next(one for one in lists if "case_kind" in one.columns and "actor_kind" not in one)
    mine = whole[(whole["case_kind"] == "account") & (whole["actor_kind"] == "person")]
    cell = pivot[pivot["case_kind"] == "account"]["person"].iloc[0]
    assert cell == 2.5 * len(mine)
    assert len(mine) > 0


@pytest.mark.row("RPT-5")
def test_who_sees_one_platform_alone_may_not_ask_in_sql(console_world, sign_in, console):
    sign_in(Role.LEAD, scope_kind="platform", scope_id="guangzheng")
    page = opened(console, "own_sql")
    assert not page.exception
    assert "角色范围为“全部”" in page.error[0].value
    assert not page.text_area
