"""What tests of the guide leave: how each ended (`--results`), a picture of each step (`--pictures`).

The console's page of the guide shows both (`simulations/guide/proving.py`). A picture is taken when its
test has passed, of the browser that shows the step's screen: a phone's or a wide one.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulations import guide

# No PC is so narrow.
_PHONE_PX = 600


def steps_of(item: pytest.Item) -> list[str]:
    """The steps of the guide that a test says it proves."""
    return [str(name) for mark in item.iter_markers("guide") for name in mark.args]


def kept(file: Path) -> dict[str, dict[str, Any]]:
    """What earlier runs left; nothing where the file is not there or broken."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def chosen(open_pages: list[Any], screen: str) -> Any | None:
    """The page that shows a screen of the handset or the mall, or else any that is open."""
    wanted = screen.startswith("handset/")
    fitting = [one for one in open_pages if (_width(one) < _PHONE_PX) == wanted]
    return next(iter(fitting or open_pages), None)


def _width(page: Any) -> int:
    size = page.viewport_size
    return int(size["width"]) if size else _PHONE_PX


def _pages(item: pytest.Item) -> list[Any]:
    """The browser pages among a test's fixtures, or in them, that are open and show something."""
    found = []
    for value in getattr(item, "funcargs", {}).values():
        page = getattr(value, "page", value)
        if hasattr(page, "viewport_size") and page not in found:
            found.append(page)
    return [one for one in found if not one.is_closed() and one.url != "about:blank"]


class Watch:
    """A pytest plugin; it does nothing where neither option is given."""

    def __init__(self, config: pytest.Config) -> None:
        # Only the process that sees all tests writes the results; each takes its own pictures.
        alone = not hasattr(config, "workerinput")
        results, pictures = config.getoption("--results"), config.getoption("--pictures")
        self.results = Path(results) if results and alone else None
        self.pictures = Path(pictures) if pictures else None
        self.screens = {one.id: one.screen for one in guide.load_guide().step} if pictures else {}
        self.found: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test; the cases of a parametrized test are one, which fails with any."""
        if report.when != "call" and not report.failed:
            return
        name = report.nodeid.partition("[")[0]
        before = self.found.get(name, {}).get("outcome", "passed")
        outcome = before if report.passed else report.outcome
        self.found[name] = {"outcome": outcome, "at": int(time.time() * 1000)}

    def pytest_sessionfinish(self) -> None:
        """Put what this run found in place of what earlier ones did."""
        if self.results is None or not self.found:
            return
        self.results.parent.mkdir(parents=True, exist_ok=True)
        written = self.results.with_name(f"{self.results.name}.{os.getpid()}")
        told = dict(sorted({**kept(self.results), **self.found}.items()))
        written.write_text(json.dumps(told, indent=1), encoding="utf-8")
        written.replace(self.results)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Where the test has passed, its browser still stands on the step's screen."""
        done = yield
        if self.pictures is not None and (steps := steps_of(item)):
            self.take(steps, _pages(item))
        return done

    def take(self, steps: list[str], open_pages: list[Any]) -> None:
        """A picture for each of these steps."""
        assert self.pictures is not None
        self.pictures.mkdir(parents=True, exist_ok=True)
        for step in steps:
            page = chosen(open_pages, self.screens[step])
            if page is not None:
                page.screenshot(path=self.pictures / f"{step}.png")
