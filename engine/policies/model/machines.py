"""What outside machines may: how long a token holds, how often it may ask, when an endpoint is given up."""

from __future__ import annotations

from pydantic import Field

from engine.policies.model.setting import Setting


class MachineRules(Setting):
    """The limits of machine clients and of their webhook endpoints (API-1)."""

    KIND = "machine_rules"
    token_days: int = Field(ge=1, le=730)
    overlap_hours: int = Field(ge=0, le=720)
    calls_per_minute: int = Field(ge=1, le=6_000)
    endpoints_each: int = Field(ge=1, le=50)
    endpoint_pauses_after_hours: int = Field(ge=1, le=72)
    deliveries_kept_days: int = Field(ge=4, le=400)
