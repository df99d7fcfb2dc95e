"""What the descriptions of all operations have in common: headers, security, refusals, the introduction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from engine.http import beside, identity, refusals, routes

ABOUT = """\
Everything that the phone app, the trading platforms' pages and the review desk do, over HTTP.

**Calls.** Every operation takes a JSON object by POST; a question whose arguments are ids and choices can
be asked by GET too. Bytes are base64, times are UTC milliseconds, money is in fen.

**Who calls.** People and mall accounts send `Authorization: Bearer` with the token of their session;
machines send theirs (`ymt_…`); staff in a browser send the console's cookie from our own origin.

**Once.** An act takes an `Idempotency-Key`, which counts for its caller and this operation for 72 hours.
The same key with the same body gets the stored answer, byte for byte, refusals that were recorded
included, with `Idempotent-Replayed: true`; with another body it is refused (`kernel.key_reused`). A second
request while the first still runs waits for it.

**Refusals** are `application/problem+json` with a stable `code`. Branch on the code, never on the title.

**Pages.** A list that grows takes `limit` and `after`, and answers `items` and `next`: what `next` says is
the next page's `after`, and null is the end.

**What was seen.** An answer has an `ETag`. GET with `If-None-Match` gets 304 where nothing changed. An act
with `If-Match` is refused with 412 (`http.changed`) where its record has a newer event than that answer
told.
"""
UNSTORED = (
    "What it returns is shown once and never kept: repeated with the same key it is done once more, and"
    " that is an event of its own."
)
REFUSAL: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "code", "title", "status", "params", "instance"],
    "properties": {
        "type": {"type": "string", "description": "`urn:yinxin:error:` and the code"},
        "code": {"type": "string", "description": "Stable: branch on it"},
        "title": {"type": "string", "description": "For a person, in the language asked for"},
        "status": {"type": "integer"},
        "field": {"type": "string", "description": "The argument that is wrong, if one is"},
        "params": {
            "type": "object",
            "additionalProperties": {"type": ["string", "integer"]},
            "description": "What the title was filled with",
        },
        "instance": {"type": "string", "description": "The address that was called"},
        "incident": {"type": "string", "description": "Of a fault of ours: the id to quote"},
    },
    "additionalProperties": False,
    "examples": [
        {
            "type": "urn:yinxin:error:kernel.not_found",
            "code": "kernel.not_found",
            "title": "There is no such order.",
            "status": 404,
            "params": {"what": "order"},
            "instance": "/api/v1/ordering/order",
        }
    ],
}
KEY: Mapping[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Names this act; a UUID will do. Kept for 72 hours.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]+$"},
    "example": "6f0d6a1e-9f0e-4a57-9a53-0c9a3c1b7f11",
}
_TAG = r'^"[0-9]{1,15}\.[0-9a-f]{32}"$'
IF_MATCH: Mapping[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of an answer about this act's record: 412 where it has changed since.",
    "schema": {"type": "string", "pattern": _TAG},
}
IF_NONE_MATCH: Mapping[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an answer that you have: 304 where it still holds.",
    "schema": {"type": "string"},
}
SCHEMES: Mapping[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a person's or a mall account's session",
    },
    "machine": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ymt_…",
        "description": "A machine's token, within its scopes",
    },
    "staff": {
        "type": "apiKey",
        "in": "cookie",
        "name": identity.COOKIE,
        "description": "The console's cookie, from our own origin (`__Host-` before it over TLS)",
    },
}
SECURITY: Mapping[str, list[dict[str, list[str]]]] = {
    "anybody": [{}],
    "person": [{"bearer": []}],
    "mall": [{"bearer": []}],
    "staff": [{"machine": []}, {"staff": []}],
    # A notice is signed in its body.
    "machine": [{}],
}
_ETAG = {"description": "Knows this answer again", "schema": {"type": "string", "pattern": _TAG}}
_REPLAYED = {
    "description": "`true` where the act was done before by this key",
    "schema": {"type": "string", "const": "true"},
}
_RETRY = {
    "description": "Seconds after which to try again",
    "schema": {"type": "integer", "minimum": 0},
}


def _refused(status: int, codes: tuple[str, ...]) -> dict[str, Any]:
    """The refusals of one status."""
    told = {"code": {"enum": list(codes)}, "status": {"const": status}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Refusal"}, {"properties": told}]}
    found: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in (425, 429, 503):
        found["headers"] = {"Retry-After": _RETRY}
    return found


def shared(by_name: dict[str, Any], status: int, codes: tuple[str, ...]) -> dict[str, str]:
    """A reference to the refusals of one status, which many operations have the same."""
    digest = hashlib.sha256(" ".join(codes).encode()).hexdigest()[:10]
    name = f"Refused{status}-{digest}"
    by_name.setdefault(name, _refused(status, codes))
    return {"$ref": f"#/components/responses/{name}"}


def responses(
    route: routes.Route, result: Any, by_name: dict[str, Any], *, by_get: bool = False
) -> dict[str, Any]:
    """What an operation answers, by status; `by_name` gathers what operations share."""
    done: dict[str, Any] = {
        "description": "Done" if route.changes else "The answer",
        "content": {"application/json": {"schema": result}},
    }
    if route.name not in beside.OFFERED:
        stored = not getattr(route.function, "unstored", False)
        if not route.changes:
            done["headers"] = {"ETag": _ETAG}
        elif stored:
            done["headers"] = {"Idempotent-Replayed": _REPLAYED}
    found: dict[str, Any] = {"200": done}
    if by_get:
        found["304"] = {"description": "The reader has it already", "headers": {"ETag": _ETAG}}
    for status, codes in refusals.of(route).items():
        found[str(status)] = shared(by_name, status, codes)
    found["500"] = shared(by_name, 500, ("unexpected",))
    return found
