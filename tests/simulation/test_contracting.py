"""People who decline, withdraw, remind and void: every way of a contract in a run, with no rule broken."""

from __future__ import annotations

import pytest

from engine.kernel import catalog
from simulations import runs, scenario
from tests.simulation.test_dealings import shards_of, told

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")


def everything(**shares):
    ways = {**dict.fromkeys(scenario.Contracts.model_fields, 1.0), **shares}
    return QUIET.model_copy(
        update={
            "shards": 1,
            "horizon_days": 12,
            "contracts": scenario.Contracts(**ways),
            "behaviour": QUIET.behaviour.model_copy(
                update={"gives_up": 0.0, "misses_phone": 0.0, "takes_fright": 0.0}
            ),
            "people": QUIET.people.model_copy(update={"under_age": 0.0, "wrong_id": 0.0}),
        }
    )


@pytest.mark.row("SIM-5")
@pytest.mark.parametrize(("refuses", "ends"), [(0.0, "voided"), (1.0, "passed")])
def test_people_decline_withdraw_remind_and_void(tmp_path, refuses, ends):
    result = runs.run(everything(refuses=refuses), 8, 5, 1, tmp_path)
    assert result.violations == 0
    counts = shards_of(tmp_path)[0]["counts"]
    for what in ("contract declined", "contract withdrawn", "contract reminded", "contracted"):
        assert counts[what] >= 1, counts
    statuses = {row["status"] for row in told(tmp_path, "SELECT status FROM contract")}
    assert ends in statuses
    kinds = {row["kind"] for row in told(tmp_path, "SELECT DISTINCT kind FROM event")}
    assert {
        "contract.declined",
        "contract.withdrawn",
        "contract.revised",
        "party.read",
        "contract.passed",
        "voiding.refused" if refuses else "contract.voided",
    } <= kinds
