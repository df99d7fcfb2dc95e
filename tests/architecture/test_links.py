"""Links within the documents lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.support import sources

PAGES = sorted([*sources.ROOT.glob("*.md"), *(sources.ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=sources.place)
def test_links_of_a_page_exist(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = [
        target
        for target in LINK.findall(text)
        if not target.startswith(("http://", "https://", "mailto:", "#"))
        and not (page.parent / target.split("#")[0]).exists()
    ]
    assert broken == []


def test_every_command_of_the_readme_s_top_is_a_target_of_the_makefile():
    readme = (sources.ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (sources.ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", readme, flags=re.MULTILINE))
    targets = {one or other for one, other in named}
    assert {"run", "test"} <= targets
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in targets)
