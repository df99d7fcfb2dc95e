"""People of a run on the real screens: the run comes out the same (SIM-9)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from engine import boot
from engine.boot import World
from engine.http import browser_door
from engine.kernel import catalog, database
from simulations import courses, invariants, population, scenario
from simulations.journeys import way as ways
from simulations.scenario import Scenario
from simulations.shards import living
from tests.browser.conftest import free_port
from tests.support import screen_runs, web
from tests.support.screen_people import ScreenPerson

pytestmark = pytest.mark.row("SIM-9")
SEED = 5


def _plan() -> Scenario:
    """A quiet day on which nobody errs at a screen: what they would do wrong there is its own tests'."""
    plan = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")
    behaviour = plan.behaviour.model_copy(update={"wrong_code": 0.0})
    return plan.model_copy(update={"behaviour": behaviour})


def _world(plan: Scenario) -> World:
    # The phone's and the mall's pages are addressed by it in every test of screens.
    return boot.memory_world(seed=SEED, start=plan.start_ms, world_id="demo")


def _lived(
    world: World,
    plan: Scenario,
    journey: str,
    people: int,
    before: Callable[[World], None] = lambda world: None,
) -> dict[str, int]:
    way = f"tests.support.screen_runs:{journey}"
    stage, crowd = living.set_up(world, plan, SEED, way, range(people))
    living.open_doors(stage, population.Population(SEED, plan.reference))
    before(stage.world)
    for _ in living.advance(stage, plan.end_ms):
        pass
    stage.close()
    assert crowd.finished == people
    return dict(stage.counts)


@pytest.fixture
def pages(chromium: Browser) -> Iterator[Callable[[bool], Page]]:
    """A page of a browser of its own: a handset's, or a PC's."""
    opened = []

    def page(handset: bool) -> Page:
        size = {"width": 390, "height": 844} if handset else {"width": 1440, "height": 900}
        context = chromium.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
        context.set_default_timeout(120_000)
        opened.append(context)
        return context.new_page()

    yield page
    for context in opened:
        context.close()


def _the_same_on_screens(
    journey: str, number: int, pages: Callable[[bool], Page], monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """People live a journey through doors and on screens: all is the same but what a browser draws."""
    plan = _plan()
    through_doors = _world(plan)
    counts = _lived(through_doors, plan, journey, number)
    expected, digest = list(courses.told(through_doors)), courses.digest(through_doors)
    through_doors.close()
    boot.worlds.pop(through_doors.id, None)
    on_screens, port = _world(plan), free_port()
    server = f"http://127.0.0.1:{port}"

    def serve(world: World) -> None:
        # On a loaded machine too the gateway's own jobs are done before SimPy's clock goes on.
        monkeypatch.setattr(browser_door, "_PATIENCE_S", 120.0)
        application = screen_runs.InHand(web.application(world, monkeypatch))
        running = screen_runs.serving(application, port)
        end.append(running)
        running.__enter__()
        people: Any = functools.partial(ScreenPerson, pages, server, application)
        monkeypatch.setattr(ways, "Person", people)

    end: list[Any] = []
    try:
        assert _lived(on_screens, plan, journey, number, serve) == counts
    finally:
        for one in end:
            one.__exit__(None, None, None)
    seen = list(courses.told(on_screens))
    assert seen == expected
    assert courses.digest(on_screens) == digest
    assert [one for one in invariants.check(on_screens) if one.violations] == []
    return counts


def test_people_on_the_real_screens_end_in_the_digest_of_the_run(
    pages: Callable[[bool], Page], monkeypatch: pytest.MonkeyPatch, count: Callable[[int, int], int]
) -> None:
    """Sign-in, real name, claim, onboarding, the PC's sign-in."""
    number = count(3, 20)
    counts = _the_same_on_screens("joining", number, pages, monkeypatch)
    assert counts["signed in at the PC"] == number


def test_a_certificate_is_ordered_and_paid_on_the_screens_to_the_digest_of_the_run(
    pages: Callable[[bool], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Application, cashier with its code, papers, the reviews."""
    counts = _the_same_on_screens("ordering", 1, pages, monkeypatch)
    assert counts["order awaiting_download"] == counts["confirmed in person"] == 1


def test_what_is_left_out_is_the_browsers_own_and_little() -> None:
    """A changed byte anywhere else is another digest: two seeds, two plans, one fact more."""
    plan = _plan()
    first, again = _world(plan), _world(plan)
    assert courses.digest(first) == courses.digest(again)
    with again.engine.parts.db.write() as connection:
        connection.run("INSERT INTO code_hour (hour, sent) VALUES (1, 1)")
    assert courses.digest(first) != courses.digest(again)
    with first.engine.parts.db.read() as connection:
        tables = set(database.tables(connection, first.engine.parts.db.dialect))
        assert set(courses.TRANSPORT) <= tables
        for table, columns in courses.TRANSPORT.items():
            # Asking for a column that is not there is refused.
            connection.rows(f"SELECT {', '.join(columns) or '1'} FROM {table}")
