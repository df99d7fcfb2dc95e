"""People with pairs of certificates in a run: complete, held, resumed or revoked."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel import catalog
from simulations import scenario, shards


def run(folder: Path) -> shards.Outcome:
    """A few days in which every buyer misses their phone once."""
    busy = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
    behaviour = {
        "misses_phone": 1.0,
        "finds_phone": 0.5,
        "gives_up": 0.0,
    }
    plan = busy.model_copy(
        update={
            "shards": 1,
            "horizon_days": 8,
            "arrivals": busy.arrivals.model_copy(update={"within": 0.3}),
            "behaviour": busy.behaviour.model_copy(update=behaviour),
        }
    )
    folder.mkdir()
    spec = shards.Spec(scenario=plan, people=14, seed=6, shard=0, out=folder)
    return shards.compute(spec, lambda progress: None)


@pytest.mark.row("CRT-6")
@pytest.mark.row("SIM-5")
def test_people_complete_their_pairs_and_hold_resume_or_revoke_them(tmp_path: Path) -> None:
    outcome = run(tmp_path / "one")
    assert [one.name for one in outcome.findings if one.violations] == []
    seen = outcome.counts
    assert seen["pair complete"] >= 3
    assert seen["certificate held"] >= 2
    assert seen["certificate held"] >= seen.get("certificate resumed", 0) + seen.get(
        "certificate revoked", 0
    )
    assert not [step for step in seen if "refused" in step and "issuing" in step]
