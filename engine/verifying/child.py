"""What the sandboxed child does with a document: `python -m engine.verifying.child <fd> <limits>`."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from engine.uploads import sandbox
from engine.verifying import judging


def _decoded(values: list[str]) -> list[bytes]:
    return [base64.b64decode(value) for value in values]


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The judgment, as JSON."""
    trust = judging.Trust(
        roots=_decoded(task["roots"]),
        certificates=_decoded(task["certificates"]),
        crls=_decoded(task["crls"]),
    )
    told = judging.judge(content, trust, int(task["at_ms"]))
    return {}, json.dumps(told).encode()


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, lambda: None)
