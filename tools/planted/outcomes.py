"""A pytest plugin: what became of each test, with the kinds of exception that it ended by, as JSON.

`YINXIN_OUTCOMES` names the file. Loaded by the runner of planted bugs with `-p tools.planted.outcomes`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_found: list[dict[str, Any]] = []


def _write() -> None:
    file = os.environ.get("YINXIN_OUTCOMES", "")
    if file:
        Path(file).write_text(json.dumps(_found, ensure_ascii=False), encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """One phase of one test."""
    report: pytest.TestReport = yield
    if report.when == "call" or report.failed:
        ended_by = call.excinfo.type.__mro__ if call.excinfo is not None else ()
        _found.append(
            {
                "name": report.nodeid,
                "when": report.when,
                "failed": report.failed,
                "kinds": [kind.__name__ for kind in ended_by],
                "told": "" if call.excinfo is None else call.excinfo.exconly()[:300],
            }
        )
        _write()
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A file that cannot even be read."""
    if report.failed:
        told = str(report.longrepr)[-300:]
        _found.append(
            {"name": report.nodeid, "when": "collect", "failed": True, "kinds": [], "told": told}
        )
        _write()
