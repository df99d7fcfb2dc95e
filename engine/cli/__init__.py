"""The engine's commands: `serve` and `work`, documents, reports, the log, and the keeping of worlds.

`simulations.cli` takes them up beside its own as `yinxin`; `python -m engine.cli` offers them alone.
"""

from __future__ import annotations

import typer

from engine.cli import (
    ceremonies,
    clocks,
    copies,
    documents,
    event_log,
    evidence,
    files,
    keeping,
    log_and_data,
    rotating,
    serving,
    stuck_jobs,
)

app = typer.Typer(
    name="yinxin",
    help="Yinxin 印信: certificates, e-seals and signed contracts.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command(rich_help_panel="Run")(serving.serve)
app.command(rich_help_panel="Run")(serving.work)
app.add_typer(stuck_jobs.jobs, name="jobs", rich_help_panel="Run")
app.command("clock", rich_help_panel="Run")(clocks.move_clock)
app.command(rich_help_panel="Documents")(documents.sign)
app.command(rich_help_panel="Documents")(documents.verify)
app.command(rich_help_panel="Documents")(files.encrypt)
app.command(rich_help_panel="Documents")(files.decrypt)
app.add_typer(evidence.evidence, name="evidence", rich_help_panel="Documents")
app.command(rich_help_panel="Look")(log_and_data.report)
app.add_typer(event_log.log, name="log", rich_help_panel="Look")
app.add_typer(log_and_data.db, name="db", rich_help_panel="Keep")
app.add_typer(keeping.world, name="world", rich_help_panel="Keep")
app.command(rich_help_panel="Keep")(ceremonies.ceremony)
app.add_typer(ceremonies.roots, name="roots", rich_help_panel="Keep")
app.command(rich_help_panel="Keep")(copies.backup)
app.command(rich_help_panel="Keep")(copies.restore)
app.command(rich_help_panel="Keep")(rotating.rotate_keys)
app.command(rich_help_panel="Keep")(rotating.rotate_shares)
