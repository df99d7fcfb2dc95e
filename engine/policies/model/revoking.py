"""Why a certificate may be revoked, by whom, and what it takes to lift a hold (CRT-3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.policies.model.setting import Setting

# RFC 5280 5.3.1, without the hold, what only delta CRLs say, and what is said of authorities alone.
RevocationReason = Literal[
    "unspecified",
    "keyCompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "privilegeWithdrawn",
]


class RevocationRules(Setting):
    """Which reasons the holder and the CA's staff choose from, and how fresh a name a resumption takes."""

    KIND = "revocation_rules"
    holder: tuple[RevocationReason, ...] = Field(min_length=1)
    staff: tuple[RevocationReason, ...] = Field(min_length=1)
    # A holder lifts their own hold within so many minutes of proving their real name anew.
    resume_minutes: int = Field(ge=1, le=1440)
