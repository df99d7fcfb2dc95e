"""What an account of a platform, a person, and the stages above, may ask of the mall."""

from engine.mall.queries.accounts import (
    PlatformClosed,
    account_by_token,
    enterprise_of,
    find_platforms,
    mall_account,
    onboarded,
    open_platform,
    platforms,
    profile,
    signed_in,
    signed_in_by_scan,
)
from engine.mall.queries.consequences import consequences
from engine.mall.queries.purchasing import (
    my_orders,
    orders_page,
    purchase_order,
    suppliers,
    suppliers_here,
)
from engine.mall.queries.zones import my_zones, zone, zones

__all__ = [
    "PlatformClosed",
    "account_by_token",
    "consequences",
    "enterprise_of",
    "find_platforms",
    "mall_account",
    "my_orders",
    "my_zones",
    "onboarded",
    "open_platform",
    "orders_page",
    "platforms",
    "profile",
    "purchase_order",
    "signed_in",
    "signed_in_by_scan",
    "suppliers",
    "suppliers_here",
    "zone",
    "zones",
]
