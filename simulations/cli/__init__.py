"""`yinxin`: the engine's commands, and those that simulate.

Exit codes of `simulate` and `runs`: 0 good, 1 an invariant is broken, 2 the scenario is wrong or the run
failed, 130 stopped. What a program reads goes to standard output (with `--json` its last line is one JSON
object); progress goes to standard error.
"""

from __future__ import annotations

import sys

import typer

from engine import cli as engine_cli
from simulations.cli import (
    asking,
    bundling,
    clustering,
    comparing,
    forking,
    going_back,
    making,
    sampling,
    scenarios,
    simulating,
    staffing,
    states,
    watching,
)

main = typer.Typer(
    name="yinxin",
    help="Yinxin 印信: certificates, e-seals and signed contracts; the engine, its console and its"
    " simulations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
main.add_typer(making.make, name="make", rich_help_panel="Simulate")
main.add_typer(scenarios.scenarios, name="scenario", rich_help_panel="Simulate")
main.add_typer(watching.runs, name="runs", rich_help_panel="Simulate")
main.add_typer(asking.what_ifs, name="what-ifs", rich_help_panel="Simulate")
main.add_typer(clustering.cluster, name="cluster", rich_help_panel="Simulate")
main.command(rich_help_panel="Simulate")(simulating.simulate)
main.command(rich_help_panel="Simulate")(going_back.replay)
main.command(rich_help_panel="Simulate")(forking.fork)
main.command(rich_help_panel="Simulate")(comparing.compare)
main.command(rich_help_panel="Simulate")(comparing.replications)
main.command(rich_help_panel="Simulate")(staffing.staffing)
main.command(rich_help_panel="Documents")(sampling.samples)
# The engine's own commands (serve, verify, report, ...) stand beside these, under the same name.
main.registered_commands += engine_cli.app.registered_commands
main.registered_groups += engine_cli.app.registered_groups


@main.callback()
def _any_command() -> None:
    """What every command has: where it breaks it leaves a bundle of what is needed to see that again."""
    sys.excepthook = bundling.at_crash


__all__ = ["main", "states"]
