"""The description of the JSON API is the table of routes, with types that are all defined."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import arguments, examples, lists, openapi, routes
from engine.kernel import errors
from tests.support import registering, web


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
    defined = set(told["components"]["schemas"]) | set(told["components"]["responses"])

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


@pytest.mark.row("API-1")
def test_the_description_is_openapi_3_1(visitor: TestClient) -> None:
    told = visitor.get("/api/openapi.json").json()
    assert [str(one) for one in OpenAPIV31SpecValidator(told).iter_errors()] == []
    names = [one["operationId"] for item in told["paths"].values() for one in item.values()]
    assert len(names) == len(set(names))
    assert {tag["name"] for tag in told["tags"]} == {name.split(".")[0] for name in routes.BY_NAME}


@pytest.mark.row("API-1")
def test_every_example_is_taken(visitor: TestClient) -> None:
    told = visitor.get("/api/openapi.json").json()["paths"]
    for route in routes.ROUTES:
        content = told[route.path]["post"]["requestBody"]["content"]["application/json"]
        arguments.parse(route.function, content["example"], lists.wanted(route))


@pytest.mark.row("API-1")
def test_every_refusal_has_its_title_in_both_languages(visitor: TestClient) -> None:
    told = visitor.get("/api/openapi.json").json()
    named = {
        code
        for item in told["paths"].values()
        for one in item.values()
        for code in one["x-refusals"]
    }
    assert named == set(told["x-refusals"])
    for code, one in told["x-refusals"].items():
        assert one["status"] == errors.type_of_code[code].http_status
        assert any("\u4e00" <= sign <= "\u9fff" for sign in one["title"]["zh_CN"]), code


@pytest.mark.row("API-1")
def test_nobody_is_let_in_without_the_session_that_an_operation_needs(
    world: World, visitor: TestClient
) -> None:
    asked = registering.ask_for_code(world, "13900139000")
    person = f"Bearer {registering.enter_code(world, asked).token}"
    needing = [one for one in routes.ROUTES if one.who in ("person", "mall", "staff")]
    assert len(needing) > 300
    for route in needing:
        given = examples.of_model(openapi.takes(route))
        for authorization in ("", "Bearer nothing", person):
            if route.who == "person" and authorization == person:
                continue
            headers = {"authorization": authorization} if authorization else {}
            answer = visitor.post(route.path, json=given, headers=headers)
            assert answer.status_code == 401, route.name
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.row("API-1")
def test_the_description_travels_packed_and_once(visitor: TestClient) -> None:
    answer = visitor.get("/api/openapi.json", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 300_000
    again = visitor.get("/api/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.row("API-1")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_description_and_its_page_are_for_reading(visitor: TestClient, method: str) -> None:
    for path in ("/api/openapi.json", "/api/docs"):
        answer = visitor.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert answer.json()["code"] == "http.method_not_allowed"


@pytest.mark.row("API-1")
def test_its_page_fetches_nothing_from_outside(visitor: TestClient) -> None:
    page = visitor.get("/api/docs", headers=web.HTML)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    for source in (web.ROOT / "pages" / "apps" / "docs").iterdir():
        assert not re.search(r"https?:|@import|[^c]url\(|src=", source.read_text(encoding="utf-8"))
