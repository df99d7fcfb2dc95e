"""How long the console takes to start, and a signed-in page to show its title and table.

The baselines are a Streamlit app of one line for the start and one with a title and a table for the
pages, started by the same command with the same configuration and looked at by the same browser.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine import boot
from engine.kernel import actors, clock
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from simulations import demo
from tools.benchmarking import results

ROOT = Path(__file__).resolve().parents[2]
STARTS = 3
LOADS = 5
PEOPLE = 15
PAGES = ("/overview", "/desk")
_LINE = 'import streamlit as st; st.title("A title")'
_TABLE = f'{_LINE}; st.dataframe({{"Step": ["one", "two"], "Count": [1, 2]}})'
LOGIN = "bench"


def measure() -> list[results.Result]:
    """Start-up and page times."""
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        world, line, table = (Path(folder) / name for name in ("demo", "line", "table"))
        make_world(world)
        _make_app(line, _LINE)
        _make_app(table, _TABLE)
        return [_cold_start(world, line), _pages(world, table)]


def make_world(path: Path) -> None:
    """A demo world with a member of staff who may sign in (`LOGIN`)."""
    demo.make(path, people=PEOPLE, seed=7, now_ms=clock.SystemClock().now_ms())
    world = boot.open_world(path)
    world.engine.perform(
        staffing.create_staff,
        {
            "login": LOGIN,
            "name": "林主管",
            "password": "correct horse battery",
            "roles": (Role.LEAD,),
        },
        actor=actors.System(job="setup"),
    )
    world.close()
    boot.worlds.pop(world.id)


def _make_app(path: Path, text: str) -> None:
    path.mkdir()
    (path / "streamlit_app.py").write_text(text + "\n", encoding="utf-8")
    shutil.copytree(ROOT / ".streamlit", path / ".streamlit")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path, world: Path | None = None) -> Iterator[tuple[str, float]]:
    """A Streamlit app by its folder: its address, and the seconds from process start to health."""
    port, pause = _free_port(), threading.Event()
    environment = dict(os.environ)
    if world is not None:
        environment["YINXIN_WORLD"] = str(world)
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _healthy(port):
            if process.poll() is not None or time.perf_counter() - begin > 90:
                raise SystemExit(f"The server of {folder.name} did not come up")
            pause.wait(0.02)
        yield f"http://127.0.0.1:{port}", time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait(timeout=20)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _cold_start(world: Path, line: Path) -> results.Result:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(STARTS):
        for times, folder, of in ((ours, ROOT, world), (bare, line, None)):
            with served(folder, of) as (_address, took):
                times.append(took)
    return results.Result(
        name="cold_start_s",
        value=results.median(ours),
        unit="s",
        baseline=results.median(bare),
        options={
            "about": "from process start of `streamlit run streamlit_app.py` to a healthy answer, on"
            " an existing demo world; baseline: an app of one line",
            "rounds": STARTS,
            "people_in_the_world": PEOPLE,
            "times": results.spread(ours),
            "baseline_times": results.spread(bare),
        },
    )


def _pages(world: Path, table: Path) -> results.Result:
    times: dict[str, list[float]] = {path: [] for path in (*PAGES, "")}
    with (
        served(ROOT, world) as (ours, _),
        served(table) as (bare, _),
        browser() as chromium,
    ):
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{ours}/overview")
        page.click(f"button[value={LOGIN}]")
        for turn in range(LOADS + 1):
            for path, found in times.items():
                took = _load(page, f"{ours}{path}" if path else bare)
                if turn:
                    found.append(took)
    medians = {path: results.median(found) for path, found in times.items()}
    slower = max(PAGES, key=medians.__getitem__)
    return results.Result(
        name="page_to_content_ms",
        value=medians[slower],
        unit="ms",
        baseline=medians[""],
        options={
            "about": "headless Chromium, signed in, from navigation until title and table are visible,"
            " the slower of the pages; baseline: an app of one line with a title and a table",
            "rounds": LOADS,
            "pages": {path: results.rounded(medians[path]) for path in PAGES},
            "times": results.spread(times[slower]),
            "baseline_times": results.spread(times[""]),
        },
    )


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("Chromium is missing. As root, run: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            yield opened
        finally:
            opened.close()


def _load(page: Page, address: str) -> float:
    """Milliseconds from the navigation until title and table are there."""
    page.goto("about:blank")
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    expect(page.locator("h1").first).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible(timeout=30_000)
    return (time.perf_counter() - begin) * 1000
