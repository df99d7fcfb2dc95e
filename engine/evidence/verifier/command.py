"""`python verify.py pack.zip [--root root.pem] [--key hex]`: the whole check, offline, one line a finding.

Without --root and --key the anchors are those in the pack itself: then it is only shown to be whole and
consistent. Exit code 0: everything holds. 1: something does not. 2: this is no evidence pack.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cryptography import x509

from engine.evidence.verifier.chain import Line, document_lines, log_lines
from engine.evidence.verifier.container import Pack, read_pack
from engine.evidence.verifier.links import link_lines
from engine.evidence.verifier.signatures import Trust


def _trust(pack: Pack, roots: list[x509.Certificate]) -> Trust:
    files = pack.files
    own = [x509.load_der_x509_certificate(c) for p, c in files.items() if p.startswith("roots/")]
    links = [
        x509.load_der_x509_certificate(c) for p, c in files.items() if p.startswith("authorities/")
    ]
    lists = [x509.load_der_x509_crl(c) for p, c in files.items() if p.endswith(".crl")]
    return Trust(roots or own, links, lists)


def check(
    data: bytes, *, roots: list[x509.Certificate] | None = None, key: bytes | None = None
) -> list[Line]:
    """Every finding: whether it holds, where, and what. Raises ValueError for what is no pack."""
    try:
        pack = read_pack(data, key)
    except ValueError:
        raise
    except Exception as problem:
        # Whatever a forged manifest makes of the reading, it is no pack of ours.
        raise ValueError(f"the manifest cannot be read: {problem!r}") from problem
    lines: list[Line] = [(False, "damage", one) for one in pack.damage]
    if not pack.damage:
        lines.append((True, "pack", f"{len(pack.files)} files, every byte as it was packed"))
    trust = _trust(pack, roots or [])
    checks: list[Any] = [log_lines, document_lines, link_lines]
    for one in checks:
        try:
            lines += one(pack, trust)
        except Exception as problem:  # noqa: BLE001 whatever a forged file raises, it does not hold
            lines.append((False, one.__name__.replace("_", " "), f"cannot be read: {problem!r}"))
    return lines


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Verify an evidence pack offline.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--root", type=Path, action="append", default=[], help="a root in PEM")
    parser.add_argument("--key", default="", help="the log's public key, 64 hexadecimal digits")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    roots = [c for p in given.root for c in x509.load_pem_x509_certificates(p.read_bytes())]
    try:
        lines = check(given.pack.read_bytes(), roots=roots, key=bytes.fromhex(given.key) or None)
    except (ValueError, OSError) as problem:
        sys.stderr.write(f"NOT A PACK: {problem}\n")
        return 2
    good = all(holds for holds, _, _ in lines)
    if given.json:
        _say(json.dumps({"good": good, "lines": lines}, ensure_ascii=False))
        return 0 if good else 1
    for holds, where, told in lines:
        _say(f"{'ok  ' if holds else 'FAIL'} {where}: {told}")
    if not roots or not given.key:
        _say("note: roots or key are the pack's own; give --root and --key to trust nothing in it")
    _say("EVERYTHING HOLDS" if good else "SOMETHING DOES NOT HOLD")
    return 0 if good else 1
