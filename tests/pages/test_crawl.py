"""PI-3: no page and no file of a populated console shows a protected value in full, to whichever role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine import worker
from engine.boot import World, tables
from engine.bulk import actions as bulk
from engine.bulk.model import Given
from engine.http import pace, report_files
from engine.issuing.model import Chosen
from engine.records import kinds
from engine.reports import catalog
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.pages.test_pages import PAGES
from tests.support import personal, web, worlds
from tests.support.traces import Traces

pytestmark = pytest.mark.row("SEC-1", "S-PI-3")
# Where a demonstration shows what its own invented people type and receive, to who plays them.
PLAYED = {"side_by_side", "demo", "sms_outbox", "guide", "attacks", "sandbox"}
LOOKERS = ("auditor", "lead", "agent-1", "finance-1")


@pytest.fixture(scope="module")
def traces(populated: World) -> Traces:
    found = Traces(personal.values(populated))
    assert len(found.values) > 40
    return found


def _protos(block: Any) -> Iterator[bytes]:
    """Everything that the script sent to the browser, tables and components included."""
    for node in getattr(block, "children", {}).values():
        proto = getattr(node, "proto", None)
        if hasattr(proto, "SerializeToString"):
            yield proto.SerializeToString()
        yield from _protos(node)


def _look(traces: Traces, app: AppTest, place: str) -> None:
    assert not app.exception, place
    for root in (app._tree[0], app._tree[1], app._tree[2]):
        for content in _protos(root):
            traces.look_at(content, place)


def _logins(world: World) -> list[str]:
    return [one.login for one in world.engine.ask(staffing.everyone, tables.INSIDE)]


def test_the_crawl_sees_what_a_page_shows(
    populated: World, open_as: Callable[..., AppTest], traces: Traces
) -> None:
    """The test's own eyes: a name typed into the search's field stands in the page, and is found."""
    some = next(value for value in sorted(traces.values) if value.isdigit())
    app = open_as("auditor").switch_page("search.py").run()
    # With a word behind it nothing is found, and the page says what it looked for.
    app.text_input[0].set_value(f"{some} 查无此人").run()
    seen = Traces({some})
    _look(seen, app, "search")
    assert seen.found == {some: {"search"}}


@pytest.mark.parametrize("page", sorted(PAGES.keys() - PLAYED))
def test_no_page_shows_anybody_in_full(
    open_as: Callable[..., AppTest], traces: Traces, page: str, count: Callable[[int, int], int],
    populated: World,
) -> None:  # fmt: skip
    logins = _logins(populated) if count(0, 1) else [PAGES[page]]
    for login in logins:
        app = open_as(login)
        try:
            app.switch_page(f"{page}.py").run()
        except ValueError:
            continue
        _look(traces, app, f"{page} as {login}")
    assert traces.found == {}


@pytest.mark.parametrize("kind", list(kinds.KINDS))
def test_no_record_shows_anybody_in_full(
    populated: World, open_as: Callable[..., AppTest], traces: Traces, kind: str,
    count: Callable[[int, int], int],
) -> None:  # fmt: skip
    most, lookers = count(3, 1_000), LOOKERS[: count(2, len(LOOKERS))]
    rows = worlds.rows(populated, f"SELECT id FROM {kinds.KINDS[kind].table} ORDER BY id")
    for login in lookers:
        app = open_as(login)
        for row in rows[:most]:
            app.query_params["id"] = row["id"]
            app.switch_page("record.py").run()
            _look(traces, app, f"{row['id']} as {login}")
        app.query_params["kind"] = kind
        app.switch_page("records.py").run()
        _look(traces, app, f"list of {kind} as {login}")
    assert traces.found == {}


def _browser(populated: World, monkeypatch: pytest.MonkeyPatch, login: str) -> Any:
    visitor = web.browser(web.application(populated, monkeypatch))
    assert web.sign_in(visitor, login, worlds.PASSWORD).status_code == 303
    return visitor


@pytest.mark.parametrize("role", list(Role))
def test_no_file_shows_anybody_in_full(
    populated: World, traces: Traces, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    login = f"crawler-{role}"
    if login not in _logins(populated):
        worlds.staff(populated, role, login=login)
    # So many at once are no person's; how often one may ask is tested elsewhere.
    monkeypatch.setattr(report_files, "PACE", pace.Pace(each_minute={"address": 999}))
    visitor = _browser(populated, monkeypatch, login)
    begin, got = f"/w/{populated.id}", 0
    for place in (
        *(f"records/{kind}.{ending}" for kind in kinds.KINDS for ending in ("csv", "xlsx")),
        *(f"reports/{name}.csv" for name in catalog.NAMES),
    ):
        answer = visitor.get(f"{begin}/{place}")
        # 401: a password alone does not let administrators in.
        refused = (401, 403) if role is Role.ADMINISTRATOR else (403,)
        assert answer.status_code in (200, *refused), (place, answer.text[:200])
        got += answer.status_code == 200
        traces.look_at(answer.content, place)
    wide = {Role.LEAD, Role.AUDITOR, Role.FINANCE, Role.ACCOUNT_OFFICER}
    assert got > (10 if role in wide else -1)
    assert traces.found == {}


def test_no_file_of_a_bulk_act_shows_anybody_in_full(
    populated: World, traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"act": "suspend_certificates", "wanted": Chosen(), "given": Given()}
    maker = worlds.staff(populated, Role.AGENCY_REVIEWER)
    made = populated.engine.perform(bulk.freeze_certificates, given, actor=maker)
    worker.run_due(populated)
    worlds.staff(populated, Role.AUDITOR, login="crawler-bulk")
    visitor = _browser(populated, monkeypatch, "crawler-bulk")
    for ending in ("csv", "xlsx"):
        answer = visitor.get(f"/w/{populated.id}/bulk/{made.id}.{ending}")
        assert answer.status_code == 200, answer.text[:200]
        assert answer.content
        traces.look_at(answer.content, f"bulk act as {ending}")
    assert traces.found == {}


def test_no_file_of_the_platform_goes_to_staff_who_do_not_hold_its_case(
    populated: World, traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faces and papers are for whoever has the case; what else is served says nothing of anybody."""
    worlds.staff(populated, Role.AUDITOR, login="crawler-looker")
    visitor = _browser(populated, monkeypatch, "crawler-looker")
    for row in worlds.rows(populated, "SELECT id, media_type FROM blob"):
        answer = visitor.get(f"/w/{populated.id}/media/{row['id']}")
        assert answer.status_code in (200, 404)
        traces.look_at(answer.content, f"{row['media_type']} {row['id']}")
    assert traces.found == {}
