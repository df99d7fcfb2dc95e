"""The review desk without a browser: papers that changed under one's eyes, and blind second looks."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import actors
from engine.reviewing import actions, queries
from engine.staffing.model import Role
from tests.support import deciding, worlds


@pytest.fixture
def reviewer(sign_in: Callable[..., actors.Staff | None]) -> actors.Staff:
    found = sign_in(Role.ENTERPRISE_REVIEWER)
    assert found is not None
    return found


def _press(app: AppTest, begins: str) -> AppTest:
    pressed = next(one for one in app.button if str(one.key or "").startswith(begins))
    return pressed.click().run()


def _text(app: AppTest) -> str:
    drawn = (*app.markdown, *app.text, *app.caption, *app.get("html"), *app.warning, *app.info)
    return " ".join(str(getattr(one, "value", "") or getattr(one, "body", "")) for one in drawn)


@pytest.mark.row("S-INS-1")
def test_papers_that_changed_since_they_were_drawn_are_not_approved(
    console_world: World, reviewer: actors.Staff, console: Callable[[str], AppTest]
) -> None:
    case = deciding.claim_case(console_world)
    app = _press(console("desk"), "next-")
    sql = "SELECT papers FROM enterprise_claim WHERE id = ?"
    papers = json.loads(worlds.rows(console_world, sql, case.subject_id)[0]["papers"])
    papers[0]["blob_id"] = papers[1]["blob_id"]
    change = "UPDATE enterprise_claim SET papers = ? WHERE id = ?"
    worlds.run_sql(console_world, change, json.dumps(papers), case.subject_id)
    app = _press(app, "approve-")
    told = " ".join(one.value for one in app.error)
    assert "您查看的内容刚刚有变动" in told
    assert console_world.engine.ask(queries.approvals, reviewer, case) == []
    # What the page shows now is what is there now: looked at, it is approved.
    _press(app, "approve-")
    assert len(console_world.engine.ask(queries.approvals, reviewer, case)) == 1


@pytest.mark.row("S-INS-1")
def test_a_second_look_tells_nothing_of_the_first(
    console_world: World, reviewer: actors.Staff, console: Callable[[str], AppTest]
) -> None:
    deciding.sample_everything(console_world)
    case = deciding.claim_case(console_world)
    first = deciding.reviewer(console_world)
    deciding.take(console_world, first, case)
    given = {"reasons": ("licence_unreadable",), "note": "首审说看不清"}
    deciding.do(console_world, actions.reject, first, case, **given)
    look = worlds.rows(console_world, "SELECT id FROM review_case WHERE sample_of = ?", case.id)[0]
    app = _press(console("desk"), "next-")
    assert app.query_params["case"] in (look["id"], [look["id"]])
    assert "首审说看不清" not in _text(app)
    assert "approve-" in " ".join(str(one.key) for one in app.button)
