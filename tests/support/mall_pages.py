"""The mall in a test's browser: open it, sign in, read the QR on its screen as a phone would."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from simulations.people import Person
from tests.support import qr_reading


def address(server: str, path: str = "/", platform: str = "guangzheng") -> str:
    """The address of a screen of a platform's mall."""
    return f"{server}/w/demo/mall/{platform}#{path}"


def open_mall(page: Page, server: str, path: str = "/", platform: str = "guangzheng") -> None:
    """Open a screen afresh."""
    page.goto("about:blank")
    page.goto(address(server, path, platform))
    expect(page.locator(".mall h1").first).to_be_visible()


def sign_in(page: Page, server: str, person: Person) -> None:
    """Sign the browser in by password; it is at the workbench then."""
    open_mall(page, server, "/sign-in", person.platform_id)
    page.get_by_label("登录名").fill(person.mall_login())
    page.get_by_label("密码", exact=True).fill(person.identity.password)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign the browser out; it is nobody's then."""
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("header").get_by_role("link", name="登录")).to_be_visible()


def qr_text(page: Page) -> str:
    """The text of the QR that stands on the screen, read from its picture."""
    picture = page.locator("img[data-yx-qr='']")
    expect(picture).to_be_visible()
    source = picture.get_attribute("src") or ""
    return qr_reading.read_base64(source)


def confirm_on_screen(page: Page, person: Person) -> None:
    """The person's phone scans the QR on the screen, and types the two digits if the screen shows them."""
    ticket = person.handset.scan(qr_text(page))
    asked = person.handset.door.ask("scanning.asked", {"ticket_id": ticket["id"]})
    number = ""
    if asked["step_up"]:
        number = page.locator(".qr-number b").inner_text().strip()
    bind = ticket["purpose"] == "bind"
    person.handset.confirm(
        ticket,
        person.certificate_id,
        person.identity.pin,
        number=number,
        particulars=person.entity_answers(ticket) if bind else None,
    )
