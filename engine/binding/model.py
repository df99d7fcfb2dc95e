"""A binding ties a mall account to an enterprise's usable certificate (BND-1, LOG-1).

The mall, entered by password, shows a QR of the platform's or the national kind; the phone that holds a
certificate of that kind scans it and proves the PIN. One living binding a mall account. Scan login needs
a binding: who never bound is sent to the password.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A living or ended binding. `status` is `bound` or `unbound`."""

    id: str
    mall_account_id: str
    certificate_id: str
    enterprise_id: str
    account_id: str
    platform_id: str
    status: str
    created_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the browser beside a QR is told of it."""

    ticket_id: str
    status: str
    expires_at: int
