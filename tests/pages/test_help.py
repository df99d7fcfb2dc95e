"""The “?” beside every page's title opens its help; on a world without data every page stands too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.kernel import actors, texts
from engine.staffing.model import Role
from pages import _help_texts, _sections
from tests.pages.test_pages import PAGES

# The pages of Demo exist in demo worlds alone.
DEMO = {
    name for section, entries in _sections.SECTIONS if section == "Demo" for name, *_ in entries
}
SignIn = Callable[..., actors.Staff | None]


def _said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.markdown)


@pytest.mark.parametrize("page", ["overview", "board", "pki", "reports_orders"])
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_help_of_a_page_opens_there_and_in_its_language(
    open_as: Callable[..., AppTest], page: str, language: str
) -> None:
    app = open_as("lead", language).switch_page(f"{page}.py").run()
    found = _help_texts.every()[page]
    assert found.what.in_language(language) not in _said(app)
    app.button(key="page-help").click().run()
    assert not app.exception
    said = _said(app)
    for text in (found.what, *found.can):
        assert text.in_language(language) in said
    for word in found.words:
        assert _help_texts.glossary()[word][1].in_language(language) in said
    assert _help_texts.read_on(found.more) in said


@pytest.mark.parametrize("page", [name for name in PAGES if name not in DEMO])
def test_a_page_of_a_world_without_data_shows_no_empty_table(
    sign_in: SignIn, console: Callable[[str], AppTest], page: str
) -> None:
    sign_in(Role(PAGES[page].removesuffix("-1")))
    app = console(page)
    assert not app.exception
    assert app.button(key="page-help")
    assert [table.value.columns.tolist() for table in app.dataframe if table.value.empty] == []
    # Something is said: an empty state, a form or figures; never a title alone.
    assert any((app.info, app.success, app.dataframe, app.metric, app.markdown, app.button))
