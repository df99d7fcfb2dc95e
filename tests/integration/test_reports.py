"""The reports, asked of a copy that follows the log."""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb
import pytest

from engine import worker
from engine.boot import World
from engine.kernel import clock
from engine.reports import catalog, snapshot
from tests.support import moneys, registering, worlds


def answer(world: World, folder: Path, name: str) -> list[dict[str, object]]:
    """The rows of a report, fresh."""
    snapshot.refresh(world.engine, folder)
    newest = snapshot.newest(folder)
    assert newest is not None
    with snapshot.open_copy(newest) as copy:
        told = catalog.ask(copy, catalog.load(name))
    return [dict(zip(told.columns, row, strict=True)) for row in told.rows]


@pytest.mark.row("RPT-4")
def test_people_are_counted_on_the_day_of_each_step(world: World, tmp_path: Path):
    first = registering.sign_up(world, "13800138000")
    registering.sign_up(world, "13800138001")
    registering.prove(world, first)
    registering.claim(world, first)
    worlds.clock_of(world).advance(clock.DAY)
    registering.sign_up(world, "13800138002")
    one, two = answer(world, tmp_path, "people")
    assert (one["registered"], one["named"], one["claimed"]) == (2, 1, 1)
    assert (two["registered"], two["named"]) == (1, 0)


@pytest.mark.row("IDV-5")
def test_each_way_of_proving_a_name_has_its_yes_and_no(world: World, tmp_path: Path):
    person = registering.sign_up(world)
    registering.prove(world, person, registering.resident_id(sequence="404"))
    registering.prove(world, person)
    (row,) = answer(world, tmp_path, "real_names")
    assert (row["way"], row["tries"], row["matched"], row["mismatched"]) == ("alipay", 2, 1, 1)
    assert row["top_reason"] == "no_record"


@pytest.mark.row("PAY-1")
@pytest.mark.row("RPT-1")
def test_money_is_counted_on_its_business_date_with_how_we_learned_of_it(
    world: World, tmp_path: Path
):
    moneys.paid(world, account="sandbox-paid-twice")
    moneys.paid(world, number=2, account="sandbox-notice-lost")
    worlds.clock_of(world).advance(10 * clock.MINUTE)
    worker.run_due(world)
    moneys.next_morning(world)
    paid, *_ = answer(world, tmp_path, "money")
    assert (paid["paid_yuan"], paid["refunded_yuan"]) == (600.0, 0.0)
    assert (paid["found_by_asking"], paid["money_cases"], paid["still_open"]) == (1, 1, 1)


def test_a_copy_made_with_other_tables_is_made_anew(world: World, tmp_path: Path):
    registering.prove(world, registering.sign_up(world))
    answer(world, tmp_path, "people")
    newest = snapshot.newest(tmp_path)
    assert newest is not None
    with contextlib.closing(duckdb.connect(str(newest))) as copy:
        copy.execute("DELETE FROM made_as")
        copy.execute("DELETE FROM proof_fact")
    (row,) = answer(world, tmp_path, "real_names")
    assert row["tries"] == 1


def test_the_copy_holds_no_personal_value(world: World, tmp_path: Path):
    registering.prove(world, registering.sign_up(world, "13800138000"))
    answer(world, tmp_path, "people")
    for path in tmp_path.iterdir():
        written = path.read_bytes()
        for value in ("13800138000", registering.NAME, registering.resident_id()):
            assert value.encode() not in written
