"""The JSON API's description, OpenAPI 3.1, from the very table and types that serve it."""

from __future__ import annotations

import functools
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine import boot
from engine.http import arguments, beside, identity, lists, routes
from engine.http.offering import offered

_REFERENCE = "#/components/schemas/{model}"
_PROBLEM = {
    "type": "object",
    "required": ["code", "status"],
    "properties": {
        "type": {"type": "string"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "field": {"type": "string"},
        "params": {"type": "object"},
        "incident": {"type": "string"},
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
}
_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "person": [{"bearer": []}],
    "mall": [{"bearer": []}],
    "staff": [{"staff": []}],
}


def _schemas() -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """(operation, `in` or `out`) → schema, and what they refer to.

    All are made at once, so that two types of one name in different stages get names of their own.
    """
    asked: list[tuple[Any, Any, TypeAdapter[Any]]] = []
    for route in offered():
        model = arguments.model_of(route.function, lists.wanted(route))
        asked.append(((route.name, "in"), "validation", TypeAdapter(model)))
        if lists.keyed(route):
            adapter = TypeAdapter(lists.page_type(route.function))
        else:
            adapter = arguments.result_adapter(route.function)
        asked.append(((route.name, "out"), "serialization", adapter))
    found, shared = TypeAdapter.json_schemas(asked, ref_template=_REFERENCE)
    return {key: schema for (key, _), schema in found.items()}, shared.get("$defs", {})


def _content(media_type: str, schema: Any) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


def _operation(route: routes.Route, body: Any, result: Any) -> dict[str, Any]:
    refused = _content("application/problem+json", {"$ref": "#/components/schemas/Problem"})
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.note,
        "tags": [route.name.split(".")[0]],
        "requestBody": {"required": True, **_content("application/json", body)},
        "responses": {
            "200": {"description": "Done", **_content("application/json", result)},
            "default": {"description": "Refused", **refused},
        },
    }
    # What stands beside the table is several acts, and repeating it repeats them.
    if route.changes and route.name not in beside.OFFERED:
        operation["parameters"] = [_KEY]
    if route.who in _SECURITY:
        operation["security"] = _SECURITY[route.who]
    return operation


@functools.cache
def description() -> dict[str, Any]:
    """The API as OpenAPI 3.1."""
    schemas, shared = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Yinxin", "version": boot.tables.ENGINE_VERSION},
        "paths": {
            route.path: {
                "post": _operation(route, schemas[route.name, "in"], schemas[route.name, "out"])
            }
            for route in offered()
        },
        "components": {
            "schemas": {**shared, "Problem": _PROBLEM},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "staff": {"type": "apiKey", "in": "cookie", "name": identity.COOKIE},
            },
        },
    }


async def serve(request: Request) -> Response:
    """GET /api/openapi.json."""
    return JSONResponse(description())
