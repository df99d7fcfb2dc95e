"""The workbench of a mall account at the PC, and the steps of the way to trading (MAL-3, G-notice-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.binding import queries as bindings
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel.reader import Reader
from engine.mall import model as mall_model
from engine.mall import queries as malls
from engine.ordering import model as ordering
from engine.ordering import queries as orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the way to trading, and whether it was taken; `link` leads to where it is taken."""

    code: str
    label: str
    done: bool
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the workbench. Where it is disabled, `step` is the first missing one, `fix` its place."""

    code: str
    label: str
    enabled: bool
    reason: str
    why: str
    link: str
    step: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The workbench (工作台) of a mall account: its entries, and the way to trading step by step.

    `waiting` are the enterprise's orders here that go on once their authority issues again.
    """

    role: mall_model.MallRole
    entries: tuple[Entry, ...]
    steps: tuple[Step, ...]
    waiting: tuple[issuing.Waiting, ...]


# Entry, its label and screen at the PC, whether it needs a certificate, and whose it is (both: None).
_P, _S = mall_model.MallRole.PURCHASER, mall_model.MallRole.SUPPLIER
_ENTRIES: tuple[tuple[str, str, str, bool, mall_model.MallRole | None], ...] = (
    ("contracts", "Contract signing", "mall/contracts", True, None),
    ("procurement", "Purchase orders", "mall/procurement", True, None),
    ("files", "File encryption and decryption", "mall/files", True, None),
    ("user_information", "User information", "mall/user-information", False, None),
    ("user_center", "User centre", "mall/user-center", False, _P),
    ("personal_center", "User centre (personal centre)", "mall/user-center", False, _S),
    ("binding_by_scan", "Bind by scan", "mall/binding", False, _P),
    ("supplier_binding", "Bind by scanning", "mall/binding", False, _S),
    ("password", "Change password", "mall/password", False, None),
)
# Step → what it is called, and what is said where it is the first one missing.
_STEPS: Mapping[str, tuple[str, str]] = {
    "onboard": ("Onboard", "Onboard the enterprise at a trading platform first."),
    "apply": ("Apply for the certificate", "First apply for a certificate on the phone."),
    "download": (
        "Download the certificate",
        "First download the certificate to the phone and set its PIN.",
    ),
    "bind": ("Bind the certificate", "First bind the certificate by scanning."),
    "scan_login": ("Sign-in by scan", ""),
}


def workbench(q: Reader) -> Workbench:
    """The signed-in mall account's entries; contracts and procurement need a bound certificate (MAL-3).

    G-notice-1: without one they are disabled, and the first missing step is named with its place.
    Raises: NotPermitted.
    """
    account = malls.signed_in(q)
    running = [
        one
        for one in orders.of_enterprise(q, account.enterprise_id)
        if one.platform_id == account.platform_id and not ordering.ORDER.terminal(one.status)
    ]
    steps = _steps(q, account, running)
    # Signing in by scan is the last step and a comfort, not something that trading waits for.
    missing = next((one for one in steps[:-1] if not one.done), None)
    entries = []
    for code, label, link, guarded, role in _ENTRIES:
        if role not in (None, account.role):
            continue
        lacks = missing if guarded else None
        entries.append(
            Entry(
                code=code,
                label=label,
                enabled=lacks is None,
                reason="" if lacks is None else f"home.missing_{lacks.code}",
                why="" if lacks is None else _STEPS[lacks.code][1],
                link=link,
                step="" if lacks is None else lacks.code,
                fix="" if lacks is None else lacks.link,
            )
        )
    return Workbench(
        role=account.role,
        entries=tuple(entries),
        steps=steps,
        waiting=tuple(certificates.waiting(q, running)),
    )


def _steps(
    q: Reader, account: mall_model.MallAccount, running: list[ordering.Order]
) -> tuple[Step, ...]:
    """Onboard, apply, download, bind, sign in by scan: in the order of the guide's binding chapter."""
    usable = [
        one
        for one in certificates.active(q, account.enterprise_id)
        if one.kind == "national" or one.platform_id == account.platform_id
    ]
    bound = bindings.is_certified(q, account.id)
    order_link = f"handset/orders/{running[0].id}" if running else "handset/orders"
    return (
        _step("onboard", True, "mall/onboard"),
        _step("apply", bound or bool(usable or running), "handset/certificates"),
        _step("download", bound or bool(usable), order_link),
        _step("bind", bound, "mall/binding"),
        _step("scan_login", bound and malls.signed_in_by_scan(q, account.id), "mall/login"),
    )


def _step(code: str, done: bool, link: str) -> Step:
    return Step(code=code, label=_STEPS[code][0], done=done, link=link)
