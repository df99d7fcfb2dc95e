"""Scenario files: strict, frozen, identified by their contents."""

from __future__ import annotations

import statistics
from pathlib import Path

import numpy as np
import pytest

from engine.kernel import catalog
from simulations import scenario

SCENARIOS = catalog.DATA / "scenarios"
QUIET = (SCENARIOS / "quiet_day.toml").read_text(encoding="utf-8")


def load(folder: Path, text: str) -> scenario.Scenario:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return scenario.load(path)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_scenario_that_we_ship_loads_under_its_own_name(path: Path) -> None:
    assert scenario.load(path).name == path.stem


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("gives_up = 0.0", "gives_up = 1.5", "behaviour.gives_up"),
        ("gives_up = 0.0", "", "behaviour.gives_up"),
        ("gives_up = 0.0", "gives_up = 0.0\nshouts = 0.5", "behaviour.shouts"),
        ("horizon_days = 1", 'horizon_days = "one"', "horizon_days"),
        ("median = 3.0, p90 = 7.0", "median = 3.0, p90 = 2.0", "reviewers.0.minutes"),
        ('end = "17:30"', 'end = "07:30"', "reviewers.0"),
        ('"seal_maker"', '"sealmaker"', "reviewers.0.roles"),
        ("per_weekday = [1, 1, 1, 1, 1, 0, 0]", "per_weekday = [1]", "arrivals.per_weekday"),
        ("[review.enterprise_claim]", "[review.horoscope]", "review.horoscope"),
        (
            "reject = 0.05",
            "reject = 0.05\nreasons = { too_small = 1.0 }",
            "review.enterprise_claim.reasons.too_small",
        ),
        ('crypto = "all"', 'crypto = "some"', "crypto"),
        ('reference = "2026-06-02"', 'reference = "2026-06-32"', "reference"),
    ],
)
def test_a_wrong_scenario_is_refused_by_file_and_key(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    assert old in QUIET
    with pytest.raises(scenario.ScenarioWrong) as refused:
        load(tmp_path, QUIET.replace(old, new))
    assert "mine.toml" in refused.value.message()
    assert key in refused.value.message()


def test_a_file_that_is_missing_or_no_toml_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(scenario.ScenarioWrong, match=r"gone\.toml"):
        scenario.load(tmp_path / "gone.toml")
    with pytest.raises(scenario.ScenarioWrong, match=r"mine\.toml"):
        load(tmp_path, "name = ")


def test_the_digest_is_that_of_the_contents_and_not_of_the_file(tmp_path: Path) -> None:
    known = load(tmp_path, QUIET).digest
    assert load(tmp_path, "# another comment\n" + QUIET).digest == known
    assert load(tmp_path, QUIET.replace("error_rate = 0.0", "error_rate = 0.01")).digest != known


def test_a_duration_has_the_declared_median_and_90th_percentile() -> None:
    minutes = scenario.Minutes(median=5.0, p90=12.0)
    normals = np.random.Generator(np.random.PCG64(1)).standard_normal(20_001)
    drawn = sorted(minutes.at(float(normal)) for normal in normals)
    assert statistics.median(drawn) == pytest.approx(5.0, rel=0.03)
    assert drawn[18_001] == pytest.approx(12.0, rel=0.05)
