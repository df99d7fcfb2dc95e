"""The acts of which somebody asks beforehand what they would stop, and of whom things may stop by each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.incidents import actions as incidents
from engine.issuing import actions as issuing
from engine.issuing import model as certificates
from engine.kernel import actors, errors, notes
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import actions as sealing
from engine.sealing import model as seals
from engine.sealing import queries as seal_queries


def _oneself(op: Operation, subject: str) -> actors.Actor:
    return op.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act: its action, which argument names its subject, and within what to look for what stops.

    `arguments` are the others that it needs to be tried, `doer` as whom it is tried.
    """

    action: Callable[..., Any]
    subject: str
    within: Callable[[Reader, str], notes.Within]
    arguments: tuple[str, ...] = ()
    doer: Callable[[Operation, str], actors.Actor] = _oneself


def _of_certificate(q: Reader, certificate_id: str) -> notes.Within:
    found = q.get(certificates.Certificate, "certificate", certificate_id)
    return notes.Within.of(found.enterprise_id, found.account_id)


def _of_seal(q: Reader, seal_id: str) -> notes.Within:
    found = q.get(seals.Seal, "seal", seal_id)
    return notes.Within.of(found.enterprise_id, found.account_id)


def _of_agency(q: Reader, agency_id: str) -> notes.Within:
    return notes.Within(agency_id=agency_id)


def _its_keeper(op: Operation, seal_id: str) -> actors.Actor:
    """Who keeps a seal, where staff ask that may see it: they answer calls about it and never do it."""
    if not isinstance(op.actor, actors.Staff):
        return op.actor
    found = seal_queries.seal(op, seal_id)
    account_id = found.account_id
    if found.enterprise_id:
        keepers = people.administrators(op, found.enterprise_id)
        if not keepers:
            raise errors.NotFound(what="administrator")
        account_id = keepers[0]
    return actors.Person(account_id=account_id, device_id="", second_factor_at=op.now)


ACTS: Mapping[str, Act] = {
    "certificate.revoke": Act(
        action=issuing.revoke,
        subject="certificate_id",
        within=_of_certificate,
        arguments=("reason",),
    ),
    "certificate.suspend": Act(
        action=issuing.suspend, subject="certificate_id", within=_of_certificate
    ),
    "agency.stop": Act(
        action=incidents.stop_issuing,
        subject="agency_id",
        within=_of_agency,
        arguments=("reason",),
    ),
    "seal.delete": Act(
        action=sealing.delete_seal, subject="seal_id", within=_of_seal, doer=_its_keeper
    ),
    "seal.suspend": Act(
        action=sealing.suspend, subject="seal_id", within=_of_seal, doer=_its_keeper
    ),
}
