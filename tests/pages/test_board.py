"""The board and the handover as their users see them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import actors, texts
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from tests.support import queue, worlds

SignIn = Callable[..., actors.Staff | None]
Open = Callable[[str], AppTest]


def metrics(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.mark.row("OPS-2")
def test_the_board_shows_the_figures_of_the_queue(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    lead = sign_in(Role.LEAD)
    assert lead is not None
    queue.fill(console_world, 120, me=lead)
    app = console("board")
    assert not app.exception
    told = console_world.engine.ask(queries.board, lead)
    assert metrics(app)["未办结"] == str(told.total.open) == "120"
    assert metrics(app)["已逾期"] == str(told.total.late)
    assert metrics(app)["即将逾期"] == str(told.total.warning)
    shown = [frame.value for frame in app.dataframe]
    assert {frame["逾期时间"].iloc[0] for frame in shown if "逾期时间" in frame}
    by_kind = next(frame for frame in shown if "已上报主管" in frame)
    assert by_kind["未办结"].sum() == 120
    assert any("王审核" in set(frame["审核人"]) for frame in shown if "审核人" in frame)


def test_an_empty_board_says_so(console_world: World, sign_in: SignIn, console: Open) -> None:
    sign_in(Role.LEAD)
    app = console("board")
    assert not app.exception
    assert metrics(app)["未办结"] == "0"
    assert any("未来九个办公小时" in one.value for one in app.info)


@pytest.mark.row("OPS-7")
def test_an_administrator_sees_how_much_and_not_what(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.ADMINISTRATOR)
    queue.fill(console_world, 60)
    app = console("board")
    assert not app.exception
    assert metrics(app)["未办结"] == "60"
    assert not any("江苏" in str(frame.value) for frame in app.dataframe)


@pytest.mark.row("OPS-7")
@pytest.mark.parametrize("page", ["board", "handover"])
def test_who_does_not_review_has_no_such_page(sign_in: SignIn, console: Open, page: str) -> None:
    sign_in(Role.AUDITOR)
    with pytest.raises(ValueError, match=page):
        console(page)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("page", ["board", "handover"])
def test_both_pages_draw_in_both_languages(
    console_world: World, sign_in: SignIn, console: Open, page: str, language: str
) -> None:
    lead = sign_in(Role.LEAD)
    queue.fill(console_world, 60, me=lead)
    app = console("")
    app.session_state["language"] = language
    app.switch_page(f"{page}.py").run()
    assert not app.exception
    has_chinese = any("\u4e00" <= c <= "\u9fff" for c in app.title[0].value)
    assert has_chinese == (language == "zh_CN")


@pytest.mark.row("OPS-8")
def test_a_shift_is_handed_over_and_taken_on_the_page(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    giver = sign_in(Role.LEAD)
    assert giver is not None
    cases = queue.fill(console_world, 80, me=giver)
    held = next(one for one in cases if one.assignee == giver.text and one.status == "held")
    note = {"case_id": held.id, "text": "等工商局回复"}
    console_world.engine.perform(actions.note_case, note, actor=giver)
    app = console("handover")
    assert not app.exception
    assert any("等工商局回复" in one.value for one in app.caption)
    app.text_area(key="said").input("周一先看这几件")
    app.button(key="hand-over").click().run()
    assert not app.exception
    assert "refusal" not in app.session_state
    assert worlds.kinds(console_world)[-1] == "shift.handed_over"

    taker = sign_in(Role.LEAD)
    assert taker is not None
    (waiting,) = console_world.engine.ask(queries.received, taker)
    assert waiting.text == "周一先看这几件"
    assert held.id in {case.id for case in waiting.cases}
    app = console("handover")
    assert any("周一先看这几件" in one.value for one in app.text)
    app.button(key=f"take-{waiting.id}").click().run()
    assert worlds.kinds(console_world)[-1] == "shift.taken_over"
    assert console_world.engine.ask(queries.received, taker) == []
    assert isinstance(held, model.Case)


def test_an_empty_handover_is_refused_and_said(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.LEAD)
    app = console("handover")
    before = worlds.kinds(console_world)
    app.button(key="hand-over").click().run()
    assert not app.exception
    assert any("选择" in one.value for one in app.error)
    assert worlds.kinds(console_world) == before
