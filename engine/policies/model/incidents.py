"""Kinds of incident."""

from __future__ import annotations

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class IncidentKind(Setting):
    """A kind of incident, and within how many hours it should do no more harm (RFC 3647 4.5.7, 5.7)."""

    KIND = "incident_kind"
    NAMED = True
    text: Text
    contain_hours: int = Field(ge=1, le=720)
