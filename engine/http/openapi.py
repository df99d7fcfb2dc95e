"""The JSON API's description, OpenAPI 3.1, from the very table and types that serve it."""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib
import inspect
import json
import tomllib
from typing import Any

from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine import boot
from engine.http import addresses, app_files, arguments, beside, examples, lists, refusals, routes
from engine.http import openapi_parts as parts
from engine.http.offering import offered
from engine.kernel import catalog

_PACKAGES = {"desk": "engine.reviewing", "states": "simulations.states"}
_REFERENCE = "#/components/schemas/{model}"


def takes(route: routes.Route) -> Any:
    """The model of what the API takes for an operation."""
    return arguments.model_of(route.function, lists.wanted(route))


def gives(route: routes.Route) -> TypeAdapter[Any]:
    """The adapter of what the API answers for an operation."""
    if lists.keyed(route):
        return TypeAdapter(lists.page_type(route.function))
    return arguments.result_adapter(route.function)


def _schemas() -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """(operation, `in` or `out`) → schema, and what they refer to.

    All are made at once, so that two types of one name in different stages get names of their own.
    """
    asked: list[tuple[Any, Any, TypeAdapter[Any]]] = []
    for route in offered():
        asked.append(((route.name, "in"), "validation", TypeAdapter(takes(route))))
        asked.append(((route.name, "out"), "serialization", gives(route)))
    found, shared = TypeAdapter.json_schemas(asked, ref_template=_REFERENCE)
    told: tuple[dict[tuple[str, str], Any], dict[str, Any]] = _plain(
        ({key: schema for (key, _), schema in found.items()}, shared.get("$defs", {}))
    )
    return told


def _plain(schema: Any) -> Any:
    """A schema without `prefixItems`, which many readers do not know: each item is one of their kinds."""
    if isinstance(schema, tuple):
        return tuple(_plain(one) for one in schema)
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _plain(one) for name, one in schema.items()}
    kinds = found.pop("prefixItems", None)
    if isinstance(kinds, list) and kinds:
        same = [one for place, one in enumerate(kinds) if one not in kinds[:place]]
        found["items"] = same[0] if len(same) == 1 else {"anyOf": same}
    elif kinds is not None:
        found["prefixItems"] = kinds
    return found


@functools.cache
def _in_chinese() -> dict[str, str]:
    """What each operation does, in Chinese: apart from the screens' texts, which every browser loads."""
    text = (catalog.DATA / "api" / "summaries.toml").read_text(encoding="utf-8")
    stages = tomllib.loads(text).items()
    return {f"{stage}.{name}": said for stage, found in stages for name, said in found.items()}


def _told(route: routes.Route) -> str:
    """What a function says of itself, without what follows from the tables already."""
    lines = (inspect.getdoc(route.function) or route.note).strip()
    said = [lines.split("Raises:")[0].split("Emits:")[0].strip()]
    if getattr(route.function, "unstored", False):
        said.append(parts.UNSTORED)
    return "\n\n".join(one for one in said if one)


def _common(route: routes.Route) -> dict[str, Any]:
    return {
        "summary": route.note,
        "x-summary-zh": _in_chinese().get(route.name, route.note),
        "description": _told(route),
        "tags": [route.name.split(".")[0]],
        "security": parts.SECURITY[route.who],
        "x-who": route.who,
        "x-refusals": sorted(code for codes in refusals.of(route).values() for code in codes),
    }


def _post(route: routes.Route, body: Any, result: Any, answers: dict[str, Any]) -> dict[str, Any]:
    example = examples.of_model(takes(route))
    taken = {"application/json": {"schema": body, "example": example}}
    operation = {
        "operationId": route.name,
        **_common(route),
        "requestBody": {"required": True, "content": taken},
        "responses": parts.responses(route, result, answers),
    }
    # What stands beside the table is several acts, and repeating it repeats them.
    if route.changes and route.name not in beside.OFFERED:
        operation["parameters"] = [parts.KEY, parts.IF_MATCH]
    return operation


def _get(
    route: routes.Route,
    body: Any,
    result: Any,
    answers: dict[str, Any],
    shared: dict[str, Any],
) -> dict[str, Any]:
    if "$ref" in body:
        body = shared[body["$ref"].rsplit("/", 1)[-1]]
    required = set(body.get("required", ()))
    asked = [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in body.get("properties", {}).items()
    ]
    return {
        "operationId": f"{route.name}.get",
        **_common(route),
        "parameters": [*asked, parts.IF_NONE_MATCH],
        "responses": parts.responses(route, result, answers, by_get=True),
    }


def _tags() -> list[dict[str, str]]:
    """The stages, each with what it says of itself."""
    found = []
    for stage in dict.fromkeys(route.name.split(".")[0] for route in offered()):
        package = _PACKAGES.get(stage, f"engine.{stage}")
        told = (inspect.getdoc(importlib.import_module(package)) or stage).split("\n")[0]
        found.append({"name": stage, "description": told})
    return found


@functools.cache
def description() -> dict[str, Any]:
    """The API as OpenAPI 3.1."""
    schemas, shared = _schemas()
    paths: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    for route in offered():
        taken, given = schemas[route.name, "in"], schemas[route.name, "out"]
        paths[route.path] = {"post": _post(route, taken, given, answers)}
        if addresses.by_get(route):
            paths[route.path]["get"] = _get(route, taken, given, answers, shared)
    told = sorted(
        {code for route in offered() for one in refusals.of(route).values() for code in one}
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Yinxin",
            "version": boot.tables.ENGINE_VERSION,
            "description": parts.ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": _tags(),
        "paths": paths,
        "components": {
            "schemas": {**shared, "Refusal": parts.REFUSAL},
            "responses": answers,
            "securitySchemes": parts.SCHEMES,
        },
        "x-refusals": {code: refusals.described(code) for code in sorted(told)},
    }


@functools.cache
def _content() -> tuple[bytes, bytes, str]:
    content = json.dumps(description(), ensure_ascii=False, separators=(",", ":")).encode()
    return content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:32]


async def serve(request: Request) -> Response:
    """GET /api/openapi.json."""
    content, packed, digest = await run_in_threadpool(_content)
    takes_gzip = app_files.takes_gzip(request)
    # Packed bytes are another representation (RFC 9110 8.8.1).
    tag = f'W/"{digest}"' if takes_gzip else f'"{digest}"'
    headers = {"etag": tag, "cache-control": "public, no-cache", "vary": "Accept-Encoding"}
    asked = request.headers.get("if-none-match", "")
    if f'"{digest}"' in (one.strip().removeprefix("W/") for one in asked.split(",")):
        return Response(status_code=304, headers=headers)
    if takes_gzip:
        headers["content-encoding"] = "gzip"
    content = packed if takes_gzip else content
    return Response(content, media_type="application/json", headers=headers)
