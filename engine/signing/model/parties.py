"""Who signs a contract, what the parties did with it, and an agreement to void it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow

MOST_PARTIES = 6


class PartyStatus(enum.StrEnum):
    """Where a party stands with one version of a contract."""

    WAITING = "waiting"  # others come first
    ASKED = "asked"  # it is this party's turn
    SIGNED = "signed"
    DECLINED = "declined"


_P = PartyStatus
PARTY = Workflow(
    "party",
    _P.WAITING,
    {
        _P.WAITING: {"ask": _P.ASKED},
        _P.ASKED: {"sign": _P.SIGNED, "decline": _P.DECLINED},
        _P.SIGNED: {},
        _P.DECLINED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractParty:
    """A party of one version of a contract. `role` is purchaser, supplier, party3…; `ordinal` its turn.

    `opinion` is encrypted: what a party wrote who declined.
    """

    id: str
    contract_id: str
    version: int
    role: str
    mall_account_id: str
    ordinal: int
    status: PartyStatus
    asked_at: int | None
    read_at: int | None
    handled_at: int | None
    opinion: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShown:
    """A party as the other parties see it; `turn` says that it can sign now, `mine` that it asks."""

    role: str
    mall_account_id: str
    login: str
    enterprise: str
    uscc: str
    ordinal: int
    status: PartyStatus
    asked_at: int | None
    read_at: int | None
    handled_at: int | None
    opinion: str
    turn: bool
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleParty:
    """A mall account of the platform that a contract can name as a further party."""

    mall_account_id: str
    login: str
    enterprise: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAct:
    """Something a party did with a contract besides signing; `text` is encrypted.

    `kind` is withdrawn, extended, reminded, submitted…; `about` whom or what it concerns.
    """

    id: str
    contract_id: str
    version: int
    kind: str
    role: str
    about: str
    text: bytes | None
    created_at: int


class VoidingStatus(enum.StrEnum):
    """Where a proposal to void a contract stands."""

    PROPOSED = "proposed"  # every other party has to agree
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


_V = VoidingStatus
VOIDING = Workflow(
    "proposal to void",
    _V.PROPOSED,
    {
        _V.PROPOSED: {"agree": _V.AGREED, "refuse": _V.REFUSED, "take_back": _V.TAKEN_BACK},
        _V.AGREED: {},
        _V.REFUSED: {},
        _V.TAKEN_BACK: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVoiding:
    """A proposal to void a passed contract. `agreed_by` are roles; `reason` is encrypted."""

    id: str
    contract_id: str
    role: str
    status: VoidingStatus
    agreed_by: tuple[str, ...]
    reason: bytes | None
    created_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidingShown:
    """A proposal to void a contract as its parties see it."""

    id: str
    role: str
    status: VoidingStatus
    agreed_by: tuple[str, ...]
    waits_for: tuple[str, ...]
    reason: str
    created_at: int
    ended_at: int | None
