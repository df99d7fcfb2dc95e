"""A real server on a fresh demo world, and Debian's Chromium to look at it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine import boot
from engine.kernel import actors
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support.phone_pages import PhonePage
from tests.support.served import ServedLine

# A loaded machine is slow, not wrong.
expect.set_options(timeout=30_000)
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
STAFF = {
    "lead": ("林主管", (Role.LEAD, Role.PRODUCT)),
    "second": ("周复核", (Role.LEAD,)),
    "third": ("吴制章", (Role.LEAD,)),
    "auditor": ("审计员", (Role.AUDITOR,)),
}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    """Until the address answers, or the process has ended."""
    pause = threading.Event()
    for _ in range(int(seconds * 5)):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pause.wait(0.2)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo world with members of staff, in which nobody acts: the others are copies."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    boot.create_world(folder, kind="demo", world_id="demo")
    world = boot.open_world(folder)
    for login, (name, roles) in STAFF.items():
        world.engine.perform(
            staffing.create_staff,
            {"login": login, "name": name, "password": PASSWORD, "roles": roles},
            actor=actors.System(job="setup"),
        )
    world.close()
    boot.worlds.pop(world.id)
    return folder


@pytest.fixture(scope="module")
def world_folder(made_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh demo world with members of staff."""
    return Path(shutil.copytree(made_folder, tmp_path_factory.mktemp("world") / "demo"))


@pytest.fixture(scope="module")
def server(world_folder: Path) -> Iterator[str]:
    """The address of a console on that world, in a process of its own."""
    port = free_port()
    environment = {**os.environ, "YINXIN_WORLD": str(world_folder), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def chromium_path() -> str:
    """Debian's Chromium without the parts that a window needs: a page costs half as much."""
    path = shutil.which("chromium-headless-shell")
    assert path, "Chromium is missing: apt-get install chromium-headless-shell"
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of 1440 × 900 in Chinese."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def served(server: str, world_folder: Path) -> Iterator[ServedLine]:
    """The world that is being served, opened here too: people and reviewers of the test act in it."""
    world = boot.open_world(world_folder)
    yield ServedLine.on(world)
    world.close()
    boot.worlds.pop(world.id)


@pytest.fixture
def phone_page(chromium: Browser) -> Iterator[Page]:
    """A page of 390 × 844 in Chinese: a phone's, and nobody's PC."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True, is_mobile=True
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(phone_page: Page, server: str, served: ServedLine) -> PhonePage:
    """A phone, with the served world at hand."""
    return PhonePage(phone_page, server)


@pytest.fixture
def other(chromium: Browser, server: str) -> Iterator[PhonePage]:
    """A second phone, of the same person or of somebody else."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield PhonePage(context.new_page(), server)
    context.close()
