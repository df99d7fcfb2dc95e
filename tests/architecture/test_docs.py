"""The documents made from the tests' markers say what the markers say, and no test claims too much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools import docs

ROWS, GUIDE = docs.load_rows(), docs.load_guide()
FOLDER = docs.ROOT / "docs"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """tools/docs.py in a process of its own, since pytest does not collect inside pytest."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, str(docs.ROOT / "tools" / "docs.py"), *arguments],
        capture_output=True, text=True, env=environment, cwd=docs.ROOT, timeout=600,
    )  # fmt: skip


def test_the_documents_are_not_stale():
    done = run("--check")
    assert done.returncode == 0, done.stderr


def test_the_guide_data_lists_every_entry_in_the_guides_order():
    entries = json.loads((FOLDER / "guide.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in entries] == [step.id for step in GUIDE.step]
    assert all(set(entry) == {"id", "section", "row", "screen", "tests"} for entry in entries)


def test_no_test_proves_more_than_three_steps():
    entries = json.loads((FOLDER / "guide.json").read_text(encoding="utf-8"))
    proved = Counter(test for entry in entries for test in entry["tests"])
    assert {test: count for test, count in proved.items() if count > docs.MOST_STEPS} == {}


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (docs.Claim(rows=("ACC-99",)), "names the row ACC-99, which does not exist"),
        (docs.Claim(rows=("S-pay-1",)), "names the row S-pay-1, which does not exist"),
        (docs.Claim(steps=("G-onetap-9",)), "names the step G-onetap-9, which does not exist"),
        (
            docs.Claim(steps=tuple(f"G-onetap-{n}" for n in range(1, 5))),
            "claims 4 steps; at most 3 are allowed",
        ),
    ],
)
def test_a_claim_that_cannot_be_is_told(claim, told):
    assert docs.problems({"tests/a.py::test_a": claim}, ROWS, GUIDE) == [
        f"tests/a.py::test_a {told}"
    ]


def test_claims_stand_in_the_documents_in_the_order_of_their_names():
    claims = {
        "tests/b.py::test_b": docs.Claim(rows=("ACC-2", "S-PAY-10"), steps=("G-onetap-4",)),
        "tests/a.py::test_a": docs.Claim(rows=("ACC-2", "S-PAY-9"), steps=("G-onetap-4",)),
    }
    made = docs.documents(claims, ROWS, GUIDE)
    assert made == docs.documents(dict(reversed(claims.items())), ROWS, GUIDE)
    assert "| ACC-2 | tests/a.py::test_a<br>tests/b.py::test_b |" in made["rows.md"]
    assert "| ACC-3 |  |" in made["rows.md"]
    assert made["rows.md"].index("S-PAY-9") < made["rows.md"].index("S-PAY-10")
    step = next(entry for entry in json.loads(made["guide.json"]) if entry["id"] == "G-onetap-4")
    assert step["tests"] == ["tests/a.py::test_a", "tests/b.py::test_b"]


def test_markers_are_collected_without_running_and_cases_count_as_one_test(tmp_path: Path):
    (tmp_path / "test_marked.py").write_text(
        "import pytest\n"
        "@pytest.mark.row('LOG-1')\n"
        "@pytest.mark.guide('G-scanlogin-3')\n"
        "@pytest.mark.guide('G-scanlogin-4')\n"
        "@pytest.mark.parametrize('kind', ['platform', 'national'])\n"
        "def test_marked(kind):\n"
        "    raise AssertionError('no test is run')\n"
    )
    out = tmp_path / "docs"
    done = run("--tests", str(tmp_path), "--out", str(out))
    assert done.returncode == 0, done.stderr
    entries = json.loads((out / "guide.json").read_text(encoding="utf-8"))
    proved = {entry["id"]: entry["tests"] for entry in entries if entry["tests"]}
    assert set(proved) == {"G-scanlogin-3", "G-scanlogin-4"}
    assert all(len(tests) == 1 and tests[0].endswith("::test_marked") for tests in proved.values())
    assert run("--tests", str(tmp_path), "--out", str(out), "--check").returncode == 0


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("import pytest\n@pytest.mark.row('ACC-99')\ndef test_a(): ...\n", "ACC-99"),
        ("import pytest\n@pytest.mark.rows('ACC-1')\ndef test_a(): ...\n", "'rows' not found"),
    ],
)
def test_tests_that_cannot_be_read_stop_it_and_nothing_is_written(tmp_path: Path, source, told):
    (tmp_path / "test_broken.py").write_text(source)
    done = run("--tests", str(tmp_path), "--out", str(tmp_path / "docs"))
    assert done.returncode == 1
    assert told in done.stderr
    assert not (tmp_path / "docs").exists()
