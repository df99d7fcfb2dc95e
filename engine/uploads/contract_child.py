"""What a sandboxed child does with a contract: `python -m engine.uploads.contract_child …`.

Its pages are drawn before and after, which takes longer than looking at a paper.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

from engine.kernel import errors
from engine.pdf import rebuilding
from engine.uploads import sandbox


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The document made anew and what was found, or the refusal."""
    try:
        made = rebuilding.rebuild(content)
    except errors.EngineError as refusal:
        return {"refused": refusal.code, "params": refusal.params}, b""
    told = {"pages": made.pages, "findings": [asdict(one) for one in made.findings]}
    return told, made.content


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, lambda: None)
