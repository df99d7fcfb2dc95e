"""Seals on a phone in a test's browser: their screens, forms that are stamped, and writing on the pad."""

from __future__ import annotations

import base64
import math
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from simulations import stamped
from simulations.people import Identity
from tests.support import worlds
from tests.support.phone_pages import PhonePage
from tests.support.served import ServedLine

SEALS, NEW, APPLY, PAD = "印章管理", "新增电子公章", "申请印章", "手写板"


def manage(phone: PhonePage) -> None:
    """印章管理 > 电子公章, from the home screen."""
    phone.open("home")
    phone.page.locator(".service").filter(has_text=re.compile(f"^{SEALS}$")).click()
    phone.is_at(SEALS)
    expect(tab(phone, "电子公章")).to_have_attribute("aria-selected", "true")


def tab(phone: PhonePage, name: str) -> Locator:
    """One of the two tabs."""
    return phone.page.get_by_role("tab", name=name)


def kind(phone: PhonePage, name: str) -> Locator:
    """A kind of seal in the choice."""
    return phone.page.get_by_role("radio", name=re.compile(f"^{name}"))


def card(phone: PhonePage, name: str) -> Locator:
    """A seal in the list."""
    return phone.page.locator(".seal-card", has_text=name)


def choose(phone: PhonePage, kind_name: str, name: str) -> None:
    """Choose a kind, give the seal a name, 下一步."""
    phone.is_at(NEW)
    kind(phone, kind_name).click()
    phone.page.get_by_label("公章名称").fill(name)
    phone.button("下一步").click()


def saved_form(phone: PhonePage) -> bytes:
    """下载印章申请书: what is saved (PDF)."""
    with phone.page.expect_download() as download:
        phone.button("下载印章申请书").click()
    return download.value.path().read_bytes()


def scan_of(form: bytes, who: Identity, line: str = "合同专用章") -> dict[str, Any]:
    """The form, printed, stamped in its place and scanned, as a file to hand in."""
    scan = stamped.stamped(form, who.enterprise, line)
    return {"name": "印章申请书.jpg", "mimeType": "image/jpeg", "buffer": scan}


def form_of(phone: PhonePage, enterprise_id: str, name: str, kind_code: str = "contract") -> bytes:
    """The form, without the screens."""
    given = {"enterprise_id": enterprise_id, "kind": kind_code, "name": name}
    return base64.b64decode(phone.ask("sealing.application_form", **given))


def made(phone: PhonePage, served: ServedLine, who: Identity, enterprise_id: str, name: str) -> str:
    """A contract seal, applied for without the screens, reviewed and made; its id."""
    scan = stamped.stamped(form_of(phone, enterprise_id, name), who.enterprise, "合同专用章")
    phone.do(
        "sealing.apply_for_seal",
        enterprise_id=enterprise_id,
        kind="contract",
        name=name,
        form=base64.b64encode(scan).decode(),
        picture="impression",
    )
    served.approve_all()
    all_seals = phone.ask("sealing.of_enterprise", enterprise_id=enterprise_id)
    return str(next(one["id"] for one in all_seals if one["name"] == name))


def write(page: Page, pad: Locator, *, turned: bool = False) -> None:
    """Two strokes of a signature, by mouse: a wave, and a line across it."""
    box = pad.bounding_box()
    assert box is not None
    wide, high = (box["height"], box["width"]) if turned else (box["width"], box["height"])

    def at(x: float, y: float) -> tuple[float, float]:
        if turned:
            return box["x"] + box["width"] - y * high, box["y"] + x * wide
        return box["x"] + x * wide, box["y"] + y * high

    wave = [(0.15 + 0.012 * n, 0.5 + 0.22 * math.sin(n / 6)) for n in range(50)]
    line = [(0.25 + 0.02 * n, 0.75 - 0.006 * n) for n in range(26)]
    for stroke in (wave, line):
        page.mouse.move(*at(*stroke[0]))
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(*at(x, y))
        page.mouse.up()


def status(served: ServedLine, seal_id: str) -> str:
    """Where a seal stands, in the database itself."""
    found = worlds.rows(served.world, "SELECT status FROM seal WHERE id = ?", seal_id)
    return str(found[0]["status"])
