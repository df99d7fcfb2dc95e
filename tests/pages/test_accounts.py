"""A person's record: masked, shown in full for half a minute on a ground, ended by two (ACC-7, PI-3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.staffing.model import Role
from tests.support import registering, worlds

PHONE = "13800138000"


def page_of(console: Callable[[str], AppTest], text: str) -> AppTest:
    """The page with somebody looked up."""
    app = console("accounts")
    app.text_input[0].set_value(text).run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    """Everything that the page shows, tables included."""
    told = [
        element.value
        for kind in ("caption", "warning", "info", "code")
        for element in app.get(kind)
    ]
    return "\n".join([*map(str, told), *(table.value.to_csv() for table in app.dataframe)])


@pytest.mark.row("S-PI-3")
@pytest.mark.row("SEC-1")
def test_a_value_is_masked_until_it_is_asked_for_on_a_ground(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    registering.prove(console_world, registering.sign_up(console_world, PHONE))
    sign_in(Role.ACCOUNT_OFFICER)
    app = page_of(console, PHONE)
    assert "138****8000" in drawn(app)
    assert PHONE not in drawn(app)
    next(b for b in app.button if "30" in b.label).click().run()
    assert PHONE in drawn(app)
    assert "account.revealed" in worlds.kinds(console_world)


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
