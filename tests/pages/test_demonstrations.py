"""The demonstrations' page: a story is chosen, begun, played, taken back, ended; for whom it is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import identifiers
from engine.staffing.model import Role
from simulations import stages, stories
from tests.pages.conftest import TIMEOUT_S
from tests.support import on_stage, web

Opened = Callable[..., AppTest]


@pytest.fixture
def ended(open_as: Opened) -> Iterator[None]:
    """Whatever was begun is ended."""
    yield
    for one in stages.listed():
        stages.find(one).end()


def _page(open_as: Opened, language: str = "zh_CN") -> AppTest:
    return open_as("product", language).switch_page("demo.py").run()


def _begun(open_as: Opened, story: str = "second_try", language: str = "zh_CN") -> AppTest:
    app = _page(open_as, language)
    app.button(key=f"begin-{story}").click().run()
    assert not app.exception
    return app


def _stage(app: AppTest) -> stages.Stage:
    return stages.find("".join(app.query_params["stage"]))


def _said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.markdown, *app.caption))


def _click(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click()
    return app.run()


@pytest.mark.row("DEM-2")
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_all_stories_are_offered(open_as: Opened, language: str, ended: None) -> None:
    app = _page(open_as, language)
    said = _said(app)
    for story in stories.shipped().values():
        assert story.title.in_language(language) in said
        assert story.about.in_language(language) in said


@pytest.mark.row("DEM-2")
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_story_is_played_and_taken_back(open_as: Opened, language: str, ended: None) -> None:
    app = _begun(open_as, language=language)
    stage = _stage(app)
    first, second = stage.story.steps[:2]
    assert first.note.in_language(language) in _said(app)
    app.button(key="play-0").click().run()
    assert not app.exception
    assert stage.state.at == 1
    assert second.note.in_language(language) in _said(app)
    # What just happened: the fact in words, and what it rests on.
    assert any("claim_enterprise" in one.label for one in app.expander)
    assert first.clause is not None
    assert first.clause.in_language(language) in _said(app)
    _click(app, {"zh_CN": "退一步", "en": "Step back"}[language])
    assert stages.find(stage.id).state.at == 0


@pytest.mark.row("DEM-2")
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_just_happened_is_told_in_words(open_as: Opened, language: str, ended: None) -> None:
    app = _begun(open_as, language=language)
    app.button(key="play-0").click().run()
    field, name = {"zh_CN": ("项目", "统一社会信用代码"), "en": ("Field", "USCC")}[language]
    told = [one.value for one in app.dataframe]
    assert any(name in list(one[field]) for one in told)
    assert not any("_" in one for table in told for one in table[field])
    # An instant is a time of day, and what says nothing is left out.
    made = {"zh_CN": "创建时间", "en": "Created at"}[language]
    [claimed] = {
        str(value)
        for table in told
        for key, value in zip(table[field], table.iloc[:, 1], strict=True)
        if key == made
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", claimed)


@pytest.mark.row("DEM-2")
def test_a_resident_id_is_shown_in_full_only_on_a_click(open_as: Opened, ended: None) -> None:
    app = _begun(open_as, language="en")
    identity = _stage(app).state.cast["purchaser"]["identity"]
    number = identity["legal_representative_id"] or identity["resident_id"]
    [shown] = [str(one.proto.body) for one in app.get("html") if "yx-fill" in str(one.proto.body)]
    masked = identifiers.masked_id(number)
    assert f"<code>{masked}</code></summary>" in shown
    folded = re.findall(r"<details>.*?</details>", shown)
    assert number in "".join(folded)
    assert number not in re.sub(r"<details>.*?</details>", "", shown)


def test_the_clock_moves_no_world_that_is_not_a_demo(
    sign_in: Callable[..., object], console_world: World
) -> None:
    sign_in(Role.PRODUCT)
    assert console_world.kind != "demo"
    app = AppTest.from_file(web.ROOT / "pages" / "time_travel.py", default_timeout=TIMEOUT_S)
    app.query_params["world"] = "stage-aaaaaaaaaaaa"
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert not app.button


@pytest.mark.row("DEM-2")
def test_the_staff_s_pane_decides(open_as: Opened, ended: None) -> None:
    app = _begun(open_as)
    assert not [one for one in app.button if one.label == "退回"]
    app.button(key="play-0").click().run()
    next(one for one in app.button if (one.key or "").startswith("reject-")).click()
    app.run()
    stage = _stage(app)
    assert stage.state.by_hand == [1]
    assert "claim.rejected" in on_stage.kinds(stage.world)
    assert "亲手完成" in _said(app)


@pytest.mark.row("DEM-2")
def test_a_jump_a_reset_and_the_end(open_as: Opened, ended: None) -> None:
    app = _begun(open_as)
    stage = _stage(app)
    app.button(key="jump-4").click().run()
    assert stage.state.at == 4
    # What happened in an earlier step is looked into as well.
    assert not any("claim_enterprise" in one.label for one in app.expander)
    app.selectbox(key="happened-4").select_index(2).run()
    assert any("claim_enterprise" in one.label for one in app.expander)
    _click(app, "重来")
    assert stages.find(stage.id).state.at == 0
    _click(app, "结束这场演示")
    assert stages.listed() == []
    assert app.title[0].value == "演示"


def test_a_page_that_is_loaded_again_finds_its_stage(open_as: Opened, ended: None) -> None:
    stage = _stage(_begun(open_as))
    app = open_as("product")
    app.query_params["stage"] = stage.id
    app.switch_page("demo.py").run()
    assert app.title[0].value == stage.story.title.zh
    app.query_params["stage"] = "stage-aaaaaaaaaaaa"
    app.run()
    assert app.title[0].value == "演示"
    assert "重新开始" in app.warning[0].value


def test_the_address_of_a_real_phone_is_on_the_page(
    open_as: Opened, ended: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINXIN_LAN", "https://192.0.2.7:8501")
    app = _begun(open_as)
    stage = _stage(app)
    shown = [str(one.proto) for one in app.get("html") if "data:image/png" in str(one.proto)]
    assert f"https://192.0.2.7:8501/w/{stage.id}/join/" in shown[0]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE])
def test_it_is_not_there_for_others(
    sign_in: Callable[..., object], console: Callable[..., AppTest], role: Role
) -> None:
    sign_in(role)
    with pytest.raises(ValueError, match="demo"):
        console("demo")


def test_it_is_for_demo_worlds_alone(sign_in: Callable[..., object], console_world: World) -> None:
    sign_in(Role.PRODUCT)
    assert console_world.kind != "demo"
    app = AppTest.from_file(web.ROOT / "pages" / "demo.py", default_timeout=TIMEOUT_S).run()
    assert not app.exception
    assert len(app.error) == 1
