"""Runs on their pages: started, looked at while they run and afterwards, as AppTest sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.kernel import texts
from engine.reports import current
from engine.staffing.model import Role
from pages import _lab_open
from simulations import runs
from simulations.background import write_json
from simulations.runs import Folder, Plan, RunProgress
from tests.support import lab_runs
from tests.support.lab_runs import FEWER, FIRST, PEOPLE

Open = Callable[[str], AppTest]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """Where runs are kept in these tests: with the ended one for who asks for it, else empty."""
    wanted = "ended_runs" in request.fixturenames
    found: Path = request.getfixturevalue("ended_runs") if wanted else tmp_path
    monkeypatch.setattr(current, "RUNS", found)
    return found


def opened(console: Open, page: str, language: str = "zh_CN", **address: str) -> AppTest:
    first = console("")
    first.session_state["language"] = language
    for name, value in address.items():
        first.query_params[name] = value
    return first.switch_page(f"{page}.py").run()


def shown(page: AppTest) -> str:
    """All that is written on a page."""
    parts = [
        *page.markdown,
        *page.caption,
        *page.subheader,
        *page.html,
        *page.metric,
        *page.success,
    ]
    return " ".join(str(getattr(one, "body", "") or one.value) for one in parts)


def moving(place: Path, state: str = "running", **told: object) -> Folder:
    """A run that somebody computes, as far as its folder tells; the lock is held by the caller."""
    folder = Folder(place / "moving")
    folder.path.mkdir()
    runs.plan.write(Plan.of(lab_runs.quiet(), 40, 1), folder.path / "plan.json")
    tells = RunProgress(state=state, people=40, shards=1, **told)
    write_json(folder.path / "progress.json", tells.model_dump(mode="json"))
    return folder


@pytest.mark.row("SIM-4")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_where_there_is_no_run_it_is_said_how_to_make_one(sign_in, console, language):
    sign_in(Role.QA)
    for page in ("simulation_runs", "simulation_run"):
        drawn = opened(console, page, language)
        assert not drawn.exception
        assert any(("运行" in one.value) == (language == "zh_CN") for one in drawn.info)


@pytest.mark.row("SIM-4")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_an_ended_run_shows_each_side_of_its_record(sign_in, console, ended_runs, language):
    sign_in(Role.LEAD)
    manifest = Folder(ended_runs / FIRST).manifest()
    assert manifest is not None
    views = ("figures", "invariants", "coverage", "answers", "steps", "board", "manifest", "files")
    for view in views:
        page = opened(console, "simulation_run", language, run=FIRST, view=view)
        assert not page.exception, (view, page.exception)
        assert page.title[0].value == "两个人 first"
        if view == "manifest":
            assert manifest["digest"] in [one.value for one in page.code]
        if view == "invariants":
            assert len(page.success) == 1
        if view == "board":
            assert f"{2 * PEOPLE}" in shown(page)
        if view == "files":
            names = [name for frame in page.dataframe for name in frame.value.iloc[:, 0]]
            assert {"manifest.json", "events-0.parquet", "world-0.sqlite3"} <= set(names)


@pytest.mark.row("SIM-4")
def test_the_list_opens_one_run_and_compares_several(sign_in, console, ended_runs):
    sign_in(Role.QA)
    page = opened(console, "simulation_runs")
    assert not page.exception
    frame = page.dataframe[0].value
    assert set(frame["仿真运行"]) == {FIRST, FEWER}
    assert frame["状态"].iloc[0] == "✓ 已完成"
    assert frame["人数"].iloc[0] == PEOPLE
    assert page.button(key="open").disabled


@pytest.mark.row("SIM-4")
def test_the_live_board_shows_where_people_are_and_steers_the_run(sign_in, console, place):
    sign_in(Role.QA)
    folder = moving(place, arrived=30, finished=2, actions=900, rate=120.0, share=0.4, eta_s=75.0)
    board = {
        "replication": 0,
        "shard": 0,
        "now_ms": 1_780_300_000_000,
        "arrived": 30,
        "finished": 2,
        "actions": 900,
        "people": {"registered": 9, "named": 7, "paid": 5, "gave up": 3},
        "queues": [
            {"kind": "enterprise_claim", "waiting": 6, "oldest_waits_ms": 26 * 3_600_000},
            {"kind": "seal", "waiting": 1, "oldest_waits_ms": 60_000},
        ],
        "staff": [{"group": "all-round", "idle": 1, "busy": 2, "off": 1}],
        "steps": {"registered": 28, "named": 19},
        "invariants": {
            "checked_at": 1_780_300_000_000,
            "checked": 50,
            "broken": [],
            "violations": 0,
        },
        "faults": {"sms_lost": {"considered": 40, "fired": 3}},
    }
    write_json(folder.path / "board-0-0.json", board)
    with folder.held():
        page = opened(console, "simulation_run", run="moving")
        assert not page.exception
        told = shown(page)
        # 30 have come, of whom 24 stand somewhere: six have reached nothing yet.
        for text in ("已注册", "28 人到过此步", "6 件", "2 忙 · 1 闲 · 1 下班", "3 / 40", "已放弃"):
            assert text in told, text
        assert "30 / 40" in [one.value for one in page.metric]
        assert any("50 条全部成立" in one.value for one in page.success)
        page = page.button(key="pause").click().run()
        assert folder.order() == "pause"
        page = page.button(key="stop").click().run()
        assert folder.order() == "stop"
        write_json(
            folder.path / "progress.json",
            RunProgress(state="paused", people=40, shards=1).model_dump(mode="json"),
        )
        page = opened(console, "simulation_run", run="moving")
        page = page.button(key="go").click().run()
        assert folder.order() == "go"
        assert not page.exception
    # Nobody holds it any more: it was killed, and can be resumed.
    page = opened(console, "simulation_run", run="moving")
    assert not page.exception
    assert page.button(key="resume")
    assert any("恢复运行" in one.value for one in page.info)


@pytest.mark.row("SIM-4")
def test_a_broken_invariant_is_red_on_the_board(sign_in, console, place):
    sign_in(Role.QA)
    folder = moving(place)
    finding = {"name": "paid once", "violations": 2, "ids": ["o-1", "o-2"]}
    board = {
        "replication": 0, "shard": 0, "arrived": 0, "people": {}, "queues": [], "staff": [],
        "steps": {}, "faults": {},
        "invariants": {"checked_at": 1_780_300_000_000, "checked": 5, "broken": [finding]},
    }  # fmt: skip
    write_json(folder.path / "board-0-0.json", board)
    with folder.held():
        page = opened(console, "simulation_run", run="moving")
    assert not page.exception
    assert any("paid once" in one.value and "o-2" in one.value for one in page.error)


@pytest.mark.row("SIM-4")
def test_a_run_is_started_with_what_the_form_says(sign_in, console, monkeypatch, place):
    sign_in(Role.QA)
    begun: list[tuple[Plan, Path]] = []
    monkeypatch.setattr(runs, "start", lambda plan, path: begun.append((plan, path)))
    page = opened(console, "simulation_runs", scenario="busy")
    assert not page.exception
    page.number_input(key="people").set_value(25)
    page.number_input(key="seed").set_value(9)
    page.number_input(key="replications").set_value(3)
    page.number_input(key="workers").set_value(2)
    page = page.run()
    assert "分片" in shown(page)
    # The page of the run is opened, which is not there: nothing was begun in this test.
    page.button(key="start").click().run()
    [(plan, path)] = begun
    assert (plan.scenario.name, plan.people, plan.seed) == ("busy", 25, 9)
    assert (plan.replications, plan.workers, plan.executor) == (3, 2, "pool")
    assert path.parent == place
    assert path.name.endswith("-busy")


def test_a_run_that_is_gone_is_said(sign_in, console):
    sign_in(Role.QA)
    page = opened(console, "simulation_run", run="..%2Fetc")
    assert not page.exception
    assert len(page.error) == 1


@pytest.mark.parametrize("page", ["simulation_runs", "simulation_run"])
def test_who_may_not_simulate_has_no_such_page(sign_in, console, page):
    sign_in(Role.FINANCE)
    with pytest.raises(ValueError, match=page):
        opened(console, page)


@pytest.mark.row("SIM-8")
def test_an_ended_run_is_looked_at_and_taken_as_a_demo_world(
    sign_in, console, ended_runs, monkeypatch, tmp_path
):
    sign_in(Role.LEAD)
    monkeypatch.setattr(_lab_open, "PLACE", tmp_path)
    page = opened(console, "simulation_run", run=FIRST)
    page = page.text_input(key="adopt-name").set_value("taken").run()
    page = page.button(key="adopt").click().run()
    assert not page.exception
    assert (tmp_path / "taken" / "world.toml").is_file()
    assert f"yinxin serve --world {tmp_path / 'taken'}" in [one.value for one in page.code]
    passwords = next(one.value for one in page.dataframe if "密码" in one.value.columns)
    assert passwords["密码"].str.len().min() >= 8
    # Shown until somebody says that they have them.
    page = page.button(key="written-down").click().run()
    assert not any("密码" in one.value.columns for one in page.dataframe)
    page = page.button(key="look").click().run()
    assert not page.exception
    assert page.session_state["looking"].startswith(FIRST)
