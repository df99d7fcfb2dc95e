"""Planted bugs still fit the tree: their places are there, their tests exist, their page is up to date."""

from __future__ import annotations

import ast

import pytest

from tests.support import sources
from tools.planted import catalogue

BUGS = catalogue.bugs()


@pytest.mark.row("SIM-5")
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.id)
def test_a_planted_bug_still_fits(bug):
    assert catalogue.problem_of(bug) == ""
    assert bug.tests
    for test in bug.tests:
        path, _, name = test.partition("::")
        tree = ast.parse((sources.ROOT / path).read_text(encoding="utf-8"))
        assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.row("SIM-5")
def test_there_are_thirty_bugs_and_more_spread_over_the_stages():
    assert len(BUGS) >= 30
    assert len({bug.id for bug in BUGS}) == len(BUGS)
    assert len({bug.breaks for bug in BUGS}) == len(BUGS)
    stages = {edit.file.split("/")[1] for bug in BUGS for edit in bug.edit}
    assert len(stages) >= 20


@pytest.mark.row("SIM-5")
def test_the_page_lists_them():
    assert catalogue.PAGE.read_text(encoding="utf-8") == catalogue.page(BUGS)
