"""The console's own scripts and styles, packed: Streamlit sends them as they are, 4.5 MB for a first page.

Each is packed once and kept; whoever takes no gzip, or asks for a part, gets Streamlit's own answer.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.http import app_files

_PREFIX = "/static/"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}


class Packed:
    """Serves Streamlit's files below `/static/` packed; `folder` is where they lie."""

    def __init__(self, app: Callable[..., Any], folder: Path) -> None:
        self.app = app
        self.folder = folder.resolve()
        # They belong to an installed package: nothing changes while the process runs.
        self._packed = functools.lru_cache(maxsize=1024)(self._pack)

    def _pack(self, name: str) -> bytes | None:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            return None
        return gzip.compress(path.read_bytes(), 9, mtime=0)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer for a file that is packed; pass everything else on."""
        answer = await self._answer(Request(scope)) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        name = request.scope["path"].removeprefix(_PREFIX)
        media_type = _MEDIA_TYPES.get(Path(name).suffix)
        asked = request.method == "GET" and "range" not in request.headers
        if not asked or name == request.scope["path"] or media_type is None or "\0" in name:
            return None
        if not app_files.takes_gzip(request):
            return None
        content = await run_in_threadpool(self._packed, name.lstrip("/"))
        if content is None:
            return None
        # Their names carry a hash of what they hold, as Streamlit's own answer relies on.
        headers = {
            "cache-control": app_files.KEPT,
            "content-encoding": "gzip",
            "vary": "Accept-Encoding",
        }
        return Response(content, media_type=media_type, headers=headers)
