"""Platforms and settings: proposed by one, approved by another, in force without a restart (MAL-4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing.model import Role
from tests.support import worlds


def platform(world: World, name: str) -> policies.Platform:
    """A trading platform as it is in force."""

    def asked(q: Reader) -> policies.Platform:
        return q.policy(policies.Platform, name)

    return world.engine.ask(asked, worlds.SYSTEM)


def by_key(elements: object, end: str) -> object:
    """The element whose key ends like this."""
    return next(one for one in elements if str(one.key or "").endswith(end))  # type: ignore[attr-defined]


@pytest.mark.row("MAL-4")
def test_a_platform_is_changed_by_two_and_shows_at_once(
    console_world: World,
    sign_in: Callable[..., object],
    console: Callable[[str], AppTest],
):
    sign_in(Role.LEAD)
    app = console("settings")
    assert not app.exception
    choice = by_key(app.selectbox, "/payment")
    choice.set_value("after_review").run()  # type: ignore[attr-defined]
    assert any("after_review" in str(shown.value) for shown in app.dataframe)
    by_key(app.button, "/propose").click().run()  # type: ignore[attr-defined]
    assert platform(console_world, "guangzheng").payment == "before_review"
    # Whoever proposed it can only take it back.
    assert not [one for one in app.button if str(one.key).startswith("approve-")]
    sign_in(Role.LEAD)
    app = console("settings")
    approve = next(one for one in app.button if str(one.key).startswith("approve-"))
    approve.click().run()
    assert not app.exception
    assert platform(console_world, "guangzheng").payment == "after_review"
    assert worlds.kinds(console_world)[-2:].count("policy.changed") == 1


def test_a_wrong_value_is_told_beside_its_field_and_can_not_be_proposed(
    sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    by_key(app.multiselect, "/agencies").set_value([]).run()  # type: ignore[attr-defined]
    assert app.error
    assert by_key(app.button, "/propose").disabled  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", list(policies.KINDS))
def test_every_kind_of_setting_has_a_form(
    sign_in: Callable[..., object], console: Callable[[str], AppTest], kind: str
):
    sign_in(Role.ADMINISTRATOR)
    app = console("settings")
    by_key(app.selectbox, "kind").set_value(kind).run()  # type: ignore[attr-defined]
    assert not app.exception
    # What is drawn is what is in force: nothing would change, and nothing is wrong.
    assert not app.error, [one.value for one in app.error]
    assert not [one for one in app.button if str(one.key).endswith("/propose")]
