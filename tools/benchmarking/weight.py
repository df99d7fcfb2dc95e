"""What the handset and the console weigh, and how soon they show something, on a slow connection.

A phone on fast 3G (1.6 Mbit/s down, 0.75 up, 150 ms there and back) whose processor is a quarter of this
one's: emulated by Chromium, each load in turn with one on the machine's own connection. Cold is a browser
that was never here, warm the same one's next load. A load has its content when the page's heading is seen.
"""

from __future__ import annotations

import collections
import tempfile
import urllib.parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tools.benchmarking import console, results

ROUNDS = 5
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER_PROCESSOR = 4
_WAIT_MS = 120_000
_QUIET_MS = 700
_LOOK_MS = 100
_LARGEST = 5
# In the page, so that neither the way to this process nor its polling counts.
_SEEN = """(() => {
  const look = () => {
    const found = [...document.querySelectorAll("h1, .brand b")].some((one) => one.checkVisibility());
    if (found) window.yinxinSeen = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
# Streamlit's own files and its page; everything else is ours.
_STREAMLIT = ("/static/", "/_stcore/")


@dataclass(slots=True)
class Load:
    """One load: seconds to the content, bytes on the wire until then and in all, and of which files."""

    seconds: float = 0.0
    until_content: int = 0
    requests: int = 0
    in_all: int = 0
    unpacked: int = 0
    files: dict[str, int] = field(default_factory=dict)


class _Wire:
    """Counts what Chromium says came over the wire to a page."""

    def __init__(self, session: CDPSession) -> None:
        self.load = Load()
        self._paths: dict[str, str] = {}
        self.pending: set[str] = set()
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.dataReceived", self._came)
        session.on("Network.loadingFinished", self._done)
        session.on("Network.loadingFailed", lambda told: self.pending.discard(told["requestId"]))
        session.on("Network.webSocketFrameReceived", self._frame)

    def _asked(self, told: Mapping[str, Any]) -> None:
        if told["request"]["url"].startswith("http") and told.get("type") != "EventSource":
            self._paths[told["requestId"]] = urllib.parse.urlsplit(told["request"]["url"]).path
            self.pending.add(told["requestId"])

    def _came(self, told: Mapping[str, Any]) -> None:
        self.load.unpacked += told["dataLength"]

    def _done(self, told: Mapping[str, Any]) -> None:
        self.pending.discard(told["requestId"])
        path, size = self._paths.get(told["requestId"]), int(told["encodedDataLength"])
        # A file of the browser's own cache has no bytes on the wire.
        if path is not None and size:
            self.load.requests += 1
            self._add(path, size)

    def _frame(self, told: Mapping[str, Any]) -> None:
        text = told["response"]["payloadData"]
        size = len(text) * 3 // 4 if told["response"]["opcode"] == 2 else len(text)
        self.load.unpacked += size
        self._add("(socket)", size)

    def _add(self, path: str, size: int) -> None:
        self.load.in_all += size
        self.load.files[path] = self.load.files.get(path, 0) + size


@dataclass(frozen=True, slots=True)
class _Screen:
    """A page that is looked at: its path, the viewport, and the cookies of who looks."""

    path: str
    width: int
    height: int
    cookies: list[Any] = field(default_factory=list)


def measure() -> list[results.Result]:
    """Weight and time to content of the handset's and the console's first screens."""
    place = console.ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        world = Path(folder) / "demo"
        console.make_world(world)
        with console.served(console.ROOT, world) as (address, _), console.browser() as browser:
            cookies = _signed_in(browser, address)
            phone = _rounds(browser, address, _Screen("/w/demo/phone", 390, 844))
            door = _rounds(browser, address, _Screen("/login", 1440, 900))
            inside = _rounds(browser, address, _Screen("/overview", 1440, 900, cookies))
    return [
        *_told("handset", phone, "the handset's first screen (sign-in), as a browser opens it"),
        *_told(
            "console",
            inside,
            "the console's overview, signed in",
            sign_in_page_kb=_kb(one.in_all for one in door["slow", "cold"]),
            sign_in_page_s=_seconds(door["slow", "cold"]),
            streamlits_share=results.rounded(_share(inside["slow", "cold"])),
        ),
    ]


def _signed_in(browser: Browser, address: str) -> list[Any]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/overview")
        page.click(f"button[value={console.LOGIN}]")
        page.wait_for_selector("h1", timeout=_WAIT_MS)
        return context.cookies()


_Loads = dict[tuple[str, str], list[Load]]


def _rounds(browser: Browser, address: str, screen: _Screen) -> _Loads:
    found: _Loads = collections.defaultdict(list)
    for turn in range(ROUNDS + 1):
        for connection in ("slow", "own"):
            context = browser.new_context(
                viewport={"width": screen.width, "height": screen.height}, locale="zh-CN"
            )
            with context:
                context.add_cookies(screen.cookies)
                context.add_init_script(_SEEN)
                page = context.new_page()
                for cache in ("cold", "warm"):
                    load = _load(page, f"{address}{screen.path}", slow=connection == "slow")
                    # The first turn warms the server.
                    if turn:
                        found[connection, cache].append(load)
    return found


def _load(page: Page, address: str, *, slow: bool) -> Load:
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    wire = _Wire(session)
    session.send("Network.enable")
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    page.goto(address, wait_until="commit", timeout=_WAIT_MS)
    wire.load.seconds = _seen(page, session) / 1000
    wire.load.until_content = wire.load.in_all
    page.wait_for_timeout(_QUIET_MS)
    while wire.pending:
        page.wait_for_timeout(_QUIET_MS)
    session.detach()
    return wire.load


def _seen(page: Page, session: CDPSession) -> float:
    """Milliseconds from the navigation to the content, by the page's own clock."""
    # Not `page.evaluate`: what it does with an expression is forbidden by our pages' policy.
    asked = {"expression": "window.yinxinSeen", "returnByValue": True}
    for _ in range(_WAIT_MS // _LOOK_MS):
        seen = session.send("Runtime.evaluate", asked)["result"].get("value")
        if seen is not None:
            return float(seen)
        page.wait_for_timeout(_LOOK_MS)
    raise SystemExit(f"{page.url} never had a heading")


def _told(name: str, loads: _Loads, about: str, **more: Any) -> list[results.Result]:
    cold, warm, own = loads["slow", "cold"], loads["slow", "warm"], loads["own", "cold"]
    last = cold[-1]
    largest = sorted(last.files.items(), key=lambda one: -one[1])[:_LARGEST]
    weight = results.Result(
        name=f"{name}_weight_kb",
        value=_kb(one.in_all for one in cold),
        unit="kB",
        baseline=_kb(one.unpacked for one in cold),
        options={
            "about": f"{about}, for the first time: bytes over the wire until it is quiet; baseline:"
            " the same unpacked",
            "rounds": len(cold),
            "requests": round(results.median([one.requests for one in cold])),
            "until_content_kb": _kb(one.until_content for one in cold),
            "next_time_kb": _kb(one.in_all for one in warm),
            "next_time_requests": round(results.median([one.requests for one in warm])),
            "largest_kb": {path: results.rounded(size / 1000) for path, size in largest},
            **more,
        },
    )
    content = results.Result(
        name=f"{name}_content_s",
        value=_seconds(cold),
        unit="s",
        baseline=_seconds(own),
        options={
            "about": f"{about}, for the first time, on fast 3G (1.6 Mbit/s, 150 ms) with a quarter of"
            " this processor, until its heading is seen; baseline: this machine's own connection",
            "rounds": len(cold),
            "times": results.spread([one.seconds for one in cold]),
            "baseline_times": results.spread([one.seconds for one in own]),
            "next_time_s": _seconds(warm),
            "next_time_baseline_s": _seconds(loads["own", "warm"]),
        },
    )
    return [weight, content]


def _kb(sizes: Iterable[int]) -> float:
    return results.rounded(results.median([*sizes]) / 1000)


def _seconds(loads: list[Load]) -> float:
    return results.rounded(results.median([one.seconds for one in loads]))


def _share(loads: list[Load]) -> float:
    """How much of the weight is Streamlit's own files."""
    last = loads[-1]
    theirs = sum(size for path, size in last.files.items() if path.startswith(_STREAMLIT))
    return theirs / last.in_all
