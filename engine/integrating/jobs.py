"""Sending what is in the outbox, and telling what came of it."""

from __future__ import annotations

import re
import unicodedata

from engine.integrating import actions, model, queries
from engine.integrating.actions.deliveries import Tried
from engine.kernel import actors, errors, jobs, ports

_WORKER = actors.System(job="deliver_webhook")
# For so long a delivery is tried: what the waits between jobs' attempts come to.
TRIED_FOR_MS = sum(jobs.BACKOFF_MS)
# A number that could be somebody's, and whatever looks like a secret, is not kept of an answer.
_NUMBERS = re.compile(r"[0-9Xx*]{6,}")
_SECRETS = re.compile(r"[A-Za-z0-9+/=_-]{20,}")


class ReceiverFailed(errors.ProviderUnavailable):
    """The receiver of a webhook did not take it. It is tried again later."""


def deliver_webhook(context: ports.JobContext, job: jobs.Job) -> None:
    """Send one delivery to its endpoint.

    Raises: ReceiverFailed to be tried again; ports.NotYet while the endpoint is left in peace.
    """
    engine = context.engine
    with engine.reader(_WORKER) as q:
        sending, now = queries.sending(q, job.subject, job.id), q.now
    if sending is None:
        return
    if sending.quiet_until > now:
        raise ports.NotYet(sending.quiet_until)
    message = sending.delivery
    got = context.ports.webhooks.post(
        sending.url, sending.headers, message.body.encode(), idempotency_key=message.id
    )
    last = job.is_last_attempt or now - job.created_at >= TRIED_FOR_MS
    again = engine.perform(
        actions.note_attempt,
        {
            "delivery_id": message.id,
            "job_id": job.id,
            "last": last,
            "tried": Tried(
                code=got.code,
                problem=got.problem,
                answer=scrubbed(got.answer),
                took_ms=got.took_ms,
                retry_after_s=got.retry_after_s,
            ),
        },
        actor=_WORKER,
        key=f"{job.key}/{job.attempts}/{now}",
    )
    if again:
        raise ReceiverFailed()


def scrubbed(answer: bytes) -> str:
    """The beginning of an answer as it may be kept: one line, without numbers or secrets."""
    text = answer[: model.LONGEST_ANSWER * 4].decode("utf-8", "replace")
    shown = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in text)
    line = " ".join(shown.split())
    return _SECRETS.sub("…", _NUMBERS.sub("…", line))[: model.LONGEST_ANSWER]


def look_after(context: ports.JobContext) -> int:
    """Forget what ended long ago; how many."""
    return context.engine.perform(actions.forget_old, {}, actor=_WORKER)
