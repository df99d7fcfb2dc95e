"""The lists of records: filters and page in the address, kept and shared under a name (OPS-6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import texts
from engine.records import model, queries
from engine.staffing.model import Role
from tests.support import parties, worlds

Pages = tuple[World, Callable[..., object], Callable[[str], AppTest]]


@pytest.fixture
def pages(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> Pages:
    parties.certified(console_world, parties.Reviewers.of(console_world))
    return console_world, sign_in, console


def shown(app: AppTest) -> list[str]:
    """What the list's rows are called."""
    return [str(one) for table in app.dataframe for one in table.value.iloc[:, 0]]


def at(app: AppTest, **address: str) -> AppTest:
    """The list with this address."""
    for name, text in address.items():
        app.query_params[name] = text
    app.switch_page("records.py").run()
    assert not app.exception
    return app


@pytest.mark.row("OPS-6")
def test_an_address_is_a_list_with_its_filters(pages: Pages) -> None:
    world, sign_in, console = pages
    sign_in(Role.AUDITOR)
    [order] = worlds.rows(world, "SELECT * FROM certificate_order")
    app = at(console("records"), kind="order")
    assert shown(app) == [order["number"]]
    assert shown(at(app, status="completed")) == [order["number"]]
    assert shown(at(app, status="rejected")) == []
    assert app.info
    assert shown(at(app, status="", platform="yangguang")) == []
    assert shown(at(app, platform="guangzheng", **{"from": "2000-01-01"})) == [order["number"]]
    assert shown(at(app, until="2000-01-01")) == []
    at(app, until="never")
    assert app.error


@pytest.mark.row("OPS-6")
def test_choosing_a_filter_puts_it_into_the_address_and_back_to_the_first_page(
    pages: Pages,
) -> None:
    world, sign_in, console = pages
    sign_in(Role.AUDITOR)
    app = at(console("records"), kind="certificate", after="zzz")
    app.selectbox(key="list-status").set_value("active").run()
    assert not app.exception
    assert app.query_params["status"] == "active"
    assert "after" not in app.query_params
    active = worlds.rows(world, "SELECT serial_hex FROM certificate WHERE status = 'active'")
    assert shown(app) == [row["serial_hex"] for row in active]


@pytest.mark.row("OPS-6")
def test_a_list_is_kept_under_a_name_shared_found_again_and_deleted_by_its_owner(
    pages: Pages,
) -> None:
    world, sign_in, console = pages
    me = sign_in(Role.AUDITOR)
    app = at(console("records"), kind="order", status="completed")
    app.text_input(key="view-name").set_value("已完成的订单")
    app.checkbox(key="view-shared").set_value(True)
    next(one for one in app.button if one.label == texts.text("Keep", "zh_CN")).click().run()
    assert not app.exception
    [view] = world.engine.ask(queries.views, me)
    assert view.wanted == model.Wanted(kind="order", status="completed")
    other = sign_in(Role.FINANCE)
    [seen] = world.engine.ask(queries.views, other)
    assert (seen.mine, seen.owner) == (False, "王审核")
    app = at(console("records"), kind="seal")
    app.button(key=f"view-{view.id}").click().run()
    assert app.query_params["kind"] == "order"
    assert app.query_params["status"] == "completed"
    assert not [one for one in app.button if one.key == f"delete-{view.id}"]


@pytest.mark.row("OPS-6")
def test_an_empty_list_says_what_would_be_there(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    sign_in(Role.AUDITOR)
    app = at(console("records"), kind="contract")
    assert app.info
    assert not app.dataframe


@pytest.mark.row("OPS-6")
def test_the_id_of_what_belongs_to_a_record_opens_it(pages: Pages) -> None:
    world, sign_in, console = pages
    sign_in(Role.AUDITOR)
    [order] = worlds.rows(world, "SELECT * FROM certificate_order")
    [payment] = worlds.rows(world, "SELECT id FROM payment")
    app = console("record")
    app.query_params["id"] = payment["id"]
    app.switch_page("record.py").run()
    assert not app.exception
    assert app.title[0].value == order["number"]
    app.query_params["id"] = "ord_nothing"
    app.switch_page("record.py").run()
    assert app.info
