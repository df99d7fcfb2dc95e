"""The tests with their full counts: what they counted into docs/proofs.json and docs/testing-in-full.md.

Every file of tests with a test that repeats, and every test that `tools/proving/attacks.toml` names, in
a process of its own, one after the other: first what was never run (the attacks before the rest), then
what was run longest ago. `--minutes` (45) is for all of them: what no longer fits is told, makes the run
fail, and comes first the next time. Names of files after it run only those.
`--counts 0.1` sets a share for all, `--page` only writes the page, and `--take FILE…` first takes what
`pytest --proofs FILE` wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.proving import records  # noqa: E402

_PYTEST = (sys.executable, "-m", "pytest")


def repeating(files: Sequence[str]) -> list[str]:
    """Every test that repeats, as pytest finds them: in these files, or in all."""
    done = subprocess.run(
        [*_PYTEST, "--counted", "--collect-only", *(files or ["tests"])],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit(done.stdout + done.stderr)
    return [line for line in done.stdout.splitlines() if "::" in line]


def wanted(files: Sequence[str]) -> dict[str, list[str]]:
    """What to run, in these files or in all: file → tests, what was never run first, then the oldest."""
    tests = [test for row in records.attacks().row for test in row.tests]
    tests += [records.test_of(name) for name in repeating(files)]
    found: dict[str, list[str]] = {}
    for test in dict.fromkeys(tests):
        file = test.partition("::")[0]
        if not files or file in files:
            found.setdefault(file, []).append(test)
    ran = {records.test_of(one["name"]): one["at"] for one in records.known()}
    return dict(sorted(found.items(), key=lambda one: min(ran.get(test, 0) for test in one[1])))


def prove(tests: Sequence[str], *, counts: str, seconds: float) -> bool | None:
    """Run some tests of one file and keep what they counted; None where the time was too short for all."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "proofs.json"
        command = [*_PYTEST, "--proofs", str(told), *tests]
        environment = {**os.environ, "YINXIN_COUNTS": counts}
        # In a session of its own: where the time is over, the processes that a test made end with it.
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        came: bool | None = None
        try:
            came = process.wait(timeout=max(1, seconds)) == 0
        except subprocess.TimeoutExpired:
            print("the time is over", flush=True)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if told.exists():
            found = json.loads(told.read_text(encoding="utf-8"))
            records.keep(found, counts=counts, commit=records.commit())
            write_page()
        return came


def prove_all(files: Sequence[str], *, counts: str, minutes: float) -> int:
    """Run, file after file; 1 when a test failed or did not fit into the time."""
    end = time.monotonic() + minutes * 60
    shares, problems = records.attacks().share, []
    for file, tests in wanted(files).items():
        left = end - time.monotonic()
        chosen = counts if counts != "full" else str(shares.get(file, "full"))
        print(f"{file} (counts: {chosen}, {left / 60:.0f} minutes left)", flush=True)
        came = prove(tests, counts=chosen, seconds=left) if left > 0 else None
        if came is not True:
            problems.append(
                f"{file}: {'failed' if came is False else 'not run, the time was over'}"
            )
    write_page()
    print("\n".join(problems) or "everything was run and passed")
    return int(bool(problems))


def write_page() -> None:
    """The page from what is known."""
    records.PAGE.write_text(records.page(records.known()), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run, or only take or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--counts", default="full")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--take", nargs="+", type=Path, default=())
    parser.add_argument("--commit", default="", help="the commit that what is taken was run at")
    given = parser.parse_args(arguments)
    for file in given.take:
        found = json.loads(file.read_text(encoding="utf-8"))
        records.keep(found, counts=given.counts, commit=given.commit or records.commit())
    if given.page or given.take:
        write_page()
        return 0
    return prove_all(given.files, counts=given.counts, minutes=given.minutes)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
