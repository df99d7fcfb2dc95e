"""The notebooks run from top to bottom, on made-up cases and on a simulated run that was frozen."""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

from engine.kernel import catalog
from tests.support import report_copies

NOTEBOOKS = sorted((catalog.DATA / "notebooks").glob("*.ipynb"))


def _as_file(source: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """A copy that is in memory, as the file that a notebook opens."""
    with contextlib.closing(source.cursor()) as copy:
        copy.execute(f"ATTACH '{path}' AS kept")
        (own,) = copy.execute("SELECT current_database()").fetchone()
        copy.execute(f"COPY FROM DATABASE {own} TO kept")
        copy.execute("DETACH kept")
    return path


# Money on many made-up cases; staffing on a run's, which has a calendar.
COPIES = {"money_and_invoices": "generated", "reviews_and_staffing": "frozen"}


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_figures(path, tmp_path, monkeypatch):
    source = getattr(report_copies, COPIES[path.stem])()
    monkeypatch.setenv("YINXIN_WORLD", str(_as_file(source, tmp_path / "copy.duckdb")))
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=120, resources=place).execute()
    outputs = [one for cell in notebook.cells if cell.cell_type == "code" for one in cell.outputs]
    frames = [one for one in outputs if "text/html" in one.get("data", {})]
    assert len(frames) >= 6
    assert "Up to event" in outputs[0]["text"]


def test_there_are_two_notebooks_and_they_are_kept_without_outputs():
    assert [path.stem for path in NOTEBOOKS] == ["money_and_invoices", "reviews_and_staffing"]
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None
