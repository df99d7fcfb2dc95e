"""A finished run in the console's own pages: entered by an address, left by a click, never changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import boot
from engine.kernel import actors
from engine.reports import current
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from pages import _looking, _sections
from simulations import opening, replaying
from tests.pages.conftest import ROUTER, TIMEOUT_S
from tests.support import kept_run

RUN = "quiet-1"
# Of each kind of page one; with the full counts all of them.
SOME = (
    *("overview", "desk", "board", "records", "search", "settings", "staff", "money", "invoices"),
    *("reports_reviews", "reports_process", "own_sql", "verify", "pki", "log"),
)
EVERY = [
    name
    for section, entries in _sections.SECTIONS
    if section not in _looking.HOME | _looking.HIDDEN
    for name, *_ in entries
]
SHOWN = EVERY if os.environ.get("YINXIN_COUNTS") == "full" else SOME


@pytest.fixture
def tester(sign_in: Callable[..., object]) -> actors.Staff:
    """Somebody of QA, whose role sees little of this world."""
    staff = sign_in(Role.QA)
    assert isinstance(staff, actors.Staff)
    return staff


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(current, "RUNS", kept_run.folder().parent)
    yield kept_run.folder()
    opening.close_all()


def look(page: str = "", wish: str = RUN) -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=TIMEOUT_S)
    app.query_params["looking"] = wish
    app.session_state["language"] = "en"
    app.run()
    return app.switch_page(f"{page}.py").run() if page else app


def told(app: AppTest) -> str:
    return " ".join(one.value for one in app.markdown)


@pytest.mark.row("SIM-8")
def test_the_pages_draw_of_a_run_that_is_looked_at(tester: actors.Staff, kept: Path) -> None:
    for page in SHOWN:
        app = look(page)
        assert not app.exception, page
        assert app.title, page
        assert not [one.value for one in app.error], page
        assert f"the run {RUN}" in told(app), page
        # The address keeps it from page to page.
        assert RUN in app.query_params["looking"], page


@pytest.mark.row("SIM-8")
def test_a_run_is_left_by_one_click(
    tester: actors.Staff, console_world: boot.World, kept: Path
) -> None:
    app = look("records")
    assert app.session_state["looking"] == RUN
    app.button(key="leave-run").click().run()
    assert not app.exception
    assert RUN not in told(app)
    assert "looking" not in app.query_params
    # Whoever looks keeps their own sign-in all along.
    name = console_world.engine.ask(staffing.profile, tester, tester.staff_id).name
    assert name in app.sidebar.caption[0].value


@pytest.mark.row("SIM-8")
def test_what_somebody_does_in_a_run_is_refused_and_told(tester: actors.Staff, kept: Path) -> None:
    before = (kept / "world-0.sqlite3").read_bytes()
    app = look("staff")
    app.session_state["try"] = None
    view = AppTest.from_function(_try_to_act, default_timeout=TIMEOUT_S)
    view.session_state["looking"] = RUN
    view.session_state["language"] = "zh_CN"
    view.run()
    assert not view.exception
    assert "已结束的模拟运行" in view.error[0].value
    assert (kept / "world-0.sqlite3").read_bytes() == before


def _try_to_act() -> None:
    from engine.staffing import actions
    from pages import _console

    arguments = {
        "login": "new",
        "name": "New",
        "password": "a long enough password",
        "roles": ("lead",),
    }
    _console.perform(actions.create_staff, arguments, key="once")
    _console.title("Try")


@pytest.mark.row("SIM-8", "SIM-4")
def test_a_step_that_was_played_again_is_looked_at_like_a_run(
    tester: actors.Staff, kept: Path
) -> None:
    done = replaying.replay(kept, person=1, step=3)
    app = look("log", f"{RUN}/{replaying.PLACE}/{done.folder.name}")
    assert not app.exception
    assert f"the run {RUN} played again up to a step" in told(app)
    shutil.rmtree(kept / replaying.PLACE)


@pytest.mark.parametrize(
    "wish", ["", "no-such-run", "../quiet-1", f"{RUN}:0:7", f"{RUN}:x", f"{RUN}/../{RUN}"]
)
def test_an_address_that_names_no_run_shows_this_world(
    tester: actors.Staff, kept: Path, wish: str
) -> None:
    app = look(wish=wish)
    assert not app.exception
    assert "looking" not in app.query_params
    assert "leave-run" not in [one.key for one in app.button]


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE])
def test_who_may_not_simulate_looks_at_no_run(
    sign_in: Callable[..., object], kept: Path, role: Role
) -> None:
    sign_in(role)
    app = look()
    assert not app.exception
    assert RUN not in told(app)


@pytest.mark.row("SIM-8", "OPS-7")
def test_whoever_looks_sees_all_of_the_run_and_of_this_world_what_their_role_sees(
    tester: actors.Staff, kept: Path
) -> None:
    app = look("records")
    assert not app.exception
    assert not app.error
    app.button(key="leave-run").click().run()
    with pytest.raises(ValueError, match="records"):
        app.switch_page("records.py")


@pytest.mark.row("SIM-8")
def test_the_lab_and_one_s_own_account_stay_this_world_s(
    tester: actors.Staff, console_world: boot.World, kept: Path
) -> None:
    app = look("my_account")
    assert not app.exception
    assert f"the run {RUN}" in told(app)
    name = console_world.engine.ask(staffing.profile, tester, tester.staff_id).name
    assert name in app.sidebar.caption[0].value
    assert "Second factor" in [one.value for one in app.subheader]
