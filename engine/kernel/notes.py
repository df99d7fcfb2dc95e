"""What one stage tells of itself to another that does not know it: a code, its parameters, its subject."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.kernel.operation import Operation
    from engine.kernel.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be listed to a person: `code` is a text's code, `subject` what it is about (an id)."""

    code: str
    subject: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Of whom something is asked: of an enterprise, of a person by themselves, or of a CA."""

    enterprise_id: str = ""
    account_id: str = ""
    agency_id: str = ""

    @classmethod
    def of(cls, enterprise_id: str | None, account_id: str) -> Within:
        """An enterprise's, or where there is none, the person's own."""
        if enterprise_id:
            return cls(enterprise_id=enterprise_id)
        return cls(account_id=account_id)

    def where(self, table: str) -> tuple[str, tuple[str, ...]]:
        """The condition on a table with `enterprise_id`, `account_id`, `agency_id`, and its parameter."""
        if self.enterprise_id:
            return f"{table}.enterprise_id = ?", (self.enterprise_id,)
        if self.account_id:
            return f"{table}.enterprise_id IS NULL AND {table}.account_id = ?", (self.account_id,)
        return f"{table}.agency_id = ?", (self.agency_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A certificate as its stage tells it to one below: whose it is, of what kind, and how it stands.

    `status` is `expired` once its time is over; `reason` is why it was revoked, and `held_by` who put it on
    hold (`holder` or `staff`).
    """

    id: str
    order_id: str
    account_id: str
    enterprise_id: str | None
    status: str
    serial: str
    begins: int
    ends: int
    reason: str = ""
    held_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that the law has kept beyond the account it was made for.

    `keeper` is whose rule of keeping applies (a CA's label); `ended_at` is when the record ended, or will.
    """

    kind: str
    id: str
    keeper: str
    ended_at: int
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Which rows and columns of a table are a person's own data (the right to a copy, PI-5).

    `by` is the column with the account's id; `sealed` says which key each protected column is under.
    """

    table: str
    columns: tuple[str, ...]
    sealed: Mapping[str, str] = field(default_factory=dict)
    by: str = "account_id"


class Mover(enum.StrEnum):
    """Whose move it is in something unfinished."""

    CALLER = "caller"  # the person whose matter it is
    STAFF = "staff"  # somebody of ours decides
    OUTSIDE = "outside"  # a provider, a CA, the bank, the tax service
    OTHER = "other"  # another customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something of a person's that is not finished, as its stage tells it to who answers their call.

    `kind` and `state` are codes that name what is said of it, `name` and `number` what it is called (an
    enterprise, an order; never a person). It is so since `since`; `until` is a term, where one runs.
    `lately` are how long the last ones like it took, where nobody of ours decides it. `instead_of` is the
    subject of a matter of another stage that this one says more precisely.
    """

    kind: str
    state: str
    subject: str
    since: int
    name: str = ""
    number: str = ""
    until: int | None = None
    lately: tuple[int, ...] = ()
    instead_of: str = ""
    platform_id: str | None = None
    agency_id: str | None = None

    @property
    def code(self) -> str:
        """What is said of it goes by this name."""
        return f"{self.kind}_{self.state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """A stage's unfinished matters: whose move each is, by code, and the question for a person's."""

    movers: Mapping[str, Mover]
    of: Callable[[Reader, str], Sequence[Matter]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """A kind of order that is paid for, as its stage tells it to the one that takes the money.

    `paid` moves an order on that waited for its payment, and is false where it waited for none. `wanted`
    says whether it waits for one; `told` tells its person that another payment is wanted. `state` is what
    the order is called now, for its person. `untold` are the payments of a statement that are paid while
    their order still waits (payment and order). `described` is its name at the cashier.
    """

    described: str
    paid: Callable[[Operation, str], bool]
    wanted: Callable[[Reader, str], bool]
    told: Callable[[Operation, str], None]
    state: Callable[[Reader, str], str]
    untold: Callable[[Reader, str], Sequence[tuple[str, str]]]
