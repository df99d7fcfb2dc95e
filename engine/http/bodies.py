"""Reading a request's body without letting it grow beyond what is allowed."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request


async def read(request: Request, largest: int) -> bytes | None:
    """The body; None as soon as it is larger than `largest` bytes, or whoever sent it has gone."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        return None
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > largest:
                return None
            parts.append(part)
    except ClientDisconnect:
        # A page that was left while it asked something is no incident: nobody reads the answer.
        return None
    return b"".join(parts)
