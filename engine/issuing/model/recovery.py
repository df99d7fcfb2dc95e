"""An encryption key that has to come back out of its archive, and the table of its steps (CRT-6).

Only encryption keys: a signing key is archived nowhere, so there is none to recover. Two people approve
before the key management centre is asked, and what it releases is divided anew, for the phone that asked.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Literal

from engine.kernel.workflow import Workflow

# After a revocation for these reasons the key still opens what was encrypted for it (domain-rules 4).
STILL_OPENS = frozenset({"superseded"})
# Why the holder needs the key again.
Why = Literal["phone_lost", "pin_forgotten", "phone_changed", "key_damaged"]


class RecoveryStatus(enum.StrEnum):
    """Where a recovery stands."""

    IN_REVIEW = "in_review"  # two of the CA's reviewers decide
    APPROVED = "approved"  # the key management centre is asked
    DIVIDED = "divided"  # the phone takes its share
    TAKEN = "taken"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = RecoveryStatus

RECOVERY = Workflow(
    "key_recovery",
    _S.IN_REVIEW,
    {
        _S.IN_REVIEW: {"approve": _S.APPROVED, "reject": _S.REJECTED, "withdraw": _S.WITHDRAWN},
        _S.APPROVED: {"divide": _S.DIVIDED},
        _S.DIVIDED: {"take": _S.TAKEN},
        _S.TAKEN: {},
        _S.REJECTED: {},
        _S.WITHDRAWN: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A recovery of an encryption certificate's key onto a phone.

    `opens_with` is the usable signing certificate on that phone, by whose PIN the key will be used;
    `approved_by` are the two people who approved (actor texts).
    """

    id: str
    certificate_id: str
    account_id: str
    device_id: str
    opens_with: str
    status: RecoveryStatus
    why: str
    reasons: tuple[str, ...]
    approved_by: tuple[str, ...]
    created_at: int
    decided_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionShare:
    """The phone's share of an encryption key, as it is handed over once, to its pair's phone."""

    certificate_id: str
    public_key: bytes
    share: bytes = field(repr=False)
    # For a phone in a browser, which reads no DER: an RSA key's modulus, and what to try the share with.
    modulus: bytes
    sample: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEncryptionShare:
    """The platform's share, opened, and the phone's while it waits to be taken."""

    server: bytes = field(repr=False)
    phone: bytes | None = field(repr=False)
    taken_at: int | None
