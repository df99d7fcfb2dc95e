"""手写模式 on the phone: choose 自定义签名, write on the pad, save; the signature can be used at once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.support import phone_certificates as held
from tests.support import seal_pages as seals
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

# How much of a canvas carries ink, which box that fills (in parts of the canvas), and the ink's colour.
_INK = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let [count, left, right, top, bottom] = [0, width, 0, height, 0], colour = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 255) continue;
    const x = (at / 4) % width, y = Math.floor(at / 4 / width);
    count += 1;
    colour = [data[at], data[at + 1], data[at + 2]];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const [wide, high] = [(right - left) / width, (bottom - top) / height];
  return { share: count / (width * height), wide, high, colour };
}"""


def _ink(pad: Locator) -> dict[str, Any]:
    found: dict[str, Any] = pad.evaluate(_INK)
    return found


def _at_the_pad(phone: PhonePage, name: str) -> Locator:
    seals.manage(phone)
    seals.tab(phone, "手写模式").click()
    expect(seals.tab(phone, "手写模式")).to_have_attribute("aria-selected", "true")
    phone.button("新增公章").click()
    phone.is_at("新增电子公章")
    expect(seals.kind(phone, "自定义签名")).to_be_checked()
    phone.page.get_by_label("公章名称").fill(name)
    phone.button("下一步").click()
    phone.is_at("手写板")
    return phone.page.locator("canvas.pad")


@pytest.mark.row("SEA-2")
@pytest.mark.guide("G-sealpad-1")
@pytest.mark.guide("G-sealpad-3")
@pytest.mark.guide("G-sealpad-4")
def test_the_way_to_the_pad_and_a_signature_saved(phone: PhonePage, served: ServedLine) -> None:
    who = somebody(211)
    held.claimed(phone, served, who)
    pad = _at_the_pad(phone, "法务签名")
    expect(phone.button("保存")).to_be_disabled()
    seals.write(phone.page, pad)
    phone.button("保存").click()
    phone.is_at("印章管理")
    expect(seals.tab(phone, "手写模式")).to_have_attribute("aria-selected", "true")
    # Without a certificate there is nobody yet whom the seal could name.
    expect(seals.card(phone, "法务签名")).to_contain_text("制作中")
    assert "seal.ordered" in worlds.kinds(served.world)


@pytest.mark.row("SEA-2")
@pytest.mark.guide("G-sealpad-5")
@pytest.mark.guide("G-sealpad-6")
def test_stroke_and_colour_show_and_what_is_saved_can_be_used_at_once(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(212), phone.page
    held.certified(phone, served, who)
    pad = _at_the_pad(phone, "经理签名")
    seals.write(page, pad)
    fine = _ink(pad)
    page.get_by_role("radio", name="粗").click()
    broad = _ink(pad)
    assert broad["share"] > 1.2 * fine["share"] > 0
    page.get_by_role("radio", name="蓝色").click()
    assert _ink(pad)["colour"] == pytest.approx([0, 56, 168], abs=3)
    # Undo takes one stroke, a refresh none.
    expect(pad).to_have_attribute("data-strokes", "2")
    phone.button("撤销").click()
    expect(pad).to_have_attribute("data-strokes", "1")
    page.reload()
    expect(pad).to_have_attribute("data-strokes", "1")
    phone.button("清空").click()
    expect(pad).to_have_attribute("data-strokes", "0")
    seals.write(page, pad)
    phone.button("保存").click()
    phone.is_at("印章管理")
    served.work()
    expect(seals.card(phone, "经理签名")).to_contain_text("使用中")
    expect(page.get_by_alt_text("印章“经理签名”的图样")).to_be_visible()
    kinds = worlds.kinds(served.world)
    assert kinds.index("seal.ordered") < kinds.index("seal.made")
    # Nobody reviewed it.
    sql = (
        "SELECT c.id FROM review_case c JOIN seal_application a ON a.id = c.subject_id"
        " WHERE a.kind = 'custom'"
    )
    assert worlds.rows(served.world, sql) == []


@pytest.mark.row("SEA-2")
def test_nothing_scrolls_under_a_writing_finger_and_one_can_write_along_the_phone(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(213), phone.page
    held.claimed(phone, served, who)
    pad = _at_the_pad(phone, "横写签名")
    assert pad.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    body = page.locator(".phone .body")
    body.evaluate("part => part.scrollTo(0, 40)")
    before = body.evaluate("part => part.scrollTop")
    box = pad.bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    for kind, x, y in (
        ("touchStart", 0.2, 0.2),
        *(("touchMove", 0.2 + n / 50, 0.2 + n / 60) for n in range(1, 30)),
        ("touchEnd", 0, 0),
    ):
        at = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        points = [] if kind == "touchEnd" else [at]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(pad).to_have_attribute("data-strokes", "1")
    assert body.evaluate("part => part.scrollTop") == before
    # Large: one turns the phone, and what is written lies upright on the small pad again.
    phone.button("清空").click()
    phone.button("横屏书写").click()
    large = page.locator(".pad-large canvas.pad")
    shown = large.bounding_box()
    assert shown is not None
    assert shown["height"] > 1.8 * shown["width"]
    seals.write(page, large, turned=True)
    expect(large).to_have_attribute("data-strokes", "2")
    phone.button("完成").click()
    expect(pad).to_have_attribute("data-strokes", "2")
    ink = _ink(pad)
    assert ink["wide"] == pytest.approx(0.61, abs=0.06)
    assert ink["high"] == pytest.approx(0.47, abs=0.1)


@pytest.mark.row("SEA-2")
def test_a_dot_is_no_signature(phone: PhonePage, served: ServedLine) -> None:
    held.claimed(phone, served, somebody(214))
    pad = _at_the_pad(phone, "一点")
    pad.click()
    expect(pad).to_have_attribute("data-strokes", "1")
    phone.button("保存").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("请先在手写板上签名")
