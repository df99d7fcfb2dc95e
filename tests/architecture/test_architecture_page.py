"""The page of the architecture is drawn from the code, is current, and nothing in it points upwards."""

from __future__ import annotations

import configparser
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tools import architecture

GIVEN = architecture.contracts()
NAMES = [*architecture.AROUND, *architecture.layers(GIVEN)]
USED = architecture.uses(NAMES)
SHOWN = architecture.stages(NAMES)


def test_page_and_drawing_are_current():
    assert architecture.main(["--check"]) == 0, "run make docs"


def test_every_package_of_the_engine_is_in_it():
    engine = architecture.ROOT / "engine"
    packages = {one.parent.name for one in engine.glob("*/__init__.py")}
    modules = {one.stem for one in engine.glob("*.py")} - {"__init__"}
    assert set(NAMES) == packages | modules | set(architecture.AROUND)
    assert len(set(NAMES)) == len(NAMES)


def test_each_stage_says_in_a_sentence_what_it_is():
    assert [one.name for one in SHOWN if not 5 < len(one.says) < 110] == []


def test_nothing_is_drawn_on_the_left_of_the_diagonal():
    above = {name: set(NAMES[:n]) for n, name in enumerate(NAMES)}
    assert {name: USED[name] & above[name] for name in NAMES if USED[name] & above[name]} == {}
    assert sum(map(len, USED.values())) > 200


def test_the_drawing_has_a_cell_for_each_use_and_a_name_for_each_stage():
    svg = architecture.drawing(SHOWN, USED)
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    cells = len(re.findall(r'rx="2"', svg))
    assert cells == len(NAMES) + sum(map(len, USED.values()))
    assert all(svg.count(f">{name}</text>") == 2 for name in NAMES)


def test_a_small_pile_is_drawn_as_it_is(tmp_path: Path):
    (tmp_path / "engine" / "upper").mkdir(parents=True)
    upper = '"""What is <above>: more.\n\nAnd the rest."""\n'
    (tmp_path / "engine" / "upper" / "__init__.py").write_text(upper, encoding="utf-8")
    (tmp_path / "engine" / "lower.py").write_text('"""What is below. It ends."""', encoding="utf-8")
    found = architecture.stages(["upper", "lower"], tmp_path)
    assert [one.says for one in found] == ["What is <above>: more", "What is below"]
    used = {"upper": {"lower"}, "lower": set()}
    assert "What is &lt;above&gt;" in architecture.drawing(found, used)
    given = configparser.ConfigParser()
    given.read_string("[importlinter:contract:one]\nname = None above\n")
    text = architecture.page(found, used, given)
    assert "| `upper` | What is <above>: more | lower |" in text
    assert text.endswith("- None above.\n")
    with pytest.raises(FileNotFoundError):
        architecture.stages(["gone"], tmp_path)
