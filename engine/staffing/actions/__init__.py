"""What is done with staff accounts, and what staff do to come in."""

from __future__ import annotations

from engine.staffing.actions.accounts import (
    LoginTaken,
    NameMissing,
    change_staff,
    create_staff,
    disable_staff,
    enable_staff,
    reset_staff_password,
    reset_totp,
)
from engine.staffing.actions.grants import (
    GrantedAlready,
    RoleUnknown,
    ScopeUnknown,
    grant_role,
    revoke_role,
)
from engine.staffing.actions.limits import LastAdministrator, OwnAccount
from engine.staffing.actions.links import (
    LinkedAlready,
    LinkIncomplete,
    LinkUnknown,
    link_oidc,
    sign_in_by_link,
    unlink_oidc,
)
from engine.staffing.actions.passwords import TooManyTries, WrongCredentials, change_my_password
from engine.staffing.actions.second_factor import (
    CodeUsed,
    NoSecondFactor,
    NotBegun,
    SecondFactorLocked,
    WrongCode,
    begin_totp,
    confirm_totp,
    renew_recovery_codes,
    step_up,
    step_up_by_click,
)
from engine.staffing.actions.sessions import (
    end_my_other_sessions,
    end_session,
    end_sessions,
    keep_alive,
    sign_out,
)
from engine.staffing.actions.signing_in import (
    OnlyInDemo,
    SamePassword,
    SignInLapsed,
    answer_code,
    begin_enrolment,
    choose_password,
    demo_sign_in,
    finish_enrolment,
    sign_in,
)
from engine.staffing.actions.tours import end_tour
from engine.staffing.queries.people import GrantsAndReviews

__all__ = [
    "CodeUsed",
    "GrantedAlready",
    "GrantsAndReviews",
    "LastAdministrator",
    "LinkIncomplete",
    "LinkUnknown",
    "LinkedAlready",
    "LoginTaken",
    "NameMissing",
    "NoSecondFactor",
    "NotBegun",
    "OnlyInDemo",
    "OwnAccount",
    "RoleUnknown",
    "SamePassword",
    "ScopeUnknown",
    "SecondFactorLocked",
    "SignInLapsed",
    "TooManyTries",
    "WrongCode",
    "WrongCredentials",
    "answer_code",
    "begin_enrolment",
    "begin_totp",
    "change_my_password",
    "change_staff",
    "choose_password",
    "confirm_totp",
    "create_staff",
    "demo_sign_in",
    "disable_staff",
    "enable_staff",
    "end_my_other_sessions",
    "end_session",
    "end_sessions",
    "end_tour",
    "finish_enrolment",
    "grant_role",
    "keep_alive",
    "link_oidc",
    "renew_recovery_codes",
    "reset_staff_password",
    "reset_totp",
    "revoke_role",
    "sign_in",
    "sign_in_by_link",
    "sign_out",
    "step_up",
    "step_up_by_click",
    "unlink_oidc",
]
