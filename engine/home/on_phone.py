"""Every service of the app for who is signed in on the phone, each with why it is not open (ACC-9).

Literal tables say what each service needs; the checks ask the stages. No screen computes any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.issuing import queries as certificates
from engine.kernel.reader import Reader
from engine.mall import queries as malls
from engine.registration import model as registration
from engine.registration import queries as people


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the app. `group` is the function of the guide's section four that it belongs to.

    `link` is its screen on the phone. Where it is not enabled, `reason` is a code and `fix` the screen on
    which what is missing is done (empty where nobody can). `label`, `group_label` and `why` are messages.
    """

    code: str
    label: str
    group: str
    group_label: str
    enabled: bool
    reason: str
    why: str
    link: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What the checks look at, asked once."""

    real_named: bool
    enterprise: bool
    administrator: bool
    onboarded: bool
    certificate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """A precondition: whether it holds, the code and text of its failing, and where it is met."""

    holds: Callable[[_Standing], bool]
    reason: str
    why: str
    fix: str


_CHECKS: Mapping[str, _Check] = {
    "real_named": _Check(
        holds=lambda it: it.real_named,
        reason="home.real_name_missing",
        why="Prove your real name first.",
        fix="real-name",
    ),
    "enterprise": _Check(
        holds=lambda it: it.enterprise,
        reason="home.enterprise_missing",
        why="Claim an enterprise or join one first.",
        fix="enterprise",
    ),
    "administrator": _Check(
        holds=lambda it: it.administrator,
        reason="home.administrator_only",
        why="Only the enterprise's administrator can do this.",
        fix="enterprise",
    ),
    "onboarded": _Check(
        holds=lambda it: it.onboarded,
        reason="home.onboarding_missing",
        why="Onboard the enterprise at a trading platform first.",
        fix="onboard",
    ),
    "certificate": _Check(
        holds=lambda it: it.certificate,
        reason="home.certificate_missing",
        why="Apply for a certificate and download it first.",
        fix="certificates",
    ),
}

# The functions of the guide's section four, in its order and by its words.
_GROUPS: Mapping[str, str] = {
    "registration": "Registration and sign-in",
    "identity": "Identity verification",
    "home_screen": "Home screen",
    "certificates": "Certificate management",
    "scan_login": "Sign-in by scan",
    "signatures": "Signatures and seals",
    "scan_file": "File made by scan",
    "scan_decryption": "Decryption by scan",
    "enterprises": "Enterprise management",
    "payments": "Payment management",
    "invoicing": "Invoicing",
    "security": "Account security management",
    "messages": "Message management",
    "zones": "Trading zone management",
    "app_services": "App services",
}

_IN_ENTERPRISE = ("real_named", "enterprise")
_ADMINISTERS = (*_IN_ENTERPRISE, "administrator")
_CERTIFIED = (*_IN_ENTERPRISE, "onboarded", "certificate")
# Service, its label, its function in the guide, its screen, and what it needs in the order it is told.
_SERVICES: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("account", "My account", "registration", "account", ()),
    ("real_name", "Real-name verification", "identity", "real-name", ()),
    ("todos", "To-dos", "home_screen", "messages", ()),
    ("announcements", "Announcements", "home_screen", "announcements", ()),
    ("certificates", "Certificate management", "certificates", "certificates", _IN_ENTERPRISE),
    ("orders", "My orders", "certificates", "orders", ()),
    ("scan", "Scan", "scan_login", "scan", ()),
    ("scan_login", "Sign-in by scan", "scan_login", "scan", _CERTIFIED),
    ("scan_signing", "Sign by scan", "signatures", "scan", _CERTIFIED),
    ("seals", "Seal management", "signatures", "seals", _IN_ENTERPRISE),
    ("new_seal", "New seal", "signatures", "seal-new", _ADMINISTERS),
    ("scan_file", "File made by scan", "scan_file", "scan", _CERTIFIED),
    ("scan_decryption", "Decryption by scan", "scan_decryption", "scan", _CERTIFIED),
    ("enterprises", "Enterprise management", "enterprises", "enterprise", ("real_named",)),
    ("members", "Member management", "enterprises", "members", _IN_ENTERPRISE),
    ("onboarding", "Onboarding at a platform", "enterprises", "onboard", _IN_ENTERPRISE),
    ("delegation", "Delegation", "enterprises", "delegations", (*_ADMINISTERS, "certificate")),
    ("payments", "Payment management", "payments", "payments", ()),
    ("invoices", "Invoice management", "invoicing", "invoices", ()),
    ("invoice_titles", "Saved titles", "invoicing", "titles", ()),
    ("addresses", "Delivery addresses", "invoicing", "addresses", ()),
    ("security", "Account security", "security", "security", ()),
    ("messages", "Messages", "messages", "messages", ()),
    ("zones", "Trading zones", "zones", "zones", ()),
    ("services", "Information and platform services", "app_services", "services/catalogue", ()),
    ("service_orders", "My service orders", "app_services", "services/mine", ()),
    ("help", "Help and customer service", "app_services", "help", ()),
    ("downloads", "Get the app", "app_services", "help", ()),
)


def services(q: Reader) -> list[Service]:
    """Every service of the app for the signed-in person: open, or not and why (ACC-9).

    Raises: NotPermitted.
    """
    standing = _standing(q)
    told = []
    for code, label, group, link, needs in _SERVICES:
        missing = next((_CHECKS[name] for name in needs if not _CHECKS[name].holds(standing)), None)
        told.append(
            Service(
                code=code,
                label=label,
                group=group,
                group_label=_GROUPS[group],
                enabled=missing is None,
                reason="" if missing is None else missing.reason,
                why="" if missing is None else missing.why,
                link=link,
                fix="" if missing is None else missing.fix,
            )
        )
    return told


def _standing(q: Reader) -> _Standing:
    account_id = people.person(q).account_id
    mine = people.me(q)
    members = [people.membership(q, one.id, account_id) for one in mine.enterprises]
    platforms = malls.platforms(q)
    return _Standing(
        real_named=mine.real_named,
        enterprise=bool(mine.enterprises),
        administrator=any(
            one is not None and one.role is registration.MemberRole.ADMINISTRATOR for one in members
        ),
        onboarded=any(
            malls.onboarded(q, platform_id, one.id) is not None
            for one in mine.enterprises
            for platform_id in platforms
        ),
        certificate=any(one.usable(q.now) for one in certificates.mine(q)),
    )
