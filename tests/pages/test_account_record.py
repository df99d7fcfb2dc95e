"""A person's record: masked, shown in full for half a minute on a ground, ended by two (ACC-7, PI-3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import clock, texts
from engine.staffing.model import Role
from tests.support import registering, worlds

PHONE = "13800138000"


def page_of(console: Callable[[str], AppTest], text: str) -> AppTest:
    """The search's page with somebody looked up."""
    app = console("search")
    app.text_input[0].set_value(text).run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    """Everything that the page shows beside its fields, markup and tables included."""
    told = [
        element.value
        for kind in ("caption", "warning", "info", "code", "subheader")
        for element in app.get(kind)
    ]
    markup = [element.proto.body for element in app.get("html")]
    return "\n".join([*map(str, told), *markup, *(one.value.to_csv() for one in app.dataframe)])


@pytest.mark.row("S-PI-3", "SEC-1", "OPS-6")
def test_a_value_is_masked_until_it_is_asked_for_on_a_ground_and_gone_after_half_a_minute(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    registering.prove(console_world, registering.sign_up(console_world, PHONE))
    sign_in(Role.ACCOUNT_OFFICER)
    app = page_of(console, PHONE)
    assert "138****8000" in drawn(app)
    assert PHONE not in drawn(app)
    assert app.button(key="reveal").disabled, "a ground is chosen, and not found chosen"
    [ground] = [one for one in app.selectbox if str(one.key).startswith("ground-acc_")]
    ground.set_value("customer_call").run()
    app.button(key="reveal").click().run()
    assert PHONE in drawn(app)
    assert "value.revealed" in worlds.kinds(console_world)
    worlds.clock_of(console_world).advance(31 * clock.SECOND)
    app.run()
    assert PHONE not in drawn(app)


@pytest.mark.row("OPS-6")
def test_a_record_has_the_same_parts_in_the_same_order_and_its_state_lit(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    registering.prove(console_world, registering.sign_up(console_world, PHONE))
    sign_in(Role.AUDITOR)
    app = page_of(console, PHONE)
    heads = [one.value for one in app.markdown if one.value.startswith("**")]
    wanted = ("Protected values", "Papers", "History", "Looks behind the mask", "Linked")
    assert [one.strip("*") for one in heads] == [texts.text(one, "zh_CN") for one in wanted]
    [svg] = [text for one in app.get("bidi_component") if "yx-states" in (text := str(one.proto))]
    assert svg.count("700") == 1


@pytest.mark.row("ACC-7")
def test_an_end_is_proposed_and_waits_on_the_desk(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    registering.sign_up(console_world, PHONE)
    sign_in(Role.ACCOUNT_OFFICER)
    app = page_of(console, PHONE)
    app.button(key="propose-end").click().run()
    assert not app.exception
    assert app.success
    (case,) = worlds.rows(console_world, "SELECT kind, status FROM review_case")
    assert (case["kind"], case["status"]) == ("account_termination", "waiting")


def test_who_only_looks_up_can_not_propose_an_end(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    registering.sign_up(console_world, PHONE)
    sign_in(Role.FINANCE)
    app = page_of(console, PHONE)
    assert not [one for one in app.button if one.key == "propose-end"]
