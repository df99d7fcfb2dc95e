"""A party's signature on a version of a contract."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


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
