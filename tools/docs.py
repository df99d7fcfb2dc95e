"""Write docs/rows.md, guide.json and guide.md from the tests' markers, and help.md from data/help.

`@pytest.mark.row("CRT-1")` says which row of the product a test proves, `@pytest.mark.guide("G-onetap-3")`
which step of the user guide. Pytest collects the tests in this process and runs none. Nothing is written
when a test cannot be collected, names a row or step that does not exist, or claims more than three steps.
Rows that begin with `S-` are promises of the security design; they are listed as they are named.

`--check` writes nothing and exits 1 when the files are stale; `--tests` collects elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.kernel import texts  # noqa: E402
from pages import _help_texts, _sections  # noqa: E402
from simulations.guide import Guide, Row, Step, load_guide, load_rows  # noqa: E402

MOST_STEPS = 3
PROMISE = re.compile(r"S-[A-Z]{2,4}-[0-9]+")
_KINDS = {"step": "step", "precondition": "precondition 前置条件", "path": "path 操作路径"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one test says it proves."""

    rows: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(slots=True)
class Collector:
    """A pytest plugin that reads the markers of what was collected."""

    claims: dict[str, Claim] = field(default_factory=dict)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep each test's markers; the cases of a parametrized test are one test."""
        for item in session.items:
            self.claims[item.nodeid.partition("[")[0]] = Claim(
                rows=_named(item, "row"), steps=_named(item, "guide")
            )


class CollectionFailed(Exception):
    """Pytest could not collect the tests; its output is the message."""


def _named(item: pytest.Item, marker: str) -> tuple[str, ...]:
    return tuple(sorted({str(name) for mark in item.iter_markers(marker) for name in mark.args}))


def collect(tests: Path) -> dict[str, Claim]:
    """What every test under a folder claims, by node id; no test is run.

    Raises: CollectionFailed.
    """
    collector, output = Collector(), io.StringIO()
    # The configuration is named, or tests elsewhere would be read without strict markers.
    where = [f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}"]
    arguments = ["--collect-only", "-q", "-p", "no:cacheprovider", *where, str(tests)]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        status = pytest.main(arguments, plugins=[collector])
    if status is not pytest.ExitCode.OK:
        # Without the list of what could be collected, which comes first.
        listed, errors, rest = output.getvalue().partition("= ERRORS =")
        told = errors + rest or listed
        raise CollectionFailed(f"pytest could not collect {tests} ({status!r})\n{told}")
    return collector.claims


def problems(claims: Mapping[str, Claim], rows: tuple[Row, ...], guide: Guide) -> list[str]:
    """What is wrong with the claims and with the guide's own references, one line each."""
    known, steps = {row.id for row in rows}, {step.id for step in guide.step}
    found = [
        f"{step.id} names the row {step.row}, which does not exist"
        for step in guide.step
        if step.row not in known
    ]
    for test, claim in sorted(claims.items()):
        found += [
            f"{test} names the row {row}, which does not exist"
            for row in claim.rows
            if row not in known and not PROMISE.fullmatch(row)
        ]
        found += [
            f"{test} names the step {step}, which does not exist"
            for step in claim.steps
            if step not in steps
        ]
        if len(claim.steps) > MOST_STEPS:
            found.append(
                f"{test} claims {len(claim.steps)} steps; at most {MOST_STEPS} are allowed"
            )
    return found


def documents(claims: Mapping[str, Claim], rows: tuple[Row, ...], guide: Guide) -> dict[str, str]:
    """The text of each document, by file name."""
    by_row: dict[str, list[str]] = {}
    by_step: dict[str, list[str]] = {}
    for test, claim in sorted(claims.items()):
        for row in claim.rows:
            by_row.setdefault(row, []).append(test)
        for step in claim.steps:
            by_step.setdefault(step, []).append(test)
    return {
        "rows.md": _rows_document(rows, by_row),
        "guide.json": _guide_data(guide, by_step),
        "guide.md": _guide_document(guide, by_step),
        "help.md": _help_document("en"),
        "help.zh.md": _help_document("zh_CN"),
    }


def _help_document(language: str) -> str:
    titled = tuple(
        (
            texts.text(section, language),
            tuple((name, texts.text(title, language)) for name, title, _rights in entries),
        )
        for section, entries in _sections.SECTIONS
    )
    return _help_texts.document(language, titled)


def _rows_document(rows: tuple[Row, ...], by_row: Mapping[str, list[str]]) -> str:
    def table(ids: list[str]) -> str:
        lines = [f"| {id_} | {'<br>'.join(by_row.get(id_, []))} |" for id_ in ids]
        return "\n".join(["| id | tests |", "| --- | --- |", *lines])

    promises = sorted(set(by_row) - {row.id for row in rows}, key=_in_order)
    proved = sum(row.id in by_row for row in rows)
    return (
        "# Rows and the tests that prove them\n\n"
        f"Made by `make docs`. {proved} of {len(rows)} rows have a test.\n\n"
        f"{table([row.id for row in rows])}\n\n"
        "## Promises of the security design\n\n"
        f"{table(promises)}\n\n"
        "## What the rows are\n\n"
        "| row | title | 名称 |\n| --- | --- | --- |\n"
        + "".join(f"| {row.id} | {row.title.en} | {row.title.zh} |\n" for row in rows)
    )


def _in_order(promise: str) -> tuple[str, int]:
    name, _, number = promise.rpartition("-")
    return name, int(number)


def _guide_data(guide: Guide, by_step: Mapping[str, list[str]]) -> str:
    entries = [
        {
            "id": step.id,
            "section": step.section,
            "row": step.row,
            "screen": step.screen,
            "tests": by_step.get(step.id, []),
        }
        for step in guide.step
    ]
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def _guide_document(guide: Guide, by_step: Mapping[str, list[str]]) -> str:
    proved = sum(step.id in by_step for step in guide.step)
    parts = [
        "# The user guide, step by step 指南对照",
        f"Made by `make docs`. {proved} of {len(guide.step)} entries have a test.",
    ]
    for function in guide.function:
        steps = [step for step in guide.step if step.slug == function.slug]
        parts.append(f"## {function.title.en} {function.title.zh}")
        parts += [_entry(step, by_step.get(step.id, [])) for step in steps]
    return "\n\n".join(parts) + "\n"


def _entry(step: Step, tests: list[str]) -> str:
    place = f"section {step.section}" + (f", {step.number}" if step.number else "")
    kind = _KINDS.get(step.kind, step.kind)
    lines = [
        f"- **{step.id}** ({place}; {kind}; {step.row}; `{step.screen}`)",
        f"  {step.asks.en}",
        f"  {step.asks.zh}",
    ]
    if step.labels:
        lines.append("  Labels: " + " · ".join(step.labels))
    lines.append("  Tests: " + (", ".join(f"`{test}`" for test in tests) if tests else "none"))
    # Two blanks at the end of a line break it.
    return "  \n".join(lines)


def main(arguments: list[str]) -> int:
    """The command; 0 when the documents are written or fresh, 1 otherwise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    parser.add_argument("--tests", type=Path, default=ROOT / "tests")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    chosen = parser.parse_args(arguments)
    rows, guide = load_rows(), load_guide()
    try:
        claims = collect(chosen.tests.resolve())
    except CollectionFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    if wrong := problems(claims, rows, guide):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    stale = []
    for name, text in documents(claims, rows, guide).items():
        path = chosen.out / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not chosen.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if chosen.check and stale:
        print(f"stale: {', '.join(stale)}; run make docs", file=sys.stderr)
        return 1
    print(f"{len(claims)} tests collected; {', '.join(stale) or 'nothing'} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
