"""People who send each other files in a run: made, opened, and once in a while damaged on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel import catalog
from simulations import scenario, shards


@pytest.mark.row("ENC-2", "ENC-3")
@pytest.mark.row("SIM-5")
def test_purchasers_send_files_that_suppliers_open(tmp_path: Path) -> None:
    busy = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
    plan = busy.model_copy(
        update={
            "shards": 1,
            "horizon_days": 10,
            "arrivals": busy.arrivals.model_copy(update={"within": 0.3}),
            "behaviour": busy.behaviour.model_copy(update={"gives_up": 0.0, "misses_phone": 0.0}),
        }
    )
    folder = tmp_path / "one"
    folder.mkdir()
    spec = shards.Spec(scenario=plan, people=20, seed=11, shard=0, out=folder)
    outcome = shards.compute(spec, lambda progress: None)
    assert [one.name for one in outcome.findings if one.violations] == []
    seen = outcome.counts
    assert seen["file made"] >= 1
    assert seen["file opened"] >= 1
    assert not [step for step in seen if "refused" in step and "enveloping" in step]
