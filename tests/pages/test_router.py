"""Which screens a role has; a screen that is not registered cannot be run, and each guards itself too."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from engine.staffing.model import Role
from tests.pages.conftest import TIMEOUT_S
from tests.support import web

GUARDED = (
    ("desk", Role.ADMINISTRATOR),
    ("search", Role.ADMINISTRATOR),
    ("log", Role.ADMINISTRATOR),
    ("side_by_side", Role.AUDITOR),
    ("demo", Role.AUDITOR),
    ("sms_outbox", Role.AUDITOR),
    ("time_travel", Role.AUDITOR),
    ("simulation_runs", Role.AUDITOR),
    ("simulation_staffing", Role.FINANCE),
    ("reports_orders", Role.ADMINISTRATOR),
)


def test_a_stranger_who_got_this_far_sees_nothing(sign_in, console):
    sign_in()
    app = console()
    assert not app.exception
    assert not app.title
    assert not app.table
    assert not app.dataframe


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_first_page_without_an_error(sign_in, console, role):
    sign_in(role)
    app = console()
    assert not app.exception
    assert len(app.title) == 1


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.AUDITOR, "desk"),
        (Role.PRODUCT, "search"),
        (Role.PRODUCT, "log"),
        (Role.ADMINISTRATOR, "reports_orders"),
        (Role.LEAD, "demo"),
    ],
)
def test_a_page_of_another_role_or_world_is_not_there(sign_in, console, role, page):
    sign_in(role)
    with pytest.raises(ValueError, match=page):
        console(page)


@pytest.mark.parametrize(("page", "role"), GUARDED)
def test_a_page_that_is_run_past_the_router_guards_itself(sign_in, page, role):
    sign_in(role)
    app = AppTest.from_file(web.ROOT / "pages" / f"{page}.py", default_timeout=TIMEOUT_S).run()
    assert not app.exception
    assert not app.title
    assert len(app.error) == 1


def test_the_language_can_be_changed_and_stays_on_the_next_page(sign_in, console):
    sign_in(Role.AUDITOR)
    app = console()
    titles = [app.title[0].value]
    for _ in range(2):
        app.sidebar.button(key="switch-language").click().run()
        titles.append(app.title[0].value)
    assert titles[0] == titles[2] != titles[1]
    app.sidebar.button(key="switch-language").click().run()
    app.switch_page("search.py").run()
    app.switch_page("overview.py").run()
    assert app.title[0].value == titles[1]
