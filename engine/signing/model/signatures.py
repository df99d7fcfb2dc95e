"""A party's signature on a version of a contract, alone or with others in one act of will."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.pdf import placing

# So many contracts can be signed with one entry of the PIN (domain-rules 6).
MOST_AT_ONCE = 50


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
        # A certificate that was withdrawn before the signature had its time signs nothing any more.
        _S.SIGNED: {"complete": _S.COMPLETED, "fail": _S.FAILED},
        _S.COMPLETED: {},
        _S.FAILED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSignature:
    """One party's signature on a version of a contract.

    `placements` are where its seal goes, when not where the contract has room for it; `level` is how far
    the finished document is validated, `why` the reason for which it was given up.
    """

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
    batch_id: str | None = None
    placements: tuple[placing.Placing, ...] = ()
    level: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningBatch:
    """Contracts that are signed together, with one certificate and one seal."""

    id: str
    mall_account_id: str
    platform_id: str
    certificate_id: str
    seal_id: str
    account_id: str
    created_at: int
    signed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchShown:
    """A batch as its page shows it: how many of its signatures stand where, and what stopped any."""

    batch: SigningBatch
    signatures: tuple[ContractSignature, ...]
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A contract as the phone shows it before it is signed. Money is fen; `digest` is its document's."""

    contract_id: str
    number: str
    title: str
    pages: int
    total_fen: int
    currency: str
    purchaser: str
    supplier: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationLevel:
    """How far a contract's document is validated, how far it should be, and until when it keeps."""

    reached: str
    wanted: str
    pending: bool
    archived_until: int | None


class Level(enum.StrEnum):
    """How far a signature can be validated (PAdES baseline, ETSI EN 319 142-1), least first."""

    B_B = "B-B"  # who signed what
    B_T = "B-T"  # and since when
    B_LT = "B-LT"  # and that the certificates held, without a network
    B_LTA = "B-LTA"  # and beyond their end


LEVELS = tuple(Level)
# What a certificate may not be when its signature gets its time.
WITHDRAWN = frozenset({"revoked", "suspended"})


def below(reached: str, wanted: str) -> bool:
    """Whether a level is less than another."""
    return LEVELS.index(Level(reached)) < LEVELS.index(Level(wanted))


def least(levels: Sequence[str]) -> str:
    """How far a document is validated: as far as the least of its signatures.

    One that was made before levels were noted was made with all that B-LT asks for.
    """
    return min((Level(one or Level.B_LT) for one in levels), key=LEVELS.index)


def digest_of_all(digests: Sequence[str]) -> str:
    """The digest over the documents' digests (hex), in the order in which they are signed."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
