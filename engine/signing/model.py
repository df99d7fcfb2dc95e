"""A contract, its versions, and the signatures on it (SGN-1…5).

A contract starts from a purchase order; its document is made from the template or uploaded. Each party
signs by scan: the document is prepared first, its digest is fixed in the QR, and what the phone signs
are the CMS signed attributes over exactly that digest. One signature at a time, each on the file the one
before left. Submission needs every party's seal. A returned contract is a draft again with a new
document: what was signed stays as it was, as an earlier version.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class ContractStatus(enum.StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"  # the parties sign, then the purchaser submits
    IN_REVIEW = "in_review"  # a reviewer decides
    PASSED = "passed"
    RETURNED = "returned"  # the purchaser makes a new version


_C = ContractStatus
CONTRACT = Workflow(
    "contract",
    _C.DRAFT,
    {
        _C.DRAFT: {"submit": _C.IN_REVIEW},
        _C.IN_REVIEW: {"pass": _C.PASSED, "return": _C.RETURNED},
        _C.PASSED: {},
        _C.RETURNED: {"revise": _C.DRAFT},
    },
)
# The tabs of the list (全部, 待提交, 审核中, 通过, 退回) and the statuses they hold.
TABS = {
    "all": tuple(_C),
    "to_submit": (_C.DRAFT,),
    "in_review": (_C.IN_REVIEW,),
    "passed": (_C.PASSED,),
    "returned": (_C.RETURNED,),
}


class SignatureStatus(enum.StrEnum):
    """Where a signature stands."""

    REQUESTED = "requested"  # the worker prepares the document
    PREPARED = "prepared"  # the person scans and proves the PIN
    SIGNED = "signed"  # the worker adds time-stamp and revocation data
    COMPLETED = "completed"
    FAILED = "failed"


_S = SignatureStatus
SIGNATURE = Workflow(
    "signature",
    _S.REQUESTED,
    {
        _S.REQUESTED: {"prepare": _S.PREPARED, "fail": _S.FAILED},
        _S.PREPARED: {"sign": _S.SIGNED, "fail": _S.FAILED},
        _S.SIGNED: {"complete": _S.COMPLETED},
        _S.COMPLETED: {},
        _S.FAILED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract. Dates are civil dates (ISO), money is fen, the party ids are mall accounts."""

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
class ContractSignature:
    """One party's signature on a version of a contract."""

    id: str
    contract_id: str
    version: int
    role: str
    mall_account_id: str
    certificate_id: str
    seal_id: str
    status: SignatureStatus
    prepared_blob_id: str | None
    digest_hex: str
    attributes: bytes | None
    value: bytes | None
    account_id: str
    created_at: int
    signed_at: int | None
    completed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What the form of a contract asks for (03 合同信息)."""

    name: str
    number: str
    signing_date: str
    effective_date: str
    payment_terms: str
    place: str
    remarks: str = ""
    currency: str = "人民币"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A contract as the list shows it."""

    contract: Contract
    order_number: str
    purchaser: str
    supplier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line of 处理历史. `opinion` is a code; times are UTC milliseconds."""

    step: str
    actor: str
    received_at: int
    handled_at: int | None
    opinion: str
