"""The lead's page of second looks that differ: both verdicts, and which of them was right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.reviewing import actions
from engine.staffing.model import Role
from tests.support import deciding, worlds


@pytest.fixture
def differing(console_world: World) -> World:
    """A rejected claim that somebody else would have approved, and a lead who took no part."""
    world = console_world
    deciding.sample_everything(world)
    case = deciding.claim_case(world)
    one, other = (deciding.reviewer(world) for _ in range(2))
    deciding.take(world, one, case)
    deciding.do(world, actions.reject, one, case, reasons=("licence_unreadable",), note="看不清")
    look = worlds.rows(world, "SELECT id FROM review_case WHERE sample_of = ?", case.id)[0]
    for action in (actions.claim, actions.approve):
        world.engine.perform(action, {"case_id": look["id"]}, actor=other)
    return world


@pytest.fixture
def page(
    differing: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> AppTest:
    sign_in(Role.LEAD)
    return console("second_looks")


@pytest.mark.row("S-INS-1")
def test_a_lead_sees_both_verdicts_and_settles_them(differing: World, page: AppTest) -> None:
    assert not page.exception
    text = " ".join(one.value for one in (*page.markdown, *page.text))
    assert "看不清" in text
    assert "江苏东方科技有限公司" in " ".join(one.value for one in page.subheader)
    second = next(one for one in page.button if one.key.startswith("second-"))
    refused = second.click().run()
    assert refused.error
    assert worlds.rows(differing, "SELECT status FROM case_difference") == [{"status": "open"}]
    next(one for one in refused.text_input if one.key.startswith("why-")).input("执照清楚").run()
    done = next(one for one in refused.button if one.key.startswith("second-")).click().run()
    assert done.success
    settled = worlds.rows(differing, "SELECT status, right_one, note FROM case_difference")
    assert settled == [{"status": "settled", "right_one": "second", "note": "执照清楚"}]
    assert "sample.settled" in worlds.kinds(differing)


def test_nothing_waits_where_nothing_differs(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    sign_in(Role.LEAD)
    page = console("second_looks")
    assert not page.exception
    assert not [one for one in page.button if one.key and one.key.startswith("first-")]
