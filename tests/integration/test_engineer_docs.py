"""The commands in docs/for-engineers.md work as they stand, and say what the page says that they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import web

PAGE = web.ROOT / "docs" / "for-engineers.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.row("PKI-2", "SGN-4")
def test_other_people_s_tools_judge_the_samples_as_the_page_says(tmp_path: Path) -> None:
    script = "\n".join(("set -eux -o pipefail", *BLOCKS))
    tools = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout + done.stderr
    for said in (
        "enterprise.pem: OK",
        "person.pem: OK",
        "enterprise.pem: good",
        "Verification: OK",
    ):
        assert said in told
    assert done.stdout.count("Signature is Valid.") == 2
    assert re.findall(r"^(\w+) True", done.stdout, re.M) == ["purchaser", "supplier"]
    assert '"verdict": "valid"' in done.stdout.replace('":"', '": "')
    assert "Invalid or changed" in done.stdout


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{one.name}" for one in (web.ROOT / "docs").glob("*.md"))]
)
def test_every_link_and_picture_of_a_page_is_there(page: str) -> None:
    file = web.ROOT / page
    text = file.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (file.parent / target).exists(), target
