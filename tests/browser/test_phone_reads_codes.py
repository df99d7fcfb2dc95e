"""The phone reads QR codes itself, by camera and from a picture, and sends only the platform's own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from engine import boot
from engine.boot import World
from engine.http import qr
from engine.kernel import ids
from engine.scanning import model as tickets
from tests.browser.conftest import chromium_path
from tests.support import binding, worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

ALTERED = "该二维码已被改动，并非平台签发的内容。"
FOREIGN = "该二维码不是本平台的二维码"
Filming = Callable[[str], PhonePage]


def genuine(world: World) -> str:
    """The text of a sign-in code that is shown on some PC now."""
    return binding.login_qr(world, "guangzheng").qr_text


def altered(text: str, part: int) -> str:
    """The same with one sign of one of its parts exchanged."""
    parts = text.split(":")
    parts[part] = ("B" if parts[part][0] == "A" else "A") + parts[part][1:]
    return ":".join(parts)


def other_purpose(text: str) -> str:
    """The code with what it is for exchanged."""
    assert ":login:" in text
    return text.replace(":login:", ":bind:")


def watched(page: Page) -> list[str]:
    """The acts that a page sends from now on."""
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.post_data or "") if request.url.endswith("/do") else None
        ),
    )
    return sent


def at_the_scanner(phone: PhonePage) -> list[str]:
    """Open the scanner; the acts sent from there."""
    sent = watched(phone.page)
    phone.open("scan")
    return sent


def choose(phone: PhonePage, text: str, kind: str = "PNG") -> None:
    """Choose a picture of a code."""
    out = io.BytesIO()
    Image.open(io.BytesIO(qr.png(text))).convert("RGB").save(out, kind)
    phone.page.get_by_label("相册").set_input_files(
        {"name": "code", "mimeType": f"image/{kind.lower()}", "buffer": out.getvalue()}
    )


@pytest.mark.row("LOG-1")
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_genuine_code_in_a_picture_is_taken_and_an_edited_one_never_leaves_the_phone(
    phone: PhonePage, served: ServedLine, kind: str
) -> None:
    who = somebody(301 + (kind == "JPEG"))
    phone.sign_in(who)
    phone.prove_name(who)
    text = genuine(served.world)
    sent = at_the_scanner(phone)
    told = phone.page.get_by_role("alert")
    for edited in (altered(text, 3), altered(text, 4), other_purpose(text)):
        choose(phone, edited, kind)
        expect(told.filter(has_text=ALTERED)).to_be_visible()
        phone.open("scan")
    for foreign in ("https://evil.example/YX1:x", text.replace(":demo:", ":elsewhere:")):
        choose(phone, foreign, kind)
        expect(told.filter(has_text=FOREIGN)).to_be_visible()
        phone.open("scan")
    assert sent == []
    assert "ticket.scanned" not in worlds.kinds(served.world)[-5:]
    choose(phone, text, kind)
    phone.is_at("扫码登录")
    assert [body.count(text) for body in sent] == [1]
    assert worlds.kinds(served.world)[-1] == "ticket.scanned"


@pytest.mark.row("LOG-1")
def test_a_code_signed_by_another_world_is_refused_in_the_readers_language(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(303))
    other = boot.memory_world()
    forged = tickets.picture_text(other.keyring, "demo", "login", ids.system_entropy(24).hex(), 0)
    other.close()
    sent = at_the_scanner(phone)
    for language, said in (("zh_CN", ALTERED), ("en", "This QR code was altered")):
        phone.page.evaluate(f"localStorage.setItem('yx:demo/phone/me:language', '{language}')")
        phone.open("scan")
        field = "相册" if language == "zh_CN" else "From a picture"
        phone.page.get_by_label(field).set_input_files(
            {"name": "code.png", "mimeType": "image/png", "buffer": qr.png(forged)}
        )
        expect(phone.page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert sent == []


@pytest.mark.row("LOG-1")
def test_what_is_no_picture_of_a_code_is_said_and_not_sent(phone: PhonePage) -> None:
    phone.sign_in(somebody(304))
    sent = at_the_scanner(phone)
    for content in (b"", bytes(64), b"<svg onload=alert(1)>", qr.png("YX1:x")[:90]):
        phone.page.get_by_label("相册").set_input_files(
            {"name": "x.png", "mimeType": "image/png", "buffer": content}
        )
        expect(phone.page.get_by_role("alert").filter(has_text="没有认出二维码")).to_be_visible()
        phone.open("scan")
    assert sent == []


# -- by the camera -----------------------------------------------------------------------------


def film(path: Path, text: str) -> Path:
    """What a camera sees that is held before a code: 640 × 480, grey around it, as YUV4MPEG2."""
    code = Image.open(io.BytesIO(qr.png(text))).convert("L")
    code = code.resize((330, 330), Image.Resampling.BICUBIC)
    frame = Image.new("L", (640, 480), 120)
    frame.paste(code.rotate(7, expand=True, fillcolor=120), (140, 50))
    colours = bytes([128]) * (640 * 480 // 2)
    head = b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(head + (b"FRAME\n" + frame.tobytes() + colours) * 4)
    return path


@pytest.fixture
def filming(chromium: Browser, server: str, tmp_path: Path) -> Iterator[Filming]:
    """A function that gives a phone whose camera shows a text's code."""
    opened: list[Browser] = []

    def before(text: str) -> PhonePage:
        browser = chromium.browser_type.launch(
            executable_path=chromium_path(),
            args=[
                *("--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream"),
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film(tmp_path / 'seen.y4m', text)}",
            ],
        )
        opened.append(browser)
        context = browser.new_context(
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            permissions=["camera"],
        )
        context.set_default_timeout(30_000)
        return PhonePage(context.new_page(), server)

    yield before
    for browser in opened:
        browser.close()


@pytest.mark.row("LOG-1")
def test_the_camera_sends_the_genuine_code_and_stops_at_an_edited_one(
    served: ServedLine, filming: Filming
) -> None:
    text = genuine(served.world)
    for seen, number in ((altered(text, 4), 305), (text, 306)):
        phone = filming(seen)
        phone.sign_in(somebody(number))
        sent = at_the_scanner(phone)
        if seen != text:
            expect(phone.page.get_by_role("alert").filter(has_text=ALTERED)).to_be_visible()
            assert sent == []
        else:
            phone.is_at("扫码登录")
            assert [body.count(text) for body in sent if "handset.scan" in body] == [1]
