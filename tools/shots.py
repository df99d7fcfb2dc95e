"""Pictures of every screen, at 1440 × 900 and 390 × 844, in both languages and themes, into data/var/shots.

The console's screens are those of `pages/_sections.py`, each as somebody who may see it; beside them the
phone and the mall. Names after the command narrow it: `tools/shots.py money pki`. `--readme` refreshes
docs/pictures instead. The server runs on a demo world of its own, which is not kept; `--world FOLDER` takes
one that there is.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine import boot  # noqa: E402
from engine.boot import tables  # noqa: E402
from engine.kernel import clock  # noqa: E402
from engine.signing import queries as contracts  # noqa: E402
from engine.staffing import queries as staffing  # noqa: E402
from engine.staffing.model import Right  # noqa: E402
from pages import _sections  # noqa: E402
from simulations import demo, papers, population  # noqa: E402
from tools import browsing  # noqa: E402

SHOTS = ROOT / "data" / "var" / "shots"
PICTURES = ROOT / "docs" / "pictures"
# Who looks at a page; of the other pages the first of these who may.
_LOOKERS = ("lead", "administrator", "product", "auditor", "finance-1", "agent-1")
_WHO = {
    "desk": "enterprise-1",
    "money": "finance-1",
    **dict.fromkeys(("search", "records", "record", "pki"), "auditor"),
}
# What a page has besides its first view, as addresses say it.
_VIEWS = {
    "money": ("", "view=days", "view=ledger"),
    "search": ("q=有限公司",),
    "machines": ("", "view=endpoints", "view=deliveries", "view=receiver", "view=verify"),
    "log": ("", "event=1000", "view=heads", "view=take"),
    "settings": ("", "kind=certificate_agency"),
    "reports_desk": (
        *("view=bulk_acts", "view=bulk_items", "view=incidents", "view=issuing_stops"),
        *("view=deliveries", "view=reveals"),
    ),
}
# Screens that are no page of the console's: the phone and the malls.
_BESIDE = ("w/demo/phone", "w/demo/mall/guangzheng", "w/demo/mall/yangguang#/join")
# As high as a run's board is.
_BOARD = (1440, 1060)


def _reject_begun(page: Page) -> None:
    """A case in hand with its reasons open and two of them chosen, all by the keyboard."""
    for key in ("n", "x", "1", "3"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)


def addresses() -> list[tuple[str, str, tuple[Right, ...]]]:
    """Every screen: what its pictures are called, its address, and the rights that open it."""
    found = []
    for _section, entries in _sections.SECTIONS:
        for name, _title, rights in entries:
            for view in _VIEWS.get(name, ("",)):
                address = name if name != "overview" else ""
                more = re.sub(r"\W", "", view.partition("=")[2], flags=re.ASCII)
                stem = f"{name}-{more}".rstrip("-")
                found.append((stem, f"{address}?{view}".rstrip("?"), rights))
    found += [
        (re.sub(r"\W+", "-", one.removeprefix("w/demo/")), one, (Right.DEMO,)) for one in _BESIDE
    ]
    return found


def lookers(folder: Path) -> dict[str, str]:
    """Who of a world's staff looks at each screen.

    Raises: LookupError for a screen that none of them may see.
    """
    world = boot.open_world(folder)
    try:
        ask, inside = world.engine.ask, tables.INSIDE
        staff = {
            one.login: actor
            for one in ask(staffing.everyone, inside)
            if (actor := ask(staffing.actor, inside, one.id)) is not None
        }
    finally:
        world.close()
        boot.worlds.pop(world.id, None)
    found: dict[str, str] = {}
    for stem, address, rights in addresses():
        name = re.split(r"\W", address)[0]
        for login in (*filter(None, [_WHO.get(name)]), *_LOOKERS):
            if not rights or any(staffing.has(staff[login], one, anywhere=True) for one in rights):
                found[stem] = login
                break
        else:
            raise LookupError(f"nobody in the demo world may see {address}")
    return found


def _pages(browser: Browser, folder: Path, wanted: list[str]) -> None:
    who = lookers(folder)
    for name, size in browsing.SIZES.items():
        for locale, scheme in (("zh-CN", "light"), ("en-GB", "light"), ("zh-CN", "dark")):
            signed_in: dict[str, Page] = {}
            for stem, address, _rights in addresses():
                if wanted and not stem.startswith(tuple(wanted)):
                    continue
                login = who[stem]
                if login not in signed_in:
                    signed_in[login] = browsing.opened(browser, login, size, locale, scheme)
                page = signed_in[login]
                page.goto(f"{browsing.ADDRESS}/{address}")
                browsing.settle(page)
                if address == "desk":
                    _reject_begun(page)
                page.screenshot(path=SHOTS / f"{stem}-{name}-{locale}-{scheme}.png")
            for page in signed_in.values():
                page.context.close()


_CALL = """async ([slot, name, given, key]) => (await fetch(`/w/demo/phone/${slot}/do`, {
  method: "POST", headers: {"content-type": "application/json", "idempotency-key": key},
  body: JSON.stringify({name, arguments: given})})).json()"""


def _sign_phone_in(page: Page, slot: str, address: str, person: population.Person) -> None:
    """Somebody new takes the phone of a slot: SIM, one tap, real name; as their own thumb would."""
    face = base64.b64encode(papers.face()).decode()
    proof = {"way": "alipay", "name": person.name, "resident_id": person.resident_id, "face": face}
    page.goto(f"{browsing.ADDRESS}/w/demo/phone")
    page.evaluate(_CALL, [slot, "handset.set_sim", {"phone": person.phone}, f"picture-{slot}-sim"])
    page.goto(f"{browsing.ADDRESS}/{address}")
    page.get_by_role("checkbox", name="同意协议").first.click()
    one_tap = page.get_by_role("button", name="本机号码一键登录").first
    one_tap.click()
    one_tap.wait_for(state="detached")
    page.evaluate(_CALL, [slot, "registration.prove_name", proof, f"picture-{slot}-name"])


def _apps(browser: Browser) -> None:
    """The phone and the mall, alone and side by side, with somebody signed in on the phone."""
    everybody = population.Population(99, datetime.date(2026, 1, 1))
    for slot, (size, address, stem) in {
        "me": (browsing.SIZES["phone"], "w/demo/phone", "phone"),
        "a": (browsing.SIZES["pc"], "side_by_side", "side_by_side"),
    }.items():
        page = browsing.opened(browser, "product", size, "zh-CN", "light")
        _sign_phone_in(page, slot, address, everybody.person(len(slot)))
        page.goto(f"{browsing.ADDRESS}/{address}")
        browsing.settle(page)
        page.wait_for_timeout(2500)
        page.screenshot(path=PICTURES / f"{stem}.png")
        page.context.close()
    page = browsing.opened(browser, "product", browsing.SIZES["pc"], "zh-CN", "light")
    page.goto(f"{browsing.ADDRESS}/w/demo/mall/guangzheng")
    browsing.settle(page)
    page.screenshot(path=PICTURES / "mall.png")
    page.context.close()


def _readme(browser: Browser, folder: Path) -> None:
    page = browsing.opened(browser, "lead", browsing.SIZES["pc"], "zh-CN", "light")
    page.goto(f"{browsing.ADDRESS}/desk")
    browsing.settle(page)
    page.keyboard.press("n")
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / "desk.png")
    page.context.close()
    for stem, address, login in (
        ("pki", "pki", "auditor"),
        ("money", "money?view=days", "finance-1"),
    ):
        page = browsing.opened(browser, login, browsing.SIZES["pc"], "zh-CN", "light")
        page.goto(f"{browsing.ADDRESS}/{address}")
        browsing.settle(page)
        page.wait_for_selector('[data-testid="stDataFrame"]')
        page.wait_for_timeout(2000)
        page.screenshot(path=PICTURES / f"{stem}.png")
        page.context.close()
    _apps(browser)
    _lab(browser)
    world = boot.open_world(folder)
    with world.engine.parts.db.read() as connection:
        row = connection.rows("SELECT id FROM contract WHERE status = 'passed' LIMIT 1")[0]
    document = pypdfium2.PdfDocument(world.engine.ask(contracts.document, tables.INSIDE, row["id"]))
    document.init_forms()
    document[len(document) - 1].render(scale=1.4).to_pil().save(
        PICTURES / "contract.png", optimize=True
    )
    world.close()


def _lab(browser: Browser) -> None:
    """A run's live board, while it runs; the run is not kept."""
    place = ROOT / "data" / "var" / "runs" / "pictured"
    command = [str(Path(sys.executable).with_name("yinxin")), "simulate"]
    run = subprocess.Popen(
        [
            *command,
            "data/scenarios/busy.toml",
            "--people",
            "60",
            "--seed",
            "5",
            "--out",
            str(place),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = browsing.opened(browser, "lead", _BOARD, "zh-CN", "light")
        page.goto(f"{browsing.ADDRESS}/simulation_run?run={place.name}")
        browsing.settle(page)
        # Until somebody is on their way.
        page.wait_for_timeout(40_000)
        page.screenshot(path=PICTURES / "lab.png")
        page.context.close()
    finally:
        run.terminate()
        run.wait(timeout=60)
        shutil.rmtree(place, ignore_errors=True)


def _small(folder: Path) -> None:
    """Pictures with as many colours as they need, a third of the size: they travel with the repository."""
    for file in folder.glob("*.png"):
        drawn = Image.open(file).convert("RGB")
        drawn.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only screens whose names begin so")
    parser.add_argument("--readme", action="store_true", help="docs/pictures instead")
    parser.add_argument("--world", type=Path, help="a demo world that there is")
    return parser.parse_args()


@contextlib.contextmanager
def _world(given: Path | None) -> Iterator[Path]:
    """The folder of the world to look at: one that there is, or one made for this and thrown away."""
    if given is not None:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="yinxin-shots-") as above:
        folder = Path(above) / "demo"
        demo.make(folder, people=60, seed=11, now_ms=clock.SystemClock().now_ms())
        yield folder


def main() -> int:
    """Take the pictures."""
    given = _arguments()
    target = PICTURES if given.readme else SHOTS
    target.mkdir(parents=True, exist_ok=True)
    with _world(given.world) as folder, browsing.served(folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        if given.readme:
            _readme(browser, folder)
        else:
            _pages(browser, folder, given.names)
        browser.close()
    _small(target)
    print(f"{len(list(target.glob('*.png')))} pictures in {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
