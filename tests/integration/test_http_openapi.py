"""The description of the JSON API is the table of routes, with types that are all defined."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import routes
from tests.support import web


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def test_the_description_lists_every_route_with_its_types(visitor: TestClient) -> None:
    told = visitor.get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {route.path for route in routes.ROUTES}
    for item in told["paths"].values():
        body = item["post"]["requestBody"]["content"]["application/json"]["schema"]
        if "$ref" in body:
            body = told["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
        assert body["additionalProperties"] is False


def test_the_description_refers_to_nothing_that_it_does_not_define(visitor: TestClient) -> None:
    told = visitor.get("/api/openapi.json").json()
    defined = set(told["components"]["schemas"])

    def referred(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"].rsplit("/", 1)[-1]} if "$ref" in value else set()
            return own.union(*(referred(item) for item in value.values()))
        if isinstance(value, list):
            return set().union(*(referred(item) for item in value))
        return set()

    assert referred(told["paths"]) | referred(told["components"]) <= defined


def test_types_of_one_name_in_two_stages_keep_their_own_description(visitor: TestClient) -> None:
    schemas = visitor.get("/api/openapi.json").json()["components"]["schemas"]
    lines = {
        frozenset(schema["properties"])
        for name, schema in schemas.items()
        if re.fullmatch(r"\w+__model__(\w+__)?Line(-\w+)?", name)
    }
    assert {"name", "unit", "quantity", "unit_price_fen"} in lines
    assert len(lines) == 2


def test_no_two_rows_share_a_name_or_an_address() -> None:
    assert len(routes.BY_NAME) == len(routes.ROUTES)
    assert len({route.path for route in routes.ROUTES}) == len(routes.ROUTES)
