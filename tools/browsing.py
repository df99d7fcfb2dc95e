"""A server over a world, and a browser that looks at it as one of its staff: for pictures."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"pc": (1440, 900), "phone": (390, 844)}
_PORT = 8599
ADDRESS = f"http://127.0.0.1:{_PORT}"


def _wait(server: subprocess.Popen[bytes]) -> None:
    pause = threading.Event()
    for _ in range(400):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{ADDRESS}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            pause.wait(0.25)
    raise SystemExit("the server did not answer")


def opened(browser: Browser, login: str, size: tuple[int, int], locale: str, scheme: str) -> Page:
    """The console as somebody of the staff sees it, signed in with one click."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=locale,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(f"{ADDRESS}/login")
    page.click(f"button[value={login}]")
    page.wait_for_selector("h1")
    return page


def settle(page: Page) -> None:
    """Wait until a page stands still."""
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(900)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[None]:
    """A server over the world in a folder, for as long as it is looked at."""
    command = [str(Path(sys.executable).with_name("yinxin")), "serve"]
    server = subprocess.Popen(
        [*command, "--port", str(_PORT), "--world", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)
