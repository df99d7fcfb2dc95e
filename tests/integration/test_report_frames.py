"""The reports from a notebook: frames of what a page shows, over a world, a folder, a run or a file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from engine import boot, reports
from engine.boot import World
from engine.kernel import ids
from engine.reports import catalog, definitions, filters, frames, snapshot
from tests.support import copies, registering


@pytest.mark.row("RPT-5")
def test_a_frame_has_the_figures_that_the_report_has(any_world: World, tmp_path: Path):
    registering.prove(any_world, registering.sign_up(any_world, "13800138000"))
    registering.sign_up(any_world, "13800138001")
    with reports.open(any_world) as copy:
        frame = copy.frame("people")
        assert isinstance(frame, pd.DataFrame)
        assert int(frame["registered"].sum()) == 2
        assert copy.fresh.seq > 0
        assert copy.frame("people", until="2020-01-01").empty
        assert list(copy.frame("people", since="2099-01-01").columns) == list(frame.columns)
        with snapshot.open_copy(copy.path) as raw:
            told = catalog.ask(raw, catalog.load("people"))
        assert [tuple(row) for row in frame.itertuples(index=False)] == list(told.rows)


@pytest.mark.row("RPT-5")
def test_a_notebook_asks_its_own_questions_of_the_copy_alone(world: World):
    registering.sign_up(world)
    with reports.open(world) as copy:
        count = copy.sql(
            "SELECT count(*) AS n FROM account_fact WHERE status = $s", {"s": "active"}
        )
        assert count["n"].tolist() == [1]
        tables = copy.tables()
        assert {"order_fact", "lifecycle_step"} <= set(tables["table_name"])
        with pytest.raises(duckdb.Error):
            copy.sql("DELETE FROM account_fact")
        with pytest.raises(duckdb.Error):
            copy.sql("SELECT * FROM read_text('/etc/hostname')")


@pytest.mark.row("RPT-5")
def test_a_world_a_run_and_a_file_are_opened_by_their_place(tmp_path: Path):
    folder = tmp_path / "there"
    boot.create_world(folder, kind="demo", world_id="there", seed=7, reference_ms=copies.START)
    world = boot.open_world(folder, entropy=ids.seeded(7, "there"))
    registering.sign_up(world)
    world.close()
    boot.worlds.pop(world.id)
    with reports.open(str(folder)) as copy:
        assert copy.sql("SELECT count(*) AS n FROM account_fact")["n"].tolist() == [1]
        path = copy.path
    with reports.open(path) as again:
        assert again.fresh.seq == copies.content(path)["watermark"][0][0]
    with reports.open(folder / "analytics") as newest:
        assert newest.path == path
    run = tmp_path / "run-1"
    run.mkdir()
    db = copies.new_log(run / "world-0.sqlite3")
    copies.grow(db, 30)
    db.close()
    (run / "manifest.json").write_text("{}")
    with reports.open(run) as copy:
        assert copy.sql("SELECT count(*) AS n FROM event_fact")["n"].tolist() == [30]
    with pytest.raises(frames.NothingToOpen):
        reports.open(tmp_path)


@pytest.mark.row("RPT-5")
def test_what_is_asked_wrong_is_refused_by_name(world: World):
    registering.sign_up(world)
    with reports.open(world) as copy:
        with pytest.raises(catalog.ReportUnknown, match="nothing"):
            copy.frame("nothing")
        with pytest.raises(filters.CodeWrong, match="planets"):
            copy.frame("orders", planets=["mars"])
        with pytest.raises(filters.DayWrong, match="yesterday"):
            copy.frame("orders", since="yesterday")
        with pytest.raises(catalog.RollUpUnknown):
            copy.frame("orders", by="century")
        with pytest.raises(definitions.TermUnknown):
            reports.definition("happiness")
    assert reports.definition("waiting").term.zh == "等待"
    assert set(reports.names()) == set(catalog.NAMES)
