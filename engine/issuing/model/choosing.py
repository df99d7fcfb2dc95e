"""Which certificates something is to be done with, all of them at once (OPS-4)."""

from __future__ import annotations

from dataclasses import dataclass

CHOOSABLE: tuple[str, ...] = ("issued", "active", "suspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filter over the pairs of certificates that have not ended; empty means any.

    Instants are UTC milliseconds, of when the certificate was asked for; `made_to` is exclusive.
    """

    platform_id: str = ""
    agency_id: str = ""
    enterprise_id: str = ""
    status: str = ""
    made_from: int | None = None
    made_to: int | None = None
