"""The guide's page: its steps in order, found by words, with what proves them, and opened by a button."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.staffing.model import Role
from simulations import guide, stages

pytestmark = pytest.mark.row("DEM-4")
Opened = Callable[..., AppTest]
GUIDE = guide.load_guide()


@pytest.fixture
def ended(open_as: Opened) -> Iterator[None]:
    """Whatever was begun is ended."""
    yield
    for one in stages.listed():
        stages.find(one).end()


def _page(open_as: Opened, language: str = "zh_CN") -> AppTest:
    app = open_as("product", language).switch_page("guide.py").run()
    assert not app.exception
    return app


def _shown(app: AppTest) -> list[str]:
    """The steps on the page, by id, in their order."""
    return [str(one.key).removeprefix("open-") for one in app.button if "open-G-" in str(one.key)]


def _said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.markdown, *app.caption))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_functions_steps_stand_in_the_guides_order_in_both_languages(
    open_as: Opened, language: str
) -> None:
    app = _page(open_as, language)
    first = [one for one in GUIDE.step if one.slug == GUIDE.function[0].slug]
    assert _shown(app) == [one.id for one in first]
    said = _said(app)
    tests = guide.proofs()
    for step in first:
        assert step.asks.zh in said
        assert step.asks.en in said
        assert tests[step.id].results
        assert all(one.test in said for one in tests[step.id].results)
    app.selectbox(key="guide-function").select("binding").run()
    assert _shown(app) == [one.id for one in GUIDE.step if one.slug == "binding"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("全国 CA 互认二维码", {"G-scanlogin-3"}),
        ("one-tap", {"G-onetap-1", "G-onetap-3"}),
        ("7.7.2", {f"G-addresses-{n}" for n in range(1, 6)}),
        ("g-sms-4", {"G-sms-4"}),
    ],
)
def test_a_step_is_found_by_what_it_says(open_as: Opened, words: str, found: set[str]) -> None:
    app = _page(open_as)
    app.text_input(key="guide-words").set_value(words).run()
    assert found <= set(_shown(app))
    assert len(_shown(app)) < len(GUIDE.step)
    assert _shown(app) == [one.id for one in GUIDE.step if one.id in set(_shown(app))]


def test_what_nothing_fits_is_said(open_as: Opened) -> None:
    app = _page(open_as, "en")
    app.text_input(key="guide-words").set_value("no such thing").run()
    assert _shown(app) == []
    assert "No step of the guide fits" in app.info[0].value


def test_results_narrow_the_page(open_as: Opened) -> None:
    app = _page(open_as)
    app.selectbox(key="guide-function").select("any").run()
    everything = _shown(app)
    assert everything == [one.id for one in GUIDE.step]
    counted = []
    for outcome in ("passed", "failed", "not_run"):
        app.selectbox(key="guide-outcome").select(outcome).run()
        assert not app.exception
        counted += _shown(app)
    assert sorted(counted) == sorted(everything)


def test_a_step_opens_on_a_stage_of_its_own(open_as: Opened, ended: None) -> None:
    app = _page(open_as)
    app.selectbox(key="guide-function").select("zhongjin").run()
    app.button(key="open-G-zhongjin-4").click().run(timeout=60)
    assert not app.exception
    stage = stages.find("".join(app.query_params["stage"]))
    assert stage.step is not None
    assert stage.step.id == "real_name"
    assert stage.state.view["phone"] == "real-name"
    # Back at the guide, another step takes the place of the one before.
    app.switch_page("guide.py").run()
    app.selectbox(key="guide-function").select("sms").run()
    app.button(key="open-G-sms-3").click().run(timeout=60)
    assert not app.exception
    assert stages.listed() == ["".join(app.query_params["stage"])]
    assert stages.listed() != [stage.id]


def test_it_is_there_for_who_demonstrates_alone(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    sign_in(Role.AUDITOR)
    with pytest.raises(ValueError, match="guide"):
        console("guide")
