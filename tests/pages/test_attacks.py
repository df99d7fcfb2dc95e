"""The page of the attack lab: what became of an attack, in green or in red, with its place in the log."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import errors
from simulations import attacks
from tests.support import worlds

pytestmark = pytest.mark.row("SEC-1")
OpenAs = Callable[..., AppTest]


@pytest.fixture
def page(open_as: OpenAs) -> AppTest:
    """The page as QA sees it, who may look into the log too."""
    app = open_as("qa", "en").switch_page("attacks.py").run()
    assert not app.exception
    return app


def _told(app: AppTest) -> str:
    return " ".join(str(one.value) for one in (*app.markdown, *app.caption, *app.error))


def test_an_attack_and_its_twin_run_by_their_buttons(page: AppTest) -> None:
    page.button("run-guessed_pin").click().run(timeout=60)
    assert not page.exception
    told = _told(page)
    assert told.count("Refused") == 3
    assert "NOT refused" not in told
    assert "issuing.pin_locked" in told
    page.button("twin-guessed_pin").click().run(timeout=60)
    assert "Goes through without the attack" in _told(page)


def test_where_it_is_recorded_can_be_looked_at(
    populated: World, open_as: OpenAs, page: AppTest
) -> None:
    page.button("run-second_scanner").click().run(timeout=60)
    sql = "SELECT MAX(seq) AS seq FROM event WHERE kind = 'ticket.second_scan'"
    seq = worlds.rows(populated, sql)[0]["seq"]
    assert f"/log?event={seq}" in _told(page)
    log = open_as("qa", "en")
    log.query_params["event"] = str(seq)
    log.switch_page("log.py").run()
    first = log.dataframe[0].value
    assert seq in list(first["#"])
    assert "ticket" in " ".join(first["Rows written"])
    log.text_input[0].set_value("99999999").run()
    assert "There is no such event." in " ".join(str(one.value) for one in log.warning)


def test_an_attack_that_gets_through_is_red(page: AppTest) -> None:
    attack = attacks.shipped()["forged_callback"]
    through = attacks.Tried(of=attack.tries[0], refusal=None, facts=(), written=frozenset())
    other = dataclasses.replace(through, refusal=errors.NotFound(what="payment"))
    result = attacks.Result(attack=attack, tried=(through, other))
    page.session_state["attacks tried"] = {attack.id: result}
    page.session_state["attacks without"] = {attack.id: errors.NotFound(what="payment")}
    page.run()
    told = _told(page)
    assert told.count("NOT refused") == 2
    assert "Refused without the attack too" in told
    assert "0 of 1 attacks were refused" in told


@pytest.mark.parametrize("role", ["finance-1", "auditor"])
def test_somebody_without_the_right_does_not_see_it(open_as: OpenAs, role: str) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_as(role).switch_page("attacks.py")
