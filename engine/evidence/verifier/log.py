"""An exported log checked event by event, and against the heads that were signed over it.

The export is lines of JSON, gzipped or not: `{"format": "yinxin log 1", "world", "key"}`, then the heads,
oldest first, then each event as the array that its leaf is made of: number, instant, operation, actor,
action, kind, version, subject, body, and last the chain's value before it and its own.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import hmac
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

from engine.evidence.verifier.ed25519 import signed_by
from engine.evidence.verifier.heads import NO_HEAD, TreeHead, linked, parse
from engine.evidence.verifier.tree import Frontier, leaf

LOG_FORMAT = "yinxin log 1"
_BLOCK, _CHUNK = 8_192, 1 << 22
_MOST = 20
Finding = tuple[bool, str, str]


def instant(ms: int) -> str:
    """An instant for people (UTC)."""
    return f"{datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC):%Y-%m-%d %H:%M:%S} UTC"


def opened(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked where it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


class Walk:
    """The events of a log as they pass: each number, instant and link, and the tree over them."""

    def __init__(self, wanted: set[int], mac_key: bytes) -> None:
        self.frontier = Frontier()
        self.before = NO_HEAD.encode()
        self.number, self.at = 0, 0
        self.faults: list[str] = []
        # Leaves that a receipt asks about, by their index.
        self.leaves: dict[int, bytes] = {}
        self._wanted, self._mac_key = wanted, mac_key

    def _fault(self, told: str) -> None:
        if len(self.faults) < _MOST:
            self.faults.append(told)

    def take(self, lines: Sequence[bytes]) -> None:
        """The next events, a line each without its end."""
        begin = self.frontier.size
        made = [leaf(line) for line in lines]
        self.leaves |= {n: made[n - begin] for n in self._wanted if begin <= n < begin + len(made)}
        self.frontier.extend(made)
        try:
            # Number and instant of all of them, read as one: `1,1780272000000,2,1780272000000`.
            starts = b"".join([line[1 : line.index(b'"')] for line in lines])
            read = json.loads(b"[" + starts[:-1] + b"]")
            numbers, times = read[::2], read[1::2]
            self._in_order(numbers, times, lines)
        except (ValueError, TypeError, IndexError):
            self._fault(f"after event {self.number}: a line that is no event")
            self.number, self.before = self.frontier.size, lines[-1][-66:-2]
            return
        if self._mac_key:
            self._macs(lines)

    def _in_order(
        self, numbers: Sequence[int], times: Sequence[int], lines: Sequence[bytes]
    ) -> None:
        if not len(numbers) == len(times) == len(lines):
            raise ValueError("a line that is no event")
        macs = [line[-66:-2] for line in lines]
        links, expected = [line[-133:-69] for line in lines], [self.before, *macs[:-1]]
        if numbers != list(range(self.number + 1, self.number + 1 + len(lines))):
            self._numbers(numbers)
        if links != expected:
            for number, link, mac in zip(numbers, links, expected, strict=True):
                if link != mac:
                    self._fault(f"event {number}: not linked to the event before it")
        if times != sorted(times) or times[0] < self.at:
            pairs = itertools.pairwise([self.at, *times])
            for number, (one, other) in zip(numbers, pairs, strict=True):
                if other < one:
                    self._fault(f"event {number}: earlier than the event before it")
        self.number, self.at, self.before = numbers[-1], times[-1], macs[-1]

    def _numbers(self, numbers: Sequence[int]) -> None:
        for before, number in itertools.pairwise([self.number, *numbers]):
            if number <= before:
                self._fault(f"event {number}: out of its order, after event {before}")
            elif number == before + 2:
                self._fault(f"event {before + 1}: missing")
            elif number != before + 1:
                self._fault(f"events {before + 1} to {number - 1}: missing")

    def _macs(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            try:
                *columns, previous, mac = json.loads(line)
                told = bytes.fromhex(previous) + "\x1f".join(map(str, columns)).encode()
                right = hmac.digest(self._mac_key, told, hashlib.sha256).hex() == mac
            except (ValueError, TypeError):
                right = False
            if not right:
                number = line[1:20].split(b",")[0].decode("ascii", "replace")
                self._fault(f"event {number}: changed, its MAC does not hold")


def head_findings(where: str, heads: Sequence[TreeHead], world: str, key: str) -> list[Finding]:
    """Whether heads are signed and follow on one another.

    One signature in an unbroken run of heads is enough: the newest, for it names the one before it.
    """
    found: list[Finding] = []
    runs = linked(heads)
    for before, run in itertools.pairwise(runs):
        told = f"does not name the head of {instant(before[-1].timestamp)} as the one before it"
        found.append((False, f"{where}, head of {instant(run[0].timestamp)}", told))
    for run in runs:
        newest = run[-1]
        name = f"{where}, head of {instant(newest.timestamp)}"
        if not signed_by(bytes.fromhex(key), bytes.fromhex(newest.signature), newest.signed()):
            found.append((False, name, "its signature does not hold"))
    for one, other in itertools.pairwise(heads):
        name = f"{where}, head of {instant(other.timestamp)}"
        if other.timestamp < one.timestamp:
            found.append((False, name, "earlier than the head before it"))
        if other.size < one.size and not other.reason:
            found.append((False, name, f"over {other.size} events, after one over {one.size}"))
    strangers = [one for one in heads if one.world != world or one.key != key]
    if strangers:
        told = f"of another log or key: {strangers[0].world}"
        found.append((False, f"{where}, head of {instant(strangers[0].timestamp)}", told))
    if heads and not any(not holds for holds, _, _ in found):
        told = f"{len(heads)} heads in an unbroken row, signed, the newest of"
        told += f" {instant(heads[-1].timestamp)} over {heads[-1].size} events"
        found.append((True, where, told))
    return found


def given_up(heads: Sequence[TreeHead]) -> tuple[set[str], list[Finding]]:
    """The heads (by digest) that an operator's word gave up, and what to tell of it."""
    gone: set[str] = set()
    told: list[Finding] = []
    for place, head in enumerate(heads):
        if not head.reason:
            continue
        lost = [one for one in heads[:place] if one.size > head.size]
        gone |= {one.digest() for one in lost}
        known = max((one.size for one in lost), default=head.size)
        text = f"an operator let the log go on from event {head.size}"
        text += f", {known - head.size} events given up: {head.reason}"
        told.append((True, f"NOTE head of {instant(head.timestamp)}", text))
    return gone, told


class _Events:
    """The events' lines of a stream, without their ends, in blocks of a wanted size."""

    def __init__(self, stream: IO[bytes], first: bytes) -> None:
        self._stream, self._rest = stream, first
        self._lines: list[bytes] = []
        self._place = 0

    def _more(self) -> bool:
        read = self._stream.read(_CHUNK)
        lines = (self._rest + read).split(b"\n")
        # The last is not ended yet, or, at the end of the stream, empty or torn.
        self._rest = lines.pop() if read else b""
        self._lines = [*self._lines[self._place :], *(lines if read else filter(None, lines))]
        self._place = 0
        return bool(read)

    def take(self, most: int) -> list[bytes]:
        """The next lines, at most so many; none at the end."""
        while len(self._lines) - self._place < most and self._more():
            pass
        found = self._lines[self._place : self._place + most]
        self._place += len(found)
        return found


def read_start(stream: IO[bytes]) -> tuple[str, str, list[TreeHead], bytes]:
    """World, key and heads of an export, and its first event's line. Raises ValueError."""
    start = json.loads(stream.readline())
    if not isinstance(start, dict) or start.get("format") != LOG_FORMAT:
        raise ValueError("this is no exported log")
    world, key = str(start["world"]), str(start["key"])
    if len(bytes.fromhex(key)) != 32:
        raise ValueError("its key is no key")
    heads = []
    while (line := stream.readline()).startswith(b"{"):
        heads.append(parse(line.rstrip(b"\n")))
    return world, key, heads, line


def walk(
    stream: IO[bytes], first: bytes, points: Sequence[tuple[str, TreeHead]], passing: Walk
) -> list[Finding]:
    """Walk through the events, and compare them with each head where that was signed."""
    lines, found, held, wrong = _Events(stream, first), list[Finding](), 0, 0
    for where, head in sorted(points, key=lambda one: one[1].size):
        while passing.frontier.size < head.size:
            block = lines.take(min(_BLOCK, head.size - passing.frontier.size))
            if not block:
                break
            passing.take(block)
        name = f"{where}, head of {instant(head.timestamp)}"
        if passing.frontier.size < head.size:
            told = f"it knows {head.size} events and the log ends after {passing.frontier.size}:"
            found.append((False, name, told + " its end was cut off"))
        elif head.root == passing.frontier.root().hex():
            held = head.size
            continue
        elif not wrong:
            told = f"the log is not what was signed: among events {held + 1} to {head.size}"
            found.append((False, name, told + " something was changed"))
        wrong += 1
    if wrong > 1:
        found.append((False, "heads", f"{wrong} of {len(points)} heads do not agree with the log"))
    elif not wrong and points:
        told = f"each of {len(points)} heads agrees with the log, up to event {held}"
        found.append((True, "heads", told))
    while block := lines.take(_BLOCK):
        _readable(block, passing)
        passing.take(block)
    total = passing.frontier.size
    if total > held and not wrong:
        told = f"{total - held} events are younger than the newest head: only the chain holds them"
        found.append((True, "NOTE", told))
    return found


def _readable(block: Sequence[bytes], passing: Walk) -> None:
    for line in block:
        try:
            if len(json.loads(line)) == 11:
                continue
        except (ValueError, TypeError):
            pass
        passing.faults.append(f"after event {passing.number}: a line that is no event")
        return
