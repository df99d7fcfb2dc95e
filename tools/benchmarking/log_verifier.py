"""How fast the stand-alone verifier checks an exported log of a million events, against heads (AU-3).

The file is made of events of one shape, linked as the engine links them, with heads signed over every
hundredth part. It is checked as who downloaded it does: by a Python process of its own, without site
packages. The baseline is the digest of every line by itself and nothing else, in a process like it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.evidence import standalone
from engine.evidence.verifier.heads import NO_HEAD, TreeHead
from engine.evidence.verifier.log import LOG_FORMAT
from engine.evidence.verifier.tree import Frontier, leaf, line
from tools.benchmarking import results

EVENTS, HEADS, ROUNDS = 1_000_000, 100, 3
_START = 1_780_272_000_000
_ALONE = (
    "import hashlib, sys\nfor line in open(sys.argv[1], 'rb'):\n    hashlib.sha256(line).digest()\n"
)


def measure() -> list[results.Result]:
    """Events a second, by the clock and by the processor's time."""
    events = int(os.environ.get("YINXIN_BENCH_LOG") or EVENTS)
    place = Path(__file__).resolve().parents[2] / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".log-") as name:
        folder = Path(name)
        key = _export(folder / "log.jsonl", events)
        (folder / "verify_log.py").write_text(standalone.source(standalone.LOG), encoding="utf-8")
        (folder / "alone.py").write_text(_ALONE, encoding="utf-8")
        taken, alone, cpu = [], [], []
        for _ in range(ROUNDS):
            alone.append(events / _run(folder, "alone.py")[0])
            seconds, spent = _run(folder, "verify_log.py", "--key", key)
            taken.append(events / seconds)
            cpu.append(spent)
        size = (folder / "log.jsonl").stat().st_size
    return [
        results.Result(
            name="log_verify_rows",
            value=results.median(taken),
            unit="rows/s",
            baseline=results.median(alone),
            options={
                "about": "events a second that the stand-alone verifier checks in an exported log: numbers,"
                " instants, links, tree, heads; baseline: each line's digest and nothing else",
                "events": events,
                "heads": HEADS,
                "bytes_a_line": size // events,
                "rounds": ROUNDS,
                "rates": results.spread(taken),
                "seconds": results.rounded(events / results.median(taken)),
                "processor_seconds": results.rounded(results.median(cpu)),
            },
        )
    ]


def _run(folder: Path, script: str, *more: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor that a check takes, the start of Python included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-I", "-S", script, "log.jsonl", *more],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, spent


def _export(path: Path, events: int) -> str:
    """Write an export, and return the key that its heads are signed by."""
    private = Ed25519PrivateKey.generate()
    key = private.public_key().public_bytes_raw().hex()
    body = json.dumps({"facts": {"amount_fen": 20_000, "status": "agency_review"}, "rows": []})
    frontier, heads, mac, part = Frontier(), list[TreeHead](), NO_HEAD, path.with_suffix(".events")
    with part.open("wb") as file:
        for first in range(1, events + 1, max(1, events // HEADS)):
            leaves = []
            for number in range(first, min(events + 1, first + max(1, events // HEADS))):
                before, mac = mac, hashlib.sha256(mac.encode()).hexdigest()
                told = line([number, _START + number * 10, *_NAMES, body, before, mac])
                leaves.append(leaf(told))
                file.write(told + b"\n")
            frontier.extend(leaves)
            heads.append(_head(private, key, frontier, mac, heads[-1:]))
    with path.open("wb") as file:
        start = {"format": LOG_FORMAT, "world": "bench", "key": key}
        file.write(json.dumps(start).encode() + b"\n")
        file.write(b"".join(head.line() + b"\n" for head in heads))
        with part.open("rb") as source:
            while chunk := source.read(1 << 22):
                file.write(chunk)
    part.unlink()
    return key


_NAMES = (
    "op_06gqtkkk16elsrdcd0hfq4k2rs",
    "person:acc_06gqnf9ui29b57182ubujmtcbg",
    "ordering.place_order",
    "order.placed",
    1,
    "ord_06gqtkkk1681n3dtajnmue8gpk",
)


def _head(
    private: Ed25519PrivateKey, key: str, frontier: Frontier, mac: str, before: list[TreeHead]
) -> TreeHead:
    at = _START + frontier.size * 10
    bare = TreeHead(
        world="bench",
        size=frontier.size,
        root=frontier.root().hex(),
        mac=mac,
        timestamp=at,
        occurred_at=at,
        previous=before[0].digest() if before else NO_HEAD,
        key=key,
    )
    return dataclasses.replace(bare, signature=private.sign(bare.signed()).hex())
