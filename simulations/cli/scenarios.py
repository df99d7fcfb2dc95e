"""`yinxin scenario`: the scenario files at hand, and what is wrong in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from engine.cli import shell

if TYPE_CHECKING:
    from simulations.scenario import Scenario
    from simulations.shelf import Wrong

scenarios = typer.Typer(help="Scenario files: which there are, and whether they are right.")
_WRONG = 2


@scenarios.command("list")
def list_scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON array.")] = False,
) -> None:
    """The scenarios that ship, and your own.

    Each with what it is called, its first day, how many days and shards it has, and its digest, which is a
    part of a run's identity.
    """
    # Here, because pydantic models and numpy would be loaded for every other command too.
    from simulations import shelf

    found = [one for one in shelf.listed() if one.scenario is not None]
    if as_json:
        shown = [_about(one.scenario) | {"path": str(one.path)} for one in found if one.scenario]
        print(json.dumps(shown, ensure_ascii=False))
        return
    # A narrow terminal wraps what it can: names and digests are copied whole.
    copied = {"Scenario", "From", "Digest"}
    heads = ("Scenario", "Title", "From", "Days", "Digest")
    table = Table(*(Column(head, no_wrap=head in copied) for head in heads))
    chinese = shell.language().startswith("zh")
    for one in found:
        if one.scenario is None:
            continue
        plan = one.scenario
        table.add_row(
            plan.name if not one.own else f"{plan.name} *",
            plan.title.zh if chinese else plan.title.en,
            plan.reference.isoformat(),
            str(plan.horizon_days),
            plan.digest[:12],
        )
    Console().print(table)


@scenarios.command("check")
def check_scenario(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE.toml…", help="One or more scenario files.", show_default=False
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="As a JSON array, one object a file.")
    ] = False,
) -> None:
    """Look whether scenario files are right: everything that is wrong, by key and line.

    Exit code 0: all are right. 2: one is not, or can't be read.

    Example: yinxin scenario check data/scenarios/fraud_wave.toml
    """
    told = [_checked(path) for path in files]
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        for one in told:
            _show(one)
    raise typer.Exit(_WRONG if any(one["wrong"] for one in told) else 0)


def _about(plan: Scenario) -> dict[str, Any]:
    return {
        "name": plan.name,
        "title": plan.title.model_dump(),
        "reference": plan.reference.isoformat(),
        "horizon_days": plan.horizon_days,
        "shards": plan.shards,
        "crypto": plan.crypto,
        "personas": [one.name for one in plan.personas],
        "digest": plan.digest,
    }


def _checked(path: Path) -> dict[str, Any]:
    from simulations import shelf

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        return {"path": str(path), "wrong": [{"key": "", "line": None, "message": str(problem)}]}
    checked = shelf.check(text)
    if checked.scenario is None:
        return {"path": str(path), "wrong": [_wrong(one) for one in checked.wrong]}
    return {"path": str(path), "wrong": [], **_about(checked.scenario)}


def _wrong(one: Wrong) -> dict[str, Any]:
    return {"key": one.key, "line": one.line, "message": one.message}


def _show(told: dict[str, Any]) -> None:
    if not told["wrong"]:
        print(f"{told['path']}: {told['name']}, digest {told['digest']}")
        return
    for one in told["wrong"]:
        place = f"{told['path']}:{one['line']}" if one["line"] else told["path"]
        print(": ".join(part for part in (place, one["key"], one["message"]) if part))
