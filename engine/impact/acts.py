"""The acts of which somebody asks beforehand what they would stop, and of whom things may stop by each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.incidents import actions as incidents
from engine.issuing import actions as issuing
from engine.issuing import model as certificates
from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.sealing import actions as sealing
from engine.sealing import model as seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act: its action, which argument names its subject, and within what to look for what stops."""

    action: Callable[..., Any]
    subject: str
    within: Callable[[Reader, str], notes.Within]


def _of_certificate(q: Reader, certificate_id: str) -> notes.Within:
    found = q.get(certificates.Certificate, "certificate", certificate_id)
    if found.enterprise_id:
        return notes.Within(enterprise_id=found.enterprise_id)
    return notes.Within(account_id=found.account_id)


def _of_seal(q: Reader, seal_id: str) -> notes.Within:
    found = q.get(seals.Seal, "seal", seal_id)
    if found.enterprise_id:
        return notes.Within(enterprise_id=found.enterprise_id)
    return notes.Within(account_id=found.account_id)


def _of_agency(q: Reader, agency_id: str) -> notes.Within:
    return notes.Within(agency_id=agency_id)


ACTS: Mapping[str, Act] = {
    "certificate.revoke": Act(
        action=issuing.revoke, subject="certificate_id", within=_of_certificate
    ),
    "certificate.suspend": Act(
        action=issuing.suspend, subject="certificate_id", within=_of_certificate
    ),
    "agency.stop": Act(action=incidents.stop_issuing, subject="agency_id", within=_of_agency),
    "seal.delete": Act(action=sealing.delete_seal, subject="seal_id", within=_of_seal),
    "seal.suspend": Act(action=sealing.suspend, subject="seal_id", within=_of_seal),
}
