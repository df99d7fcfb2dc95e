"""Files of a run that somebody looks at: for staff with the right of runs, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.boot import World, tables
from engine.staffing.model import Role
from simulations import opening
from tests.support import kept_run, web, worlds


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


@pytest.fixture
def opened() -> Iterator[World]:
    yield opening.open_read_only(Path(kept_run.folder()))
    opening.close_all()


def licence(run: World) -> str:
    with run.engine.reader(tables.INSIDE) as q:
        [row] = q.rows("SELECT papers FROM enterprise_claim ORDER BY id LIMIT 1")
        papers = str(row["papers"])
        [found, *_] = [r["id"] for r in q.rows("SELECT id FROM blob") if r["id"] in papers]
    return str(found)


def signed_in(world: World, visitor: TestClient, role: Role) -> None:
    worlds.staff(world, role, login="somebody")
    assert web.sign_in(visitor, "somebody", worlds.PASSWORD).status_code == 303


@pytest.mark.row("SIM-8")
def test_papers_of_a_run_open_for_who_may_look_at_runs(
    world: World, visitor: TestClient, opened: World
) -> None:
    path = f"/w/{opened.id}/media/{licence(opened)}"
    assert visitor.get(path).status_code == 401
    signed_in(world, visitor, Role.QA)
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    # Their own world shows them no more than before.
    assert visitor.get(f"/w/{world.id}/media/{licence(opened)}").status_code == 404


@pytest.mark.row("SIM-8")
@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMINISTRATOR, Role.ENTERPRISE_REVIEWER])
def test_papers_of_a_run_open_for_nobody_else(
    world: World, visitor: TestClient, opened: World, role: Role
) -> None:
    signed_in(world, visitor, role)
    assert visitor.get(f"/w/{opened.id}/media/{licence(opened)}").status_code in (401, 404)
    assert visitor.get(f"/w/{opened.id}/reports/people.csv").status_code in (401, 404)


@pytest.mark.row("SIM-8")
def test_the_public_services_of_a_run_are_closed(
    world: World, visitor: TestClient, opened: World
) -> None:
    signed_in(world, visitor, Role.QA)
    for path in ("crl/dongfang.crl", "ca/dongfang.cer", "trust-list.p7m"):
        assert visitor.get(f"/w/{opened.id}/{path}").status_code == 404
    report = visitor.get(f"/w/{opened.id}/reports/people.csv")
    assert report.status_code == 200
    assert visitor.get(f"/w/{opened.id}-other/reports/people.csv").status_code == 404
