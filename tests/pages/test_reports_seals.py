"""The reports on seals in the console: each draws in both languages, kinds and reasons in words."""

from __future__ import annotations

import pytest

from engine.kernel import texts
from engine.reports import catalog
from engine.staffing.model import Role
from tests.support import parties, seal_owners


@pytest.mark.row("SEA-3")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_report_on_seals_draws_with_its_definition(console_world, sign_in, console, language):
    party = parties.sealed(console_world, parties.Reviewers.of(console_world))
    asked = seal_owners.apply(console_world, party)
    reason = parties.reject(console_world, "seal", asked.id, party.reviewers.seal)
    sign_in(Role.LEAD)
    first = console("")
    first.session_state["language"] = language
    page = first.switch_page("reports_seals.py").run()
    shown = {}
    for name in ("seals", "seal_rejections"):
        page = page.segmented_control(key="view").set_value(name).run()
        assert not page.exception, name
        assert catalog.load(name).text("question", language) in " ".join(
            one.value for one in (*page.caption, *page.markdown, *page.text)
        )
        shown[name] = " ".join(one.value.to_string() for one in page.dataframe)
    chinese = language.startswith("zh")
    assert ("合同专用章" if chinese else "Contract seal") in shown["seals"]
    assert ("请更正后重新提交" if chinese else "Correct this") in shown["seal_rejections"]
    assert reason not in shown["seal_rejections"]
