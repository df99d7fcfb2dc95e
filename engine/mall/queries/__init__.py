"""What an account of a platform, a person, and the stages above, may ask of the mall."""

from engine.mall.queries.accounts import (
    PlatformClosed,
    account_by_token,
    enterprise_of,
    find_platforms,
    knows_browser,
    mall_account,
    onboarded,
    open_platform,
    platforms,
    profile,
    signed_in,
    signed_in_by_scan,
)
from engine.mall.queries.browsers import browser_sessions
from engine.mall.queries.consequences import consequences
from engine.mall.queries.fellows import fellow_accounts
from engine.mall.queries.purchasing import (
    my_orders,
    orders_page,
    purchase_order,
    suppliers,
    suppliers_here,
)
from engine.mall.queries.zones import my_zones, zone, zones

# A question whose every row is a violation.
INVARIANTS = {
    "who follows trading zones prefers one of them": (
        "SELECT MIN(id) AS id FROM zone_membership WHERE status = 'joined'"
        " GROUP BY account_id HAVING SUM(preferred) <> 1"
    ),
    "purchaser and supplier of an order are two enterprises of its platform": (
        "SELECT o.id FROM purchase_order o JOIN mall_account p ON p.id = o.purchaser_id"
        " JOIN mall_account s ON s.id = o.supplier_id WHERE p.enterprise_id = s.enterprise_id"
        " OR p.platform_id <> o.platform_id OR s.platform_id <> o.platform_id"
        " OR p.role <> 'purchaser' OR s.role <> 'supplier'"
    ),
}

__all__ = [
    "INVARIANTS",
    "PlatformClosed",
    "account_by_token",
    "browser_sessions",
    "consequences",
    "enterprise_of",
    "fellow_accounts",
    "find_platforms",
    "knows_browser",
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
