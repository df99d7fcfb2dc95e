"""What a person finds on the phone's home, and an account at its workbench, each with why it is not open.

Literal tables say what each service and each entry needs; the checks ask the stages. No screen computes
any of it (ACC-9, MAL-3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.binding import queries as bindings
from engine.issuing import queries as certificates
from engine.kernel.reader import Reader
from engine.mall import model as mall_model
from engine.mall import queries as malls
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.registration import model as registration
from engine.registration import queries as people


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the app. `group` is the function of the guide's section four that it belongs to.

    `link` is its screen on the phone. Where it is not enabled, `reason` is a text's code and `fix` the
    screen on which what is missing is done (empty where nobody can).
    """

    code: str
    group: str
    enabled: bool
    reason: str
    link: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the way to trading, and whether it was taken; `link` leads to where it is taken."""

    code: str
    done: bool
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the workbench. Where it is disabled, `step` is the first missing one, `fix` its place."""

    code: str
    enabled: bool
    reason: str
    link: str
    step: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The workbench (工作台) of a mall account: its entries, and the way to trading step by step."""

    role: mall_model.MallRole
    entries: tuple[Entry, ...]
    steps: tuple[Step, ...]


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
    """A precondition: whether it holds, the code that says that it does not, and where it is met."""

    holds: Callable[[_Standing], bool]
    reason: str
    fix: str


_CHECKS: Mapping[str, _Check] = {
    "real_named": _Check(
        holds=lambda it: it.real_named, reason="home.real_name_missing", fix="real-name"
    ),
    "enterprise": _Check(
        holds=lambda it: it.enterprise, reason="home.enterprise_missing", fix="enterprise"
    ),
    "administrator": _Check(
        holds=lambda it: it.administrator, reason="home.administrator_only", fix="enterprise"
    ),
    "onboarded": _Check(
        holds=lambda it: it.onboarded, reason="home.onboarding_missing", fix="onboard"
    ),
    "certificate": _Check(
        holds=lambda it: it.certificate, reason="home.certificate_missing", fix="certificates"
    ),
    # Named here as long as nothing stands behind it, so that the screen says so honestly.
    "offered": _Check(holds=lambda it: False, reason="home.not_offered", fix=""),
}

_IN_ENTERPRISE = ("real_named", "enterprise")
_CERTIFIED = (*_IN_ENTERPRISE, "onboarded", "certificate")
# Service, its function in the guide, its screen, and what it needs in the order in which that is told.
_SERVICES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("account", "registration", "account", ()),
    ("real_name", "identity", "real-name", ()),
    ("todos", "home_screen", "messages", ()),
    ("announcements", "home_screen", "announcements", ()),
    ("certificates", "certificates", "certificates", (*_IN_ENTERPRISE, "onboarded")),
    ("orders", "certificates", "orders", ()),
    ("scan", "scan_login", "scan", ()),
    ("scan_login", "scan_login", "scan", _CERTIFIED),
    ("scan_signing", "signatures", "scan", _CERTIFIED),
    ("seals", "signatures", "seals", _IN_ENTERPRISE),
    ("new_seal", "signatures", "seals", (*_IN_ENTERPRISE, "administrator")),
    ("scan_file", "scan_file", "scan", ("offered",)),
    ("scan_decryption", "scan_decryption", "scan", ("offered",)),
    ("enterprises", "enterprises", "enterprise", ("real_named",)),
    ("members", "enterprises", "members", _IN_ENTERPRISE),
    ("onboarding", "enterprises", "onboard", _IN_ENTERPRISE),
    ("delegation", "enterprises", "enterprise", ("offered",)),
    ("payments", "payments", "payments", ()),
    ("invoices", "invoicing", "invoices", _IN_ENTERPRISE),
    ("invoice_titles", "invoicing", "invoices", ("offered",)),
    ("addresses", "invoicing", "addresses", ("offered",)),
    ("security", "security", "security", ()),
    ("messages", "messages", "messages", ()),
    ("zones", "zones", "zones", ()),
    ("help", "app_services", "help", ()),
    ("downloads", "app_services", "help", ()),
)


def services(q: Reader) -> list[Service]:
    """Every service of the app for the signed-in person: open, or not and why (ACC-9).

    Raises: NotPermitted.
    """
    standing = _standing(q)
    told = []
    for code, group, link, needs in _SERVICES:
        missing = next((_CHECKS[name] for name in needs if not _CHECKS[name].holds(standing)), None)
        told.append(
            Service(
                code=code,
                group=group,
                enabled=missing is None,
                reason="" if missing is None else missing.reason,
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


# Entry, its screen at the PC, whether it needs a certificate, and for which side it is (both: None).
_P, _S = mall_model.MallRole.PURCHASER, mall_model.MallRole.SUPPLIER
_ENTRIES: tuple[tuple[str, str, bool, mall_model.MallRole | None], ...] = (
    ("contracts", "mall/contracts", True, None),
    ("procurement", "mall/procurement", True, None),
    ("user_information", "mall/user-information", False, None),
    ("user_center", "mall/user-center", False, _P),
    ("personal_center", "mall/user-center", False, _S),
    ("binding_by_scan", "mall/binding", False, _P),
    ("supplier_binding", "mall/binding", False, _S),
    ("password", "mall/password", False, None),
)


def workbench(q: Reader) -> Workbench:
    """The signed-in mall account's entries; contracts and procurement need a bound certificate (MAL-3).

    G-notice-1: without one they are disabled, and the first missing step is named with its place.
    Raises: NotPermitted.
    """
    account = malls.signed_in(q)
    steps = _steps(q, account)
    # Signing in by scan is the last step and a comfort, not something that trading waits for.
    missing = next((one for one in steps[:-1] if not one.done), None)
    entries = []
    for code, link, guarded, role in _ENTRIES:
        if role not in (None, account.role):
            continue
        closed = missing if guarded else None
        entries.append(
            Entry(
                code=code,
                enabled=closed is None,
                reason="" if closed is None else f"home.missing.{closed.code}",
                link=link,
                step="" if closed is None else closed.code,
                fix="" if closed is None else closed.link,
            )
        )
    return Workbench(role=account.role, entries=tuple(entries), steps=steps)


def _steps(q: Reader, account: mall_model.MallAccount) -> tuple[Step, ...]:
    """Onboard, apply, download, bind, sign in by scan: in the order of the guide's binding chapter."""
    usable = [
        one
        for one in certificates.active(q, account.enterprise_id)
        if one.kind == "national" or one.platform_id == account.platform_id
    ]
    running = [
        one
        for one in orders.of_enterprise(q, account.enterprise_id)
        if one.platform_id == account.platform_id and not ordering.ORDER.terminal(one.status)
    ]
    binding = bindings.of_mall_account(q, account.id)
    bound = binding is not None and any(one.id == binding.certificate_id for one in usable)
    order_link = f"handset/orders/{running[0].id}" if running else "handset/orders"
    return (
        Step(code="onboard", done=True, link="mall/onboard"),
        Step(code="apply", done=bool(usable or running), link="handset/certificates"),
        Step(code="download", done=bool(usable), link=order_link),
        Step(code="bind", done=bound, link="mall/binding"),
        Step(
            code="scan_login",
            done=bound and malls.signed_in_by_scan(q, account.id),
            link="mall/login",
        ),
    )
