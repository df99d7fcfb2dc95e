"""A contract, its documents, and how the lists show it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from engine.kernel.workflow import Workflow


class ContractStatus(enum.StrEnum):
    """Where a contract stands. That its deadline has passed is derived, never written."""

    DRAFT = "draft"  # the parties sign, then the purchaser submits
    IN_REVIEW = "in_review"  # a reviewer decides
    PASSED = "passed"
    RETURNED = "returned"  # the purchaser makes a new version
    DECLINED = "declined"  # a party will not sign; the purchaser may make a new version
    WITHDRAWN = "withdrawn"  # the purchaser took it back before everybody had signed
    VOIDED = "voided"  # it had passed, and the parties agreed to undo it


_C = ContractStatus
CONTRACT = Workflow(
    "contract",
    _C.DRAFT,
    {
        _C.DRAFT: {
            "submit": _C.IN_REVIEW,
            "decline": _C.DECLINED,
            "withdraw": _C.WITHDRAWN,
            "revise": _C.DRAFT,
        },
        _C.IN_REVIEW: {"pass": _C.PASSED, "return": _C.RETURNED},
        _C.PASSED: {"void": _C.VOIDED},
        _C.RETURNED: {"revise": _C.DRAFT, "withdraw": _C.WITHDRAWN},
        _C.DECLINED: {"revise": _C.DRAFT, "withdraw": _C.WITHDRAWN},
        _C.WITHDRAWN: {"revise": _C.DRAFT},
        _C.VOIDED: {},
    },
)
# What a list shows of a contract whose deadline has passed before everybody signed.
EXPIRED = "expired"
# The tabs of the list (全部, 待提交, 审核中, 通过, 退回, 已终止) and the statuses they hold.
TABS = {
    "all": tuple(_C),
    "to_submit": (_C.DRAFT,),
    "in_review": (_C.IN_REVIEW,),
    "passed": (_C.PASSED,),
    "returned": (_C.RETURNED, _C.DECLINED),
    "ended": (_C.WITHDRAWN, _C.VOIDED),
}


class SigningOrder(enum.StrEnum):
    """Whether the parties sign one after the other, or as they like."""

    IN_TURN = "in_turn"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract. Dates are civil dates (ISO), money is fen, the party ids are mall accounts.

    `sign_by` is the instant (UTC ms) until which the parties can sign; `level` how far signatures are
    wanted to be validated; `template_id` the version of the template that made its document;
    `placements` where the parties' seals belong, by role, when not at the template's own places.
    """

    id: str
    platform_id: str
    agency_id: str | None
    number: str
    name: str
    purchase_order_id: str
    purchaser_id: str
    supplier_id: str
    awardee: str
    signing_date: str
    effective_date: str
    currency: str
    total_fen: int
    payment_terms: str
    place: str
    origin: str
    remarks: str
    status: ContractStatus
    version: int
    reasons: tuple[str, ...]
    created_at: int
    ended_at: int | None
    signing_order: SigningOrder = SigningOrder.ANY
    sign_by: int | None = None
    level: str = "B-LT"
    template_id: str | None = None
    placements: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractForm:
    """What was filled into a version's template; `fields` is encrypted (people write names into it)."""

    id: str
    contract_id: str
    version: int
    template_id: str
    fields: bytes
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVersion:
    """A document of a contract; every one is kept. `signed_by` are the roles whose seal is on it."""

    id: str
    contract_id: str
    version: int
    revision: int
    blob_id: str
    digest_hex: str
    pages: int
    signed_by: tuple[str, ...]
    level: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What the form of a contract asks for (03 合同信息). Without a total it is the purchase order's."""

    name: str
    number: str
    signing_date: str
    effective_date: str
    payment_terms: str
    place: str
    remarks: str = ""
    currency: str = "人民币"
    total_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A contract as the list shows it.

    `state` is its status, or that its deadline has passed; `turn` are the roles that can sign now;
    `mine` is the role of who asks, empty for everybody who is no party.
    """

    contract: Contract
    order_number: str
    purchaser: str
    supplier: str
    state: str
    signed_by: tuple[str, ...]
    turn: tuple[str, ...]
    mine: str
    parties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractsPage:
    """A page of contracts, and how many there are."""

    rows: tuple[ContractRow, ...]
    page: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line of 处理历史. `opinion` is a code, `text` what somebody wrote; times are UTC milliseconds.

    `actor` is the enterprise and `handler` its login at the platform (办理人员); both are empty where the
    platform itself decides.
    A step is read once its reader has opened the contract (是否已阅, 已阅时间).
    """

    step: str
    actor: str
    received_at: int
    handled_at: int | None
    opinion: str
    handler: str = ""
    role: str = ""
    version: int = 1
    read_at: int | None = None
    took_ms: int | None = None
    text: str = ""
    reasons: tuple[str, ...] = ()
