"""What was measured: the list in `docs/benchmarks.json` and the page made from it.

The list only grows (decision 28). `commit` is the parent of the commit that a result is stored with,
and `dirty` says whether the tree had changes then. `ratio` is value over baseline, whichever way is
better: the unit says which.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.reports import catalog
from tools.benchmarking import growth, whose_time

STORE = Path("docs") / "benchmarks.json"
PAGE = Path("docs") / "benchmarks.md"
DRAWING = Path("docs") / "benchmarks-growth.svg"
WHOSE_TIME = Path("docs") / "benchmarks-whose-time.svg"
KEYS = ("name", "value", "unit", "baseline", "ratio", "commit", "dirty", "options")
# Told under a name of its own; or not measured at that size yet.
_OTHERWISE = (
    *("process_map", "bindings", "files"),
    *("bulk_acts", "bulk_items", "incidents", "issuing_stops", "deliveries", "reveals"),
)
# What the project promises to measure; these names stay.
FIXED = (
    "engine_actions_durable",
    "engine_actions_memory",
    "certificate_issue",
    "cold_start_s",
    "page_to_content_ms",
    "cross_screen_p95_ms",
    "desk_rerun_p95_ms",
    "desk_active_users",
    "console_weight_kb",
    "console_content_s",
    "handset_weight_kb",
    "handset_content_s",
    "certificate_issue_vs_django_ca",
    "certificate_issue_vs_certomancer",
    "ocsp_http",
    "ocsp_vs_certomancer",
    "crl_million",
    "split_rsa_sign",
    "pades_bb_outside",
    "pades_bb_own",
    "pades_bt_own",
    "pades_blta_own",
    "seal_render",
    "document_render",
    "encrypt_1gb",
    "process_map_10m",
    *(f"report_{name}_10m" for name in catalog.NAMES if name not in _OTHERWISE),
    "feed_rows",
    "report_delay",
    "simulation_actions",
    "people_whole_life",
    "people_100k_s",
    "people_1m_peak_mb",
    "scaling_2_workers",
    "sampler_people",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure beside the baseline of the same run."""

    name: str
    value: float
    unit: str
    baseline: float
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Value over baseline."""
        return self.value / self.baseline


def rounded(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")


def median(values: Sequence[float]) -> float:
    """The middle of several rounds."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> list[float]:
    """The smallest and the largest of several rounds."""
    return [rounded(min(values)), rounded(max(values))]


def origin(root: Path) -> dict[str, Any]:
    """The parent commit (short) and whether the tree differs from it.

    The results themselves don't count as a difference.
    """

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    others = [f":(exclude){path}" for path in (STORE, PAGE)]
    changed = git("status", "--porcelain", "--", ".", *others)
    return {"commit": git("rev-parse", "--short", "HEAD"), "dirty": bool(changed)}


def machine() -> dict[str, Any]:
    """What the figures depend on besides the code."""
    return {"cores": os.cpu_count(), "python": platform.python_version()}


def load(path: Path) -> list[dict[str, Any]]:
    """Every stored result, oldest first."""
    if not path.exists():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def append(path: Path, found: Sequence[Result], origin: Mapping[str, Any]) -> None:
    """Store results behind those that are there, one to a line."""
    rows = load(path) + [
        {
            "name": one.name,
            "value": rounded(one.value),
            "unit": one.unit,
            "baseline": rounded(one.baseline),
            "ratio": rounded(one.ratio),
            "commit": origin["commit"],
            "dirty": origin["dirty"],
            "options": {**machine(), **one.options},
        }
        for one in found
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def line(one: Result) -> str:
    """A result in one line of a terminal."""
    return (
        f"{one.name}: {rounded(one.value):g} {one.unit},"
        f" baseline {rounded(one.baseline):g}, ratio {one.ratio:.3f}"
    )


# -- the page ----------------------------------------------------------------------------------


def write_page(root: Path) -> None:
    """Write `docs/benchmarks.md` from `docs/benchmarks.json`."""
    rows = load(root / STORE)
    (root / PAGE).write_text(page(rows), encoding="utf-8")
    if grown := _growth(rows):
        (root / DRAWING).write_text(growth.svg(grown), encoding="utf-8")
    if lives := whose_time.stored(rows):
        (root / WHOSE_TIME).write_text(whose_time.svg(lives), encoding="utf-8")


def _growth(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, float]]:
    """The newest growth of reports that was stored."""
    found: list[Mapping[str, Mapping[str, float]]] = [
        row["options"]["growth"] for row in rows if "growth" in row["options"]
    ]
    return found[-1] if found else {}


def page(rows: Sequence[Mapping[str, Any]]) -> str:
    """The whole page: newest of each name, what each means, where time goes, history."""
    newest = {row["name"]: row for row in rows}
    ordered = [name for name in FIXED if name in newest]
    ordered += sorted(name for name in newest if name not in FIXED)
    parts = [
        "# Benchmarks",
        "",
        "Made by `make bench` from [benchmarks.json](benchmarks.json); don't edit it. Product and",
        "baseline take turns in one run; a figure is the median of the rounds. `commit` is the parent",
        "of the commit that stored the result; `+` means that the tree had changes.",
        "",
        "## Newest",
        "",
        *_table(
            ("name", "value", "unit", "baseline", "ratio", "commit", "machine"),
            [(*_figures(newest[name]), _machine(newest[name])) for name in ordered],
        ),
        "",
        "## What each is",
        "",
    ]
    for name in ordered:
        parts += _meaning(newest[name])
    for name in ordered:
        parts += _profile(newest[name])
    if grown := _growth(rows):
        parts += growth.section(grown, DRAWING.name)
    if lives := whose_time.stored(rows):
        parts += whose_time.section(lives, WHOSE_TIME.name)
    parts += ["## History", ""]
    for name in ordered:
        own = [_figures(row)[1:] for row in rows if row["name"] == name]
        parts += [
            f"### {name}",
            "",
            *_table(("value", "unit", "baseline", "ratio", "commit"), own),
            "",
        ]
    return "\n".join(parts).rstrip() + "\n"


def _figures(row: Mapping[str, Any]) -> tuple[str, ...]:
    commit = f"{row['commit']}{'+' if row['dirty'] else ''}"
    figures = (f"{row['value']:g}", row["unit"], f"{row['baseline']:g}", f"{row['ratio']:g}")
    return (row["name"], *figures, commit)


def _machine(row: Mapping[str, Any]) -> str:
    options = row["options"]
    return f"{options['cores']} cores, Python {options['python']}"


# Told in a line, a table or a section of their own.
_ELSEWHERE = ("cores", "python", "about", "profile", "growth", "where_time_goes")


def _meaning(row: Mapping[str, Any]) -> list[str]:
    options = row["options"]
    told = {k: v for k, v in options.items() if k not in _ELSEWHERE}
    listed = "; ".join(f"{key} {_plain(value)}" for key, value in told.items())
    return [f"**{row['name']}**: {options.get('about', '')}", "", *([listed, ""] if listed else [])]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items())
    if isinstance(value, list):
        return " to ".join(_plain(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _profile(row: Mapping[str, Any]) -> list[str]:
    found = row["options"].get("profile")
    if not found:
        return []
    head = ("function", "calls an action", "own µs an action", "cumulative µs an action")
    cells = [
        (f"`{one['function']}`", *(f"{one[key]:g}" for key in ("calls", "own_us", "cumulative_us")))
        for one in found
    ]
    return [
        f"## Where {row['name']} goes",
        "",
        "By cProfile, which makes everything slower and small functions most of all: read it as an",
        "order, not as times.",
        "",
        *_table(head, cells),
        "",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(cells)} |" for cells in rows),
    ]
