"""`yinxin report` into files, and limited to a platform: the same figures as on the terminal."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pyarrow.parquet as pq
import pytest

from engine import boot
from engine.boot.worlds import QUICK_HASHING
from engine.cli import shell
from engine.kernel import clock
from tests.integration.test_cli import run
from tests.support import parties


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A demo world in which an enterprise placed and paid an order."""
    path = tmp_path_factory.mktemp("worlds") / "lived"
    assert run("world", "make", path, "--kind", "demo").exit_code == 0
    now = clock.SystemClock().now_ms() + clock.MINUTE
    world = boot.open_world(path, the_clock=clock.ManualClock(now), hashing=QUICK_HASHING)
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    parties.pay(world, party)
    shell.close(world)
    return path


@pytest.mark.row("RPT-5")
def test_a_report_is_written_as_xlsx_parquet_and_json_with_the_same_figures(lived, tmp_path):
    asked = ("report", "orders", "--by", "day", "--world", lived)
    rows = list(csv.reader(io.StringIO(run(*asked).stdout)))
    files = {name: tmp_path / f"orders.{name}" for name in ("xlsx", "parquet", "json", "csv")}
    for name, path in files.items():
        done = run(*asked, "--format", name, "--out", path)
        assert done.exit_code == 0, done.output
    assert list(csv.reader(io.StringIO(files["csv"].read_text(encoding="utf-8")))) == rows
    sheet, about = openpyxl.load_workbook(files["xlsx"]).worksheets
    head, *told = sheet.iter_rows(values_only=True)
    assert list(head) == rows[0]
    placed = rows[0].index("placed")
    assert [row[placed] for row in told] == [int(row[placed]) for row in rows[1:]]
    assert dict(about.iter_rows(values_only=True))["report"] == "orders"
    table = pq.read_table(files["parquet"])
    assert table.column_names == rows[0]
    assert table["placed"].to_pylist() == [int(row[placed]) for row in rows[1:]]
    assert table.schema.metadata[b"report"] == b"orders"
    told_json = json.loads(files["json"].read_text(encoding="utf-8"))
    assert (told_json["columns"], len(told_json["rows"])) == (rows[0], len(rows) - 1)


@pytest.mark.row("RPT-1")
def test_a_report_is_limited_to_what_is_asked_for(lived):
    def placed(*only: str) -> list[str]:
        asked = ("report", "orders", "--by", "all", "--world", lived)
        told = run(*asked, *(part for one in only for part in ("--only", one))).stdout
        return [row["placed"] for row in csv.DictReader(io.StringIO(told))]

    assert placed()[0] == "1"
    assert placed("platform=guangzheng")[0] == "1"
    assert placed("platform=nobody", "platform=guangzheng")[0] == "1"
    assert placed("platform=nobody") in ([], ["0"])
    assert placed("kind=information") in ([], ["0"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--only", "planet=mars"), "planet=mars"),
        (("--only", "platform="), "platform="),
        (("--only", "platform=' OR 1=1"), "OR 1=1"),
        (("--format", "xlsx"), "--out"),
        (("--by", "century"), "century"),
    ],
)
def test_what_is_asked_wrong_is_refused_with_what_would_be_right(lived, given, told):
    done = run("report", "orders", *given, "--world", lived)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
