"""A PDF from anybody is judged in a child process under hard limits: nothing that it does hangs a server.

What the child does not survive is a verdict too. Nothing of the document is kept.
"""

from __future__ import annotations

import base64
import functools
import json
from typing import Any

from engine.kernel import turns
from engine.pdf import verification
from engine.uploads import sandbox
from engine.verifying import judging

LIMITS = sandbox.Limits(
    memory_bytes=1_536 * 1024 * 1024,
    cpu_seconds=40,
    file_bytes=1024 * 1024,
    open_files=64,
    wall_seconds=60,
)
# Judging is slower than looking at a paper, and no honest visitor waits for another one's attack.
JUDGING = turns.Turns(2, patience_s=10)


@functools.cache
def _sandbox() -> sandbox.Sandbox:
    return sandbox.Sandbox("engine.verifying.child", LIMITS)


def _encoded(values: Any) -> list[str]:
    return [base64.b64encode(value).decode() for value in values]


@JUDGING.one()
def examine(content: bytes, trust: judging.Trust, at_ms: int) -> judging.Told:
    """The judgment of a document at an instant (UTC ms): verdict, signatures, seals, revisions, looks.

    Raises: TooBusy; whatever the document is or does is an answer.
    """
    return {**_judged(content, trust, at_ms), "at_ms": at_ms}


def _judged(content: bytes, trust: judging.Trust, at_ms: int) -> judging.Told:
    if len(content) > verification.MAX_SIZE:
        return judging.refused("too_large", len(content))
    task = {
        "at_ms": at_ms,
        "roots": _encoded(trust.roots),
        "certificates": _encoded(trust.certificates),
        "crls": _encoded(trust.crls),
    }
    try:
        _, answer = _sandbox().run(task, content)
        told: judging.Told = json.loads(answer)
    except (sandbox.Killed, ValueError):
        return judging.refused("too_costly", len(content))
    return told
