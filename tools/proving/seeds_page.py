"""docs/faults.md: what the faults did in the seeds that were run, what was reached, and what never."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulations import coverage
from simulations.faults.sites import SITES
from simulations.invariants import PROMISES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"


def write(
    found: Sequence[dict[str, Any]], reached: coverage.Coverage, people: int, days: int
) -> None:
    """Write the page."""
    PAGE.write_text(page(found, reached, people, days), encoding="utf-8")


def page(
    found: Sequence[dict[str, Any]], reached: coverage.Coverage, people: int, days: int
) -> str:
    """The page's text."""
    actions = sum(one["actions"] for one in found)
    broken = [one["seed"] for one in found if one["violations"]]
    processor = sum(one["cpu_seconds"] for one in found)
    lines = [
        "# What was broken on purpose",
        "",
        "Made by `python -m tools.proving.seeds --keep`, a part of `make prove`, from"
        " `data/scenarios/everything_fails.toml`.",
        "",
        f"{len(found)} seeds of {people} people over {days} days: {actions:,} acts,"
        f" {sum(one['events'] for one in found):,} events, {processor:,.0f} s of processor time."
        f" Seeds in which an invariant broke: {', '.join(map(str, broken)) or 'none'}.",
        "",
        "## Faults",
        "",
        "A site is switched on in about half of the seeds; then it fires with the share that the scenario"
        " gives it.",
        "",
        "| site | what happens | seeds | considered | fired |",
        "| --- | --- | ---: | ---: | ---: |",
        *(_fault(name, reached["faults"][name]) for name in SITES),
        "",
        "## Promises",
        "",
        "| promise | checked by |",
        "| --- | --- |",
        *(
            f"| {name}: {one.text} | {'; '.join(one.checked_by)} |"
            for name, one in PROMISES.items()
        ),
        "",
        "## Reached",
        "",
        "| of | reached | there are | never |",
        "| --- | ---: | ---: | --- |",
        *_reached(reached),
    ]
    return "\n".join(lines) + "\n"


def _fault(name: str, told: dict[str, Any]) -> str:
    site = SITES[name]
    return f"| {name} | {site.text.en} | {told['runs_on']} | {told['considered']:,} | {told['fired']:,} |"


def _reached(reached: coverage.Coverage) -> list[str]:
    told = coverage.report(reached)
    rows = []
    for kind, share in told["shares"].items():
        missing = told["never"][kind]
        # Refusals are many, and most of them nobody in a run deserves.
        shown = ", ".join(missing) if kind != "refusals" else f"{len(missing)} of them"
        rows.append(f"| {kind} | {share['reached']} | {share['of']} | {shown} |")
    return rows
