"""How soon the PC shows what the phone has confirmed, beside a page that has to ask (LOG-1).

Phone and PC talk to one served process over HTTP, as two devices do; both clocks are this machine's. The
baseline is the same page in a browser that gets no stream: it asks every second and a half.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, Route, sync_playwright

from engine import boot
from engine.kernel import ids
from simulations.people import Person
from tests.support import mall_pages, web
from tests.support.line import identity
from tests.support.served import ServedLine
from tools.benchmarking import results
from tools.benchmarking.console import ROOT, served

ROUNDS = 40
WARM_UP = 3
_CODES_A_MINUTE = 25
# Written down by the page itself at the moment at which it shows the change.
_NOTE = """() => {
  const panel = document.querySelector(".qr");
  window.changed = new Promise((done) => new MutationObserver(() => {
    if (panel.dataset.status === "confirmed") done(performance.timeOrigin + performance.now());
  }).observe(panel, { attributes: true }));
}"""


def measure() -> list[results.Result]:
    """The time from the phone's confirmation, sent, to the change on the PC's screen."""
    if shutil.which("chromium") is None:
        raise SystemExit("Chromium is missing. As root, run: apt-get install chromium")
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        path = Path(folder) / "demo"
        boot.create_world(path, kind="demo", world_id="demo")
        with served(ROOT, path) as (address, _), sync_playwright() as playwright:
            person = _bound(path, address)
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            streamed, asked = _take_turns(chromium, address, person)
            chromium.close()
    return [_result(streamed, asked)]


def _bound(path: Path, address: str) -> Person:
    """A person with a bound certificate, whose phone speaks to the served process from now on."""
    world = boot.open_world(path)
    person = Person(world, identity(1), ids.system_entropy, role="supplier")
    ServedLine.on(world).bound(person)
    door = web.HttpDoor(httpx.Client(base_url=address, timeout=30))  # type: ignore[arg-type]
    token = person.handset.store.get("session")
    assert token is not None
    door.sign_in(token.decode())
    person.handset.door = door
    return person


def _take_turns(
    chromium: Browser, address: str, person: Person
) -> tuple[Sequence[float], Sequence[float]]:
    streamed: list[float] = []
    asked: list[float] = []
    pages = [_page(chromium, stream=stream) for stream in (True, False)]
    for number in range(ROUNDS + WARM_UP):
        for page, times in zip(pages, (streamed, asked), strict=True):
            begin = time.monotonic()
            took = _once(page, address, person)
            if number >= WARM_UP:
                times.append(took)
            # No address may open more codes than this.
            page.wait_for_timeout(
                max(0, 60_000 / _CODES_A_MINUTE - 1000 * (time.monotonic() - begin))
            )
    return streamed, asked


def _page(chromium: Browser, *, stream: bool) -> Page:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    if not stream:
        page.route("**/tickets/*/events", _refused)
    return page


def _refused(route: Route) -> None:
    route.fulfill(status=503, body="no stream here")


def _once(page: Page, address: str, person: Person) -> float:
    page.context.clear_cookies(name="yinxin_mall_guangzheng")
    mall_pages.open_mall(page, address, "/sign-in?way=scan")
    ticket = person.handset.scan(mall_pages.qr_text(page))
    page.locator(".qr.is-scanned").wait_for()
    step_up = person.handset.door.ask("scanning.asked", {"ticket_id": ticket["id"]})["step_up"]
    number = page.locator(".qr-number b").inner_text() if step_up else ""
    page.evaluate(_NOTE)
    # The try at the PIN, Argon2id and the half are the phone's own work: the clock starts after them.
    timed = _Timed(person)
    person.handset.confirm(ticket, person.certificate_id, person.identity.pin, number=number)
    return float(page.evaluate("window.changed")) - timed.stop()


class _Timed:
    """Notes when the phone's confirmation leaves it."""

    def __init__(self, person: Person) -> None:
        self._door, self._perform = person.handset.door, person.handset.door.perform
        self._sent_ms = 0.0
        person.handset.door.perform = self._noted  # type: ignore[method-assign]

    def _noted(self, name: str, arguments: object, *, key: str) -> object:
        if name == "binding.confirm_login":
            self._sent_ms = time.time() * 1000
        return self._perform(name, arguments, key=key)  # type: ignore[arg-type]

    def stop(self) -> float:
        """When it left; nothing is noted any more."""
        self._door.perform = self._perform  # type: ignore[method-assign]
        return self._sent_ms


def _p95(found: Sequence[float]) -> float:
    return sorted(found)[max(0, -(-len(found) * 95 // 100) - 1)]


def _result(streamed: Sequence[float], asked: Sequence[float]) -> results.Result:
    return results.Result(
        name="cross_screen_p95_ms",
        value=_p95(streamed),
        unit="ms",
        baseline=_p95(asked),
        options={
            "about": "from the phone's confirmation of a scan login leaving it (HTTP, one served process,"
            " SQLite) to the PC's page showing it, 95th percentile; baseline: the same page without a"
            " stream, which asks every 1.5 s",
            "rounds": len(streamed),
            "median_ms": results.rounded(results.median(streamed)),
            "baseline_median_ms": results.rounded(results.median(asked)),
            "spread_ms": results.spread(streamed),
        },
    )
