"""The page of reports on the desk in depth draws in both languages, in words, and leads to its cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine import worker
from engine.boot import World
from engine.incidents import actions as incidents
from engine.kernel import texts
from engine.records import actions as records
from engine.reports import catalog
from engine.staffing.model import Role
from tests.support import bulking, deciding, machines, registering, worlds

Open = Callable[..., AppTest]
VIEWS = ("bulk_acts", "bulk_items", "incidents", "issuing_stops", "deliveries", "reveals")
# A word of each table that only a code in words can be, in Chinese and in English.
WORDS = {
    "bulk_acts": ("挂起", "Put cases on hold"),
    "bulk_items": ("挂起", "Put cases on hold"),
    "incidents": ("密钥泄露", "A key got out"),
    "issuing_stops": ("东方", "Dongfang"),
    "deliveries": ("receiver.example #1", "receiver.example #1"),
    "reveals": ("来电", "call"),
}


@pytest.fixture
def busy(console_world: World) -> World:
    """A world with one of everything that the page tells of."""
    world = console_world
    desk = bulking.Desk.of(world)
    office = machines.office(world)
    office.endpoint(office.client(), kinds=("account.registered",))
    person = registering.sign_up(world, "13800138000")
    deciding.bare_case(world, "ord_1")
    desk.start(desk.rehearsed("hold", reason="applicant_asked"))
    worker.run_due(world)
    given = {"kind": "key_compromise", "title": "密钥可能外泄"}
    found = world.engine.perform(incidents.open_incident, given, actor=desk.maker)
    stop = {"agency_id": "dongfang", "reason": "密钥核查", "incident_id": found.id}
    world.engine.perform(incidents.stop_issuing, stop, actor=desk.maker)
    look = {
        "record_id": person.account_id,
        "place": f"account|phone|{person.account_id}",
        "ground": "customer_call",
    }
    world.engine.perform(records.reveal, look, actor=desk.maker)
    return world


def tables(app: AppTest) -> str:
    """Everything that the page's tables show."""
    return " ".join(one.value.to_string() for one in app.dataframe)


@pytest.mark.row("OPS-4", "OPS-6", "API-1")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_report_on_the_desk_draws_with_its_codes_in_words(
    busy: World, sign_in: Callable[..., object], console: Open, language: str
) -> None:
    sign_in(Role.LEAD)
    first = console("")
    first.session_state["language"] = language
    page = first.switch_page("reports_desk.py").run()
    for name in VIEWS:
        page = page.segmented_control(key="view").set_value(name).run()
        assert not page.exception, name
        said = " ".join(one.value for one in (*page.caption, *page.markdown, *page.text))
        assert catalog.load(name).text("question", language) in said
        shown = tables(page)
        assert WORDS[name][0 if language.startswith("zh") else 1] in shown, name
        for code in ("key_compromise", "dongfang", "customer_call", "report."):
            assert code not in shown, name


@pytest.mark.row("OPS-4", "OPS-6", "API-1")
def test_a_headline_leads_to_the_list_the_incident_and_the_endpoint_themselves(
    busy: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    (made,) = worlds.rows(busy, "SELECT id FROM bulk_act")
    (found,) = worlds.rows(busy, "SELECT id FROM incident")
    (end,) = worlds.rows(busy, "SELECT id FROM webhook_endpoint")
    page = console("reports_desk")
    for name, figure, address in (
        ("bulk_acts", "lists", f"/bulk?id={made['id']}"),
        ("incidents", "incidents", f"/incidents?incident={found['id']}"),
        ("deliveries", "sent", f"/machines?view=deliveries&endpoint={end['id']}"),
    ):
        page = page.segmented_control(key="view").set_value(name).run()
        page = page.button(key=f"open-{figure}").click().run()
        assert not page.exception, name
        assert address in tables(page)
    (account,) = worlds.rows(busy, "SELECT id FROM account")
    page = page.segmented_control(key="view").set_value("reveals").run()
    page = page.button(key="open-reveals").click().run()
    assert not page.exception
    assert account["id"] not in tables(page)


@pytest.mark.row("OPS-7")
def test_who_covers_one_platform_sees_its_lists_and_is_told_what_cannot_be_limited(
    busy: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD, scope_kind="platform", scope_id="yangguang")
    page = console("reports_desk")
    for name in VIEWS:
        page = page.segmented_control(key="view").set_value(name).run()
        assert not page.exception, name
        assert not page.dataframe, name
        assert bool(page.error) is (name not in ("bulk_acts", "bulk_items")), name


@pytest.mark.row("OPS-4")
def test_a_world_where_nothing_of_it_happened_says_so(
    console_world: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    page = console("reports_desk")
    for name in VIEWS:
        page = page.segmented_control(key="view").set_value(name).run()
        assert not page.exception, name
        assert page.info, name
