"""A mall account is an enterprise's part in one trading platform, as purchaser or as supplier.

It exists before any certificate does (onboarding, 入驻) and is the precondition of applying for one. It
signs in by password at first, and by scan once a certificate is bound. Purchase orders are what
contracts start from (MAL-5).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


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
