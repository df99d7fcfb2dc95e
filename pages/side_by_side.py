"""Phone beside PC: the very handset and the very mall next to each other, with real QR codes between."""

from __future__ import annotations

import streamlit as st

from engine.policies.model import Platform
from engine.staffing.model import Right
from pages import _beside, _console, _look
from pages._console import _

_console.require(Right.DEMO, Right.SIMULATE)
if _console.world().kind != "demo":
    st.error(_("This exists only in a demo world."))
    st.stop()

HOME = "guangzheng"  # the platform of the guide
PHONES = {"a": "Phone A", "b": "Phone B", "ab": "Both phones"}
NOTES = (
    "Phone A is one person's, say the purchaser's; phone B another's, say the supplier's.",
    "The SIM in a phone and the texts it gets are in the drawer under its screen.",
    "Reviews are decided at the review desk, by somebody else than who submitted.",
    "Open the scanner on the phone and take the code on the PC's screen with one click.",
    "A QR code lives for 3 minutes; the clock page jumps past them.",
)


def _chosen(name: str, label: str, options: dict[str, str], otherwise: str) -> str:
    """One of a few, kept in the address by its id, which is the same in both languages."""
    asked = st.query_params.get(name, "")
    chosen = st.segmented_control(
        label,
        list(options),
        default=asked if asked in options else otherwise,
        required=True,
        format_func=options.__getitem__,
        label_visibility="collapsed",
        key=f"beside-{name}",
    )
    st.query_params[name] = str(chosen)
    return str(chosen)


def _choices() -> tuple[str, str]:
    """Which phones, and which platform's mall."""
    platforms = {
        platform_id: platform.label.in_language(_console.language())
        for platform_id, platform in _console.ask(lambda q: q.policies(Platform)).items()
    }
    left, right = st.columns([2, 3])
    with left:
        shown = {one: _(label) for one, label in PHONES.items()}
        phones = _chosen("phones", _("Phones"), shown, "a")
    with right:
        first = HOME if HOME in platforms else next(iter(platforms))
        platform = _chosen("platform", _("Trading platform"), platforms, first)
    return phones, platform


_look.style()
_beside.wide()
_console.title(
    _("Phone beside PC"),
    _(
        "The app on the phone and the mall on the PC as people use them; scan the PC's code with one click."
    ),
)
phones, platform = _choices()
_beside.show(_console.world().id, list(phones), platform)
with st.expander(_("A real phone takes part")):
    _beside.real_phone()
with st.expander(_("Notes for the presenter")):
    st.markdown("\n".join(f"- {_(note)}" for note in NOTES))
    st.page_link("sms_outbox.py", label=_("SMS outbox"))
    st.page_link("time_travel.py", label=_("Clock"))
    st.page_link("demo.py", label=_("Demonstrations"))
