"""Names that systems lose or cut: rare characters, two of them, fifty, and sixty of an enterprise."""

from __future__ import annotations

import dataclasses

import pytest
from playwright.sync_api import FilePayload, Page, expect

from engine.kernel import identifiers, ids
from simulations import papers, words
from simulations.people import Identity, Person
from tests.browser.test_handset_home import SCREENS
from tests.support import mall_pages, worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

# Every part of it is a word of the simulations; `·` stands between them.
LONG = "·".join(words.PARTED_NAMES[:9])[:49].rstrip("·") + "汗"
RARE = "".join(words.RARE_GIVEN)
TRADE = "丝绸之路经济带核心区域现代化净水与机电设备" * 3
ENTERPRISE = ("新疆堃喆祎玥龑䶮㛃𠅤" + TRADE)[:54] + "股份有限公司"

# Nothing is wider than its window, and no character was replaced or torn in two.
_FAULTS = r"""() => {
  const wide = [...document.querySelectorAll('body, body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.offsetParent)
    .filter((one) => !one.closest('.table-frame, .chips'))
    .map((one) => `wide: ${one.className} ${one.textContent.slice(0, 60)}`);
  const text = document.body.innerText;
  const torn = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
  if (document.documentElement.scrollWidth > innerWidth) wide.push('the page');
  if (torn || text.includes('\uFFFD')) wide.push('torn or replaced');
  return wide;
}"""
# A character that no face has is drawn as the same box as one that does not exist.
_BOXES = r"""(text) => {
  const pen = Object.assign(document.createElement('canvas'), { width: 48, height: 48 }).getContext('2d');
  const drawn = (sign) => {
    pen.clearRect(0, 0, 48, 48);
    pen.font = `32px ${getComputedStyle(document.querySelector('h1')).fontFamily}`;
    pen.fillText(sign, 4, 38);
    return pen.canvas.toDataURL();
  };
  const box = drawn('\u{5FFFD}');
  return [...text].filter((sign) => drawn(sign) === box);
}"""


def _called(number: int, name: str, enterprise: str = "") -> Identity:
    who = somebody(number)
    return dataclasses.replace(
        who, name=name, enterprise=enterprise or who.enterprise, legal_representative=name
    )


def _proves(phone: PhonePage, who: Identity) -> None:
    """On the screens: the name is typed as it is, and kept whole."""
    phone.open("real-name/zhongjin")
    phone.page.get_by_label("姓名").press_sequentially(who.name)
    expect(phone.page.get_by_label("姓名")).to_have_value(who.name)
    phone.page.get_by_label("身份证号码").fill(who.resident_id)
    phone.button("开始认证").click()
    picture: FilePayload = {"name": "f.png", "mimeType": "image/png", "buffer": papers.face("f")}
    phone.page.locator("input[type=file]").set_input_files(files=[picture])
    expect(phone.page.get_by_text("人脸采集成功")).to_be_visible()
    phone.button("开始认证").click()
    expect(phone.page.get_by_text("实名认证成功！")).to_be_visible()


def _all_fit(phone: PhonePage, *more: str) -> None:
    for path in (*SCREENS, *more):
        phone.open(path)
        expect(phone.page.locator(".loading")).to_have_count(0)
        assert phone.page.evaluate(_FAULTS) == [], path


@pytest.mark.row("IDV-1", "ACC-9")
@pytest.mark.parametrize(
    ("number", "name", "masked"),
    [
        (11, "王𠅤", "王*"),
        (12, "䶮㛃", "䶮*"),
        (13, "𠅤䶮𫖯", "𠅤*𫖯"),
        (14, LONG, LONG[0] + "*" * 48 + "汗"),
    ],
    ids=["rare", "two", "astral", "fifty"],
)
def test_a_name_is_proved_and_every_screen_holds_it(
    phone: PhonePage, served: ServedLine, number: int, name: str, masked: str
) -> None:
    who = _called(number, name)
    assert identifiers.masked_name(name) == masked
    phone.sign_in(who)
    _proves(phone, who)
    assert "account.named" in worlds.kinds(served.world)
    for path in ("profile", "account", "real-name"):
        phone.open(path)
        expect(phone.page.get_by_text(masked, exact=True)).to_be_visible()
        assert name not in phone.page.content()
    _all_fit(phone)


def test_no_rare_character_is_drawn_as_an_empty_box(phone: PhonePage) -> None:
    phone.open("login")
    assert phone.page.evaluate(_BOXES, "\U0005fffd") == ["\U0005fffd"]
    assert phone.page.evaluate(_BOXES, RARE + "·王" + ENTERPRISE) == []


@pytest.fixture(scope="module")
def purchaser(served: ServedLine) -> Person:
    """A purchaser of fifty characters whose enterprise has sixty, with everything bound."""
    who = _called(21, LONG, ENTERPRISE)
    person = Person(served.world, who, ids.system_entropy, role="purchaser")
    served.bound(person)
    return person


@pytest.fixture(scope="module")
def supplier(served: ServedLine) -> Person:
    """A supplier with such names too."""
    who = _called(22, "𠅤䶮𫖯", ENTERPRISE[::-1])
    person = Person(served.world, who, ids.system_entropy)
    served.onboarded(person)
    return person


@pytest.mark.row("ENT-1", "ACC-9")
def test_an_enterprise_of_sixty_characters_fits_every_screen_of_the_phone(
    phone: PhonePage, served: ServedLine, purchaser: Person
) -> None:
    assert (len(ENTERPRISE), len(LONG)) == (60, 50)
    served.pass_time(61)
    phone.sign_in(purchaser.identity)
    enterprise = purchaser.enterprise_id
    phone.open("enterprise")
    expect(phone.page.get_by_text(ENTERPRISE)).to_be_visible()
    of_enterprise = ("enterprises", "members", "change", "onboard", "apply", "seals")
    certificate = f"certificates/{purchaser.certificate_id}"
    _all_fit(
        phone, *(f"{path}/{enterprise}" for path in of_enterprise), f"orders/{purchaser.order_id}",
        certificate,
    )  # fmt: skip
    assert "certificate.activated" in worlds.kinds(served.world)


@pytest.mark.row("MAL-3", "MAL-5")
@pytest.mark.parametrize("width", [1440, 390])
def test_the_mall_holds_long_names_at_both_widths(
    page: Page, server: str, served: ServedLine, purchaser: Person, supplier: Person, width: int
) -> None:
    title = "净" * 100
    mall_pages.sign_in(page, server, purchaser)
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/workbench", "/user", "/orders", "/contracts", "/binding", "/account"):
        mall_pages.open_mall(page, server, path)
        expect(page.locator(".loading")).to_have_count(0)
        assert page.evaluate(_FAULTS) == [], path
    mall_pages.open_mall(page, server, "/orders/new")
    page.get_by_label("供应商").select_option(supplier.mall_account_id)
    page.get_by_label("名称").fill(title)
    page.get_by_label("商品 1").fill("滤" * 60)
    page.get_by_label("单位 1").fill("套")
    page.get_by_label("数量 1").fill("3")
    page.get_by_label("单价（元） 1").fill("125.50")
    assert page.evaluate(_FAULTS) == []
    page.get_by_role("button", name="提交订单").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(supplier.identity.enterprise).first).to_be_visible()
    assert page.evaluate(_FAULTS) == []
    assert "purchase_order.placed" in worlds.kinds(served.world)[-3:]


@pytest.mark.row("ENT-1")
def test_the_desk_shows_a_claim_of_such_an_enterprise_whole(
    page: Page, server: str, served: ServedLine
) -> None:
    who = _called(23, "䶮㛃", "乌鲁木齐" + ENTERPRISE[4:])
    person = Person(served.world, who, ids.system_entropy)
    served.registered(person)
    person.claim()
    served.work()
    page.goto(server + "/desk")
    page.click("button[value=lead]")
    expect(
        page.get_by_role("heading", name="Review desk")
        .or_(page.get_by_role("heading", name="审核"))
        .first
    ).to_be_visible()
    expect(page.get_by_text(who.enterprise).first).to_be_visible()
    assert page.evaluate(_FAULTS) == []
    assert "claim.submitted" in worlds.kinds(served.world)
