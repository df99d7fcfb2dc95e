"""The filter bar of the reports: time, platform, CA, region, stage, reviewer, kind, run.

What is chosen stands in the address, so that a link reproduces the view; from one report to the next it
is taken along.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

import streamlit as st

from engine.kernel import clock, errors
from engine.policies import model as policies
from engine.reports import current
from engine.reports import filters as filtering
from engine.reports.filters import LISTS, Filters
from pages import _console, _report_words
from pages._console import _

# The filter's name in an address → what it is called, and what it asks for when nothing is chosen.
CALLED = {
    "platform": "Platform",
    "agency": "CA",
    "region": "Region",
    "stage": "Stage of review",
    "reviewer": "Reviewer",
    "kind": "Kind of order",
}
SPANS = {
    "all": "All time",
    "today": "Today",
    "week": "Last 7 days",
    "month": "This month",
    "last_month": "Last month",
    "quarter": "This quarter",
    "year": "This year",
    "other": "Other span",
}
_PLACE, _HELD = "report-page", "report-filters"
Day = datetime.date | None


def _months_back(day: datetime.date, months: int) -> datetime.date:
    count = day.year * 12 + day.month - 1 - months
    return datetime.date(count // 12, count % 12 + 1, 1)


def spans(today: datetime.date) -> dict[str, tuple[Day, Day]]:
    """The first and the last day of each span that has a name."""
    month = today.replace(day=1)
    return {
        "all": (None, None),
        "today": (today, today),
        "week": (today - datetime.timedelta(days=6), today),
        "month": (month, today),
        "last_month": (_months_back(month, 1), month - datetime.timedelta(days=1)),
        "quarter": (_months_back(month, (month.month - 1) % 3), today),
        "year": (today.replace(month=1, day=1), today),
    }


def in_address() -> dict[str, str]:
    """The filters that the address names."""
    return {name: st.query_params[name] for name in filtering.NAMES if st.query_params.get(name)}


def run_in_address() -> str:
    """The run whose copy is asked; empty for the world itself."""
    wished = in_address() or st.session_state.get(_HELD, {})
    return str(wished.get("run", "")) if wished.get("run") in current.runs() else ""


def narrow(changes: Mapping[str, str]) -> None:
    """Take filters into the address; the bar reads them from there when it is drawn next."""
    for name, value in changes.items():
        st.query_params[name] = value
    st.session_state.pop(_HELD, None)


def _day_of(address: Mapping[str, str], name: str) -> Day:
    return datetime.date.fromisoformat(address[name]) if address.get(name) else None


def _seed(page: str) -> Filters:
    """What the address asks for, put into the bar's fields where it is not what they show."""
    address, held = in_address(), st.session_state.get(_HELD)
    moved = st.session_state.get(_PLACE) != page
    if moved and not address and held:
        address = held
    if not moved and address == held:
        return filtering.parse(address)
    try:
        found = filtering.parse(address)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        found = Filters()
    shown = filtering.address(found)
    st.session_state[_PLACE] = page
    st.session_state["from"], st.session_state["until"] = (
        _day_of(shown, "from"),
        _day_of(shown, "until"),
    )
    for name, field in LISTS.items():
        st.session_state[f"only-{name}"] = list(getattr(found, field))
    st.session_state["only-run"] = found.run or None
    return found


def _span_chosen() -> None:
    """A named span was chosen: its days go into the two fields."""
    today = clock.civil_date(_console.world().engine.now())
    known = spans(today).get(st.session_state["span"])
    if known is not None:
        st.session_state["from"], st.session_state["until"] = known


def _days() -> dict[str, str]:
    """The span's first and last day, as the address has them."""
    today = clock.civil_date(_console.world().engine.now())
    shown = (st.session_state.get("from"), st.session_state.get("until"))
    named = spans(today)
    st.session_state["span"] = next((n for n, days in named.items() if days == shown), "other")
    st.selectbox(
        _("Time"),
        list(SPANS),
        key="span",
        on_change=_span_chosen,
        format_func={one: _(text) for one, text in SPANS.items()}.__getitem__,
        width=170,
    )
    # A link may name days that lie ahead: nothing has come of them yet.
    least, most = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)
    limits = {"min_value": least, "max_value": most, "format": "YYYY-MM-DD", "width": 150}
    since = st.date_input(_("From"), key="from", **limits)
    told = _("What came later is left out, and states are those of that moment.")
    until = st.date_input(_("Up to the end of"), key="until", help=told, **limits)
    days = {"from": since, "until": until}
    return {name: day.isoformat() for name, day in days.items() if isinstance(day, datetime.date)}


def _run() -> dict[str, str]:
    """Which simulation run is asked instead of the world, where there are any."""
    known = current.runs()
    if not known:
        return {}
    st.session_state["only-run"] = (
        st.session_state["only-run"] if st.session_state.get("only-run") in known else None
    )
    chosen = st.selectbox(
        _("Run"),
        known,
        index=None,
        key="only-run",
        placeholder=_("This world"),
        width=170,
    )
    return {"run": chosen} if chosen else {}


def _names(name: str, offered: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What a filter can be limited to, by code."""
    if name == "reviewer":
        return {one: _report_words.reviewer(one) for one in offered.get(name, ())}
    if name == "region":
        known = _report_words.provinces()
        return {one: known.get(one, one) for one in offered.get(name, ())}
    if name == "kind":
        return {code: _(text) for code, text in _report_words.ORDER_KINDS.items()}
    settings = {
        "platform": policies.Platform,
        "agency": policies.CertificateAgency,
        "stage": policies.ReviewRule,
    }
    return _report_words.names(settings[name])


def asked(page: str, heeded: frozenset[str], offered: Mapping[str, tuple[str, ...]]) -> Filters:
    """The bar, with those filters that the report heeds, and what it asks for; keeps it in the address.

    `offered` has the codes of reviewers and regions that the copy knows.
    """
    found = _seed(page)
    chosen: dict[str, str] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen |= _days() | _run()
        lists = [name for name, field in LISTS.items() if field in heeded]
        count = sum(bool(st.session_state.get(f"only-{name}")) for name in lists)
        head = _("Filters ({n})", n=count) if count else _("Filters")
        if lists:
            with st.popover(head, key="filters", width="content"):
                for name in lists:
                    known = _names(name, offered)
                    given = list(st.session_state.get(f"only-{name}", []))
                    values = st.multiselect(
                        _(CALLED[name]),
                        list(dict.fromkeys([*known, *given])),
                        key=f"only-{name}",
                        format_func=lambda code, known=known: known.get(code, code),
                        placeholder=_("All"),
                    )
                    if values:
                        chosen[name] = ",".join(values)
                if st.button(_("Clear all filters"), key="clear-filters", type="tertiary"):
                    for name in filtering.NAMES:
                        st.query_params.pop(name, None)
                    st.session_state.pop(_HELD, None)
                    st.session_state.pop(_PLACE, None)
                    st.rerun()
    # What this report does not heed is kept for the next one.
    whole = filtering.address(found)
    kept = {name: whole[name] for name in LISTS if name in whole and name not in lists}
    try:
        wanted = filtering.parse({**kept, **chosen})
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        wanted = found
    told = filtering.address(wanted)
    for name in filtering.NAMES:
        if name in told:
            st.query_params[name] = told[name]
        else:
            st.query_params.pop(name, None)
    st.session_state[_HELD] = told
    _say(told, lists, offered)
    return dataclasses.replace(wanted)


def _say(told: Mapping[str, str], lists: list[str], offered: Mapping[str, tuple[str, ...]]) -> None:
    """Which filters hold, in words."""
    parts = []
    for name in lists:
        if name in told:
            known = _names(name, offered)
            values = [known.get(code, code) for code in told[name].split(",")]
            parts.append(f"{_(CALLED[name])}{_(': ')}{_(', ').join(values)}")
    if parts:
        st.caption(" · ".join(parts))
