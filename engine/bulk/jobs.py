"""The worker's part of bulk acts: trying a part of the list, and doing a part of it.

A job is one part. Killed anywhere, the job is found again and goes on with what has no result.
"""

from __future__ import annotations

import logging

from engine.bulk import actions, acts, model, queries, store
from engine.kernel import actors, errors, jobs, ports, trial
from engine.staffing import queries as staffing

_log = logging.getLogger(__name__)
_HALTS = (actions.StarterGone, actions.RightGone, actions.ProofTooOld)


def bulk_rehearse(context: ports.JobContext, job: jobs.Job) -> None:
    """Try the next part of a list, each item by itself, and keep what was foreseen of it.

    Raises: ProviderUnavailable where the database was not reached.
    """
    system = actors.System(job="bulk_rehearse")
    turn, first = job.body["turn"], job.body["first"]
    with context.engine.reader(system) as q:
        found = q.get(model.Bulk, "bulk_act", job.subject)
        staff = staffing.actor(q, found.made_by)
        ids = store.listed(q, found.id)[first : first + model.TO_A_JOB]
    if found.status is not model.BulkStatus.REHEARSING or found.turn != turn:
        return
    act, given = acts.ACTS[found.act], queries.given(found)
    if staff is None:
        told = [model.Foreseen(outcome=actions.StarterGone.code) for _ in ids]
    else:
        works = [acts.done_in_trial(act, one, given) for one in ids]
        outcomes = trial.rehearse(context.engine, works, name=f"bulk.{found.act}", actor=staff)
        told = [_foreseen(one) for one in outcomes]
    context.engine.perform(
        actions.foresee,
        {
            "bulk_id": found.id,
            "turn": turn,
            "first": first,
            "told": tuple(told),
            "job_id": job.id,
        },
        actor=system,
        key=job.key,
    )


def _foreseen(outcome: model.Foreseen | Exception) -> model.Foreseen:
    return (
        outcome if isinstance(outcome, model.Foreseen) else model.Foreseen(outcome=_code(outcome))
    )


def _code(problem: Exception) -> str:
    """A refusal's code, or what a bug is called."""
    return problem.code if isinstance(problem, errors.EngineError) else type(problem).__name__


def bulk_run(context: ports.JobContext, job: jobs.Job) -> None:
    """Do the next part of a list, item by item.

    Raises: ProviderUnavailable where the database was not reached.
    """
    system = actors.System(job="bulk_run")
    turn = job.body["turn"]
    with context.engine.reader(system) as q:
        part = store.open_part(q, job.subject, model.TO_A_JOB)
    refused: list[model.Refused] = []
    for item in part:
        given = {"bulk_id": job.subject, "turn": turn, "position": item.position}
        try:
            context.engine.perform(actions.act_on, given, actor=system)
        except actions.NotItsTurn:
            if not _goes_on(context, job.subject, turn):
                break
        except _HALTS as halt:
            _halt(context, job, refused, halt.code)
            return
        except errors.ProviderUnavailable:
            raise
        except errors.EngineError as refusal:
            refused.append(model.Refused(position=item.position, code=refusal.code))
        except Exception as bug:  # noqa: BLE001
            # One item must not keep the others: its result says that it met a bug, and which.
            _log.exception("bulk act %s, item %s", job.subject, item.item_id)
            refused.append(model.Refused(position=item.position, code=_code(bug)))
    _turn_page(context, job, refused)


def _goes_on(context: ports.JobContext, bulk_id: str, turn: int) -> bool:
    """Whether the run is still this worker's: then another one was faster with this item alone."""
    with context.engine.reader(actors.System(job="bulk_run")) as q:
        found = q.get(model.Bulk, "bulk_act", bulk_id)
    return found.status is model.BulkStatus.RUNNING and found.turn == turn


def _halt(context: ports.JobContext, job: jobs.Job, refused: list[model.Refused], why: str) -> None:
    system = actors.System(job="bulk_run")
    given = {"bulk_id": job.subject, "turn": job.body["turn"], "why": why}
    context.engine.perform(actions.halt, given, actor=system, key=job.key)
    _turn_page(context, job, refused)


def _turn_page(context: ports.JobContext, job: jobs.Job, refused: list[model.Refused]) -> None:
    given = {
        "bulk_id": job.subject,
        "turn": job.body["turn"],
        "refused": tuple(refused),
        "job_id": job.id,
    }
    context.engine.perform(
        actions.turn_page, given, actor=actors.System(job="bulk_run"), key=job.key
    )
