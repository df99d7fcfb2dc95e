"""The “?” beside a page's title: what the page is for, what one can do, its words, where to read on."""

from __future__ import annotations

import streamlit as st

from pages import _console, _help_texts
from pages._console import _

_PAGE = "help-page"


def know(page: str, title: str) -> None:
    """Note which page is drawn now, and what it is called."""
    st.session_state[_PAGE] = (page, title)


def heading(text: str) -> None:
    """The title of a page, and beside it the “?” that opens its help."""
    with st.container(key="page-title", horizontal=True, vertical_alignment="center"):
        st.title(text, width="content")
        mark()


@st.fragment
def mark() -> None:
    """The “?” alone; what it opens does not draw the page anew."""
    page, title = st.session_state.get(_PAGE, ("", ""))
    if page and st.button("?", key="page-help", help=_("What this page is for")):
        st.dialog(_("Help: {page}", page=title), width="medium")(_tell)(page)


def _tell(page: str) -> None:
    found, language = _help_texts.every()[page], _console.language()
    st.markdown(found.what.in_language(language))
    st.markdown("\n".join(f"- {point.in_language(language)}" for point in found.can))
    if found.words:
        words = _help_texts.glossary()
        st.markdown(f"**{_('Words')}**")
        st.markdown(
            "  \n".join(
                f"**{words[one][0].in_language(language)}**: {words[one][1].in_language(language)}"
                for one in found.words
            )
        )
    where = found.more.replace("#", ": ")
    with st.expander(_("Read on in the documents (English): {where}", where=f"docs/{where}")):
        st.markdown(_help_texts.read_on(found.more))
