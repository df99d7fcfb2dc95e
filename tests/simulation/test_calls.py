"""In a run whose people lose patience, they call, agents answer, and reviews are hurried along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.kernel import catalog
from simulations import runs, scenario


@pytest.mark.row("OPS-8")
def test_people_call_and_agents_answer(tmp_path: Path) -> None:
    plan = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
    assert plan.calls is not None
    impatient = plan.calls.model_copy(
        update={"share": 1.0, "patience": scenario.Minutes(median=30.0, p90=60.0)}
    )
    plan = plan.model_copy(update={"calls": impatient, "horizon_days": 4, "shards": 1})
    made = [runs.run(plan, 8, 7, 1, tmp_path / name) for name in ("one", "other")]
    assert [one.violations for one in made] == [0, 0]
    assert made[0].digest == made[1].digest
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    (shard,) = manifest["shards"]
    counts = shard["counts"]
    assert counts["called in"] >= counts["call answered"] > 0
    assert counts["hurried along"] > 0
    assert not [step for step in counts if step.startswith("call broken off")]
