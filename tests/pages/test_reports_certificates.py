"""The reports on certificates in the console: every view draws, and a row opens the cases it counts."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.issuing import actions as issuing
from engine.kernel import clock, texts
from engine.reports import catalog
from engine.staffing.model import Role
from tests.support import binding, ordering, parties, worlds

VIEWS = (
    *("certificates", "renewals", "revocations", "pins"),
    *("scan_logins", "bindings", "turnaround"),
)
Open = Callable[[str], AppTest]
SignIn = Callable[..., object]


@pytest.fixture
def party(console_world: World) -> parties.Party:
    """A certificate that is bound on one day and revoked on the next."""
    made = parties.certified(console_world, parties.Reviewers.of(console_world))
    binding.bind(console_world, made)
    binding.login_qr(console_world, "guangzheng")
    worlds.clock_of(console_world).advance(clock.DAY)
    console_world.engine.perform(
        issuing.revoke,
        {"certificate_id": made.certificate_id, "reason": "keyCompromise"},
        actor=ordering.fresh(console_world, made.person),
    )
    return made


def shown(page: AppTest) -> str:
    """Everything that the page's tables show."""
    return " ".join(one.value.to_string() for one in page.dataframe)


def view(page: AppTest, name: str) -> AppTest:
    """Choose one of the reports."""
    return page.segmented_control(key="view").set_value(name).run()


@pytest.mark.row("CRT-3")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_report_on_certificates_draws_with_its_definition(
    party: parties.Party, sign_in: SignIn, console: Open, language: str
) -> None:
    sign_in(Role.LEAD)
    first = console("")
    first.session_state["language"] = language
    page = first.switch_page("reports_certificates.py").run()
    for name in VIEWS:
        page = view(page, name)
        assert not page.exception, name
        report = catalog.load(name)
        assert report.text("definition", language) in [one.value for one in page.markdown]
        assert report.text("question", language) in [one.value for one in page.caption]


@pytest.mark.row("CRT-3")
def test_a_row_opens_the_certificates_that_it_counts(
    console_world: World, party: parties.Party, sign_in: SignIn, console: Open
) -> None:
    serial = str(ordering.certificate(console_world, party.certificate_id)["serial_hex"])
    sign_in(Role.LEAD)
    page = view(console("reports_certificates"), "revocations")
    assert "密钥" in shown(page)
    assert serial not in shown(page)
    box = page.selectbox(key="behind-revocations")
    # All of them, and the one row.
    assert len(box.options) == 2
    page = box.select(box.options[1]).run()
    assert not page.exception
    assert f"/search?q={serial}" in shown(page)


@pytest.mark.row("CRT-3")
def test_what_came_after_the_chosen_day_is_left_out(
    console_world: World, party: parties.Party, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.LEAD)
    page = view(console("reports_certificates"), "certificates")
    assert "已吊销" in shown(page)
    before = clock.civil_date(console_world.engine.now()) - datetime.timedelta(days=1)
    page = page.date_input(key="until").set_value(before).run()
    assert not page.exception
    assert "已吊销" not in shown(page)
    assert "使用中" in shown(page) or "有效" in shown(page)


def test_a_world_without_certificates_says_what_will_be_here(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.LEAD)
    page = console("reports_certificates")
    assert not page.exception
    assert page.info


@pytest.mark.row("OPS-7")
def test_reports_are_not_for_who_has_no_right_to_them(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.ADMINISTRATOR)
    with pytest.raises(ValueError, match="reports_certificates"):
        console("reports_certificates")
