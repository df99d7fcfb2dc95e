"""The screens in business order, gated by role. The only script that Streamlit runs."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from engine.reviewing.model import RIGHT_FOR  # noqa: E402
from engine.staffing import queries as staffing  # noqa: E402
from engine.staffing.model import Right  # noqa: E402
from pages import _console  # noqa: E402
from pages._console import _  # noqa: E402

st.set_page_config(page_title="印信 Yinxin", layout="wide")

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, tuple[Right, ...]], ...]], ...] = (
    ("Overview", (("overview", "Overview", ()),)),
    (
        "Review",
        (
            (
                "desk",
                "Review desk",
                tuple(dict.fromkeys(RIGHT_FOR.values())),
            ),
            (
                "board",
                "Board",
                (*dict.fromkeys(RIGHT_FOR.values()), Right.MANAGE_STAFF),
            ),
            ("handover", "Shift handover", tuple(dict.fromkeys(RIGHT_FOR.values()))),
            ("second_looks", "Second looks", (Right.LEAD_REVIEWS,)),
            ("calls", "Calls", (Right.ANSWER_CALLS,)),
            ("money", "Money", (Right.FINANCE,)),
        ),
    ),
    (
        "Records",
        (
            ("search", "Search", (Right.LOOK_UP,)),
            ("accounts", "People", (Right.LOOK_UP, Right.MANAGE_ACCOUNTS)),
        ),
    ),
    (
        "Platform",
        (
            ("settings", "Platforms and settings", (Right.MANAGE_SETTINGS,)),
            ("staff", "Staff and roles", (Right.MANAGE_STAFF,)),
        ),
    ),
    (
        "Demo",
        (
            ("side_by_side", "Phone beside PC", (Right.DEMO, Right.SIMULATE)),
            ("demo", "Guided line", (Right.DEMO, Right.SIMULATE)),
            ("sms_outbox", "SMS outbox", (Right.DEMO, Right.SIMULATE)),
            ("sandbox", "Outside parties and test values", (Right.DEMO, Right.SIMULATE)),
            ("time_travel", "Clock", (Right.DEMO, Right.SIMULATE)),
        ),
    ),
    (
        "Reports",
        (
            ("reports_people", "People", (Right.REPORT,)),
            ("reports_real_names", "Real-name proofs", (Right.REPORT,)),
            ("reports_orders", "Orders", (Right.REPORT,)),
            ("reports_reviews", "Reviews", (Right.REPORT,)),
            ("reports_samples", "Agreement of second looks", (Right.REPORT,)),
            ("reports_invoices", "Invoices", (Right.REPORT,)),
            ("reports_calls", "Calls", (Right.REPORT,)),
            ("reports_money", "Money", (Right.REPORT,)),
        ),
    ),
    (
        "Trust",
        (
            ("verify", "Verify a document", ()),
            ("pki", "PKI status", ()),
            ("log", "Event log", (Right.AUDIT,)),
        ),
    ),
    ("You", (("my_account", "My account", ()),)),
)


def _pages() -> dict[str, list[st.Page]]:
    staff = _console.me()
    demo = _console.world().kind == "demo"
    found: dict[str, list[st.Page]] = {}
    for section, entries in SECTIONS:
        if section == "Demo" and not demo:
            continue
        shown = [
            st.Page(
                ROOT / "pages" / f"{name}.py",
                title=_(title),
                url_path=name,
                default=name == "overview",
            )
            for name, title, rights in entries
            if (ROOT / "pages" / f"{name}.py").exists()
            and (not rights or any(staffing.has(staff, right, anywhere=True) for right in rights))
        ]
        if shown:
            found[_(section)] = shown
    return found


def _sidebar() -> None:
    staff = _console.me()
    profile = _console.ask(staffing.profile, staff.staff_id)
    with st.sidebar:
        st.caption(f"{profile.name} · {' · '.join(map(_console.told, profile.labels))}")
        other = "English" if _console.language() == "zh_CN" else "中文"
        if st.button(other, key="switch-language"):
            st.session_state["language"] = "en" if _console.language() == "zh_CN" else "zh_CN"
            st.rerun()
        st.html(f'<a href="/logout" target="_self" style="color:inherit">{_("Sign out")}</a>')


# The accent is for what to do next; a chosen value is not that.
st.html(
    "<style>.stMainBlockContainer{padding-top:3rem}"
    'span[data-baseweb="tag"]{background:rgba(128,128,128,.25);color:inherit}</style>'
)
page = st.navigation(_pages(), expanded=True)
_sidebar()
# Callbacks come before this: what they leave behind is drawn below.
st.session_state["drawing"] = True
try:
    page.run()
finally:
    st.session_state["drawing"] = False
