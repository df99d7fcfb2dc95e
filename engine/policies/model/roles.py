"""Roles: what each lets its holder do. Staff accounts are granted them by name, within a scope.

The words for what can be allowed stand here, below the stage that grants, because a role is a setting.
"""

from __future__ import annotations

import enum

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class Right(enum.StrEnum):
    """What an action or a query can ask of its actor."""

    REVIEW_ENTERPRISE = "review_enterprise"
    REVIEW_PLATFORM = "review_platform"
    REVIEW_AGENCY = "review_agency"
    REVIEW_SEAL = "review_seal"
    MAKE_SEAL = "make_seal"
    MANAGE_ACCOUNTS = "manage_accounts"
    REVIEW_CONTRACT = "review_contract"
    LEAD_REVIEWS = "lead_reviews"
    ANSWER_CALLS = "answer_calls"
    LOOK_UP = "look_up"
    REPORT = "report"
    OWN_SQL = "own_sql"
    FINANCE = "finance"
    REVOKE = "revoke"
    HANDLE_INCIDENTS = "handle_incidents"
    AUDIT = "audit"
    DEMO = "demo"
    SIMULATE = "simulate"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_STAFF = "manage_staff"
    MANAGE_MACHINES = "manage_machines"


# The rights that decide about customers: nobody who grants roles holds one of them (`security.md` 3.4).
DECIDES: frozenset[Right] = frozenset(
    {
        Right.REVIEW_ENTERPRISE,
        Right.REVIEW_PLATFORM,
        Right.REVIEW_AGENCY,
        Right.REVIEW_SEAL,
        Right.MAKE_SEAL,
        Right.MANAGE_ACCOUNTS,
        Right.REVIEW_CONTRACT,
        Right.LEAD_REVIEWS,
        Right.REVOKE,
        Right.HANDLE_INCIDENTS,
        Right.FINANCE,
    }
)


# What a machine never does, whatever its role: deciding about customers, and saying who may what.
PEOPLE_ONLY: frozenset[Right] = DECIDES | {
    Right.MANAGE_STAFF,
    Right.MANAGE_MACHINES,
    Right.MANAGE_SETTINGS,
}


def grants_and_decides(rights: frozenset[Right]) -> bool:
    """Whether rights together both hand out roles and decide about customers."""
    return Right.MANAGE_STAFF in rights and bool(rights & DECIDES)


class Role(Setting):
    """A role: what it is called and what it lets its holder do (OPS-7)."""

    KIND = "role"
    NAMED = True
    label: Text
    rights: tuple[Right, ...]
