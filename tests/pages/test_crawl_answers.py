"""PI-3: no answer of the JSON API shows a protected value in full, to whichever role or machine asks."""

from __future__ import annotations

import dataclasses
import random
import types
from collections import Counter
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from engine.boot import World, tables
from engine.http import routes
from engine.http.offering import offered
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from simulations.people import Identity
from tests.property.filling import Filling
from tests.support import api_fuzzing, machines, personal, web, worlds
from tests.support.line import identity
from tests.support.traces import Traces

pytestmark = pytest.mark.row("SEC-1", "API-1", "S-PI-3")
QUESTIONS = [one for one in offered() if one.who == "staff" and not one.changes]


@pytest.fixture(scope="module")
def traces(populated: World) -> Traces:
    found = Traces(personal.values(populated))
    assert len(found.values) > 40
    return found


def _known(world: World) -> Identity:
    """An identity with the phone of somebody who is there: what is looked for by it is found."""
    values = sorted(personal.values(world))
    phone = next(one for one in values if len(one) == 11 and one.isdigit())
    number = next(one for one in values if len(one) == 18)
    return dataclasses.replace(identity(0), phone=phone, resident_id=number)


def _filling(world: World, seed: int, member: str) -> Filling:
    who = types.SimpleNamespace(
        identity=_known(world), enterprise_id="", mall_account_id="", order_id=""
    )
    return Filling(world, random.Random(seed), who, [who], member)  # type: ignore[arg-type,list-item]


def _ask_all(
    world: World, traces: Traces, asker: str, send: Callable[..., object], member: str, seeds: int
) -> Counter[int]:
    """Every question of the staff's, and what was answered."""
    told: Counter[int] = Counter()
    for route in QUESTIONS:
        for seed in range(seeds):
            answer = send(route, _filling(world, seed, member).given(route))
            assert answer.status_code != 500, (route.name, answer.text)  # type: ignore[attr-defined]
            told[answer.status_code] += 1  # type: ignore[attr-defined]
            traces.look_at(answer.content, f"{route.name} as {asker}")  # type: ignore[attr-defined]
    return told


@pytest.mark.parametrize("role", list(Role))
def test_no_answer_to_staff_shows_anybody_in_full(
    populated: World, traces: Traces, monkeypatch: pytest.MonkeyPatch, role: Role,
    count: Callable[[int, int], int],
) -> None:  # fmt: skip
    member = worlds.staff(populated, role, login=f"asker-{role}").staff_id
    on = api_fuzzing.Stage(world=populated, people=[], members=(member, member))
    visitor = TestClient(api_fuzzing.application(on, monkeypatch), base_url=web.ORIGIN)
    found = populated.engine.ask(staffing.actor, tables.INSIDE, member)
    assert found is not None
    # With the second factor just given: what it alone keeps back would be looked at too.
    on.staff[0] = dataclasses.replace(found, second_factor_at=populated.engine.now())

    def send(route: routes.Route, given: dict[str, object]) -> object:
        return visitor.post(route.path, json=given, headers={"origin": web.ORIGIN})

    told = _ask_all(populated, traces, role, send, member, count(2, 40))
    print(f"\n{role}: {dict(told)} over {len(QUESTIONS)} questions")
    assert told[200] > len(QUESTIONS) / 10
    assert traces.found == {}


def test_no_answer_to_a_machine_shows_anybody_in_full(
    populated: World, traces: Traces, monkeypatch: pytest.MonkeyPatch,
    count: Callable[[int, int], int],
) -> None:  # fmt: skip
    office = machines.office(populated)
    told: Counter[int] = Counter()
    visitor = TestClient(
        api_fuzzing.application(
            api_fuzzing.Stage(world=populated, people=[], members=("", "")), monkeypatch
        ),
        base_url=web.ORIGIN,
    )
    for role in (Role.AUDITOR, Role.LEAD, Role.FINANCE):
        client = office.client(name=role, role=str(role))
        bearer = {"authorization": f"Bearer {office.token(client).token}"}

        def send(
            route: routes.Route, given: dict[str, object], bearer: dict[str, str] = bearer
        ) -> object:
            return visitor.post(route.path, json=given, headers=bearer)

        told += _ask_all(populated, traces, f"machine {role}", send, "", count(2, 40))
    assert told[200] > len(QUESTIONS) / 10
    assert traces.found == {}
