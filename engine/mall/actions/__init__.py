"""What accounts of a platform and people do in the mall."""

from engine.mall.actions.accounts import (
    EnterpriseUnknown,
    LoginInvalid,
    LoginTaken,
    NotItsHandler,
    OnboardedAlready,
    PersonUnknown,
    onboard,
    onboard_at_pc,
)
from engine.mall.actions.browsers import end_browser_session, end_sessions_by
from engine.mall.actions.purchasing import (
    LineInvalid,
    LinesMissing,
    OnlyPurchasers,
    OwnEnterprise,
    SupplierUnknown,
    TitleMissing,
    place_purchase_order,
)
from engine.mall.actions.sessions import (
    OldPasswordWrong,
    TooManyTries,
    WrongCredentials,
    change_password,
    open_session,
    sign_in,
    sign_out,
)
from engine.mall.actions.zones import (
    JoinedAlready,
    NotInZone,
    ZoneClosed,
    join_zone,
    leave_all_zones,
    leave_zone,
    set_default_zone,
)

__all__ = [
    "EnterpriseUnknown",
    "JoinedAlready",
    "LineInvalid",
    "LinesMissing",
    "LoginInvalid",
    "LoginTaken",
    "NotInZone",
    "NotItsHandler",
    "OldPasswordWrong",
    "OnboardedAlready",
    "OnlyPurchasers",
    "OwnEnterprise",
    "PersonUnknown",
    "SupplierUnknown",
    "TitleMissing",
    "TooManyTries",
    "WrongCredentials",
    "ZoneClosed",
    "change_password",
    "end_browser_session",
    "end_sessions_by",
    "join_zone",
    "leave_all_zones",
    "leave_zone",
    "onboard",
    "onboard_at_pc",
    "open_session",
    "place_purchase_order",
    "set_default_zone",
    "sign_in",
    "sign_out",
]
