"""The pack as a file: a ZIP without compression whose every byte follows from its manifest and files.

So one flipped byte anywhere is found and named: the manifest holds, for each kilobyte of each file, two
sums that tell which byte differs and what it was, and the ZIP around them is made again and compared.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

CHUNK = 1024
FORMAT = "yinxin-evidence-1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MANIFEST_COPY, SIGNATURE_COPY = "manifest.copy.json", "manifest.copy.sig"
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_LOCAL_FIELDS = (
    "signature",
    "version",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "size",
    "size",
    "name length",
    "extra length",
)
_LOCAL_AT = (0, 4, 6, 8, 10, 12, 14, 18, 22, 26, 28)
_KEY_SIZE = 32


@dataclass
class Pack:
    """A pack that was read: its manifest, its files, and every place that differs from what was packed."""

    manifest: dict[str, Any]
    key: bytes
    files: dict[str, bytes]
    damage: list[str] = field(default_factory=list)


def sums(chunk: bytes) -> tuple[int, int, str]:
    """What tells one changed byte of a chunk: the sum of its bytes, their weighted sum, a digest."""
    return (
        sum(chunk),
        sum(index * value for index, value in enumerate(chunk)),
        hashlib.sha256(chunk).hexdigest()[:16],
    )


def described(path: str, content: bytes) -> dict[str, Any]:
    """A file as the manifest holds it."""
    return {
        "path": path,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "chunks": [list(sums(content[at : at + CHUNK])) for at in range(0, len(content), CHUNK)],
    }


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    """The ZIP of some files, in their order: stored, dated 1980, nothing left to chance."""
    body, central = bytearray(), bytearray()
    for path, content in files:
        name, crc, at = path.encode(), zlib.crc32(content), len(body)
        shared = (0x0800, 0, 0, 0x21, crc, len(content), len(content), len(name), 0)
        body += _LOCAL.pack(0x04034B50, 20, *shared) + name + content
        central += (
            _CENTRAL.pack(0x02014B50, 0x0314, 20, *shared, 0, 0, 0, 0o100644 << 16, at) + name
        )
    end = _END.pack(0x06054B50, 0, 0, len(files), len(files), len(central), len(body), 0)
    return bytes(body + central + end)


def _candidates(data: bytes) -> Iterator[bytes]:
    """What may be the manifest or its copy, by every length that the ZIP tells."""
    starts = [_LOCAL.size + len(MANIFEST)]
    at = data.rfind(MANIFEST_COPY.encode(), 0, max(0, data.rfind(SIGNATURE_COPY.encode())))
    places = [(0, starts[0])]
    while at > 0:
        places.append((at - _LOCAL.size, at + len(MANIFEST_COPY)))
        at = data.rfind(MANIFEST_COPY.encode(), 0, at)
    told = set()
    for header, _ in places:
        told |= {int.from_bytes(data[header + n : header + n + 4], "little") for n in (18, 22)}
    for _, start in places:
        for size in sorted(told):
            if 2 <= size <= len(data) - start and data[start : start + 1] == b"{":
                yield data[start : start + size]


def _signatures(data: bytes, manifest: bytes) -> Iterator[bytes]:
    """What may be the signature: it stands right behind the manifest, and behind its copy."""
    first = _LOCAL.size + len(MANIFEST) + len(manifest) + _LOCAL.size + len(SIGNATURE)
    yield data[first : first + _KEY_SIZE + 64]
    at = data.rfind(SIGNATURE_COPY.encode())
    while at > 0:
        begin = at + len(SIGNATURE_COPY)
        yield data[begin : begin + _KEY_SIZE + 64]
        at = data.rfind(SIGNATURE_COPY.encode(), 0, at)


def _genuine(manifest: bytes, signature: bytes, key: bytes | None) -> bool:
    if len(signature) != _KEY_SIZE + 64 or (key is not None and signature[:_KEY_SIZE] != key):
        return False
    try:
        public = ed25519.Ed25519PublicKey.from_public_bytes(signature[:_KEY_SIZE])
        public.verify(signature[_KEY_SIZE:], manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def _opened(data: bytes, key: bytes | None) -> tuple[bytes, bytes]:
    for manifest in _candidates(data):
        for signature in _signatures(data, manifest):
            if _genuine(manifest, signature, key):
                return manifest, signature
    raise ValueError(
        "the manifest's signature does not hold: this is no pack, or it was made by another key"
    )


def _mended(path: str, entry: dict[str, Any], found: bytes, damage: list[str]) -> bytes:
    """A file as it was packed, where each chunk differs in one byte at most; every difference is told."""
    made = bytearray()
    for index, (total, weighted, digest) in enumerate(entry["chunks"]):
        at = index * CHUNK
        chunk = found[at : min(at + CHUNK, entry["size"])]
        if sums(chunk) == (total, weighted, digest):
            made += chunk
            continue
        mended = _mend(chunk, total, weighted, digest)
        if mended is None:
            damage.append(
                f"{path}: bytes {at} to {at + len(chunk) - 1} differ from what was packed"
            )
            mended = chunk
        made += mended
    return bytes(made)


def _mend(chunk: bytes, total: int, weighted: int, digest: str) -> bytes | None:
    more, moment = sum(chunk) - total, sums(chunk)[1] - weighted
    if more == 0 or moment % more:
        return None
    place = moment // more
    if not 0 <= place < len(chunk) or not 0 <= chunk[place] - more <= 255:
        return None
    made = chunk[:place] + bytes([chunk[place] - more]) + chunk[place + 1 :]
    return made if sums(made)[2] == digest else None


def order(
    manifest: dict[str, Any], told: bytes, signature: bytes
) -> list[tuple[str, bytes | None]]:
    """Every file of a pack in the order of the ZIP; None stands for what the manifest describes."""
    return [
        (MANIFEST, told),
        (SIGNATURE, signature),
        *((entry["path"], None) for entry in manifest["files"]),
        (MANIFEST_COPY, told),
        (SIGNATURE_COPY, signature),
    ]


def _place(offset: int, files: list[tuple[str, bytes]]) -> str:
    """What stands at an offset of the ZIP, in words."""
    at = 0
    for path, content in files:
        header = _LOCAL.size + len(path.encode())
        if offset < at + _LOCAL.size:
            names = zip(_LOCAL_AT, _LOCAL_FIELDS, strict=True)
            field_name = [name for start, name in names if start <= offset - at][-1]
            return f"ZIP entry of {path}: its {field_name}"
        if offset < at + header:
            return f"ZIP entry of {path}: its name"
        if offset < at + header + len(content):
            return f"{path}: byte {offset - at - header}"
        at += header + len(content)
    return "ZIP directory at the end"


def read_pack(data: bytes, key: bytes | None = None) -> Pack:
    """A pack, with every byte that differs from what was packed. Raises ValueError for what is none."""
    told, signature = _opened(data, key)
    manifest = json.loads(told)
    if manifest["format"] != FORMAT:
        raise ValueError("the pack has an unknown format")
    damage: list[str] = []
    found: list[tuple[str, bytes]] = []
    entries = {entry["path"]: entry for entry in manifest["files"]}
    at = 0
    for path, content in order(manifest, told, signature):
        begin = at + _LOCAL.size + len(path.encode())
        if content is None:
            entry = entries[path]
            content = _mended(path, entry, data[begin : begin + entry["size"]], damage)
        found.append((path, content))
        at = begin + len(content)
    wanted = zipped(found)
    for offset, (one, other) in enumerate(zip(data, wanted, strict=False)):
        if one != other:
            told_so = f"offset {offset}: {_place(offset, found)}"
            damage.append(f"{told_so} is {one:#04x} and was {other:#04x}")
    if len(data) != len(wanted):
        damage.append(f"the pack has {len(data)} bytes and had {len(wanted)}")
    for path, content in found:
        if path in entries and hashlib.sha256(content).hexdigest() != entries[path]["sha256"]:
            damage.append(f"{path}: its digest is not the manifest's")
    return Pack(manifest, signature[:_KEY_SIZE], dict(found), damage)
