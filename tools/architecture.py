"""Write docs/architecture.md and its drawing from the code: the contracts of imports, and the imports.

`--check` writes nothing and exits 1 when either is stale.
"""

from __future__ import annotations

import argparse
import ast
import configparser
import html
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DOCS = ROOT / "docs"
# What stands around the engine; the contracts forbid the engine to know of either.
AROUND = ("pages", "simulations")
_CELL, _TOP, _LEFT, _WORDS = 17, 96, 112, 680
_TONES = ("#0072b2", "#009e73")
_INTRO = """# How the code is built

Made by `make docs` from the import contracts in `.importlinter` and from the imports that there are.

Everything that happens is an act: `engine.perform(action, arguments, actor=…, key=…)`, one transaction
with one instant and one actor, at most once a key. Each act leaves facts in a keyed, hash-chained log that
folds back into the tables. The engine is a pile of stages. A stage may use those below it and never one
above; the console, the simulations and the HTTP doors are callers of the same actions and questions, and
have no rules of their own.

![Which stage uses which](architecture.svg)

A row uses the columns that are filled. Nothing is filled on the left of the diagonal: no stage knows one
that is above it.
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A package of the engine, or what stands around it, and its own first sentence."""

    name: str
    says: str


def contracts(path: Path = ROOT / ".importlinter") -> configparser.ConfigParser:
    """The import contracts."""
    found = configparser.ConfigParser()
    found.read_string(path.read_text(encoding="utf-8"))
    return found


def layers(given: configparser.ConfigParser) -> list[str]:
    """The engine's stages, the highest first; those of one layer side by side."""
    listed = given["importlinter:contract:layers"]["layers"]
    return re.findall(r"[a-z_]+", listed)


def sentence(text: str) -> str:
    """The first sentence of a docstring."""
    first = " ".join(text.strip().split("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[A-Z])", first)[0].rstrip(".:")


def stages(names: Sequence[str], root: Path = ROOT) -> list[Stage]:
    """What each stage says of itself.

    Raises: FileNotFoundError for a stage that is not there.
    """
    found = []
    for name in names:
        place = root / name if name in AROUND else root / "engine" / name
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        found.append(Stage(name, sentence(told)))
    return found


def uses(names: Sequence[str]) -> dict[str, set[str]]:
    """Which stages each one's modules import, itself left out."""
    graph = grimp.build_graph("engine", *AROUND, cache_dir=None)
    found: dict[str, set[str]] = {name: set() for name in names}
    for module in graph.modules:
        own = _stage(module)
        for other in graph.find_modules_directly_imported_by(module):
            if own in found and _stage(other) in found:
                found[own].add(_stage(other))
    return {name: others - {name} for name, others in found.items()}


def _stage(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] in AROUND else [*parts, ""][1]


def drawing(shown: Sequence[Stage], used: Mapping[str, set[str]]) -> str:
    """The stages as a triangle: a row uses the columns that are filled."""
    side = len(shown) * _CELL
    wide, high = _LEFT + side + _WORDS, _TOP + side + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img"'
        ' font-family="sans-serif" font-size="12" fill="#24292f">',
        "<title>Which stage uses which</title>",
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
    ]
    for n, stage in enumerate(shown):
        x, y = _LEFT + n * _CELL, _TOP + n * _CELL
        if n % 2 == 0:
            parts.append(f'<rect x="0" y="{y}" width="{wide}" height="{_CELL}" fill="#f3f4f6"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{stage.name}</text>')
        turned = f"translate({x + 12} {_TOP - 6}) rotate(-60)"
        parts.append(f'<text transform="{turned}">{stage.name}</text>')
        said = html.escape(stage.says.replace("`", ""), quote=False)
        parts.append(f'<text x="{_LEFT + side + 12}" y="{y + 13}" fill="#57606a">{said}</text>')
    for row, stage in enumerate(shown):
        tone = _TONES[stage.name in AROUND]
        for column, other in enumerate(shown):
            x, y = _LEFT + column * _CELL + 2, _TOP + row * _CELL + 2
            if row == column or other.name in used[stage.name]:
                fill = "#c9ced6" if row == column else tone
                cell = f'<rect x="{x}" y="{y}" width="{_CELL - 4}" height="{_CELL - 4}"'
                parts.append(f'{cell} fill="{fill}" rx="2"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def page(
    shown: Sequence[Stage], used: Mapping[str, set[str]], given: configparser.ConfigParser
) -> str:
    """The page: each stage with what it uses, then every contract by its name."""
    order = {stage.name: n for n, stage in enumerate(shown)}
    lines = [
        _INTRO,
        "## The stages, from the top\n",
        "| stage | what it is | uses |",
        "| --- | --- | --- |",
    ]
    for stage in shown:
        below = " ".join(sorted(used[stage.name], key=order.__getitem__))
        lines.append(f"| `{stage.name}` | {stage.says.replace('|', chr(92) + '|')} | {below} |")
    lines.append("\n## What `make check` holds\n")
    for section in given.sections():
        if section.startswith("importlinter:contract:"):
            lines.append(f"- {given[section]['name']}.")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """The command; 0 when both are written or fresh, 1 otherwise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    check = parser.parse_args(arguments).check
    given = contracts()
    names = [*AROUND, *layers(given)]
    shown, used = stages(names), uses(names)
    stale = []
    for name, text in (
        ("architecture.svg", drawing(shown, used)),
        ("architecture.md", page(shown, used, given)),
    ):
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    print(f"{', '.join(stale) or 'nothing'} {'stale; run make docs' if check else 'changed'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
