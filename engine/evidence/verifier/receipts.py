"""Receipts and proofs of growth: what they say, checked without the log or against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.evidence.verifier.ed25519 import signed_by
from engine.evidence.verifier.heads import TreeHead, head_of
from engine.evidence.verifier.log import Finding, instant
from engine.evidence.verifier.tree import grew, leaf, root_of

RECEIPT_FORMAT = "yinxin receipt 1"
GROWTH_FORMAT = "yinxin consistency proof 1"


def _path(found: Any) -> list[bytes]:
    path = [bytes.fromhex(text) for text in found]
    if any(len(one) != 32 for one in path):
        raise ValueError("a proof has a node of another length")
    return path


def _signed(where: str, head: TreeHead, key: str) -> list[Finding]:
    if head.key != key:
        return [(False, where, f"its head is signed by another key: {head.key}")]
    if not signed_by(bytes.fromhex(key), bytes.fromhex(head.signature), head.signed()):
        return [(False, where, "the signature of its head does not hold")]
    told = f"its head is signed: {head.size} events at {instant(head.timestamp)}"
    return [(True, where, told)]


def heads_of(proof: dict[str, Any]) -> list[TreeHead]:
    """The heads that a receipt or a proof of growth carries. Raises ValueError, KeyError."""
    names = ("head",) if proof.get("format") == RECEIPT_FORMAT else ("first", "second")
    return [head_of(proof[name]) for name in names]


def indexes_of(proof: dict[str, Any]) -> list[int]:
    """The places in the log that a receipt tells of."""
    return [int(one["index"]) for one in proof.get("events", ())]


def _event(where: str, one: dict[str, Any], head: TreeHead) -> Finding:
    index, own = int(one["index"]), bytes.fromhex(one["leaf"])
    name = f"{where}, event {index + 1}"
    if one.get("told") and leaf(one["told"].encode()) != own:
        return False, name, "what it tells of the event is not what the log has"
    if root_of(own, index, head.size, _path(one["proof"])).hex() != head.root:
        return False, name, "its proof does not lead to the root of the head"
    return True, name, f"{one.get('kind') or 'it'} is in the log, by {len(one['proof'])} nodes"


def proof_findings(
    where: str, proof: dict[str, Any], key: str, leaves: dict[int, bytes] | None = None
) -> list[Finding]:
    """What holds of a receipt or of a proof of growth; `leaves`: those of the log, by index.

    Raises ValueError, KeyError, TypeError for what is neither.
    """
    if proof.get("format") == GROWTH_FORMAT:
        first, second = heads_of(proof)
        found = _signed(f"{where}, first", first, key) + _signed(f"{where}, second", second, key)
        roots = bytes.fromhex(first.root), bytes.fromhex(second.root)
        good = grew(first.size, roots[0], second.size, roots[1], _path(proof["proof"]))
        told = f"the log of {second.size} events begins with that of {first.size}"
        return [*found, (good, where, told if good else f"it is not shown that {told}")]
    if proof.get("format") != RECEIPT_FORMAT:
        raise ValueError("this is no receipt and no consistency proof")
    (head,) = heads_of(proof)
    found = _signed(where, head, key)
    events: Sequence[dict[str, Any]] = proof["events"]
    if not events:
        raise ValueError("a receipt tells of an event at least")
    found += [_event(where, one, head) for one in events]
    for one in events if leaves is not None else ():
        if (leaves or {}).get(int(one["index"])) != bytes.fromhex(one["leaf"]):
            found.append((False, where, f"event {int(one['index']) + 1} of the log is another one"))
    return found
