"""Every page, as its users see it: it draws, in both languages, and only for who may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.kernel import texts
from pages import _sections

# Who looks at a page; at the others the lead does.
WHO = {
    "money": "finance-1",
    "reports_money": "finance-1",
    "reports_invoices": "finance-1",
    "search": "auditor",
    "records": "auditor",
    "record": "auditor",
    "pki": "auditor",
    "verify": "auditor",
    "log": "auditor",
    "staff": "administrator",
    "side_by_side": "product",
    "demo": "product",
    "attacks": "product",
    "guide": "product",
    "sms_outbox": "product",
    "sandbox": "product",
    "time_travel": "product",
    "faults": "product",
}
PAGES = {name: WHO.get(name, "lead") for _, entries in _sections.SECTIONS for name, _, _ in entries}


def _open(app: AppTest, name: str) -> AppTest:
    return app.switch_page(f"{name}.py").run()


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize(("name", "login"), PAGES.items())
def test_a_page_draws_in_both_languages(
    open_as: Callable[..., AppTest], name: str, login: str, language: str
) -> None:
    app = _open(open_as(login, language), name)
    assert not app.exception
    assert app.title
    has_chinese = any("\u4e00" <= c <= "\u9fff" for c in app.title[0].value)
    assert has_chinese == (language == "zh_CN")


@pytest.mark.row("OPS-7")
@pytest.mark.parametrize(
    ("name", "login"), [("desk", "auditor"), ("log", "product"), ("search", "administrator")]
)
def test_a_page_is_not_there_for_others(
    open_as: Callable[..., AppTest], name: str, login: str
) -> None:
    app = open_as(login)
    with pytest.raises(ValueError, match=name):
        app.switch_page(f"{name}.py")


@pytest.mark.row("OPS-6")
def test_search_says_when_nothing_is_found(open_as: Callable[..., AppTest]) -> None:
    app = _open(open_as("auditor"), "search")
    app.text_input[0].set_value("没有这样的东西").run()
    assert not app.exception
    assert "没有这样的东西" in app.info[0].value
