"""What tests counted, in `docs/proofs.json`, and the page that is made of it.

A record is `{name, n, failed, seconds, at, counts, commit}`: a case of a test, how often it repeated (one
number for each count that it declares), whether it failed, how long it took, when, and whether the counts
were `full` or which share of them. Of each case the newest stands.
"""

from __future__ import annotations

import datetime
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.kernel import catalog

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / "docs" / "proofs.json"
PAGE = ROOT / "docs" / "testing-in-full.md"
_BEIJING = datetime.timezone(datetime.timedelta(hours=8))

Record = Mapping[str, Any]


class Row(catalog.Declared):
    """A threat, the figure that is asked for, and the tests that show it."""

    section: str
    threat: str
    asked: str
    tests: tuple[str, ...] = ()
    differs: str = ""


class Attacks(catalog.Declared):
    """`tools/proving/attacks.toml`."""

    share: dict[str, float]
    row: tuple[Row, ...]


def attacks() -> Attacks:
    """What is asked to be shown."""
    return catalog.load(Path(__file__).with_name("attacks.toml"), Attacks)


def known() -> list[dict[str, Any]]:
    """Every record there is."""
    if not STORE.exists():
        return []
    found: list[dict[str, Any]] = json.loads(STORE.read_text(encoding="utf-8"))
    return found


def keep(found: Iterable[Record], *, counts: str, commit: str) -> None:
    """Put new records in the place of older ones of the same cases."""
    kept = {one["name"]: one for one in known()}
    for one in found:
        kept[one["name"]] = {**one, "counts": counts, "commit": commit}
    lines = [json.dumps(kept[name], ensure_ascii=False) for name in sorted(kept)]
    STORE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def commit() -> str:
    """The commit that the tree stands on."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_of(name: str) -> str:
    """The test that a case belongs to."""
    return name.split("[", 1)[0]


def _counted(cases: Sequence[Record]) -> str:
    """How often the cases of a test repeated: each different figure, and how many cases had it."""
    told = Counter("+".join(f"{n:,}" for n in one["n"]) for one in cases if one["n"])
    if not told:
        return "1 case" if len(cases) == 1 else f"{len(cases)} cases"
    return ", ".join(
        figure if times == 1 else f"{figure} × {times}" for figure, times in told.items()
    )


def _day(cases: Sequence[Record]) -> str:
    newest = max(one["at"] for one in cases)
    return datetime.datetime.fromtimestamp(newest, _BEIJING).strftime("%Y-%m-%d %H:%M")


def _result(cases: Sequence[Record]) -> str:
    failed = sum(one["failed"] for one in cases)
    shares = {one["counts"] for one in cases}
    told = f"{failed} of {len(cases)} failed" if failed else "passed"
    return told if shares == {"full"} else f"{told} (counts × {', '.join(sorted(shares))})"


def _line(test: str, cases: Sequence[Record]) -> str:
    path, _, name = test.partition("::")
    shown = f"`{name}` ({path.removeprefix('tests/')})"
    if not cases:
        return f"{shown} | – | – | not run"
    seconds = sum(one["seconds"] for one in cases)
    commits = ", ".join(sorted({one["commit"] for one in cases}))
    return f"{shown} | {_counted(cases)} | {seconds:,.0f} s | {_result(cases)}, {_day(cases)}, {commits}"


def page(found: Sequence[Record]) -> str:
    """The page: the rows that are asked for, then whatever else repeats."""
    by_test: dict[str, list[Record]] = {}
    for one in found:
        by_test.setdefault(test_of(one["name"]), []).append(one)
    rows, written = attacks().row, []
    for section in dict.fromkeys(row.section for row in rows):
        written += [
            f"## {_title(section)}",
            "",
            "| threat | asked for | shown by | counted | time | result |",
        ]
        written += ["| --- | --- | --- | --- | --- | --- |"]
        for row in (one for one in rows if one.section == section):
            for number, test in enumerate(row.tests or ("",)):
                left = f"{row.threat} | {row.asked}" if number == 0 else " | "
                right = _line(test, by_test.get(test, [])) if test else "no test | – | – | a gap"
                written.append(f"| {left} | {right} |")
        written += ["", *(f"- {row.threat}: {row.differs}" for row in rows
                          if row.section == section and row.differs), ""]  # fmt: skip
    named = {test for row in rows for test in row.tests}
    others = sorted(test for test in by_test if test not in named and any(
        one["n"] for one in by_test[test]))  # fmt: skip
    written += [
        "## Whatever else repeats",
        "",
        "| test | counted | time | result |",
        "| --- | --- | --- | --- |",
    ]
    written += [f"| {_line(test, by_test[test])} |" for test in others]
    return _head(found) + "\n".join(written).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _title(section: str) -> str:
    return f"Threats of section {section}" if section[0].isdigit() else section


def _head(found: Sequence[Record]) -> str:
    failed = sum(one["failed"] for one in found)
    rows = attacks().row
    run = {test_of(one["name"]) for one in found}
    missing = sorted({test for row in rows for test in row.tests} - run)
    return f"""# What was run in full

Made by `make prove` from `docs/proofs.json` and `tools/proving/attacks.toml`. `YINXIN_COUNTS=full` sets
the full counts for any run of pytest, a share such as `0.3` sets that share of them. Times are of one
process on two cores that were shared with other work; the instant is Beijing's, then the commit.

Cases: {len(found)}, of {len(run)} tests; failed: {failed}. Rows that are asked for: {len(rows)}; tests that
show them and were not run in full yet: {len(missing)}.

"""
