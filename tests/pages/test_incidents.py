"""Incidents and stops of issuing in the console: what stands first, and each act to its fact (OPS-6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.incidents import actions, queries
from engine.staffing.model import Role
from tests.support import worlds


def buttons(app: AppTest) -> set[str]:
    """The buttons on the page."""
    return {str(one.key) for one in app.button}


def press(app: AppTest, key: str) -> AppTest:
    """A button, and the second factor where it is asked for."""
    app.button(key=key).click().run()
    if "step-up-click" in buttons(app):
        app.button(key="step-up-click").click().run()
    assert not app.exception
    return app


@pytest.mark.row("OPS-6")
def test_a_stop_is_set_after_what_it_stops_was_told_and_the_first_line_says_it(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("incidents")
    assert any("东方" in str(one.value) or "Dongfang" in str(one.value) for one in app.success)
    app.session_state["view"] = "stops"
    app.run()
    assert "stop-issuing-look" not in buttons(app)
    app.text_input(key="stop-why").set_value("密钥核查").run()
    assert "stop-issuing" not in buttons(app)
    press(app, "stop-issuing-look")
    assert "stop-issuing" in buttons(app)
    press(app, "stop-issuing")
    assert [row["agency_id"] for row in worlds.rows(console_world, "SELECT * FROM issuing_stop")]
    app.run()
    assert any("密钥核查" in str(one.value) for one in app.error)


@pytest.mark.row("OPS-6")
def test_an_incident_is_opened_written_and_read_by_who_only_looks(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("incidents")
    app.text_input(key="incident-title").set_value("误签发一张证书").run()
    press(app, "open-incident")
    [row] = worlds.rows(console_world, "SELECT * FROM incident")
    app.run()
    app.text_input(key="note").set_value("已通知机构").run()
    press(app, "note-incident")
    press(app, "contain-incident")
    assert {"incident.opened", "incident.noted", "incident.contained"} <= set(
        worlds.kinds(console_world)
    )
    sign_in(Role.FINANCE)
    reader = console("incidents")
    reader.query_params["incident"] = row["id"]
    reader.run()
    assert not reader.exception
    shown = "\n".join(table.value.to_csv() for table in reader.dataframe)
    assert "已通知机构" in shown
    assert not {"open-incident", "note-incident", "close-incident"} & buttons(reader)


@pytest.mark.row("OPS-6")
def test_the_second_person_lifts_a_stop(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    one = worlds.staff(console_world, Role.LEAD)
    perform = console_world.engine.perform
    given = {"agency_id": "dongfang", "reason": "核查"}
    found = perform(actions.stop_issuing, given, actor=one)
    perform(actions.ask_to_lift, {"stop_id": found.id, "reason": "好了"}, actor=one)
    sign_in(Role.AGENCY_REVIEWER)
    app = console("incidents")
    app.session_state["view"] = "stops"
    app.run()
    press(app, f"lift-{found.id}")
    assert console_world.engine.ask(queries.stopped, worlds.SYSTEM, "dongfang") is None
