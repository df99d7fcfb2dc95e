"""`python verify_log.py [log.jsonl.gz] [--heads FILE] [--receipt FILE] …`: the check of a log, offline.

What is checked: that every event has its number, instant and link to the one before; that the tree over
them has the root of each head that was signed; that heads are signed and follow on one another; that
receipts and consistency proofs lead to signed heads; with --mac-key also the MAC of each event.

Without --key the log's key is taken from the first file: then it is only shown that the files agree. Take
it from the platform itself: /w/<world>/evidence-key.txt. With --heads give the heads that you kept.
Exit code 0: everything holds. 1: something does not. 2: a file cannot be read or is something else.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from engine.evidence.verifier.heads import TreeHead, parse
from engine.evidence.verifier.log import (
    Finding,
    Walk,
    given_up,
    head_findings,
    opened,
    read_start,
    walk,
)
from engine.evidence.verifier.receipts import heads_of, indexes_of, proof_findings

_Named = tuple[str, dict[str, Any]]


def read_heads(path: Path) -> list[TreeHead]:
    """The heads of a file, a line each. Raises ValueError."""
    with opened(path) as stream:
        return [parse(line.rstrip(b"\n")) for line in stream if line.strip()]


def check_log(
    stream: IO[bytes],
    *,
    kept: Sequence[tuple[str, Sequence[TreeHead]]] = (),
    proofs: Sequence[_Named] = (),
    key: str = "",
    mac_key: bytes = b"",
) -> list[Finding]:
    """Everything that is found of an exported log; raises ValueError for what is none."""
    world, own_key, own, first = read_start(stream)
    found: list[Finding] = []
    if key and key != own_key:
        found.append((False, "log", f"it names another key: {own_key}"))
    key = key or own_key
    gone, told = given_up(own)
    found += told
    points: list[tuple[str, TreeHead]] = []
    for where, heads in [("log", own), *kept]:
        found += head_findings(where, heads, world, key)
        points += [(where, one) for one in heads if one.digest() not in gone]
    for where, proof in proofs:
        points += [(where, one) for one in heads_of(proof) if one.digest() not in gone]
    passing = Walk({index for _, one in proofs for index in indexes_of(one)}, mac_key)
    compared = walk(stream, first, points, passing)
    faults: list[Finding] = [(False, "log", one) for one in passing.faults]
    if not faults:
        told_macs = ", and every MAC holds" if mac_key else ""
        text = f"{passing.frontier.size} events in order, each linked to the one before{told_macs}"
        faults = [(True, "log", text)]
    if not points:
        compared.append((False, "heads", "there is no head: nothing but the chain was checked"))
    found += faults + compared
    for where, proof in proofs:
        found += proof_findings(where, proof, key, passing.leaves)
    return found


def check_proofs(
    kept: Sequence[tuple[str, Sequence[TreeHead]]], proofs: Sequence[_Named], key: str
) -> list[Finding]:
    """What is found of heads and receipts without the log."""
    heads = [one for _, some in kept for one in some]
    heads += [one for _, proof in proofs for one in heads_of(proof)]
    if not heads:
        raise ValueError("there is nothing to check")
    key = key or heads[0].key
    found = [
        line for where, some in kept for line in head_findings(where, some, heads[0].world, key)
    ]
    return found + [line for where, one in proofs for line in proof_findings(where, one, key)]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Verify an exported log and its receipts offline.")
    parser.add_argument("log", type=Path, nargs="?", help="an exported log (JSONL, may be gzipped)")
    parser.add_argument("--heads", type=Path, action="append", default=[], help="heads you kept")
    parser.add_argument("--receipt", type=Path, action="append", default=[], help="a receipt")
    parser.add_argument("--consistency", type=Path, action="append", default=[], help="a proof")
    parser.add_argument("--key", default="", help="the log's public key, 64 hexadecimal digits")
    parser.add_argument("--mac-key", type=Path, help="the file of the key of the events' MACs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def check_files(given: argparse.Namespace) -> list[Finding]:
    """Everything that is found of the named files. Raises ValueError, OSError and the like."""
    key = given.key.lower()
    if key and len(bytes.fromhex(key)) != 32:
        raise ValueError("a key has 64 hexadecimal digits")
    kept = [(path.name, read_heads(path)) for path in given.heads]
    proofs = [
        (path.name, json.loads(path.read_bytes())) for path in given.receipt + given.consistency
    ]
    if given.log is None:
        return check_proofs(kept, proofs, key)
    mac_key = given.mac_key.read_bytes() if given.mac_key else b""
    with contextlib.closing(opened(given.log)) as stream:
        return check_log(stream, kept=kept, proofs=proofs, key=key, mac_key=mac_key)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    given = _parser().parse_args(arguments)
    try:
        found = check_files(given)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError) as problem:
        sys.stderr.write(f"CANNOT BE CHECKED: {problem}\n")
        return 2
    good = all(holds for holds, _, _ in found)
    if given.json:
        _say(json.dumps({"good": good, "lines": found}, ensure_ascii=False))
        return 0 if good else 1
    for holds, where, told in found:
        _say(f"{'ok  ' if holds else 'FAIL'} {where}: {told}")
    if not given.key:
        _say("note: the key is the files' own; give --key to trust nothing in them")
    _say("EVERYTHING HOLDS" if good else "SOMETHING DOES NOT HOLD")
    return 0 if good else 1
