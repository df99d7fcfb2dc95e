"""The page of calls: who calls, what to say, hurry along, write down (OPS-8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import clock
from engine.staffing.model import Role
from tests.support import calling, registering, worlds

PHONE = "13800138000"


@pytest.fixture
def claim_id(console_world: World) -> str:
    """Somebody whose claim waits for review."""
    person = registering.sign_up(console_world, PHONE)
    registering.prove(console_world, person)
    return registering.claim(console_world, person).id


def called(console: Callable[[str], AppTest], number: str = PHONE) -> AppTest:
    """The page with a number entered."""
    app = console("calls")
    app.text_input(key="number").set_value(number).run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    """Every text that the page shows."""
    kinds = ("caption", "warning", "info", "text", "html", "subheader", "markdown", "error")
    told = [
        str(getattr(e, "value", "") or getattr(e, "body", "")) for k in kinds for e in app.get(k)
    ]
    return "\n".join([*told, *(table.value.to_csv() for table in app.dataframe)])


@pytest.mark.row("OPS-8")
def test_a_number_brings_up_what_to_say(
    console_world: World,
    sign_in: Callable[..., object],
    console: Callable[[str], AppTest],
    claim_id: str,
):
    sign_in(calling.AGENT)
    app = called(console)
    told = drawn(app)
    assert "138****8000" in told
    assert PHONE not in told
    assert app.text_input(key="number").value == ""
    assert "审核人员正在核对材料" in told
    app.segmented_control(key="say-in").set_value("en").run()
    assert "our reviewers are checking the papers" in drawn(app)
    assert worlds.kinds(console_world).count("call.began") == 1


@pytest.mark.row("OPS-8")
def test_it_is_hurried_along_and_written_down(
    console_world: World,
    sign_in: Callable[..., object],
    console: Callable[[str], AppTest],
    claim_id: str,
):
    sign_in(calling.AGENT)
    app = called(console)
    app.button(key=f"urge-{claim_id}").click().run()
    assert not app.exception
    assert app.button(key=f"urge-{claim_id}").disabled
    app.checkbox(key=f"about-{claim_id}").check()
    app.text_area[0].set_value("客户很着急")
    app.button(key="log-call").click().run()
    assert not app.exception
    assert app.success
    assert worlds.kinds(console_world)[-3:] == ["case.urged", "call.urged", "call.logged"]
    (call,) = app.dataframe[0].value.to_dict("records")
    assert "企业认领" in call.values()
    app = called(console)
    assert "客户很着急" in drawn(app)


@pytest.mark.row("OPS-8")
def test_a_late_review_says_sorry(
    console_world: World,
    sign_in: Callable[..., object],
    console: Callable[[str], AppTest],
    claim_id: str,
):
    worlds.clock_of(console_world).advance(14 * clock.DAY)
    sign_in(calling.AGENT)
    assert "让您久等了" in drawn(called(console))


def test_a_number_that_cannot_be_read_is_kept_and_told(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(calling.AGENT)
    app = called(console, "1380013")
    assert app.error
    assert app.text_input(key="number").value == "1380013"
    app.text_input(key="number").set_value(PHONE).run()
    assert not app.error
    assert "没有注册账号" in drawn(app)
    app.text_area[0].set_value("想了解如何注册")
    app.button(key="log-call").click().run()
    assert worlds.kinds(console_world)[-1] == "call.logged"


def test_who_does_not_answer_calls_has_no_such_page(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.FINANCE)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        console("calls")


def test_nothing_under_way_is_said_too(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    person = registering.sign_up(console_world, PHONE)
    registering.prove(console_world, person)
    sign_in(calling.AGENT)
    assert "没有正在办理的事项" in drawn(called(console))
