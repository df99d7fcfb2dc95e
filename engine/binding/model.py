"""A binding ties a mall account to an enterprise's usable certificate (BND-1, LOG-1).

The mall, entered by password, shows a QR of the platform's or the national kind; the phone that holds a
certificate of that kind scans it and proves the PIN. At an enterprise's first binding on a platform the
phone asks for its particulars (主体注册): they are registered at once where they agree with what is
known, and looked at by staff where they do not; the binding waits for that. One living binding a mall
account. Scan login needs one: who never bound is sent to the password.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.catalog import Text
from engine.kernel.workflow import Workflow
from engine.policies.model import EntityChoice


class BindingStatus(enum.StrEnum):
    """Where a binding stands."""

    IN_REVIEW = "in_review"  # staff look at the entity's registration
    BOUND = "bound"
    REJECTED = "rejected"
    UNBOUND = "unbound"


class EntityStatus(enum.StrEnum):
    """Where an enterprise's registration at a platform stands."""

    IN_REVIEW = "in_review"
    REGISTERED = "registered"
    REJECTED = "rejected"


_B, _E = BindingStatus, EntityStatus
BINDING = Workflow(
    "binding",
    _B.IN_REVIEW,
    {
        _B.IN_REVIEW: {"bind": _B.BOUND, "reject": _B.REJECTED, "end": _B.UNBOUND},
        _B.BOUND: {"end": _B.UNBOUND},
        _B.REJECTED: {},
        _B.UNBOUND: {},
    },
)
ENTITY = Workflow(
    "entity registration",
    _E.IN_REVIEW,
    {
        _E.IN_REVIEW: {"register": _E.REGISTERED, "reject": _E.REJECTED},
        _E.REGISTERED: {},
        _E.REJECTED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A living or ended binding. `moved_from` is the one whose certificate this one's replaces."""

    id: str
    mall_account_id: str
    certificate_id: str
    enterprise_id: str
    account_id: str
    platform_id: str
    entity_id: str | None
    moved_from: str | None
    status: BindingStatus
    created_at: int
    bound_at: int | None
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An enterprise as a platform has registered it. `particulars` is sealed JSON, field → answer.

    `differs` names the fields whose answer is not what the platform knows. `kind` is the QR it came by.
    """

    id: str
    platform_id: str
    enterprise_id: str
    account_id: str
    certificate_id: str
    kind: str
    particulars: bytes
    differs: tuple[str, ...]
    status: EntityStatus
    reasons: tuple[str, ...]
    created_at: int
    decided_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field of 主体注册 as the phone asks it, filled with what is known."""

    code: str
    label: Text
    hint: Text | None
    kind: str
    required: bool
    longest: int
    choices: tuple[EntityChoice, ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityForm:
    """What a phone has to fill in before it binds; no fields where the platform knows the enterprise.

    After a rejection it holds what was handed in, and why it was rejected.
    """

    enterprise: str
    uscc: str
    login: str
    fields: tuple[FormField, ...]
    reasons: tuple[Text, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a mall account's binding is, for its own pages: none, in_review, rejected or bound."""

    status: str
    binding_id: str = ""
    certificate_id: str = ""
    since: int = 0
    reasons: tuple[Text, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneBinding:
    """A binding as the phone of its certificate's holder shows it."""

    id: str
    certificate_id: str
    platform_id: str
    login: str
    status: BindingStatus
    created_at: int
    bound_at: int | None
    reasons: tuple[Text, ...] = ()
    note: str = ""
