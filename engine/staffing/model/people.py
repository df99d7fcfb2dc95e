"""Members of staff and what they were granted.

A grant is (staff, role, scope). What a role allows is a setting (`policies.model.Role`); the scope says for
which platform or agency it holds. An administrator manages people and never reviews; an auditor reads and
never changes (`security.md` 3.4). Rights are asked for by actions and queries, never by pages alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from engine.kernel.catalog import Text


class Role(enum.StrEnum):
    """The roles that a new world has; a setting can add others, which are named by their code alone."""

    ENTERPRISE_REVIEWER = "enterprise_reviewer"
    PLATFORM_REVIEWER = "platform_reviewer"
    AGENCY_REVIEWER = "agency_reviewer"
    SEAL_REVIEWER = "seal_reviewer"
    SEAL_MAKER = "seal_maker"
    ACCOUNT_OFFICER = "account_officer"
    CONTRACT_REVIEWER = "contract_reviewer"
    AGENT = "agent"
    FINANCE = "finance"
    LEAD = "lead"
    PRODUCT = "product"
    QA = "qa"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff. `status` is `active` or `disabled`, `kind` is `service` for a machine.

    Their own phone number and resident ID number, where given, are sealed under a key of their own.
    """

    id: str
    login: str
    name: str
    status: str
    created_at: int
    phone: bytes | None = None
    resident_id: bytes | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGrant:
    """A role within a scope, until it is revoked. `role` is the name of a setting."""

    id: str
    staff_id: str
    role: str
    scope_kind: str
    scope_id: str
    granted_at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A member of staff as the console shows them; phone and resident ID number are masked."""

    id: str
    login: str
    name: str
    roles: tuple[str, ...]
    # What the roles are called, in the same order.
    labels: tuple[Text, ...] = ()
    grants: tuple[StaffGrant, ...] = ()
    status: str = "active"
    phone: str = ""
    resident_id: str = ""
    second_factor: bool = False
    must_change_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A fact about a member of staff: who did what to their account, with old and new value."""

    seq: int
    occurred_at: int
    actor: str
    kind: str
    facts: dict[str, Any]
