"""The tests with their full counts, and what they counted into docs/proofs.json.

Each proof is `{name, n, failed, commit}`: a test that declares a count, how often it repeated, and
whether it failed. Appends; `make prove` takes at most 45 minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROOFS = ROOT / "docs" / "proofs.json"


class Counted:
    """Collects the counts that tests declare."""

    def __init__(self) -> None:
        self.found: list[dict[str, object]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == "count":
                self.found.append({"name": report.nodeid, "n": value, "failed": int(report.failed)})


def main() -> int:
    """Run, record, and fail with the tests."""
    os.environ["YINXIN_COUNTS"] = "full"
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    counted = Counted()
    code = int(pytest.main(["-q", "tests"], plugins=[counted]))
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    known = json.loads(PROOFS.read_text(encoding="utf-8")) if PROOFS.exists() else []
    known += [{**one, "commit": commit} for one in counted.found]
    PROOFS.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
