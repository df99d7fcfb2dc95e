"""Opening a bundle: only one that is whole, and no more of it than a bundle has."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.kernel import errors
from simulations.bundles import saving

# What is read of a file at most: a bundle comes from somebody else.
_LARGEST = 16 << 20
_NAMES = frozenset({saving.MANIFEST, saving.LOG, saving.PICTURE, saving.DIGEST})


class BundleUnreadable(errors.InvalidInput):
    """{path} is not a bundle: {why}"""


class BundleChanged(errors.Conflict):
    """{path} is not as it was written: its contents do not have the digest that stands in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle: what its manifest tells, the log around the error, and the picture of the screen."""

    path: Path
    told: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    picture: bytes
    digest: str


def is_bundle(path: Path) -> bool:
    """Whether a path is a bundle's file and not a run's folder."""
    return path.is_file() and zipfile.is_zipfile(path)


def read(path: Path) -> Bundle:
    """A bundle, whole.

    Raises: BundleUnreadable, BundleChanged.
    """
    files = _files(path)
    digest = files.pop(saving.DIGEST, b"").decode("ascii", "replace")
    if digest != saving.digest_of(files):
        raise BundleChanged(path=str(path))
    try:
        told = json.loads(files[saving.MANIFEST])
        events = [json.loads(line) for line in files[saving.LOG].splitlines()]
    except (KeyError, ValueError) as problem:
        raise BundleUnreadable(path=str(path), why=str(problem)) from problem
    if not isinstance(told, dict) or told.get("format") != saving.FORMAT:
        raise BundleUnreadable(path=str(path), why="of another version")
    picture = files.get(saving.PICTURE, b"")
    return Bundle(path=path, told=told, events=tuple(events), picture=picture, digest=digest)


def _files(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if {info.filename for info in infos} - _NAMES or len(infos) > len(_NAMES):
                raise BundleUnreadable(path=str(path), why="other files are in it")
            if sum(info.file_size for info in infos) > _LARGEST:
                raise BundleUnreadable(path=str(path), why="too big")
            return {info.filename: archive.read(info) for info in infos}
    except (OSError, zipfile.BadZipFile) as problem:
        raise BundleUnreadable(path=str(path), why=type(problem).__name__) from problem
