"""The page of bulk acts: choose, freeze, try, agree, run, pause, stop, a result for each item (OPS-4)."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine import worker
from engine.boot import World
from engine.bulk import model
from engine.kernel import actors
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from pages import _sections
from tests.support import bulking, deciding, worlds

pytestmark = pytest.mark.row("OPS-4")


@pytest.fixture
def desk(console_world: World) -> bulking.Desk:
    found = bulking.Desk.of(console_world)
    bulking.waiting(console_world, 60)
    return found


@pytest.fixture
def lead(sign_in: Callable[..., object]) -> object:
    return sign_in(Role.LEAD)


def button(page: AppTest, key: str):
    return next(one for one in page.button if one.key == key)


def opened(console: Callable[[str], AppTest], found: model.Bulk) -> AppTest:
    """The page of a bulk act, as by its address."""
    page = console("bulk")
    page.query_params["id"] = found.id
    return page.run()


def urged(world: World) -> int:
    return len(worlds.rows(world, "SELECT seq FROM event WHERE kind = 'case.urged'"))


@pytest.mark.parametrize("role", list(Role))
def test_whoever_comes_to_the_page_can_choose_each_act_that_is_offered(
    desk: bulking.Desk,
    sign_in: Callable[..., actors.Staff],
    console: Callable[[str], AppTest],
    role: Role,
) -> None:
    who = sign_in(role)
    if not any(staffing.has(who, right, anywhere=True) for right in _sections.BULK):
        with pytest.raises(ValueError, match="bulk"):
            console("bulk")
        return
    page = console("bulk")
    assert not page.exception
    for box in [one for one in page.selectbox if one.key == "act"]:
        for act in box.options:
            page.selectbox(key="act").select(act).run()
            assert not page.exception, act


def test_a_list_is_made_tried_and_run_on_the_page(
    desk: bulking.Desk, lead: object, console: Callable[[str], AppTest]
) -> None:
    world = desk.world
    page = console("bulk")
    assert not page.exception
    page = page.selectbox(key="act").set_value("urge").run()
    assert not page.exception
    assert [one.value for one in page.metric] == ["60"]
    page = button(page, "freeze").click().run()
    assert not page.exception
    [row] = worlds.rows(world, "SELECT id, act, size, status FROM bulk_act")
    assert (row["act"], row["size"], row["status"]) == ("urge", 60, "rehearsing")
    assert page.query_params["id"] == row["id"]
    worker.run_due(world)
    page = page.run()
    assert not page.exception
    page = button(page, "bulk-start").click().run()
    assert not page.exception
    assert not page.error
    assert {one.key for one in page.button} >= {"bulk-pause", "bulk-stop"}
    page = button(page, "bulk-pause").click().run()
    worker.run_due(world)
    assert urged(world) == 0
    page = button(page.run(), "bulk-go_on").click().run()
    worker.run_due(world)
    page = page.run()
    assert not page.exception
    assert urged(world) == 60
    assert not {one.key for one in page.button} & {"bulk-start", "bulk-pause", "bulk-stop"}
    assert len(page.dataframe[-1].value) == 50
    page = button(page, "items-next").click().run()
    assert len(page.dataframe[-1].value) == 10


def test_who_made_it_waits_and_a_second_person_agrees(
    desk: bulking.Desk, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    deciding.claim_case(desk.world)
    maker = sign_in(Role.LEAD)
    found = desk.rehearsed("reject", who=maker, reasons=("papers_unreadable",))
    page = opened(console, found)
    assert not page.exception
    assert "bulk-start" not in {one.key for one in page.button}
    assert len(page.info) == 1
    sign_in(Role.LEAD)
    page = opened(console, found)
    assert not page.exception
    page = button(page, "bulk-approve").click().run()
    assert not page.exception
    assert desk.now(found).status is model.BulkStatus.APPROVED


def test_nothing_is_offered_to_who_may_do_nothing(
    desk: bulking.Desk, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    sign_in(Role.AUDITOR)
    desk.rehearsed("urge")
    page = console("bulk")
    assert not page.exception
    assert "freeze" not in {one.key for one in page.button}
    assert any(one.key.startswith("open-") for one in page.button)


def test_nothing_yet_is_told(
    console_world: World, lead: object, console: Callable[[str], AppTest]
) -> None:
    page = console("bulk")
    assert not page.exception
    assert page.info
    assert button(page, "freeze").disabled


def test_the_desk_s_filter_is_taken_along(
    desk: bulking.Desk, lead: object, console: Callable[[str], AppTest]
) -> None:
    bulking.waiting(desk.world, 5, first=60, kind="certificate_ca", agency_id="dongfang")
    page = console("desk")
    page = page.selectbox(key="kind").set_value("certificate_ca").run()
    page = page.checkbox(key="urged").set_value(False).run()
    address = page.get("page_link")[-1].proto.query_string
    assert address
    there = console("")
    for name, value in urllib.parse.parse_qsl(address):
        there.query_params[name] = value
    there = there.switch_page("bulk.py").run()
    assert not there.exception
    assert there.selectbox(key="kind").value == "certificate_ca"
    assert [one.value for one in there.metric] == ["5"]
