"""Signed tree heads: what the log was at an instant, in one line each, every line with the one before it.

A head is canonical JSON; its signature is over the same without `signature`. `timestamp` is the machine's
clock (UTC, milliseconds), `occurred_at` the world's at the newest event. `reason` is empty but where an
operator said that the log goes on from here although earlier heads knew more of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

FORMAT = "yinxin tree head 1"
NO_HEAD = bytes(32).hex()
_NUMBERS = ("size", "timestamp", "occurred_at")
_DIGESTS = {"root": 32, "mac": 32, "previous": 32, "key": 32, "signature": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """A tree head (RFC 9162 4.2). Digests, key and signature in hexadecimal digits."""

    world: str
    size: int
    root: str
    mac: str
    timestamp: int
    occurred_at: int
    previous: str
    key: str
    reason: str = ""
    signature: str = ""
    format: str = FORMAT

    def signed(self) -> bytes:
        """What the signature is over."""
        told = dataclasses.asdict(self)
        del told["signature"]
        return canonical(told)

    def line(self) -> bytes:
        """The head as it is kept."""
        return canonical(dataclasses.asdict(self))

    def digest(self) -> str:
        """What the next head names as `previous`."""
        return hashlib.sha256(self.line()).hexdigest()


def canonical(told: dict[str, object]) -> bytes:
    """JSON with one spelling."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def head_of(found: object) -> TreeHead:
    """A head out of what a line of JSON says. Raises ValueError for anything else."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError("this is no tree head")
    names = {field.name for field in dataclasses.fields(TreeHead)}
    if found.keys() != names:
        raise ValueError("a tree head has other fields")
    for name, value in found.items():
        if name in _NUMBERS:
            if type(value) is not int or value < 0:
                raise ValueError(f"{name} of a tree head is no number")
        elif not isinstance(value, str):
            raise ValueError(f"{name} of a tree head is no text")
    for name, length in _DIGESTS.items():
        if len(bytes.fromhex(found[name])) != length or found[name] != found[name].lower():
            raise ValueError(f"{name} of a tree head has another length")
    return TreeHead(**found)


def parse(line: bytes) -> TreeHead:
    """A head out of its line. Raises ValueError for anything else, another spelling too."""
    head = head_of(json.loads(line))
    if head.line() != line:
        raise ValueError("a tree head is spelt otherwise")
    return head


def linked(heads: Iterable[TreeHead]) -> list[list[TreeHead]]:
    """The heads in runs of which each names the one before it: one run, where nothing is missing."""
    runs: list[list[TreeHead]] = []
    for head in heads:
        if runs and head.previous == runs[-1][-1].digest():
            runs[-1].append(head)
        else:
            runs.append([head])
    return runs
