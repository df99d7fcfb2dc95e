"""Pictures of every page, at 1440 × 900 and 390 × 844, in both languages and themes, into data/var/shots.

`--readme` refreshes docs/pictures instead. The server runs on a demo world of its own, which is not kept.
"""

from __future__ import annotations

import base64
import datetime
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine import boot  # noqa: E402
from engine.boot import tables  # noqa: E402
from engine.kernel import clock  # noqa: E402
from engine.signing import queries as contracts  # noqa: E402
from simulations import demo, papers, population  # noqa: E402

SHOTS = ROOT / "data" / "var" / "shots"
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"pc": (1440, 900), "phone": (390, 844)}
PAGES = {
    "": "lead",
    "desk": "enterprise-1",
    "calls": "lead",
    "search?q=有限公司": "auditor",
    "side_by_side": "product",
    "w/demo/phone": "product",
    "w/demo/mall/guangzheng": "product",
    "w/demo/mall/yangguang#/join": "product",
    "demo": "product",
    "sms_outbox": "product",
    "sandbox": "product",
    "settings": "lead",
    "accounts": "lead",
    "reports_people": "lead",
    "reports_real_names": "lead",
    "time_travel": "product",
    "reports_orders": "lead",
    "reports_reviews": "lead",
    "reports_invoices": "lead",
    "reports_calls": "lead",
    "reports_samples": "lead",
    "second_looks": "lead",
    "verify": "auditor",
    "pki": "auditor",
    "log": "auditor",
}
_PORT = 8599
_ADDRESS = f"http://127.0.0.1:{_PORT}"


def _wait() -> None:
    pause = threading.Event()
    for _ in range(400):
        try:
            with urllib.request.urlopen(f"{_ADDRESS}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            pause.wait(0.25)
    raise SystemExit("the server did not answer")


def _open(browser: Browser, login: str, size: tuple[int, int], locale: str, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=locale,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{_ADDRESS}/login")
    page.click(f"button[value={login}]")
    page.wait_for_selector("h1")
    return page


def _settle(page: Page) -> None:
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(900)


def _reject_begun(page: Page) -> None:
    """A case in hand with its reasons open and two of them chosen, all by the keyboard."""
    for key in ("n", "x", "1", "3"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)


def _pages(browser: Browser) -> None:
    for name, size in SIZES.items():
        for locale, scheme in (("zh-CN", "light"), ("en-GB", "light"), ("zh-CN", "dark")):
            for address, login in PAGES.items():
                page = _open(browser, login, size, locale, scheme)
                page.goto(f"{_ADDRESS}/{address}")
                _settle(page)
                if address == "desk":
                    _reject_begun(page)
                stem = re.sub(r"\W+", "-", address.split("?")[0]).strip("-") or "overview"
                page.screenshot(path=SHOTS / f"{stem}-{name}-{locale}-{scheme}.png")
                page.context.close()


_CALL = """async ([slot, name, given, key]) => (await fetch(`/w/demo/phone/${slot}/do`, {
  method: "POST", headers: {"content-type": "application/json", "idempotency-key": key},
  body: JSON.stringify({name, arguments: given})})).json()"""


def _sign_phone_in(page: Page, slot: str, person: population.Person) -> None:
    """Somebody new takes the phone of a slot: SIM, one tap, real name; as their own thumb would."""
    face = base64.b64encode(papers.face()).decode()
    proof = {"way": "alipay", "name": person.name, "resident_id": person.resident_id, "face": face}
    acts: list[tuple[str, dict[str, object]]] = [
        ("handset.set_sim", {"phone": person.phone}),
        ("handset.one_tap", {"terms_accepted": True}),
        ("registration.prove_name", proof),
    ]
    for place, (name, given) in enumerate(acts):
        page.evaluate(_CALL, [slot, name, given, f"picture-{slot}-{place}"])


def _apps(browser: Browser) -> None:
    """The phone and the mall, alone and side by side, with somebody signed in on the phone."""
    everybody = population.Population(99, datetime.date(2026, 1, 1))
    for slot, (size, address, stem) in {
        "me": (SIZES["phone"], "w/demo/phone", "phone"),
        "a": (SIZES["pc"], "side_by_side", "side_by_side"),
    }.items():
        page = _open(browser, "product", size, "zh-CN", "light")
        page.goto(f"{_ADDRESS}/w/demo/phone")
        _sign_phone_in(page, slot, everybody.person(len(slot)))
        page.goto(f"{_ADDRESS}/{address}")
        _settle(page)
        page.wait_for_timeout(2500)
        page.screenshot(path=PICTURES / f"{stem}.png")
        page.context.close()
    page = _open(browser, "product", SIZES["pc"], "zh-CN", "light")
    page.goto(f"{_ADDRESS}/w/demo/mall/guangzheng")
    _settle(page)
    page.screenshot(path=PICTURES / "mall.png")
    page.context.close()


def _readme(browser: Browser, folder: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = _open(browser, "lead", SIZES["pc"], "zh-CN", "light")
    page.goto(f"{_ADDRESS}/desk")
    _settle(page)
    page.keyboard.press("n")
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / "desk.png")
    page.context.close()
    _apps(browser)
    world = boot.open_world(folder)
    with world.engine.parts.db.read() as connection:
        row = connection.rows("SELECT id FROM contract WHERE status = 'passed' LIMIT 1")[0]
    document = pypdfium2.PdfDocument(world.engine.ask(contracts.document, tables.INSIDE, row["id"]))
    document.init_forms()
    document[len(document) - 1].render(scale=1.4).to_pil().save(
        PICTURES / "contract.png", optimize=True
    )
    world.close()


def main() -> int:
    """Take the pictures."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="yinxin-shots-")) / "demo"
    demo.make(folder, people=60, seed=11, now_ms=clock.SystemClock().now_ms())
    environment = {**os.environ, "YINXIN_WORLD": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    server = subprocess.Popen(
        [*command, "--server.port", str(_PORT)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            if "--readme" in sys.argv:
                _readme(browser, folder)
            else:
                _pages(browser)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder.parent, ignore_errors=True)
    print(f"{len(list(SHOTS.glob('*.png')))} pictures in {SHOTS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
