"""Pages of a list by key: everything once, whatever is added in between; bounded; strict (API-1)."""

from __future__ import annotations

import base64
import inspect
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import lists
from engine.http.routes import BY_NAME
from engine.kernel import actors, paging
from engine.messaging import actions as messaging
from tests.support import api_fuzzing, registering, web, worlds

pytestmark = pytest.mark.row("API-1")


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> api_fuzzing.Stage:
    found = api_fuzzing.stage()
    found.app = web.application(found.world, monkeypatch)
    return found


def _page(visitor: TestClient, path: str, headers: dict[str, str], **wanted: Any) -> Any:
    answer = visitor.post(f"/api/v1/{path}", json=wanted, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _items(visitor: TestClient, name: str, headers: dict[str, str], wanted: Any) -> list[Any]:
    """What a paged list has, the same in pages of every size; nothing where it is refused."""
    path = BY_NAME[name].path.removeprefix("/api/v1/")
    answer = visitor.post(f"/api/v1/{path}", json={**wanted, "limit": 200}, headers=headers)
    if answer.status_code != 200:
        return []
    whole = answer.json()
    assert whole["next"] is None
    for size in (1, 2, 3):
        found, after = [], None
        while True:
            page = _page(visitor, path, headers, **wanted, limit=size, after=after)
            assert len(page["items"]) <= size
            found += page["items"]
            after = page["next"]
            if after is None:
                break
        assert found == whole["items"], name
    return list(whole["items"])


def test_every_paged_list_of_a_person_comes_whole_in_pages_of_any_size(
    stage: api_fuzzing.Stage,
) -> None:
    visitor, person = web.browser(stage.app), stage.people[0]
    ids = {"enterprise_id": person.enterprise_id, "seal_id": person.know_seal()}
    told: set[str] = set()
    for name in lists.KEYED:
        route = BY_NAME[name]
        if route.who in ("person", "mall"):
            needs = set(inspect.signature(route.function).parameters) & ids.keys()
            wanted = {one: ids[one] for one in needs}
            told |= {name} if _items(visitor, name, stage.headers(route), wanted) else set()
    assert len(told) > 10


def test_every_paged_list_of_the_staff_comes_whole_in_pages_of_any_size(
    stage: api_fuzzing.Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = TestClient(api_fuzzing.application(stage, monkeypatch), base_url=web.ORIGIN)
    told: set[str] = set()
    for name in (one for one in lists.KEYED if BY_NAME[one].who == "staff"):
        for seed in range(3):
            route = BY_NAME[name]
            headers = stage.headers(route)
            told |= {name} if _items(visitor, name, headers, stage.filled(route, seed)) else set()
    assert told >= {"bulk.listed", "incidents.incidents", "integrating.deliveries"}
    print(sorted(told))


def test_what_is_added_in_between_neither_repeats_nor_hides(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = web.browser(web.application(world, monkeypatch))
    asked = registering.ask_for_code(world, "13800138000")
    token = registering.enter_code(world, asked).token
    account_id = worlds.rows(world, "SELECT id FROM account")[0]["id"]
    headers = {"authorization": f"Bearer {token}"}

    def add(count: int) -> None:
        for _ in range(count):
            world.engine.parts.clock.advance(1)  # type: ignore[attr-defined]
            world.engine.perform(
                messaging.notify,
                {"account_id": account_id, "kind": "account.frozen", "subject": "x"},
                actor=actors.System(job="test"),
            )

    add(7)
    there = {one["id"] for one in _page(visitor, "messaging/mine", headers)["items"]}
    seen, after = [], None
    while True:
        page = _page(visitor, "messaging/mine", headers, limit=2, after=after)
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
        add(1)
    assert len(seen) == len(set(seen))
    assert set(seen) == there


@pytest.mark.parametrize(
    "wanted",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": -1},
        {"limit": "5"},
        {"limit": 1.5},
        {"limit": True},
        {"after": ""},
        {"after": "x"},
        {"after": "W10"},
        {"after": 5},
        {"after": base64.urlsafe_b64encode(json.dumps([1]).encode()).decode()},
        {"after": base64.urlsafe_b64encode(json.dumps(["a", "b"]).encode()).decode()},
        {"after": base64.urlsafe_b64encode(json.dumps(["a\0"]).encode()).decode()},
        {"after": base64.urlsafe_b64encode(b"[" * 100_000).decode()},
    ],
)
def test_a_page_that_cannot_be_is_refused(stage: api_fuzzing.Stage, wanted: dict[str, Any]) -> None:
    headers = stage.headers(BY_NAME["ordering.mine"])
    answer = web.browser(stage.app).post("/api/v1/ordering/mine", json=wanted, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] in ("http.argument_invalid", "http.after_invalid")


@given(st.lists(st.one_of(st.integers(0, 2**63 - 1), st.text("abc_0123456789")), max_size=3))
def test_a_key_is_read_as_it_was_written(key: list[Any]) -> None:
    assert lists.read(lists.written(key), [type(one) for one in key]) == tuple(key)


def test_a_window_reads_no_more_than_its_page() -> None:
    """Every question with a window, of the lists that grow most, has its limit in the database."""
    windowed = {name for name in lists.KEYED if lists.takes_window(BY_NAME[name].function)}
    assert windowed >= {
        *("ordering.mine", "issuing.mine", "sealing.of_enterprise", "signing.rows"),
        *("invoicing.mine", "messaging.mine", "mall.my_orders", "registration.archives"),
        *("registration.my_claims", "sealing.my_seals", "sealing.uses", "staffing.history"),
    }
    part, values = paging.clause(paging.Window(limit=3, after=("a", 7)), ("x", "id"))
    assert part == " AND (x, id) < (?, ?) ORDER BY x DESC, id DESC LIMIT ?"
    assert values == ("a", 7, 3)
