"""Comparing runs and trying rosters on their pages: the figures are those of the statistics behind them."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.kernel import texts
from engine.reports import current
from engine.staffing.model import Role
from simulations import comparing, indicators, runs, studies
from simulations.runs import Folder
from simulations.staffing import sweeping
from simulations.statistics import intervals
from simulations.studies import Rosters, Study, StudyProgress, Tonight
from tests.support import queue
from tests.support.lab_runs import FEWER, FIRST, PEOPLE, REPLICATIONS

Open = Callable[[str], AppTest]
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def place(ended_runs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The runs that there are; what-ifs are each test's own."""
    monkeypatch.setattr(current, "RUNS", ended_runs)
    yield ended_runs
    for one in studies.listed(studies.place(ended_runs)):
        if one.progress().moving:
            one.stop()
            ended(one)
    shutil.rmtree(studies.place(ended_runs), ignore_errors=True)


def opened(console: Open, page: str, language: str = "zh_CN", **address: str) -> AppTest:
    first = console("")
    first.session_state["language"] = language
    for name, value in address.items():
        first.query_params[name] = value
    return first.switch_page(f"{page}.py").run()


def tables(page: AppTest, column: str):
    return [one.value for one in page.dataframe if column in one.value.columns]


@pytest.mark.row("SIM-4")
def test_two_runs_are_compared_pair_by_pair(sign_in, console, place):
    sign_in(Role.QA)
    page = opened(console, "simulation_compare", runs=f"{FIRST},{FEWER}")
    assert not page.exception
    found = comparing.compare([Folder(place / FIRST), Folder(place / FEWER)])
    [differs] = tables(page, "键")
    assert "reviewers.all-round.count" in set(differs["键"])
    row = differs[differs["键"] == "reviewers.all-round.count"].iloc[0]
    assert (row["A"], row["B"]) == ("4", "1")
    by_name = {row.name: row for row in found.rows}
    table = tables(page, "B − A")[0].set_index("指标")
    term = indicators.known()["wait_mean"].term.zh
    [means] = [by_name["wait_mean"].means]
    assert table.loc[term, "A"] == pytest.approx(means[0], rel=1e-3)
    assert table.loc[term, "B"] == pytest.approx(means[1], rel=1e-3)
    difference = by_name["wait_mean"].differences[1]
    assert difference is not None
    assert f"{float(f'{difference.low:.4g}'):+g}" in table.loc[term, "B − A"]
    assert "逐对相比（同一批人）" in tables(page, "与 A 相比的方式")[0]["与 A 相比的方式"].tolist()


@pytest.mark.row("SIM-4")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_nothing_chosen_is_asked_for(sign_in, console, language):
    sign_in(Role.LEAD)
    page = opened(console, "simulation_compare", language)
    assert not page.exception
    assert len(page.info) == 1
    assert set(page.multiselect[0].options) >= {f"两个人 {one} · {one}" for one in (FIRST, FEWER)}


@pytest.mark.row("SIM-4")
def test_a_pilot_tells_how_many_replications_it_takes(sign_in, console, place):
    sign_in(Role.QA)
    page = opened(console, "simulation_runs", scenario="quiet_day")
    assert not page.exception
    pilot = page.selectbox(key="pilot")
    assert set(pilot.options) == {FIRST, FEWER}
    page = pilot.set_value(FIRST).run()
    term = indicators.known()["wait_mean"].term.zh
    page = page.selectbox(key="pilot-figure").set_value("wait_mean").run()
    told = Folder(place / FIRST).indicators()
    assert told is not None
    values = [one["indicators"]["wait_mean"] for one in told["replications"]]
    needed = intervals.replications_needed(values, 0.05)
    assert len(values) == REPLICATIONS
    said = next(one.value for one in page.markdown if "次重复**" in one.value)
    assert f"{needed:,} 次重复" in said
    assert term in said
    page = page.button(key="take-needed").click().run()
    assert page.number_input(key="replications").value == min(needed, 1000)


def ended(study: Study) -> StudyProgress:
    """How a what-if that a page has begun ends."""
    wait = threading.Event()
    for _ in range(PATIENCE_S * 10):
        told = study.progress()
        if not told.moving:
            return told
        wait.wait(0.1)
    raise AssertionError("it did not end")


def only(place: Path) -> Study:
    [study] = studies.listed(studies.place(place))
    return study


@pytest.mark.row("SIM-6")
def test_rosters_are_tried_by_a_process_and_a_reload_finds_the_cheapest(sign_in, console, place):
    sign_in(Role.LEAD)
    page = opened(console, "simulation_staffing", run=FIRST)
    assert not page.exception
    page.number_input(key="staffing-people").set_value(10 * PEOPLE)
    page.number_input(key="staffing-replications").set_value(4)
    page.slider(key="count-quiet_day-all-round").set_range(1, 3)
    page = page.run()
    page = page.button(key="sweep").click().run()
    assert not page.exception
    study = only(place)
    assert page.query_params["study"] == study.name
    assert study.progress().pid != os.getpid()
    assert ended(study).state == "finished", (study.path / "run.log").read_text()
    # Another session knows nothing but the address.
    page = opened(console, "simulation_staffing", run=FIRST, study=study.name)
    assert not page.exception
    plan = study.plan()
    assert isinstance(plan, Rosters)
    table = studies.table(study)
    lines = sweeping.lines(table, plan.scenario)
    assert list(page.dataframe[0].value.iloc[:, 0]) == [f"全能组 {n}" for n in (1, 2, 3)]
    best = sweeping.cheapest(table, plan.scenario)
    told = " ".join(one.value for one in (*page.success, *page.warning))
    named = best.line if best is not None else max(lines, key=lambda one: one.in_time.low)
    assert named.roster.replace("all-round", "全能组") in told
    # Another confidence is another answer to the same rosters: nothing is computed again.
    page = page.number_input(key="confidence").set_value(80.0).run()
    assert not page.exception
    assert only(place).progress().state == "finished"


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_what_if_that_was_stopped_shows_what_is_there_and_can_go_on(
    sign_in, console, place, language
):
    plan = Rosters(
        scenario=Folder(place / FIRST).plan().scenario,
        run=str((place / FIRST).resolve()),
        people=6,
        counts={"all-round": (1, 2)},
        replications=5,
    )
    study = Study(studies.place(place) / "stopped")
    with study.held():
        studies.begun(plan, study)
    done = []

    def listen(progress: StudyProgress) -> None:
        done.append(progress.done)

    with pytest.raises(runs.Stopped):
        studies.carry_out(study, listen, stopping=lambda: max(done, default=0) >= 3)
    sign_in(Role.QA)
    page = opened(console, "simulation_staffing", language, run=FIRST)
    assert not page.exception
    assert page.button(key="resume")
    assert {"3", "5"} <= set(re.findall(r"\d+", page.info[0].value))
    assert len(page.dataframe[0].value) == 2


@pytest.mark.parametrize(
    ("page", "role"),
    [("simulation_compare", Role.PRODUCT), ("simulation_staffing", Role.ADMINISTRATOR)],
)
def test_without_runs_it_is_said_what_it_takes(sign_in, console, page, role, monkeypatch, tmp_path):
    monkeypatch.setattr(current, "RUNS", tmp_path)
    sign_in(role)
    drawn = opened(console, page)
    assert not drawn.exception
    assert len(drawn.info) == 1


@pytest.mark.row("SIM-8")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_breaches_by_tonight_is_foretold_for_today_s_desk(
    console_world, sign_in, console, place, language
):
    lead = sign_in(Role.LEAD)
    assert lead is not None
    queue.fill(console_world, 40, me=lead)
    page = opened(console, "simulation_staffing", language, view="tonight")
    assert not page.exception
    page.number_input(key="tonight-replications").set_value(3)
    page = page.button(key="foretell").click().run()
    assert not page.exception
    study = only(place)
    assert ended(study).state == "finished", (study.path / "run.log").read_text()
    page = opened(console, "simulation_staffing", language, view="tonight", study=study.name)
    assert not page.exception
    plan = study.plan()
    assert isinstance(plan, Tonight)
    found = studies.forecast(study, plan)
    assert found is not None
    assert found.open_now == 40
    assert [one.extra for one in found.outlooks] == [0, 1]
    outlooks = page.dataframe[0].value
    assert len(outlooks) == 2
    cases = page.dataframe[-1].value
    assert len(cases) == 40
    assert all(link.startswith("/desk?case=") for link in cases.iloc[:, 0])
    # The file names no case, and yet each is found again.
    named = {link.removeprefix("/desk?case=") for link in cases.iloc[:, 0]}
    assert len(named) == 40
    kept = (study.path / "plan.json").read_text(encoding="utf-8")
    assert not any(name in kept for name in named)


@pytest.mark.row("SIM-4")
def test_one_person_s_way_is_shown_and_played_again_up_to_a_step(sign_in, console):
    sign_in(Role.QA)
    page = opened(console, "simulation_run", run=FIRST, view="replay")
    assert not page.exception
    steps = page.dataframe[0].value
    assert len(steps) > 10
    page = page.selectbox(key="replay-step").set_value(3).run()
    assert "--step 3" in page.code[0].value
    page = page.button(key="replay").click().run()
    assert not page.exception
    done = page.session_state["lab-replayed"]
    assert done.step.number == 3
    assert f"{done.events:,}" in page.success[0].value
