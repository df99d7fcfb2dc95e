"""What was run in full: every row names tests that exist, and the page says what the records say."""

from __future__ import annotations

import ast

import pytest

from tests.support import sources
from tools.proving import records

ROWS = records.attacks().row
NAMED = sorted({test for row in ROWS for test in row.tests})


@pytest.mark.parametrize("test", NAMED)
def test_a_test_that_a_row_names_is_there(test):
    path, _, name = test.partition("::")
    tree = ast.parse((sources.ROOT / path).read_text(encoding="utf-8"))
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_a_row_has_a_test_or_says_why_not():
    assert [row.threat for row in ROWS if not row.tests and not row.differs] == []


def test_a_share_is_of_a_file_that_a_row_names():
    assert set(records.attacks().share) <= {test.partition("::")[0] for test in NAMED}
    assert all(0 < share < 1 for share in records.attacks().share.values())


def test_the_page_is_made_of_the_records():
    assert records.PAGE.read_text(encoding="utf-8") == records.page(records.known())


def case(name, **changes):
    one = {"name": name, "n": [5], "failed": 0, "seconds": 2.0, "at": 0, "counts": "full"}
    return {**one, "commit": "abc", **changes}


def test_a_failure_and_what_was_not_run_show():
    shown = records.page([case(f"{NAMED[0]}[sqlite]"), case(f"{NAMED[0]}[postgresql]", failed=1)])
    assert "1 of 2 failed" in shown
    assert "Cases: 2, of 1 tests; failed: 1." in shown
    assert shown.count("not run") >= len(NAMED) - 1
    assert "passed (counts × 0.3)" in records.page([case(NAMED[0], counts="0.3")])
