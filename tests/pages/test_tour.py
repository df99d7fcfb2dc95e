"""The tour: offered at the first start, stop by stop on the pages themselves, remembered when it ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import actors, texts
from engine.staffing import queries
from engine.staffing.model import Role
from pages import _tour
from tests.support import worlds

SignIn = Callable[..., actors.Staff | None]
_FOR_ALL = ["overview", "verify"]


def _keys(app: AppTest) -> set[str]:
    return {str(one.key) for one in app.button if str(one.key).startswith("tour-")}


def _said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.markdown)


def _press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def _facts(world: World) -> list[str]:
    rows = worlds.rows(world, "SELECT subject FROM event WHERE kind = 'staff.toured'")
    return [str(row["subject"]) for row in rows]


def test_it_is_offered_once_and_not_now_is_remembered(
    console_world: World, sign_in: SignIn, console: Callable[..., AppTest]
) -> None:
    staff = sign_in(Role.LEAD)
    assert staff is not None
    app = console()
    assert {"tour-begin", "tour-not-now"} <= _keys(app)
    _press(app, "tour-not-now")
    assert _keys(app) == {"tour-again"}
    assert _facts(console_world) == [staff.staff_id]
    # In a session of their own they are asked no more; a colleague is.
    assert _keys(console()) == {"tour-again"}
    sign_in(Role.LEAD)
    assert "tour-begin" in _keys(console())


def test_it_goes_from_page_to_page_and_ends_where_it_is(
    console_world: World, sign_in: SignIn, console: Callable[..., AppTest]
) -> None:
    staff = sign_in(Role.PRODUCT, Role.LEAD)
    assert staff is not None
    app = _press(console(), "tour-begin")
    seen = []
    while True:
        # Whatever the language of the test's browser is.
        stop = next(
            name
            for name, text in _tour.TEXTS.items()
            if any(texts.text(text, language) in _said(app) for language in texts.LANGUAGES)
        )
        seen.append(stop)
        if "tour-next" not in _keys(app):
            break
        _press(app, "tour-next")
    assert len(seen) == len(set(seen)) >= 4
    assert seen == [name for name in _tour.TITLES if name in seen]
    _press(app, "tour-back")
    assert "tour-next" in _keys(app)
    assert _facts(console_world) == []
    _press(app, "tour-end")
    assert _keys(app) == {"tour-again"}
    assert console_world.engine.ask(queries.toured, staff)
    _press(app, "tour-again")
    _press(app, "tour-end")
    assert _facts(console_world) == [staff.staff_id]


def test_its_stops_are_pages_that_one_may_open(
    console_world: World, sign_in: SignIn, console: Callable[..., AppTest]
) -> None:
    sign_in(Role.AUDITOR)
    app = _press(console(), "tour-begin")
    assert app.session_state["tour-pages"]
    stops = [name for name in _tour.TITLES if name in app.session_state["tour-pages"]]
    assert stops == _FOR_ALL


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_overview_says_what_can_be_tried(
    open_as: Callable[..., AppTest], language: str
) -> None:
    app = open_as("product", language)
    assert not app.exception
    assert texts.text("What you can try", language) in _said(app)


def test_only_a_member_of_staff_is_shown_around(world: World) -> None:
    with pytest.raises(queries.MayNot):
        world.engine.ask(queries.toured, actors.System(job="setup"))
