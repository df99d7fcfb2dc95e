"""Scenarios on their page: read as a picture, changed as text, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.kernel import texts
from engine.staffing.model import Role
from simulations import shelf

Open = Callable[[str], AppTest]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one's own scenarios are kept in these tests."""
    monkeypatch.setattr(shelf, "OWN", tmp_path)
    return tmp_path


def opened(console: Open, language: str = "zh_CN", **address: str) -> AppTest:
    page = console("")
    page.session_state["language"] = language
    for name, value in address.items():
        page.query_params[name] = value
    return page.switch_page("simulation_scenarios.py").run()


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label == label)


def keys(page: AppTest) -> list[str]:
    """The keys that are told to be wrong."""
    return [key for frame in page.dataframe for key in frame.value.get("键", [])]


@pytest.mark.row("SIM-1")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_scenario_has_its_card_and_its_picture(sign_in, console, language):
    sign_in(Role.QA)
    page = opened(console, language)
    assert not page.exception
    shipped = [one for one in shelf.listed() if not one.own]
    told = " ".join(one.value for one in page.markdown)
    assert shipped
    for kept in shipped:
        assert kept.scenario is not None
        assert kept.scenario.title.in_language(language) in told
    for kept in shipped:
        page = opened(console, language, scenario=kept.name)
        assert not page.exception, kept.name
        assert kept.scenario is not None
        assert page.title[0].value == kept.scenario.title.in_language(language)
        # Who works when: every group of reviewers has its line.
        groups = {one.group for one in kept.scenario.reviewers}
        assert any(
            groups <= set(map(str, frame.value.to_numpy().ravel())) for frame in page.dataframe
        )


@pytest.mark.row("SIM-1")
def test_bad_text_is_told_by_key_and_line_and_stays(sign_in, console):
    staff = sign_in(Role.LEAD)
    page = opened(console, scenario="quiet_day", edit="1")
    text = page.text_area[0].value
    assert 'name = "my_quiet_day"' in text
    bad = text.replace("gives_up = 0.0", "gives_up = 1.5").replace("within = 0.6", "without = 0.6")
    page = page.text_area[0].set_value(bad).run()
    assert not page.exception
    assert {"behaviour.gives_up", "arrivals.within", "arrivals.without"} <= set(keys(page))
    lines = bad.splitlines()
    frame = next(one.value for one in page.dataframe if "键" in one.value)
    row = frame[frame["键"] == "behaviour.gives_up"].iloc[0]
    assert lines[int(row["行"]) - 1].startswith("gives_up")
    assert row["问题"] == "不能大于 1.0"
    assert button(page, "保存场景").disabled
    # Another session finds what was typed.
    again = opened(console, scenario="quiet_day", edit="1")
    assert again.text_area[0].value == bad
    assert shelf.draft(staff.staff_id, "quiet_day") == bad


@pytest.mark.row("SIM-1")
def test_a_copy_is_kept_changed_and_deleted(sign_in, console, own):
    sign_in(Role.QA)
    page = opened(console, scenario="quiet_day", edit="1")
    changed = page.text_area[0].value.replace("gives_up = 0.0", "gives_up = 0.25")
    page = page.text_area[0].set_value(changed).run()
    page = button(page, "保存场景").click().run()
    assert not page.exception
    kept = shelf.named("my_quiet_day")
    assert kept.own
    assert kept.scenario is not None
    assert kept.scenario.behaviour.gives_up == 0.25
    # The comments of the one it was copied from are there.
    assert "#" in kept.text()
    assert page.query_params["scenario"] in ("my_quiet_day", ["my_quiet_day"])
    page = button(page, "删除此场景").click().run()
    assert not page.exception
    assert not list(own.glob("*.toml"))
    assert len([one for one in page.button if one.label == "打开"]) == len(shelf.listed())


def test_a_name_that_ships_is_refused_and_the_text_stays(sign_in, console):
    sign_in(Role.QA)
    page = opened(console, scenario="quiet_day", edit="1")
    page = page.text_area[0].set_value(shelf.named("quiet_day").text()).run()
    page = button(page, "保存场景").click().run()
    assert not page.exception
    assert "quiet_day" in page.error[0].value
    assert 'name = "quiet_day"' in page.text_area[0].value


def test_what_is_no_toml_is_told_with_its_line(sign_in, console):
    sign_in(Role.QA)
    page = opened(console, scenario="quiet_day", edit="1")
    page = page.text_area[0].set_value("version = 1\nname quiet\n").run()
    assert not page.exception
    frame = next(one.value for one in page.dataframe if "键" in one.value)
    assert int(frame.iloc[0]["行"]) == 2
    assert "TOML" in frame.iloc[0]["问题"]


def test_a_scenario_that_is_gone_is_said(sign_in, console):
    sign_in(Role.QA)
    page = opened(console, scenario="never_was")
    assert not page.exception
    assert "never_was" in page.error[0].value


def test_who_may_not_simulate_has_no_such_page(sign_in, console):
    sign_in(Role.AUDITOR)
    with pytest.raises(ValueError, match="simulation_scenarios"):
        opened(console)
