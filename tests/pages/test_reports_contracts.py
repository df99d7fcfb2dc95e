"""The reports on contracts in the console: each view draws in both languages."""

from __future__ import annotations

import pytest

from engine.kernel import texts
from engine.reports import catalog
from engine.staffing.model import Role
from tests.support import trading


@pytest.mark.row("SGN-5")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_report_on_contracts_draws_with_its_definition(
    console_world, sign_in, console, language
):
    trading.draft(console_world, trading.trade(console_world))
    sign_in(Role.LEAD)
    first = console("")
    first.session_state["language"] = language
    page = first.switch_page("reports_contracts.py").run()
    for name in ("contracts", "contract_parties"):
        page = page.segmented_control(key="view").set_value(name).run()
        assert not page.exception, name
        assert catalog.load(name).text("question", language) in " ".join(
            one.value for one in (*page.caption, *page.markdown, *page.text)
        )
    shown = " ".join(one.value.to_string() for one in page.dataframe)
    assert ("采购人" if language.startswith("zh") else "urchaser") in shown
