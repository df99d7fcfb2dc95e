"""Reading a request's body without letting it grow beyond what is allowed."""

from __future__ import annotations

from starlette.requests import Request


async def read(request: Request, largest: int) -> bytes | None:
    """The body, or None as soon as it is larger than `largest` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)
