"""Reports as files: for staff by their cookie, by their right, within the scope of their role."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import report_files
from engine.kernel import actors
from engine.reports import catalog, scope
from engine.reports.filters import Filters
from engine.staffing.model import Role
from tests.support import moneys, web, worlds


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser before a world in which one order was paid."""
    moneys.paid(world)
    return web.browser(web.application(world, monkeypatch))


def enter(world: World, visitor: TestClient, *roles: Role, **scoped: str) -> None:
    """Sign in as a new member of staff."""
    login = f"reader-{len(worlds.rows(world, 'SELECT id FROM staff'))}"
    worlds.staff(world, *roles, login=login, **scoped)
    visitor.cookies.clear()
    assert web.sign_in(visitor, login, worlds.PASSWORD).status_code == 303


def rows(text: str) -> list[dict[str, str]]:
    """A CSV's rows."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.row("RPT-5")
def test_the_figures_come_as_csv_xlsx_and_parquet(world: World, visitor: TestClient) -> None:
    enter(world, visitor, Role.LEAD)
    place = f"/w/{world.id}/reports/orders"
    got = visitor.get(f"{place}.csv?by=all&levels=platform")
    assert got.headers["content-disposition"] == 'attachment; filename="orders.csv"'
    assert got.headers["cache-control"] == "no-store"
    total, platform = rows(got.text)
    assert (total["platform"], total["placed"]) == ("", "1")
    assert (platform["platform"], platform["paid"]) == ("guangzheng", "1")
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{place}.xlsx?by=all&lang=zh").content))
    assert sheet.worksheets[0]["A1"].value == "period"
    about = {row[0].value: row[1].value for row in sheet.worksheets[1].iter_rows()}
    assert about["title"] == "订单"
    assert about["limited: by"] == "all"
    assert visitor.get(f"{place}.parquet").content[:4] == b"PAR1"


@pytest.mark.row("RPT-5")
def test_the_cases_behind_a_figure_come_as_a_file(world: World, visitor: TestClient) -> None:
    enter(world, visitor, Role.LEAD)
    row = json.dumps({"platform": "guangzheng"})
    asked = {"by": "all", "levels": "platform", "row": row}
    place = f"/w/{world.id}/reports/orders.csv"
    (case,) = rows(visitor.get(place, params={**asked, "figure": "paid"}).text)
    (number,) = worlds.rows(world, "SELECT number FROM certificate_order")
    assert case["look_up"] == number["number"]
    assert rows(visitor.get(place, params={**asked, "figure": "refunded"}).text) == []
    narrow = {**asked, "platform": "yangguang"}
    assert rows(visitor.get(place, params=narrow).text) == []


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "yesterday"}, "day_wrong"),
        ({"platform": "a b"}, "code_wrong"),
        ({"by": "century"}, "roll_up_unknown"),
        ({"levels": "reviewer"}, "roll_up_unknown"),
        ({"row": "{"}, "row_wrong"),
        ({"row": "[1]"}, "row_wrong"),
        ({"row": "{}", "figure": "paid OR 1=1"}, "nothing_behind"),
    ],
)
def test_what_no_page_would_ask_is_refused_by_name(
    world: World, visitor: TestClient, query: dict[str, str], code: str
) -> None:
    enter(world, visitor, Role.LEAD)
    answer = visitor.get(f"/w/{world.id}/reports/orders.csv", params=query)
    assert answer.status_code in (400, 404, 422)
    assert code in answer.json()["type"] + answer.json().get("code", "")


@pytest.mark.row("OPS-7")
def test_strangers_and_who_has_no_right_get_no_report(world: World, visitor: TestClient) -> None:
    place = f"/w/{world.id}/reports/orders.csv"
    assert visitor.get(place).status_code == 401
    # Administrators need a second factor to enter: this one has, and still may not.
    administrator = worlds.staff(world, Role.ADMINISTRATOR)

    async def download(request: Request) -> Response:
        request.scope["staff"] = administrator
        return await report_files.download(request)

    path = "/w/{world}/reports/{report}.{ending}"
    assert TestClient(Starlette(routes=[Route(path, download)])).get(place).status_code == 403
    enter(world, visitor, Role.LEAD)
    assert visitor.get("/w/other/reports/orders.csv").status_code == 404
    assert visitor.get(f"/w/{world.id}/reports/orders.exe").status_code == 404
    assert visitor.get(f"/w/{world.id}/reports/nothing.csv").status_code == 404


@pytest.mark.row("OPS-7")
def test_a_role_for_one_platform_sees_that_platform_alone(
    world: World, visitor: TestClient
) -> None:
    enter(world, visitor, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang")
    place = f"/w/{world.id}/reports"
    (total,) = rows(visitor.get(f"{place}/orders.csv?by=all").text)
    assert total["placed"] == "0"
    assert visitor.get(f"{place}/orders.csv?platform=guangzheng").status_code == 403
    # Nobody can tell which of the people belong to a platform.
    assert visitor.get(f"{place}/people.csv").status_code == 403
    enter(world, visitor, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="guangzheng")
    (total,) = rows(visitor.get(f"{place}/orders.csv?by=all").text)
    assert total["placed"] == "1"


def test_what_two_roles_cover_is_what_both_cover() -> None:
    def grant(kind: str, one: str) -> actors.Grant:
        return actors.Grant(role="x", rights=frozenset({"report"}), scope_kind=kind, scope_id=one)

    report = catalog.load("orders")
    staff = actors.Staff(staff_id="s", grants=(grant("platform", "p"), grant("agency", "a")))
    narrowed = scope.narrowed(staff, report, Filters(platforms=("p",)))
    assert (narrowed.platforms, narrowed.agencies) == (("p",), ("a",))
    with pytest.raises(scope.FilterBeyondScope):
        scope.narrowed(staff, report, Filters(agencies=("b",)))
    with pytest.raises(scope.ReportBeyondScope):
        scope.narrowed(
            actors.Staff(staff_id="s", grants=(grant("seal_agency", "x"),)), report, Filters()
        )
    everything = actors.Staff(staff_id="s", grants=(grant("all", ""), grant("platform", "p")))
    assert scope.narrowed(everything, report, Filters()) == Filters()
