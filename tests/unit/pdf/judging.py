"""Our own verdict in one word, for the tests."""

from __future__ import annotations

from engine.pdf import verification
from tests import support_pdf as support

LATER = support.NOW + 2 * support.HOUR
FORGED = ("invalid", "indeterminate", "unsigned", "valid_extended", "unreadable")


def judge(world: support.World, document: bytes, at: int = LATER, **more: object) -> str:
    return verdict(world, document, at, **more).verdict


def verdict(
    world: support.World, document: bytes, at: int = LATER, **more: object
) -> verification.Verdict:
    try:
        return verification.verify(
            document,
            roots=[world.root.certificate],
            at_ms=at,
            **more,  # type: ignore[arg-type]
        )
    except verification.Unreadable:
        return verification.Verdict(verdict="unreadable")
