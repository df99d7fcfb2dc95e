"""`yinxin jobs`: what the platform could not do outside, and having it done again."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import shell
from engine.kernel import actors, clock, errors, texts

if TYPE_CHECKING:
    from engine.operating import model

jobs = typer.Typer(
    help="Jobs that are stuck: refused, failed for a bug, or given up after three days.",
    no_args_is_help=True,
)
_STUCK = 1


class JobsOrKind(errors.InvalidInput):
    """Name jobs, or a kind with --kind, and not both."""


def _actor() -> actors.System:
    """Whoever sits at the machine, as it knows them: the log says who had a job done again."""
    try:
        return actors.System(job=f"terminal {getpass.getuser()}")
    except (OSError, KeyError):
        return actors.System(job="terminal")


def _when(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


@jobs.command("list")
def list_jobs(
    world: shell.WorldOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell which jobs are stuck, why, and what they concern; and how many wait for a service to be back.

    The same list stands in the console under Stuck jobs. Times are Shanghai's; with --json they are UTC
    milliseconds. Exit code 0: none is stuck. 1: some are.

    Example: yinxin jobs list --world data/var/mine
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.operating import queries

    with shell.refusals(as_json=as_json):
        with shell.opened(world) as found:
            told = found.engine.ask(queries.unfinished, _actor())
        if as_json:
            shell.tell_json(_as_json(told))
        else:
            _tell(told)
    raise typer.Exit(_STUCK if told.total else 0)


def _as_json(told: model.JobsShown) -> dict[str, object]:
    return {
        "stuck": told.total,
        "by_kind": told.by_kind,
        "jobs": [
            {
                "id": one.job.id,
                "kind": one.job.kind,
                "subject": one.job.subject,
                "record": one.record_id,
                "since": one.job.since,
                "tries": one.job.attempts,
                "problem": one.job.problem,
            }
            for one in told.stuck
        ],
        "waiting": [
            {"kind": one.kind, "jobs": one.count, "since": one.since, "next_at": one.next_at}
            for one in told.failing
        ],
    }


def _tell(told: model.JobsShown) -> None:
    from engine.operating import queries

    language = shell.language()
    for one in told.stuck:
        shell.say(
            "{id} {what}, {subject}, stuck since {since}, tried {tries} times: {problem}",
            id=one.job.id,
            what=texts.of_code(f"job.kind.{one.job.kind}", language),
            subject=one.record_id or one.job.subject,
            since=_when(one.job.since),
            tries=one.job.attempts,
            problem=queries.problem_in_words(one.job.problem, language),
        )
    if told.total > len(told.stuck):
        shell.say(
            "{count} jobs are stuck; the {listed} that have waited longest are listed.",
            count=told.total,
            listed=len(told.stuck),
        )
    if not told.total:
        shell.say("Nothing is stuck.")
    for waiting in told.failing:
        shell.say(
            "{what}: {count} wait for somebody who cannot be reached, since {since}; next try {next}",
            what=texts.of_code(f"job.kind.{waiting.kind}", language),
            count=waiting.count,
            since=_when(waiting.since),
            next=_when(waiting.next_at),
        )


@jobs.command("retry")
def retry(
    reason: Annotated[
        str, typer.Option(help="Why it will go through now; the log keeps it, with who says so.")
    ],
    job_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID…", help="The jobs, as the list names them.")
    ] = None,
    kind: Annotated[str, typer.Option(help="Every stuck job of a kind, like issue_invoice.")] = "",
    world: shell.WorldOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Have stuck jobs done again, their tries counted anew: those named, or every one of a kind.

    All of them or none: a job that is not stuck is refused by its id. A running worker
    ([bold]yinxin work[/bold]) does them at once, with the same idempotency key as before. Exit code 2 when
    it is refused.

    Example: yinxin jobs retry --kind issue_certificate --reason "the CA is back"
    """
    from engine.operating import actions

    with shell.refusals(as_json=as_json):
        if bool(job_ids) == bool(kind):
            raise JobsOrKind(field="kind")
        with shell.opened(world) as found:
            perform, actor = found.engine.perform, _actor()
            if kind:
                given = {"kind": kind, "reason": reason}
                count = perform(actions.take_up_kind, given, actor=actor)
            else:
                named = {"job_ids": tuple(job_ids or ()), "reason": reason}
                count = perform(actions.take_up, named, actor=actor)
        if as_json:
            shell.tell_json({"taken_up": count})
        else:
            shell.say("{count} jobs are taken up again. The worker does them at once.", count=count)
