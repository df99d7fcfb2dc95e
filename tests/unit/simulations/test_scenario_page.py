"""docs/scenarios.md explains every key of a scenario by an example that can be run."""

from __future__ import annotations

import re
import statistics
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from engine.kernel import catalog
from simulations import cli, looking, scenario, shelf
from simulations.faults.plan import FaultPlan

PAGE = (catalog.DATA.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL).group(1)  # type: ignore[union-attr]


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a key can hold, in whatever it holds them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def missing(model: type[BaseModel], told: Any, place: str) -> Iterator[str]:
    """Keys of a model that an example lacks, however deep they lie."""
    if model is FaultPlan or place.startswith("personas."):
        # Any of their keys will do: they are those of other tables, or a site each.
        return
    for name, field in model.model_fields.items():
        here = f"{place}{name}"
        if name not in told:
            yield here
            continue
        inside = list(models(field.annotation))
        if not inside or "Minutes" in inside[0].__name__:
            continue
        found = told[name]
        tables = found if isinstance(found, list) else [found]
        by_name = isinstance(found, dict) and not set(found) & set(inside[0].model_fields)
        for one in list(found.values())[:1] if by_name else tables[:1]:
            yield from missing(inside[0], one, f"{here}.")


@pytest.mark.row("SIM-1")
def test_the_page_s_example_has_every_key_and_can_be_run(tmp_path: Path) -> None:
    told = tomllib.loads(EXAMPLE)
    assert list(missing(scenario.Scenario, told, "")) == []
    path = tmp_path / "every_key.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    plan = scenario.load(path)
    kinds = {name for name in told["personas"][0] if name not in ("name", "title", "share")}
    assert kinds == set(scenario.Kind.model_fields) - {"name", "title", "share"}
    assert plan.lived_by("agent").contracts.in_turn == 1.0  # type: ignore[union-attr]


def needed(model: type[BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if field.is_required()}


def test_the_page_marks_the_keys_that_are_needed() -> None:
    lines = EXAMPLE.splitlines()
    at, marked = "", set()
    for line in lines:
        table = re.match(r"\[\[?([\w.]+)\]\]?", line)
        if table:
            at = f"{table[1]}."
        key = re.match(r"(\w+) = ", line)
        if key and "# needed" in line:
            marked.add(f"{at}{key[1]}")
        if table and "# needed" in line:
            marked.add(table[1])
    tables: Mapping[str, type[BaseModel]] = {
        "": scenario.Scenario,
        "arrivals.": scenario.Arrivals,
        "people.": scenario.People,
        "personas.": scenario.Kind,
        "behaviour.": scenario.Behaviour,
        "calls.": scenario.Calls,
        "review.enterprise_claim.": scenario.Review,
        "reviewers.": scenario.Reviewers,
        "providers.outages.": scenario.Outage,
        "stops.": scenario.Stop,
        "faults.sms_lost.": scenario.Firing,
        "cost.": scenario.Cost,
        "service_level.enterprise_claim.": scenario.Promise,
    }
    wanted = {f"{place}{name}" for place, model in tables.items() for name in needed(model)}
    assert marked == wanted


def test_the_page_names_every_scenario_that_ships_every_site_and_every_truth() -> None:
    for name in (*(path.stem for path in scenario.shipped()), *scenario.TRUTHS):
        assert f"`{name}`" in PAGE, name
    for site in set(FaultPlan.model_fields) - {"every"}:
        assert f"`{site}`" in PAGE, site


def test_what_the_page_says_of_strictness_is_so() -> None:
    assert looking.moved(0.02, -1.0) == pytest.approx(0.001, abs=0.0005)
    assert looking.moved(0.02, 1.0) == pytest.approx(0.15, abs=0.01)
    assert statistics.NormalDist().cdf(0) == 0.5


# -- the command line ------------------------------------------------------------------------------


@pytest.mark.row("SIM-1")
def test_a_wrong_file_is_told_by_key_and_line(tmp_path: Path) -> None:
    right, wrong = tmp_path / "every_key.toml", tmp_path / "wrong.toml"
    right.write_text(EXAMPLE, encoding="utf-8")
    wrong.write_text(EXAMPLE.replace("gives_up = 0.05", "gives_up = 5.0"), encoding="utf-8")
    done = CliRunner().invoke(cli.main, ["scenario", "check", str(right), str(wrong)])
    assert done.exit_code == 2
    line = EXAMPLE.splitlines().index(
        next(one for one in EXAMPLE.splitlines() if one.startswith("gives_up"))
    )
    assert f"wrong.toml:{line + 1}: behaviour.gives_up: " in done.stdout
    assert "every_key.toml: every_key, digest " in done.stdout
    done = CliRunner().invoke(cli.main, ["scenario", "check", str(right), "--json"])
    assert done.exit_code == 0
    gone = CliRunner().invoke(cli.main, ["scenario", "check", str(tmp_path / "gone.toml")])
    assert (gone.exit_code, "gone.toml" in gone.stdout) == (2, True)


def test_what_is_wrong_about_several_keys_names_one(tmp_path: Path) -> None:
    checked = shelf.check(EXAMPLE.replace("groups = { front = 7000 }", "groups = { back = 7000 }"))
    (wrong,) = checked.wrong
    assert (wrong.key, wrong.message) == (
        "cost.groups.back",
        "there is no such group of reviewers",
    )


def test_the_list_has_every_scenario_with_its_digest() -> None:
    done = CliRunner().invoke(cli.main, ["scenario", "list"], env={"COLUMNS": "160"})
    assert done.exit_code == 0
    for path in scenario.shipped():
        assert scenario.load(path).digest[:12] in done.stdout
