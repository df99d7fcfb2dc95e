"""The tool that runs many seeds: it goes on where it was, keeps what broke, and tells what was reached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.boot import tables
from simulations import coverage
from simulations.faults.sites import SITES
from tools.proving import seeds, seeds_page


@pytest.mark.row("SIM-5")
def test_a_seed_that_holds_leaves_its_figures_alone_and_one_that_breaks_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, task = seeds.tasks(seeds=3, people=1, days=2, place=tmp_path)
    held = seeds.run(task)
    assert (held["seed"], held["people"], held["violations"], held["failure"]) == (3, 1, 0, None)
    assert not task.folder.exists()
    store = seeds.Store(tmp_path / "seeds.json", "this code")
    store.keep(held)
    # The figures survive, and only for the same code.
    assert seeds.Store(tmp_path / "seeds.json", "this code").seeds == {
        3: json.loads(json.dumps(held))
    }
    assert seeds.Store(tmp_path / "seeds.json", "other code").seeds == {}

    told = seeds_page.page([held], coverage.merged([held["coverage"]]), 1, 2)
    for site in SITES.values():
        assert site.text.en in told
    assert "Seeds in which an invariant broke: none." in told

    monkeypatch.setitem(tables.INVARIANTS, "nobody has an account", "SELECT id FROM account")
    broke = seeds.run(task)
    assert broke["violations"] == 1
    assert (task.folder / "failure.json").exists()
    assert broke["failure"]["command"] == f"yinxin runs failing {task.folder}"
    told = seeds_page.page([held, broke], coverage.merged([broke["coverage"]]), 1, 2)
    assert "Seeds in which an invariant broke: 3." in told


@pytest.mark.row("SIM-5")
def test_what_several_runs_reached_together_is_the_sum() -> None:
    silent = {"planned": True, "on": True, "considered": 4, "fired": 0}
    loud = {"planned": True, "on": True, "considered": 4, "fired": 3}
    off = {"planned": True, "on": False, "considered": 0, "fired": 0}
    parts = [
        {**{kind: {"a": 1} for kind in coverage.KINDS}, "faults": dict.fromkeys(SITES, silent)},
        {
            **{kind: {"a": 2, "b": 1} for kind in coverage.KINDS},
            "faults": {**dict.fromkeys(SITES, off), "sms_lost": loud},
        },
    ]
    whole = coverage.merged(parts)
    assert whole["moves"] == {"a": 3, "b": 1}
    assert whole["faults"]["sms_lost"] == {
        "planned": True,
        "on": True,
        "considered": 8,
        "fired": 3,
        "runs_on": 2,
    }
    assert whole["faults"]["clock_back"]["runs_on"] == 1
    # Planned and never fired is a hole; what was merged can be merged again.
    assert set(coverage.never(whole)["faults"]) == set(SITES) - {"sms_lost"}
    assert coverage.merged([whole]) == whole
