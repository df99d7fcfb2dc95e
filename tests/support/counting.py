"""How often tests repeat, and what came of it: full counts, reduced ones, or a share of the full ones.

`YINXIN_COUNTS` is `full`, `reduced` (as without it), or a share such as `0.25` where a full run takes too
long. `--counted` runs only the tests that repeat, `--proofs FILE` writes what they counted as JSON.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

_ASKED = os.environ.get("YINXIN_COUNTS", "reduced")
FULL = _ASKED == "full"
SHARE = 1.0 if FULL else 0.0 if _ASKED == "reduced" else float(_ASKED)
_EXAMPLES = max(40, int(1_000 * SHARE))

hypothesis.settings.register_profile("counted", max_examples=_EXAMPLES, deadline=None)
hypothesis.settings.load_profile("counted")


def chosen(reduced: int, full: int) -> int:
    """How often to repeat."""
    return full if FULL else max(min(reduced, full), int(full * SHARE)) if SHARE else reduced


def _examples(item: pytest.Item) -> int | None:
    """How many examples Hypothesis makes for a test, or None where it is none of its tests."""
    made = getattr(item, "obj", None)
    if not getattr(made, "is_hypothesis_test", False):
        return None
    own = getattr(made, "_hypothesis_internal_use_settings", None) or hypothesis.settings()
    return int(own.max_examples)


class Counts:
    """A pytest plugin that keeps, for each test that repeats, its counts, time and outcome."""

    def __init__(self, config: pytest.Config) -> None:
        # Written by the process that sees all tests, and after each, so that a run cut short told its part.
        self.file = "" if hasattr(config, "workerinput") else str(config.getoption("--proofs"))
        self.found: list[dict[str, Any]] = []

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """With `--counted`, what does not repeat is left out."""
        if not config.getoption("--counted"):
            return
        repeating = [
            item
            for item in items
            if "count" in getattr(item, "fixturenames", ()) or _examples(item) is not None
        ]
        config.hook.pytest_deselected(items=[one for one in items if one not in repeating])
        items[:] = repeating

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Hypothesis' examples count too."""
        examples = _examples(item)
        if examples is not None:
            item.user_properties.append(("count", examples))
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test; a failure while it is set up or taken down counts as one."""
        if report.when == "call" or report.failed:
            self.found.append(
                {
                    "name": report.nodeid,
                    "n": [value for name, value in report.user_properties if name == "count"],
                    "failed": int(report.failed),
                    "seconds": round(report.duration, 1),
                    "at": int(time.time()),
                }
            )
            if self.file:
                Path(self.file).write_text(json.dumps(self.found), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print how many repetitions and Hypothesis examples this run made."""
        examples = hypothesis.settings().max_examples
        terminalreporter.write_line(f"counts: {_ASKED}; Hypothesis {examples} examples a property")
        for one in sorted(self.found, key=lambda found: str(found["name"])):
            if one["n"]:
                counts, name = "+".join(map(str, one["n"])), str(one["name"]).split("::", 1)[-1]
                terminalreporter.write_line(f"  {counts:>7}  {name}")
