"""The screens in business order, gated by role. The only script that Streamlit runs."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from engine import boot  # noqa: E402
from engine.http import looked_at  # noqa: E402
from engine.staffing import queries as staffing  # noqa: E402
from pages import _bundles, _console, _help, _looking, _tour, _trouble  # noqa: E402
from pages._console import _  # noqa: E402
from pages._sections import SECTIONS, UNLISTED  # noqa: E402

# On a phone Streamlit's own bar stands over the head of a page.
_CLEAR = "<style>@media (max-width:768px){.stApp .stMainBlockContainer{padding-top:4.5rem}}</style>"

st.set_page_config(page_title="印信 Yinxin", layout="wide")
st.html(_CLEAR)


_HOME = {
    name for section, entries in SECTIONS if section in _looking.HOME for name, *_rest in entries
}


def _pages() -> dict[str, list[st.Page]]:
    own = _console.myself()
    # Who looks at a run sees all of it; what is of this world stays as it is.
    wide = looked_at.as_looker(own) if _looking.is_on() else own
    demo = boot.current().kind == "demo"
    found: dict[str, list[st.Page]] = {}
    for section, entries in SECTIONS:
        if (section == "Demo" and not demo) or (section in _looking.HIDDEN and _looking.is_on()):
            continue
        staff = own if section in _looking.HOME else wide
        shown = [
            st.Page(
                ROOT / "pages" / f"{name}.py",
                title=_(title),
                url_path=name,
                default=name == "overview",
                visibility="hidden" if name in UNLISTED else "visible",
            )
            for name, title, rights in entries
            if (not rights or any(staffing.has(staff, right, anywhere=True) for right in rights))
        ]
        if shown:
            found[_(section)] = shown
    return found


def _sidebar() -> None:
    staff = _console.myself()
    profile = boot.current().engine.ask(staffing.profile, staff, staff.staff_id)
    with st.sidebar:
        st.caption(f"{profile.name} · {' · '.join(map(_console.told, profile.labels))}")
        other = "English" if _console.language() == "zh_CN" else "中文"
        if st.button(other, key="switch-language"):
            st.session_state["language"] = "en" if _console.language() == "zh_CN" else "zh_CN"
            st.rerun()
        st.button(_("Show me around"), key="tour-again", on_click=_tour.begin)
        st.html(f'<a href="/logout" target="_self" style="color:inherit">{_("Sign out")}</a>')


# The accent is for what to do next; a chosen value is not that.
st.html(
    "<style>.stMainBlockContainer{padding-top:3rem}"
    ".stMultiSelect span[data-tag]{background:rgba(128,128,128,.25);color:inherit}</style>"
)
_looking.take_up()
_shown = _pages()
page = st.navigation(_shown, expanded=True)
_help.know(page.url_path or "overview", page.title)
_tour.know(one.url_path or "overview" for entries in _shown.values() for one in entries)
_looking.settle(at_home=page.url_path in _HOME)
_sidebar()
_looking.banner()
_trouble.banner()
_tour.draw(page.url_path or "overview")
# Callbacks come before this: what they leave behind is drawn below.
st.session_state["drawing"] = True
try:
    page.run()
except Exception as bug:
    # Told to the person; what is shown of it below is Streamlit's.
    _bundles.page_broke(bug)
    raise
finally:
    st.session_state["drawing"] = False
