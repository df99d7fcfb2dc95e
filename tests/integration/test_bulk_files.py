"""The items of a bulk act as a file: in words, for who may see it, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from starlette.testclient import TestClient

from engine import worker
from engine.boot import World
from engine.staffing.model import Role
from tests.support import bulking, deciding, web, worlds

pytestmark = pytest.mark.row("OPS-4")
FORMULA = '=HYPERLINK("http://a.example","哈密瓜果合作社")'


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser of an auditor."""
    worlds.staff(world, Role.AUDITOR, login="reader")
    found = web.browser(web.application(world, monkeypatch))
    assert web.sign_in(found, "reader", worlds.PASSWORD).status_code == 303
    return found


def test_every_item_is_in_the_file_with_what_came_of_it(world: World, visitor: TestClient) -> None:
    desk = bulking.Desk.of(world)
    made = bulking.waiting(world, 3)
    worlds.run_sql(world, "UPDATE review_case SET title = ? WHERE id = ?", FORMULA, made[0].id)
    deciding.take(world, desk.third, made[1])
    found = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(found)
    worker.run_due(world)
    place = f"/w/{world.id}/bulk/{found.id}"
    got = visitor.get(f"{place}.csv?lang=en")
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.content.startswith(b"\xef\xbb\xbf"), "so that a spreadsheet reads the Chinese"
    rows = list(csv.DictReader(io.StringIO(got.text.removeprefix("\ufeff"), newline="")))
    assert [row["Called"] for row in rows] == [f"'{FORMULA}", *(case.title for case in made[1:])]
    assert [row["Id"] for row in rows] == [case.id for case in made]
    ended = [row["In the run"] for row in rows]
    assert ended[0] == ended[2] == "goes through"
    assert "colleague" in ended[1]
    assert [row["Dry run"] for row in rows] == ended
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{place}.xlsx").content))
    told = [cell.value for cell in book.active["D"]]
    assert (told[0], told[1], told[3]) == ("试跑", "通过", "通过")
    assert book.active["B2"].data_type == "s"
    assert visitor.get(f"{place}.exe").status_code == 404
    assert visitor.get(f"/w/other/bulk/{found.id}.csv").status_code == 404


def test_who_may_not_see_a_list_gets_no_file_of_it(world: World, visitor: TestClient) -> None:
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 2)
    place = f"/w/{world.id}/bulk/{desk.rehearsed('urge').id}.csv"
    visitor.cookies.clear()
    assert visitor.get(place, follow_redirects=False).status_code != 200
    worlds.staff(world, Role.FINANCE, login="finance")
    web.sign_in(visitor, "finance", worlds.PASSWORD)
    assert visitor.get(place).status_code == 404
