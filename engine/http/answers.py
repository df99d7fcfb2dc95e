"""What the JSON API answers: the same bytes for the same result, and a tag to know it again by.

A tag has two parts, `"<number>.<digest>"`. The number is that of the newest event of the record that was
asked about (0 where a question is about none), so that an act can be tied to what its caller saw; the
digest is of the answer itself, because an answer also changes with the clock and with who asks.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.http import arguments
from engine.kernel import errors, events
from engine.kernel.reader import Reader

_ID = re.compile(r"[a-z]{3}_[0-9a-v]{26}")
_TAG = re.compile(r'"([0-9]{1,15})\.[0-9a-f]{32}"')
# Facts about these records are facts of others too, which their rows name.
_ALSO: Mapping[str, str] = {
    "crt": "SELECT pair_id AS id FROM certificate WHERE id = ? AND pair_id IS NOT NULL",
    "sea": "SELECT id FROM seal_filing WHERE seal_id = ?",
}


class Changed(errors.Conflict):
    """This has changed since you looked at it. Look again and repeat."""

    http_status = 412


class TagInvalid(errors.InvalidInput):
    """If-Match takes the ETag of an answer about the record that the act is on."""


class NoRecordHere(errors.InvalidInput):
    """If-Match has no meaning here: the act is on no record that has a number yet."""


def body(value: Any) -> bytes:
    """A result as the API sends it: keys in order, so that a repetition is the same byte for byte."""
    plain = arguments.to_json(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def record_of(function: Callable[..., Any], given: Mapping[str, Any]) -> str | None:
    """The record that an act or a question is about: its first argument that is a record's id, or None."""
    for name in inspect.signature(function).parameters:
        value = given.get(name)
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
    return None


def newest(q: Reader, record_id: str) -> int:
    """The number of the newest event of a record."""
    also = _ALSO.get(record_id[:3])
    more = [] if also is None else [row["id"] for row in q.rows(also, (record_id,))]
    return events.newest_of(q.connection, (record_id, *more))


def tag(content: bytes, number: int) -> str:
    """The ETag of an answer."""
    return f'"{number}.{hashlib.sha256(content).hexdigest()[:32]}"'


def condition(
    request: Request, function: Callable[..., Any], given: Mapping[str, Any]
) -> Callable[[Reader], None] | None:
    """What `If-Match` asks of an act: that its record has no newer event than the caller has seen.

    Raises: TagInvalid, NoRecordHere.
    """
    asked = request.headers.get("if-match")
    if asked is None:
        return None
    found = [_TAG.fullmatch(one.strip()) for one in asked.split(",")]
    if not all(found):
        raise TagInvalid(field="If-Match")
    record_id = record_of(function, given)
    if record_id is None:
        raise NoRecordHere(field="If-Match")
    seen = {int(one.group(1)) for one in found if one is not None}

    def unchanged(q: Reader) -> None:
        if newest(q, record_id) not in seen:
            raise Changed()

    return unchanged


def answered(request: Request, content: bytes, number: int) -> Response:
    """An answer to a question, or 304 where a GET's reader has it already."""
    known = tag(content, number)
    headers = {"etag": known, "cache-control": "no-store"}
    if request.method in ("GET", "HEAD"):
        # Whoever asked may keep it, and asks each time whether it still holds.
        headers |= {"cache-control": "private, no-cache", "vary": "Authorization, Cookie"}
        asked = request.headers.get("if-none-match", "")
        if asked == "*" or known in (one.strip().removeprefix("W/") for one in asked.split(",")):
            return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def done(content: bytes) -> Response:
    """What came of an act."""
    return Response(content, media_type="application/json", headers={"cache-control": "no-store"})
