"""Enterprises, and their particulars as they stand in the register."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.registration.model.claims import Paper


class EnterpriseStatus(enum.StrEnum):
    """Where an enterprise stands on the platform."""

    ACTIVE = "active"
    CLOSED = "closed"  # nobody belongs to it any more; it may be claimed anew


ENTERPRISE = Workflow(
    "enterprise",
    EnterpriseStatus.ACTIVE,
    {
        EnterpriseStatus.ACTIVE: {"close": EnterpriseStatus.CLOSED},
        EnterpriseStatus.CLOSED: {"reopen": EnterpriseStatus.ACTIVE},
    },
)


def tidy_name(text: str) -> str:
    """An enterprise's name as it is kept: no blanks in a Chinese one, single ones in others."""
    return " ".join(text.split()) if text.isascii() else "".join(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """An enterprise or other organization on the platform."""

    id: str
    subject_id: str
    name: str
    uscc: str
    entity_class: str
    status: EnterpriseStatus
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is kept of an enterprise beside its public name and code; the personal part as ciphertexts."""

    id: str
    enterprise_id: str
    legal_representative: bytes
    legal_representative_id: bytes | None
    papers: tuple[Paper, ...]
    changed_at: int
