"""The words of the reports: codes of platforms, stages, steps and reasons as the names that people know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pandas as pd

from engine.integrating import model as integrating
from engine.kernel import catalog
from engine.ordering.model import choices
from engine.policies import model as policies
from engine.records import naming
from engine.staffing import queries as staffing
from pages import _bulk_words, _console
from pages._console import _

# What has words of its own: the text of a code, or where its label is found.
_WORDS = {"product": choices.PRODUCTS, "business": choices.BUSINESS}
_LABELS = {
    "state": "certificate.status.{}",
    **dict.fromkeys(
        ("outcome", "qr", "role", "origin", "what", "medium", "why", "step", "age", "tries_needed"),
        "report.choice.{}",
    ),
    "invoice_kind": "invoice.kind.{}",
    # A kind of value is a code by itself.
    "field": "{}",
}
ORDER_KINDS = {
    "certificate": "Certificate",
    "information": "Information service",
    "platform": "Platform service",
}
RED_REASONS = {
    "01": "Wrongly issued",
    "02": "Goods or service returned",
    "03": "Service ended",
    "04": "Price reduced",
}
# Steps and ages bear a number, so that they stand in their order.
_NUMBERED = re.compile(r"^\d+_")
# Which setting gives a column's codes their names.
_NAMED = {
    "platform": policies.Platform,
    "agency": policies.CertificateAgency,
    "way": policies.RealNameWay,
    "seal_kind": policies.SealKindRule,
    "stage": policies.ReviewRule,
    "tax_item": policies.TaxItem,
}
_TEXTS = {"kind": ORDER_KINDS, "red_reason": RED_REASONS}
_AGEING = {"state": "invoice.status.{}"}


# What has a page of its own is opened there; everything else is looked up.
_PAGES = {
    "blk": "/bulk?id={}",
    "inc": "/incidents?incident={}",
    "job": "/jobs?id={}",
    "whe": "/machines?view=deliveries&endpoint={}",
}
# What stands for a case in the address that opens it.
NUMBER = r"[?&](?:q|id|incident|endpoint)=([^&]*)$"
_UNITS = {"min": "min", "h": "h", "s": "s", "yuan": "yuan", "fen": "yuan", "percent": "%"}
_ENGLISH = {
    "agency": "CA",
    "look_up": "Number",
    "happened_at": "Time",
}


def column(name: str) -> str:
    """What a column of a report is called."""
    if _console.language() == "zh_CN":
        return _console.label(f"report.{name}")
    # English reads the code itself, its unit behind it.
    stem, _mark, unit = name.rpartition("_")
    if stem and unit in _UNITS:
        return f"{_console.label(f'report.{stem}')} ({_UNITS[unit]})"
    return _ENGLISH.get(name) or _console.label(f"report.{name}")


def opens(number: object) -> str | None:
    """The address at which a case is opened; none of one that has no number."""
    if not number:
        return None
    return _PAGES.get(str(number).partition("_")[0], "/search?q={}").format(number)


def columns(names: Iterable[str]) -> dict[str, str]:
    """What columns are called, by their names."""
    return {name: column(name) for name in names}


def headed(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame under the names that people read."""
    return frame.rename(columns={name: column(name) for name in frame.columns})


def provinces() -> dict[str, str]:
    """The names of provinces by their codes."""
    found = catalog.read(catalog.DATA / "regions" / "provinces.toml")
    language = "zh" if _console.language() == "zh_CN" else "en"
    return {code: texts[language] for code, texts in found.items()}


def names(setting: type) -> dict[str, str]:
    """The labels of a setting's rows by their codes."""
    found = _console.ask(lambda q: q.policies(setting))
    return {code: one.label.in_language(_console.language()) for code, one in found.items()}


def reviewer(actor: str) -> str:
    """What colleagues call a reviewer, given as an actor text."""
    return _console.ask(staffing.name_of, actor.partition(":")[2]) if actor else _("nobody")


def _reasons() -> dict[str, str]:
    found = _console.ask(lambda q: q.policies(policies.Reason))
    return {code: one.text.in_language(_console.language()) for code, one in found.items()}


def _sayings() -> dict[str, str]:
    found = _console.ask(lambda q: q.policies(policies.CallSaying))
    titles = {code: one.plain_title(_console.language()) for code, one in found.items()}
    return titles | {"none": _("none")}


def _incidents() -> dict[str, str]:
    found = _console.ask(lambda q: q.policies(policies.IncidentKind))
    return {code: one.text.in_language(_console.language()) for code, one in found.items()}


def _events() -> dict[str, str]:
    found = integrating.events()
    return {code: one.label.in_language(_console.language()) for code, one in found.items()}


def _ended(code: str) -> str:
    """How an item of a bulk act ended: left alone, still open, done, or why it was refused."""
    texts = {"left_alone": _("Left alone"), "open": _("Open")}
    return texts.get(code) or _bulk_words.outcome(code)


def _record_kind(prefix: str) -> str:
    kind = naming.kind_of(prefix)
    return _console.label(f"record.kind.{kind.name}") if kind else _("Member of staff")


def _from(known: dict[str, str]) -> Callable[[object], str]:
    return lambda code: known.get(str(code), str(code)) if code else _("none given")


def _way_of(name: str, report: str) -> Callable[[object], str] | None:
    """How the codes of a column are told in words; nothing where they are told as they are."""
    labels = _LABELS | (_AGEING if report == "invoice_ageing" else {})
    if name in labels:
        form = labels[name]
        return lambda code: (
            _console.label(form.format(_NUMBERED.sub("", str(code)))) if code else _("none given")
        )
    if name in _TEXTS:
        return lambda code: _(_TEXTS[name].get(str(code), str(code))) if code else _("none given")
    if name in _NAMED:
        return _from(names(_NAMED[name]))
    if name in _WORDS:
        words = _WORDS[name]
        return lambda code: (
            words[str(code)].in_language(_console.language()) if code else _("none given")
        )
    ways: dict[str, Callable[[object], str]] = {
        "reviewer": lambda code: reviewer(str(code)),
        "region": lambda code: provinces().get(str(code), str(code)) if code else _("none given"),
        "act": lambda code: _bulk_words.act(str(code)),
        "ended_as": lambda code: _ended(str(code)),
        "record_kind": lambda code: _record_kind(str(code)),
        "hour": lambda hour: f"{int(str(hour)):02d}:00",
        "rate": lambda rate: (
            f"{float(str(rate)):g} %" if rate not in ("", None) else _("none given")
        ),
        # English has RFC 5280's own word for it.
        "reason": lambda code: (
            _console.label(f"revocation.{code}") if _console.language() == "zh_CN" else str(code)
        ),
    }
    if name in ("rejected_for", "ground"):
        return _from(_reasons())
    if name == "incident_kind":
        return _from(_incidents())
    if name == "event_kind":
        return _from(_events())
    if name == "staff_role":
        roles = names(policies.Role)
        return lambda codes: (
            _(", ").join(roles.get(one, one) for one in str(codes).split("|"))
            if codes
            else _("none given")
        )
    if name == "about":
        return _from(_sayings())
    return ways.get(name)


def told(frame: pd.DataFrame, report: str = "", *, everything: bool = False) -> pd.DataFrame:
    """A report's rows in words; `everything`: what a row adds up is told as “all”."""
    made = frame.copy()
    for name in frame.columns:
        way = _way_of(name, report)
        if way is None and not everything:
            continue
        say = way or str
        empty = _("all") if everything else None
        known: dict[object, object] = {}
        cells: list[object] = []
        for code in frame[name]:
            if code is None or code is pd.NA or (isinstance(code, float) and code != code):
                cells.append(empty)
                continue
            if code not in known:
                known[code] = say(code)
            cells.append(known[code])
        made[name] = pd.Series(cells, index=frame.index, dtype=object)
    return made
