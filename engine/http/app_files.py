"""The files of the apps that run in a browser: found, packed, and named after what they hold.

`address` names a file with the release it belongs to, `/apps/r-<hash of all files and texts>/<name>`: a
browser keeps that for ever, and never mixes two releases, since modules name each other relatively. A
file asked for as `/apps/<name>`, or under a release that it is no longer of, is asked about each time.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import os
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.kernel import catalog, texts

FOLDER = catalog.DATA.parent / "pages" / "apps"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}
_RELEASE = re.compile(r"(r-[0-9a-f]{16})/(.+)")
_IMPORTS = re.compile(
    r"""^(?:(?:import|export)\b[^"';]*?\bfrom|import)\s*["'](\.[^"']+)["']""", re.MULTILINE
)
_CATALOGUES = {f"texts/{language}.json": language for language in texts.LANGUAGES}
# Asked about each time; or kept for a year, which is how HTTP says for ever.
_ASKED = "no-cache"
KEPT = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    """What a browser gets: the bytes, the same packed (empty where that saves nothing), media type, tag."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


@dataclass(frozen=True, slots=True)
class Release:
    """All files at one time: their tags, and the modules that each one imports, by name."""

    id: str
    tags: Mapping[str, str]
    imports: Mapping[str, tuple[str, ...]]

    def needed(self, name: str) -> tuple[str, ...]:
        """The modules that must be there before this one can run, itself not among them."""
        found: dict[str, None] = {}
        waiting = [name]
        while waiting:
            for one in self.imports[waiting.pop()]:
                if one not in found and one != name:
                    found[one] = None
                    waiting.append(one)
        return tuple(found)


def _made(content: bytes, media_type: str) -> File:
    # The time in its head would make the same file another one.
    packed = gzip.compress(content, 9, mtime=0)
    return File(
        content=content,
        packed=packed if len(packed) < len(content) * 0.9 else b"",
        media_type=media_type,
        tag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    )


@functools.lru_cache(maxsize=512)
def _read(path: Path, changed_ns: int, size: int) -> File:
    return _made(path.read_bytes(), MEDIA_TYPES[path.suffix])


@functools.cache
def _catalogue(language: str) -> File:
    told = json.dumps(texts.messages(language), ensure_ascii=False, separators=(",", ":"))
    return _made(told.encode(), "application/json")


def find(name: str) -> File | None:
    """A file of the apps or the texts of a language by name, or None for anything else."""
    if name in _CATALOGUES:
        return _catalogue(_CATALOGUES[name])
    path = FOLDER / name
    parts = name.split("/")
    # Only plain names: nothing hidden, nothing that climbs, nothing that a disk reads otherwise.
    plain = name.isascii() and name.isprintable() and "\\" not in name and ":" not in name
    if path.suffix not in MEDIA_TYPES or not plain or any(part[:1] in ("", ".") for part in parts):
        return None
    real = path.resolve()
    if not real.is_relative_to(FOLDER.resolve()) or not real.is_file():
        return None
    state = real.stat()
    return _read(real, state.st_mtime_ns, state.st_size)


def names() -> tuple[str, ...]:
    """Every file that the apps have, in order."""
    found = []
    for folder, _, files in os.walk(FOLDER):
        within = os.path.relpath(folder, FOLDER).replace(os.sep, "/")
        found += [posixpath.normpath(f"{within}/{name}") for name in files]
    return tuple(sorted(one for one in found if Path(one).suffix in MEDIA_TYPES))


def _imported(name: str, content: bytes) -> tuple[str, ...]:
    found = _IMPORTS.findall(content.decode())
    return tuple(posixpath.normpath(f"{posixpath.dirname(name)}/{one}") for one in found)


# The releases that this process has told browsers of; more than one where files change under it.
_told: dict[str, Release] = {}


def release() -> Release:
    """The files as they are now."""
    files = {name: file for name in (*names(), *_CATALOGUES) if (file := find(name)) is not None}
    tags = {name: file.tag for name, file in files.items()}
    digest = hashlib.sha256(json.dumps(tags, sort_keys=True).encode()).hexdigest()
    known = _told.get(f"r-{digest[:16]}")
    if known is None:
        modules = {name: file for name, file in files.items() if name.endswith(".js")}
        imports = {name: _imported(name, file.content) for name, file in modules.items()}
        known = Release(id=f"r-{digest[:16]}", tags=tags, imports=imports)
        _told[known.id] = known
    return known


def address(name: str) -> str:
    """The address under which a browser may keep a file for ever."""
    return f"/apps/{release().id}/{name}"


def _answer(path: str) -> tuple[File, str] | None:
    """A file, and how long it may be kept."""
    parts = _RELEASE.fullmatch(path)
    if parts is None:
        file = find(path)
        return None if file is None else (file, _ASKED)
    wanted, name = parts.groups()
    file = find(name)
    if file is None:
        return None
    of = _told.get(wanted) or release()
    lasting = of.id == wanted and of.tags.get(name) == file.tag
    return file, KEPT if lasting else _ASKED


async def static(request: Request) -> Response:
    """GET /apps/<path>: a script, style, picture or font of the apps, or the texts of a language."""
    found = await run_in_threadpool(_answer, request.path_params["path"])
    if found is None:
        return PlainTextResponse("Not found", 404)
    file, kept = found
    headers = {"cache-control": kept, "etag": file.tag, "vary": "Accept-Encoding"}
    asked = request.headers.get("if-none-match", "")
    if file.tag in (one.strip().removeprefix("W/") for one in asked.split(",")):
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.packed and takes_gzip(request):
        content, headers["content-encoding"] = file.packed, "gzip"
        # The tag is of the file; packed bytes are another representation of it (RFC 9110 8.8.1).
        headers["etag"] = f"W/{file.tag}"
    return Response(content, media_type=file.media_type, headers=headers)


def takes_gzip(request: Request) -> bool:
    """Whether whoever asks can unpack gzip."""
    for one in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = one.replace(" ", "").partition(";")
        if coding == "gzip":
            return weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
