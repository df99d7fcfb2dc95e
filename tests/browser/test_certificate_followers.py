"""What follows a certificate on the phone: one in the new name, one for a lost phone; errors in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from simulations import papers
from simulations.people import Identity, b64
from tests.support import mall_pages, worlds
from tests.support import phone_certificates as held
from tests.support.line import identity
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

WRONG, NEW = "739164", "460283"
# What changes by looking alone: when a phone was last seen.
SEEN = ("handset_session",)


@pytest.fixture
def pc(chromium: Browser) -> Iterator[Page]:
    """A PC beside the phone."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def _ready(phone: PhonePage, served: ServedLine, paper: str) -> str:
    """The order that the phone shows, paid, with its paper and approved; its id."""
    phone.is_at("订单详情")
    expect(phone.page).to_have_url(re.compile("orders/ord_"))
    order_id = phone.page.url.rpartition("/")[2]
    held.pay(phone, served, order_id)
    held.attach(phone, order_id, paper)
    served.approve_all()
    return order_id


def _downloads(phone: PhonePage, pin: str) -> None:
    phone.button("下载证书").click()
    phone.press(pin)
    expect(phone.page.get_by_text("请再次输入证书密码。")).to_be_visible()
    phone.press(pin)
    expect(phone.page.get_by_text("证书下载成功")).to_be_visible()
    phone.button("完成").click()
    phone.is_at("证书管理")


def _renamed(phone: PhonePage, served: ServedLine, who: Identity) -> None:
    """The enterprise has another name from now on."""
    enterprise_id = phone.ask("registration.me")["enterprises"][0]["id"]
    name = f"新疆丝路净水设备制造第{who.phone[-2:]}有限公司"
    given = {"enterprise_id": enterprise_id, "name": name}
    preview = phone.ask(
        "registration.change_preview", legal_representative=who.legal_representative, **given
    )
    phone.do(
        "registration.change_enterprise",
        legal_representative=who.legal_representative,
        legal_representative_id=identity(7, sequence="307").resident_id,
        papers=[
            {"code": one["code"], "content": b64(papers.picture(one["code"], name))}
            for one in preview["papers"]
        ],
        confirmed=True,
        **given,
    )
    served.approve_all()


@pytest.mark.row("CRT-3", "ENT-4")
def test_a_certificate_in_an_old_name_is_changed_for_one_in_the_new(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(102)
    certificate_id = held.certified(phone, served, who)
    phone.open(f"certificates/{certificate_id}")
    expect(phone.button(re.compile("^变更证书"))).to_have_count(0)
    _renamed(phone, served, who)
    # The phone hears of it by itself, and says what to do.
    expect(phone.page.get_by_text("已吊销", exact=True).first).to_be_visible()
    expect(phone.page.get_by_text("企业信息已发生变更")).to_be_visible()
    placed = worlds.kinds(served.world).count("order.placed")
    phone.button("变更证书", exact=True).click()
    phone.is_at("证书变更")
    expect(phone.page.locator(".price")).to_have_text("¥50.00")
    phone.button("下一步").dblclick()
    order_id = _ready(phone, served, "change_application")
    assert worlds.kinds(served.world).count("order.placed") == placed + 1
    _downloads(phone, NEW)
    assert held.statuses(served, order_id) == ["active"]
    phone.open(f"certificates/{certificate_id}")
    expect(phone.button("变更证书", exact=True)).to_have_count(0)
    phone.button(re.compile("^接替它的新证书")).click()
    expect(phone.page.get_by_text("使用中", exact=True).first).to_be_visible()


@pytest.mark.row("CRT-3", "CRT-6")
def test_a_lost_phone_is_replaced_by_another_and_its_encryption_key_asked_for_there(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    who = somebody(103)
    certificate_id = held.certified(phone, served, who)
    served.pass_time(61)
    other.sign_in(who)
    other.open(f"certificates/{certificate_id}")
    wrong = worlds.kinds(served.world).count("pin.wrong")
    # What lies on the other phone is not used here; that is said, and nothing is counted.
    other.button(re.compile("^修改证书密码")).click()
    for digits in (who.pin, NEW, NEW):
        other.press(digits)
    expect(other.page.get_by_role("alert")).to_contain_text("此手机上没有该证书的密钥")
    assert worlds.kinds(served.world).count("pin.wrong") == wrong
    other.open(f"certificates/{certificate_id}")
    other.button(re.compile("^补办")).click()
    other.page.get_by_role("radio", name="手机丢失或更换").click()
    other.button("下一步").dblclick()
    order_id = _ready(other, served, "replacement_application")
    _downloads(other, NEW)
    assert held.statuses(served, order_id) == ["active"]
    assert held.status(served, certificate_id) == "revoked"
    other.open(f"certificates/{certificate_id}")
    expect(other.page.get_by_text("已被新证书替代")).to_be_visible()
    other.button("恢复加密密钥").click()
    sheet = other.page.get_by_role("dialog", name="确定恢复加密密钥？")
    sheet.get_by_role("radio", name="手机丢失").click()
    sheet.get_by_role("button", name="申请恢复").click()
    expect(other.page.get_by_text("密钥恢复：审核中")).to_be_visible()
    other.button("撤回申请").dblclick()
    expect(other.button("恢复加密密钥")).to_be_visible()
    kinds = worlds.kinds(served.world)
    assert (kinds.count("key_recovery.asked"), kinds.count("key_recovery.withdrawn")) == (1, 1)


@pytest.mark.row("CRT-4", "LOG-1")
def test_a_pin_that_locks_at_a_scan_leads_to_unlocking_and_the_scan_stays_the_persons(
    phone: PhonePage, pc: Page, server: str, served: ServedLine
) -> None:
    who = somebody(104)
    certificate_id = held.certified(phone, served, who)
    mall_pages.open_mall(pc, server, "/binding")
    pc.get_by_label("登录名").fill(f"su{who.uscc[9:17]}")
    pc.get_by_label("密码", exact=True).fill(who.password)
    pc.locator("form").get_by_role("button", name="登录").click()
    held.bind(phone, pc, who.pin)
    pc.get_by_role("dialog", name="绑定成功").get_by_role("button", name="关闭").last.click()
    mall_pages.sign_out(pc)
    before = worlds.kinds(served.world)
    mall_pages.open_mall(pc, server, "/sign-in?way=scan")
    phone.open("scan")
    held.read(phone, mall_pages.qr_text(pc))
    phone.is_at("扫码登录")
    phone.button("输入证书密码确认").click()
    sheet = phone.page.get_by_role("dialog", name="证书密码")
    for left in (4, 3, 2, 1):
        phone.press(WRONG)
        expect(sheet.get_by_role("alert")).to_contain_text(f"还可尝试 {left} 次")
    phone.press(WRONG)
    expect(sheet).to_have_count(0)
    expect(phone.button("输入证书密码确认")).to_be_disabled()
    with worlds.unchanged(served.world, without=SEEN):
        phone.button("解锁证书密码").click()
        phone.is_at("证书密码已锁定")
    assert held.status(served, certificate_id) == "active"
    since = worlds.kinds(served.world)[len(before) :]
    assert (since.count("pin.locked"), since.count("mall_account.signed_in")) == (1, 0)


@pytest.mark.row("CRT-4", "CRT-1")
def test_an_english_reader_is_told_in_english_and_loses_nothing(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(105)
    certificate_id = held.certified(phone, served, who)
    before = worlds.kinds(served.world)
    phone.open("account")
    phone.page.get_by_role("radio", name="English").click()
    phone.is_at("Mine")
    phone.open(f"pin/{certificate_id}")
    phone.is_at("Change the certificate PIN")
    keypad = phone.page.get_by_role("group", name="Number keypad")

    def types(digits: str) -> None:
        for digit in digits:
            keypad.get_by_role("button", name=digit, exact=True).click()

    alert = phone.page.get_by_role("alert")
    types(WRONG)
    types("123456")
    expect(alert).to_contain_text("A certificate PIN has 6 digits")
    types(NEW)
    types("460284")
    expect(alert).to_have_text("The two entries differ. Choose the PIN again.")
    assert worlds.kinds(served.world) == before
    types(NEW)
    types(NEW)
    expect(alert).to_have_text(
        "The certificate PIN is wrong. 4 tries are left before it is locked."
    )
    expect(phone.page.get_by_text("The PIN it has now")).to_be_visible()
    phone.open("apply/event")
    phone.page.get_by_role("radio", name=re.compile("Guangzheng")).click()
    phone.button("Next").click()
    phone.page.get_by_role("radio", name=re.compile("Nanfang")).click()
    phone.button("Next").click()
    expect(alert).to_have_text("Choose the act that it is for.")
    expect(phone.page.get_by_role("radio", name=re.compile("Nanfang"))).to_be_checked()
    phone.page.reload()
    phone.button("Next").click()
    expect(phone.page.get_by_role("radio", name=re.compile("Nanfang"))).to_be_checked()
    chinese = phone.page.evaluate(
        "document.querySelector('main').innerText.match(/[\\u4e00-\\u9fff]/g)"
    )
    assert chinese is None
    assert worlds.kinds(served.world).count("order.placed") == before.count("order.placed")
