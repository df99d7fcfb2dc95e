"""What caches between us and a reader may keep, and for how long (RFC 9110 8.8, RFC 9111, RFC 5019 6).

Dates in headers are the machine's, as the `Date` beside them is: in a world whose clock was moved they are
moved back by as much, so that ages come out right.
"""

from __future__ import annotations

import datetime
import email.utils
import hashlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from engine.kernel import clock

# Two readings of one clock are never further apart; more than that is a clock that was moved.
_SAME_CLOCK_MS = 5 * clock.SECOND
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Bytes that somebody may keep, made at an instant and good until another (UTC milliseconds).

    `tag` tells them from others; worked out where it is not given.
    """

    content: bytes
    media_type: str
    made_at: int
    until: int
    name: str = ""
    tag: str = ""


def answer(request: Request, kept: Kept, *, now: int) -> Response:
    """The bytes, or 304 where the reader has them already; `now` is the world's clock."""
    moved = clock.SystemClock().now_ms() - now
    if abs(moved) < _SAME_CLOCK_MS:
        moved = 0
    seconds = max(0, (kept.until - now) // clock.SECOND)
    made = (kept.made_at + moved) // clock.SECOND
    tag = f'"{kept.tag or hashlib.sha256(kept.content).hexdigest()[:32]}"'
    headers = {
        "cache-control": f"public, max-age={seconds}, no-transform, must-revalidate",
        "etag": tag,
        "last-modified": _date(made),
        "expires": _date((now + moved) // clock.SECOND + seconds),
    }
    if _has(request, tag, made):
        return Response(status_code=304, headers=headers)
    if kept.name:
        headers["content-disposition"] = f'attachment; filename="{kept.name}"'
    return Response(kept.content, media_type=kept.media_type, headers=headers)


def _date(seconds: int) -> str:
    return email.utils.format_datetime(clock.to_datetime(seconds * 1000), usegmt=True)


def _has(request: Request, tag: str, made: int) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is not None:
        tags = [one.strip().removeprefix("W/") for one in asked.split(",")]
        return "*" in tags or tag in tags
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        known = email.utils.parsedate_to_datetime(since)
    except (TypeError, ValueError):
        # RFC 9110 13.1.3: a date that cannot be read is ignored.
        return False
    if known.tzinfo is None:
        known = known.replace(tzinfo=datetime.UTC)
    return made * 1000 <= clock.from_datetime(known)
