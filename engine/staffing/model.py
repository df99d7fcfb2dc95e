"""Who works here and what they may do.

A grant is (staff, role, scope). A role is a set of rights; the scope says for which platform or agency
they hold. An administrator manages people and never reviews; an auditor reads and never changes
(`security.md` 3.4). Rights are asked for by actions and queries, never by pages alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Right(enum.StrEnum):
    """What an action or a query can ask of its actor."""

    REVIEW_ENTERPRISE = "review_enterprise"
    REVIEW_PLATFORM = "review_platform"
    REVIEW_AGENCY = "review_agency"
    REVIEW_SEAL = "review_seal"
    MAKE_SEAL = "make_seal"
    MANAGE_ACCOUNTS = "manage_accounts"
    REVIEW_CONTRACT = "review_contract"
    LOOK_UP = "look_up"
    REPORT = "report"
    FINANCE = "finance"
    REVOKE = "revoke"
    AUDIT = "audit"
    DEMO = "demo"
    SIMULATE = "simulate"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_STAFF = "manage_staff"


class Role(enum.StrEnum):
    """The roles that can be granted."""

    ENTERPRISE_REVIEWER = "enterprise_reviewer"
    PLATFORM_REVIEWER = "platform_reviewer"
    AGENCY_REVIEWER = "agency_reviewer"
    SEAL_REVIEWER = "seal_reviewer"
    SEAL_MAKER = "seal_maker"
    ACCOUNT_OFFICER = "account_officer"
    CONTRACT_REVIEWER = "contract_reviewer"
    FINANCE = "finance"
    LEAD = "lead"
    PRODUCT = "product"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_SEES = frozenset({Right.LOOK_UP, Right.REPORT})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ENTERPRISE_REVIEWER: _SEES | {Right.REVIEW_ENTERPRISE},
    Role.PLATFORM_REVIEWER: _SEES | {Right.REVIEW_PLATFORM},
    Role.AGENCY_REVIEWER: _SEES | {Right.REVIEW_AGENCY, Right.REVOKE},
    Role.SEAL_REVIEWER: _SEES | {Right.REVIEW_SEAL},
    Role.SEAL_MAKER: _SEES | {Right.MAKE_SEAL},
    Role.ACCOUNT_OFFICER: _SEES | {Right.MANAGE_ACCOUNTS},
    Role.CONTRACT_REVIEWER: _SEES | {Right.REVIEW_CONTRACT},
    Role.FINANCE: _SEES | {Right.FINANCE},
    Role.LEAD: _SEES
    | {
        Right.REVIEW_ENTERPRISE,
        Right.REVIEW_PLATFORM,
        Right.REVIEW_AGENCY,
        Right.REVIEW_SEAL,
        Right.MAKE_SEAL,
        Right.MANAGE_ACCOUNTS,
        Right.REVIEW_CONTRACT,
        Right.SIMULATE,
        Right.MANAGE_SETTINGS,
        Right.AUDIT,
    },
    Role.PRODUCT: frozenset({Right.DEMO, Right.REPORT, Right.SIMULATE}),
    Role.AUDITOR: _SEES | {Right.AUDIT},
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_STAFF, Right.MANAGE_SETTINGS}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff. `status` is `active` or `disabled`."""

    id: str
    login: str
    name: str
    status: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGrant:
    """A role within a scope, until it is revoked."""

    id: str
    staff_id: str
    role: Role
    scope_kind: str
    scope_id: str
    granted_at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session. The token goes into the HttpOnly cookie and is kept only as its hash."""

    token: str
    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A member of staff as the console shows them."""

    id: str
    login: str
    name: str
    roles: tuple[Role, ...]
