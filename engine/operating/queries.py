"""Which jobs are stuck, what they concern, and what was in their way; for who keeps the platform going."""

from __future__ import annotations

import collections
import string

from engine.kernel import actors, errors, jobs, texts
from engine.kernel.reader import Reader
from engine.operating import model
from engine.staffing import queries as staffing
from engine.staffing.model import Right

LISTED = 200
# Ids of these kinds have a record of their own (`records`).
_RECORDS = {
    "acc": "account",
    "con": "contract",
    "crt": "certificate",
    "ent": "enterprise",
    "inv": "invoice",
    "ord": "order",
    "sea": "seal",
    "svo": "service_order",
}
# What belongs to a record of another id.
_PART_OF = {
    "cal": "SELECT account_id AS id FROM phone_call WHERE id = ?",
    "cls": "SELECT account_id AS id FROM closing WHERE id = ?",
    "ivt": "SELECT enterprise_id AS id FROM invitation WHERE id = ?",
    "pay": "SELECT order_id AS id FROM payment WHERE id = ?",
    "prf": "SELECT account_id AS id FROM real_name_proof WHERE id = ?",
    "rcv": "SELECT certificate_id AS id FROM key_recovery WHERE id = ?",
    "rfd": "SELECT p.order_id AS id FROM refund r JOIN payment p ON p.id = r.payment_id WHERE r.id = ?",
    "sfl": "SELECT seal_id AS id FROM seal_filing WHERE id = ?",
    "shp": "SELECT subject AS id FROM shipment WHERE id = ?",
    "sig": "SELECT contract_id AS id FROM contract_signature WHERE id = ?",
}


def require(q: Reader) -> None:
    """Refuse whoever neither manages the platform nor is the platform itself.

    Raises: MayNot.
    """
    if not isinstance(q.actor, actors.System):
        staffing.require(q, Right.MANAGE_SETTINGS)


def unfinished(q: Reader) -> model.JobsShown:
    """The jobs that are stuck, at most 200 of them, and those that are tried again by themselves.

    Nothing of a job's sealed body is read. Raises: MayNot.
    """
    require(q)
    return model.JobsShown(
        stuck=tuple(_shown(q, one) for one in jobs.stuck(q.connection, most=LISTED)),
        by_kind=jobs.stuck_by_kind(q.connection),
        failing=tuple(jobs.failing(q.connection)),
    )


def stuck_count(q: Reader) -> int:
    """How many jobs are stuck.

    Raises: MayNot.
    """
    require(q)
    return sum(jobs.stuck_by_kind(q.connection).values())


def _shown(q: Reader, job: jobs.Stuck) -> model.StuckShown:
    kind, record_id = record_of(q, job.subject)
    return model.StuckShown(job=job, record_kind=kind, record_id=record_id)


def record_of(q: Reader, subject: str) -> tuple[str, str]:
    """The record that a subject is or belongs to: its kind and id, both empty where there is none."""
    record_id = subject
    if part_of := _PART_OF.get(_prefix(record_id)):
        found = q.row(part_of, (record_id,))
        record_id = str(found["id"] or "") if found else ""
    kind = _RECORDS.get(_prefix(record_id), "")
    return kind, record_id if kind else ""


def _prefix(row_id: str) -> str:
    return row_id.partition("_")[0]


def problem_in_words(code: str, language: str) -> str:
    """What was in a job's way, in a language: a refusal's text, or that the program has a bug.

    Of a refusal its code alone is kept, so what its text would name is left open.
    """
    refusal = errors.type_of_code.get(code)
    if refusal is None:
        return texts.text(
            "A bug in the program ({name}). The worker's own output has its trace.",
            language,
            name=code,
        )
    unnamed: dict[str, str] = collections.defaultdict(lambda: "…")
    told = string.Formatter().vformat(texts.text(refusal.template(), language), (), unnamed)
    return told.replace("….", "…")
