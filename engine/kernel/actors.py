"""Who acts: a closed union, resolved by a door from a session and checked by every action."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role within a scope: `all`, or one platform, CA or seal agency by id.

    `rights` is what the role allows at this request, looked up with the session.
    """

    role: str
    rights: frozenset[str] = frozenset()
    scope_kind: str = "all"
    scope_id: str = ""

    def covers(self, *, platform_id: str | None, agency_id: str | None) -> bool:
        """Whether something of that platform and agency lies within this grant."""
        if self.scope_kind == "all":
            return True
        owned = platform_id if self.scope_kind == "platform" else agency_id
        return owned is not None and owned == self.scope_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of the operations staff, with the grants in force at this request.

    `second_factor_at` is when this session last proved a second factor (UTC milliseconds), if ever.
    A `machine` acts under an account of its own: it never proves one, and decides about nobody.
    """

    staff_id: str
    grants: tuple[Grant, ...] = ()
    machine: bool = False
    # In which session: the same member of staff in any.
    session_id: str = field(default="", compare=False)
    second_factor_at: int | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """How the log names this actor."""
        return f"staff:{self.staff_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The holder of an account, on one of their devices.

    `second_factor_at` is when this session last proved a second factor (UTC milliseconds), if ever.
    """

    account_id: str
    device_id: str
    second_factor_at: int | None = None

    @property
    def text(self) -> str:
        """How the log names this actor."""
        return f"person:{self.account_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MallAccount:
    """A buyer's or supplier's account on a trading platform, at a PC, in one session of a browser."""

    mall_account_id: str
    platform_id: str
    # Which of the account's browsers it is: the same account from anywhere.
    session_id: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """How the log names this actor."""
        return f"mall:{self.mall_account_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """An outside machine with credentials of its own, such as the payment provider."""

    name: str

    @property
    def text(self) -> str:
        """How the log names this actor."""
        return f"machine:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The platform itself: a job of the worker, the set-up, or somebody not signed in yet."""

    job: str

    @property
    def text(self) -> str:
        """How the log names this actor."""
        return f"system:{self.job}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a request comes from, for limits on how often it may: network address and browser.

    Both are empty where a door does not know them. They are counted, never written in the clear.
    """

    address: str = ""
    browser: str = ""


Actor: TypeAlias = Staff | Person | MallAccount | Machine | System
