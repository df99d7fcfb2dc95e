"""A mall account is an enterprise's part in one trading platform, as purchaser or as supplier.

It exists before any certificate does (onboarding, 入驻) and is the precondition of applying for one. It
signs in by password at first, and by scan once a certificate is bound. An enterprise may be both, with an
account for each side. Purchase orders are what contracts start from (MAL-5). A person follows trading
zones (交易专区), one of which is preferred (ACC-9).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.catalog import Text
from engine.kernel.workflow import Workflow
from engine.scanning import networks


class MallRole(enum.StrEnum):
    """Which side of a trade an account stands on."""

    PURCHASER = "purchaser"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True, kw_only=True)
class MallAccount:
    """An enterprise's account on a platform. `account_id` is the person who onboarded it."""

    id: str
    platform_id: str
    login: str
    role: MallRole
    enterprise_id: str
    account_id: str
    status: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a purchase order; the unit price in fen."""

    name: str
    unit: str
    quantity: int
    unit_price_fen: int

    @property
    def amount_fen(self) -> int:
        """Quantity times unit price."""
        return self.quantity * self.unit_price_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """A purchase order between two mall accounts of a platform."""

    id: str
    platform_id: str
    number: str
    purchaser_id: str
    supplier_id: str
    awardee: str
    title: str
    total_fen: int
    lines: tuple[Line, ...]
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MallSession:
    """A signed-in browser on a platform. The token is kept only as its hash."""

    token: str
    mall_account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A living session of a browser, as it is kept: of which account, opened by whom and how."""

    id: str
    mall_account_id: str
    platform_id: str
    login: str
    account_id: str
    way: str
    label: str
    network: str
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """A browser signed in at a platform, as a phone shows it. `mine`: the account is the person's."""

    id: str
    platform_id: str
    login: str
    way: str
    browser: str
    place: networks.Place
    mine: bool
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A mall account as its own user information and user centre show it; names masked."""

    mall_account_id: str
    platform_id: str
    platform: Text
    login: str
    role: MallRole
    enterprise_id: str
    enterprise: str
    uscc: str
    person: str
    phone: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """A supplier that can be ordered from."""

    id: str
    enterprise: str
    uscc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A purchase order with the names of both sides and the awardee (中标人)."""

    id: str
    platform_id: str
    number: str
    title: str
    purchaser_id: str
    purchaser: str
    supplier_id: str
    supplier: str
    awardee: str
    total_fen: int
    lines: tuple[Line, ...]
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage:
    """A page of purchase orders, with how many there are and what they come to in all."""

    rows: tuple[OrderRow, ...]
    page: int
    pages: int
    count: int
    total_fen: int


class ZoneStatus(enum.StrEnum):
    """Whether a person follows a zone."""

    JOINED = "joined"
    LEFT = "left"


ZONE_MEMBERSHIP = Workflow(
    "zone membership",
    ZoneStatus.JOINED,
    {ZoneStatus.JOINED: {"leave": ZoneStatus.LEFT}, ZoneStatus.LEFT: {}},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMembership:
    """One time that a person followed a zone; a row stays as history after they left."""

    id: str
    account_id: str
    zone_id: str
    status: ZoneStatus
    preferred: int
    created_at: int
    left_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlatform:
    """A platform of a zone."""

    id: str
    label: Text
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneShown:
    """A zone as a person sees it. `default` is the one they prefer; `since` when they joined."""

    id: str
    label: Text
    text: Text
    open: bool
    platforms: tuple[ZonePlatform, ...]
    joined: bool
    default: bool
    since: int | None
