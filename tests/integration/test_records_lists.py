"""Lists of records by key, within the scope; kept under a name; as files like the screen (OPS-6)."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.kernel import actors, errors
from engine.records import actions, kinds, model, queries, wording
from engine.staffing.model import Role
from tests.support import parties, registering, web, worlds


def ids_of(world: World, who: actors.Staff, wanted: model.Wanted, limit: int = 50) -> list[str]:
    """Every page one after the other."""
    found: list[str] = []
    after = ""
    while True:
        page = world.engine.ask(queries.listed, who, wanted, after=after, limit=limit)
        found += [row.hit.id for row in page.rows]
        after = page.following
        if not after:
            return found


@pytest.mark.row("OPS-6")
def test_pages_of_any_size_make_the_same_list_newest_first(any_world: World) -> None:
    world = any_world
    for number in range(5):
        registering.sign_up(world, f"1380013800{number}")
        worlds.clock_of(world).advance(1000)
    auditor = worlds.staff(world, Role.AUDITOR)
    wanted = model.Wanted(kind="account")
    whole = ids_of(world, auditor, wanted)
    rows = worlds.rows(world, "SELECT id FROM account ORDER BY created_at DESC")
    assert whole == [row["id"] for row in rows]
    for limit in (1, 2, 4, 5):
        assert ids_of(world, auditor, wanted, limit) == whole
    [first, *_] = worlds.rows(world, "SELECT created_at FROM account ORDER BY created_at")
    since = model.Wanted(kind="account", since=first["created_at"] + 1)
    assert ids_of(world, auditor, since) == whole[:-1]
    until = model.Wanted(kind="account", until=first["created_at"] + 1)
    assert ids_of(world, auditor, until) == whole[-1:]


@pytest.mark.row("OPS-6")
def test_a_list_has_what_the_scope_covers_and_filters_only_by_what_a_kind_has(world: World) -> None:
    party = parties.certified(world, parties.Reviewers.of(world))

    def seen(scope_kind: str, scope_id: str, kind: model.KindName) -> list[str]:
        who = worlds.staff(world, Role.PLATFORM_REVIEWER, scope_kind=scope_kind, scope_id=scope_id)
        return ids_of(world, who, model.Wanted(kind=kind))

    assert seen("platform", "guangzheng", "order") == [party.order_id]
    assert seen("agency", "dongfang", "order") == [party.order_id]
    assert seen("platform", "yangguang", "order") == []
    assert seen("agency", "nanfang", "certificate") == []
    assert seen("platform", "yangguang", "enterprise") == [party.enterprise_id]
    auditor = worlds.staff(world, Role.AUDITOR)
    for wanted in (
        model.Wanted(kind="account", platform_id="guangzheng"),
        model.Wanted(kind="contract", agency_id="dongfang"),
        model.Wanted(kind="order", status="no such state"),
    ):
        with pytest.raises(queries.CannotFilter):
            ids_of(world, auditor, wanted)
    with pytest.raises(errors.NotPermitted):
        ids_of(world, worlds.staff(world, Role.PRODUCT), model.Wanted(kind="order"))


@pytest.mark.row("OPS-6")
def test_every_kind_offers_its_own_states_and_what_it_can_be_narrowed_by(world: World) -> None:
    auditor = worlds.staff(world, Role.AUDITOR)
    for name, kind in kinds.KINDS.items():
        offered = world.engine.ask(queries.filters, auditor, name)
        states = {one.value for one in kind.states({"reverses": ""}).workflow.statuses()}
        assert states <= set(offered.states)
        assert bool(offered.platforms) == ("platform_id" in kind.scoped)
        assert bool(offered.agencies) == ("agency_id" in kind.scoped)


@pytest.mark.row("OPS-6")
def test_a_view_is_its_owner_s_and_has_a_name_of_its_own(any_world: World) -> None:
    world = any_world
    one, other = (worlds.staff(world, Role.AUDITOR) for _ in range(2))
    wanted = model.Wanted(kind="seal", status="active", agency_id="huayin", since=1, until=2)
    given = {"name": "  在用  印章 ", "wanted": wanted, "shared": True}
    view = world.engine.perform(actions.save_view, given, actor=one, key="k")
    assert world.engine.perform(actions.save_view, given, actor=one, key="k").id == view.id
    assert view.name == "在用 印章"
    [seen] = world.engine.ask(queries.views, other)
    assert (seen.id, seen.wanted, seen.mine) == (view.id, wanted, False)
    with worlds.unchanged(world):
        with pytest.raises(actions.ViewNameTaken):
            world.engine.perform(actions.save_view, given, actor=one)
        with pytest.raises(actions.ViewNameMissing):
            world.engine.perform(actions.save_view, {**given, "name": " "}, actor=one)
        with pytest.raises(actions.NotYourView):
            world.engine.perform(actions.delete_view, {"view_id": view.id}, actor=other)
    world.engine.perform(actions.delete_view, {"view_id": view.id}, actor=one)
    assert world.engine.ask(queries.views, other) == []
    with pytest.raises(errors.NotFound):
        world.engine.perform(actions.delete_view, {"view_id": view.id}, actor=one)


def test_an_address_says_all_of_a_filter() -> None:
    wanted = wording.wanted_of(
        "order",
        {
            "status": "paid",
            "platform": "p",
            "agency": "a",
            "from": "2026-11-01",
            "until": "2026-11-30",
        },
    )
    address = wording.address_of(wanted)
    assert wording.wanted_of(address["kind"], address) == wanted
    with pytest.raises(wording.DayWrong):
        wording.wanted_of("order", {"from": "2026-13-01"})
    with pytest.raises(wording.KindUnknown):
        wording.wanted_of("orders", {})


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser of an auditor before a world with one certified party."""
    parties.certified(world, parties.Reviewers.of(world))
    worlds.staff(world, Role.AUDITOR, login="reader")
    found = web.browser(web.application(world, monkeypatch))
    assert web.sign_in(found, "reader", worlds.PASSWORD).status_code == 303
    return found


@pytest.mark.row("OPS-6", "SEC-1")
def test_a_list_comes_as_csv_and_xlsx_masked_as_on_the_screen(
    world: World, visitor: TestClient
) -> None:
    place = f"/w/{world.id}/records"
    got = visitor.get(f"{place}/order.csv?status=completed&lang=en")
    assert got.status_code == 200
    [row] = csv.DictReader(io.StringIO(got.text.removeprefix("\ufeff")))
    [order] = worlds.rows(world, "SELECT * FROM certificate_order")
    assert (row["Called"], row["Status"], row["id"]) == (order["number"], "Completed", order["id"])
    assert float(row["Amount"]) == order["amount_fen"] / 100
    people = visitor.get(f"{place}/account.csv").text
    assert registering.NAME not in people
    assert "****" in people
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{place}/certificate.xlsx").content))
    assert len(list(book.active.rows)) == 3
    assert visitor.get(f"{place}/order.csv?status=nothing").status_code == 422
    assert visitor.get(f"{place}/nothing.csv").status_code == 404
    assert visitor.get(f"{place}/order.exe").status_code == 404
    assert visitor.get("/w/other/records/order.csv").status_code == 404


@pytest.mark.row("OPS-6")
def test_a_file_needs_the_right_that_the_page_needs(world: World, visitor: TestClient) -> None:
    place = f"/w/{world.id}/records/order.csv"
    worlds.staff(world, Role.PRODUCT, login="product")
    visitor.cookies.clear()
    assert visitor.get(place, follow_redirects=False).status_code != 200
    web.sign_in(visitor, "product", worlds.PASSWORD)
    assert visitor.get(place).status_code == 403
