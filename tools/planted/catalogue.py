"""Planted bugs as data: one small change each, what it breaks, and the tests that must notice.

`bugs.toml` holds them. The old text of an edit stands exactly once in its file, so that a bug is planted
where it was meant, and one whose place has changed is told by its id. `PAGE` is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.kernel import catalog

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "planted-bugs.md"


class Edit(catalog.Declared):
    """In `file`, `old` becomes `new`."""

    file: str
    old: str
    new: str


class Bug(catalog.Declared):
    """One planted bug, of one edit or of a few that belong together; each of `tests` has to fail then."""

    id: str
    breaks: str
    tests: tuple[str, ...]
    edit: tuple[Edit, ...]


class Bugs(catalog.Declared):
    """`bugs.toml`."""

    bug: tuple[Bug, ...]


def bugs() -> tuple[Bug, ...]:
    """Every planted bug, in the order of the file."""
    return catalog.load(Path(__file__).with_name("bugs.toml"), Bugs).bug


def problem_of(bug: Bug, root: Path = ROOT) -> str:
    """Why a bug cannot be planted in a tree; empty where it can."""
    for edit in bug.edit:
        path = root / edit.file
        if not path.is_file():
            return f"{edit.file} is not there"
        found = path.read_text(encoding="utf-8").count(edit.old)
        if found != 1:
            return f"its old text stands {found} times in {edit.file}"
        if edit.old == edit.new:
            return f"it changes nothing in {edit.file}"
    return ""


def changed(bug: Bug, root: Path) -> dict[str, str]:
    """The files with the bug in them, as their texts.

    Raises: ValueError where it cannot be planted.
    """
    if problem := problem_of(bug, root):
        raise ValueError(problem)
    texts: dict[str, str] = {}
    for edit in bug.edit:
        text = texts.get(edit.file) or (root / edit.file).read_text(encoding="utf-8")
        texts[edit.file] = text.replace(edit.old, edit.new)
    return texts


def tests_of(chosen: Sequence[Bug]) -> list[str]:
    """Every test that these bugs name, once."""
    return list(dict.fromkeys(test for bug in chosen for test in bug.tests))


def page(known: Sequence[Bug]) -> str:
    """The page that lists them."""
    rows = [
        f"| `{bug.id}` | {bug.breaks} | {_places(bug)} | {_shown(bug.tests)} |" for bug in known
    ]
    return "\n".join(
        (
            "# Planted bugs",
            "",
            f"Made from `tools/planted/bugs.toml`: {len(known)} small bugs, each of which the named"
            " tests have to notice.",
            "`.venv/bin/python -m tools.planted` plants one after the other in a copy of the tree and"
            " runs its tests",
            "there; `make prove` does so too and writes how many were caught into",
            "[testing-in-full.md](testing-in-full.md). Without a bug all of these tests have to pass; an"
            " error while importing,",
            "collecting or setting up is no catch, and a bug whose place has changed is a failure.",
            "",
            "| bug | what it breaks | where | caught by |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        )
    )


def _places(bug: Bug) -> str:
    return ", ".join(dict.fromkeys(edit.file for edit in bug.edit))


def _shown(tests: Sequence[str]) -> str:
    told = []
    for test in tests:
        path, _, name = test.partition("::")
        told.append(f"`{name}` ({path.removeprefix('tests/')})")
    return ", ".join(told)
