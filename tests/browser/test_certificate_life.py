"""A certificate on the phone: renewed, delegated, its PIN, held, revoked, its key recovered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from simulations.people import Identity
from tests.support import phone_certificates as held
from tests.support import worlds
from tests.support.desk_pages import DeskPage
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

DAY = 24 * 3600
WRONG, NEW, OF_DELEGATE = "739164", "460283", "918273"
# What changes by looking alone: when a phone was last seen.
SEEN = ("handset_session",)


def _downloads(phone: PhonePage, pin: str) -> None:
    phone.button("下载证书").click()
    phone.press(pin)
    expect(phone.page.get_by_text("请再次输入证书密码。")).to_be_visible()
    phone.press(pin)
    expect(phone.page.get_by_text("证书下载成功")).to_be_visible()
    phone.button("完成").click()


def _order_shown(phone: PhonePage) -> str:
    """The order that the phone shows."""
    phone.is_at("订单详情")
    expect(phone.page).to_have_url(re.compile("orders/ord_"))
    return phone.page.url.rpartition("/")[2]


def _count(served: ServedLine, kind: str) -> int:
    return worlds.kinds(served.world).count(kind)


@pytest.mark.row("CRT-4")
def test_a_pin_is_mistyped_locked_unlocked_and_changed_by_the_screens(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(91)
    certificate_id = held.certified(phone, served, who)
    phone.open(f"certificates/{certificate_id}")
    phone.button(re.compile("^修改证书密码")).click()
    for _ in range(4):
        for digits in (WRONG, NEW, NEW):
            phone.press(digits)
        expect(phone.page.get_by_role("alert")).to_contain_text("证书密码错误")
        expect(phone.page.get_by_text("请输入当前证书密码")).to_be_visible()
    expect(phone.page.get_by_role("alert")).to_contain_text("还可尝试 1 次")
    for digits in (WRONG, NEW, NEW):
        phone.press(digits)
    phone.is_at("证书密码已锁定")
    assert _count(served, "pin.locked") == 1
    # Wherever one looks, the lock and the way out of it are told; nothing asks for the PIN in vain.
    phone.open(f"certificates/{certificate_id}")
    phone.button("解锁证书密码").click()
    phone.is_at("证书密码已锁定")
    phone.button("去实名认证").click()
    held.prove_name_again(phone, served, who)
    phone.is_at("证书密码已锁定")
    phone.button("解锁", exact=True).dblclick()
    phone.is_at("修改证书密码")
    assert _count(served, "pin.unlocked") == 1
    for digits in (who.pin, NEW, NEW):
        phone.press(digits)
    expect(phone.page.get_by_text("证书密码修改成功")).to_be_visible()
    assert _count(served, "pin.changed") == 1
    # The old one opens nothing any more.
    phone.open(f"pin/{certificate_id}")
    for digits in (who.pin, WRONG, WRONG):
        phone.press(digits)
    expect(phone.page.get_by_role("alert")).to_contain_text("证书密码错误")
    assert _count(served, "pin.changed") == 1


@pytest.mark.row("CRT-3", "CRT-4")
def test_a_certificate_is_held_resumed_and_revoked_each_once(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(92)
    certificate_id = held.certified(phone, served, who)
    phone.open(f"certificates/{certificate_id}")
    sheet = phone.page.get_by_role("dialog")
    phone.button(re.compile("^挂起证书")).click()
    sheet.get_by_role("button", name="挂起证书").dblclick()
    expect(phone.page.get_by_text("您已挂起该证书")).to_be_visible()
    assert held.status(served, certificate_id) == "suspended"
    phone.page.reload()
    expect(phone.page.get_by_text("已挂起", exact=True)).to_be_visible()
    phone.button(re.compile("^恢复")).first.click()
    sheet.get_by_role("button", name="恢复", exact=True).click()
    sheet.get_by_role("button", name="去实名认证").click()
    held.prove_name_again(phone, served, who)
    # Back where the proof was asked for.
    phone.button(re.compile("^恢复")).first.click()
    sheet.get_by_role("button", name="恢复", exact=True).dblclick()
    expect(phone.page.get_by_text("使用中", exact=True).first).to_be_visible()
    assert held.status(served, certificate_id) == "active"
    phone.button("吊销证书").click()
    # Nobody revokes without saying why.
    expect(sheet.get_by_role("button", name="确认吊销")).to_be_disabled()
    sheet.get_by_role("radio", name="不再使用").click()
    with worlds.unchanged(served.world, without=SEEN):
        phone.page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
    served.pass_time(301)
    phone.button("吊销证书").click()
    sheet.get_by_role("radio", name="不再使用").click()
    sheet.get_by_role("button", name="确认吊销").dblclick()
    held.confirm(phone)
    expect(phone.page.get_by_text("已吊销", exact=True).first).to_be_visible()
    expect(phone.page.get_by_text("不再使用", exact=True)).to_be_visible()
    assert held.status(served, certificate_id) == "revoked"
    facts = worlds.rows(
        served.world,
        "SELECT kind FROM event WHERE subject = ? AND kind LIKE 'certificate.%' ORDER BY seq",
        certificate_id,
    )
    assert [one["kind"] for one in facts][-3:] == [
        "certificate.suspended",
        "certificate.resumed",
        "certificate.revoked",
    ]


@pytest.fixture
def desk(page: Page, server: str) -> DeskPage:
    """The review desk at a PC."""
    return DeskPage(page, server)


def _approves(desk: DeskPage, login: str, case_id: str) -> None:
    """One member of staff reads the case and approves it; then nobody is signed in there."""
    desk.open(login, f"/desk?case={case_id}")
    desk.button("领取").click()
    expect(desk.button("通过")).to_be_enabled()
    desk.ready()
    expect(desk.page.get_by_text("加密密钥恢复").first).to_be_visible()
    desk.button("通过").click()
    expect(desk.page.get_by_text(re.compile("^已通过"))).to_be_visible()
    desk.page.context.clear_cookies()


@pytest.mark.row("CRT-6")
def test_an_encryption_key_is_recovered_by_two_at_the_desk_onto_the_phone(
    phone: PhonePage, desk: DeskPage, served: ServedLine
) -> None:
    who = somebody(93)
    certificate_id = held.certified(phone, served, who)
    phone.open(f"certificates/{certificate_id}")
    phone.button("领取加密密钥").click()
    phone.press(WRONG)
    expect(phone.page.get_by_role("alert")).to_contain_text("证书密码错误")
    phone.press(who.pin)
    expect(phone.button("恢复加密密钥")).to_be_visible()
    phone.button("恢复加密密钥").click()
    sheet = phone.page.get_by_role("dialog", name="确定恢复加密密钥？")
    expect(sheet.get_by_role("button", name="申请恢复")).to_be_disabled()
    sheet.get_by_role("radio", name="已更换手机").click()
    sheet.get_by_role("button", name="申请恢复").dblclick()
    expect(phone.page.get_by_text("密钥恢复：审核中")).to_be_visible()
    assert _count(served, "key_recovery.asked") == 1
    (case,) = worlds.rows(
        served.world,
        "SELECT id FROM review_case WHERE kind = 'key_recovery' AND status = 'waiting'",
    )
    _approves(desk, "lead", case["id"])
    served.work()
    assert "key_recovery.approved" not in worlds.kinds(served.world)
    expect(phone.button("撤回申请")).to_be_visible()
    _approves(desk, "second", case["id"])
    served.work()
    # The phone hears of it by itself.
    phone.button("领取加密密钥").click()
    phone.press(who.pin)
    expect(phone.page.get_by_text("双证书齐全")).to_be_visible()
    assert worlds.kinds(served.world).index("key_recovery.taken")


@pytest.mark.row("CRT-3", "CRT-5")
def test_a_notice_of_the_end_opens_the_renewal_and_stops_with_it(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(94)
    certificate_id = held.certified(phone, served, who)
    # Its session lapses; who signs in again is led to the screen that the phone last stood at.
    phone.open("home")
    served.work(335 * DAY)
    phone.sign_in(who)
    phone.page.locator(".card .row", has_text="到期").first.click()
    phone.is_at("证书")
    expect(phone.page.get_by_text(re.compile("剩余 30 天"))).to_be_visible()
    phone.button("续期", exact=True).click()
    phone.is_at("证书续期")
    phone.page.get_by_role("radio", name=re.compile("^3 年")).click()
    expect(phone.page.locator(".price")).to_have_text("¥570.00")
    # A reload loses nothing that was chosen.
    phone.page.reload()
    expect(phone.page.get_by_role("radio", name=re.compile("^3 年"))).to_be_checked()
    placed = _count(served, "order.placed")
    phone.button("下一步").dblclick()
    order_id = _order_shown(phone)
    assert _count(served, "order.placed") == placed + 1
    # Who comes again is led to the order there is.
    phone.open(f"apply/renewal/{certificate_id}")
    phone.button("下一步").click()
    phone.button("查看订单").click()
    assert _order_shown(phone) == order_id
    held.pay(phone, served, order_id)
    served.approve_all()
    _downloads(phone, OF_DELEGATE)
    phone.is_at("证书管理")
    assert held.status(served, certificate_id) == "revoked"
    assert held.statuses(served, order_id) == ["active"]
    told = _count(served, "certificate.expiring")
    served.work(20 * DAY)
    assert _count(served, "certificate.expiring") == told
    phone.open("home")
    expect(phone.page.get_by_text("使用中", exact=True)).to_be_visible()
    expect(phone.page.locator(".card .row", has_text="到期")).to_have_count(0)


def _joined(phone: PhonePage, other: PhonePage, who: Identity, mate: Identity) -> str:
    enterprise_id = str(phone.ask("registration.me")["enterprises"][0]["id"])
    other.sign_in(mate)
    other.prove_name(mate)
    given = {"enterprise_id": enterprise_id, "phone": mate.phone, "role": "seal_user"}
    phone.do("registration.invite_by_phone", **given)
    (invitation,) = other.ask("registration.my_invitations")
    other.do("registration.accept_invitation", invitation_id=invitation["id"])
    return enterprise_id


@pytest.mark.row("ENT-3", "CRT-3")
def test_a_certificate_is_delegated_used_under_a_pin_of_its_own_and_taken_back(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    who, mate = somebody(95), somebody(96)
    certificate_id = held.certified(phone, served, who)
    enterprise_id = _joined(phone, other, who, mate)
    phone.open(f"certificates/{certificate_id}")
    phone.button(re.compile("^授权给成员")).click()
    expect(phone.button("下一步")).to_be_disabled()
    phone.page.get_by_role("radio", name=re.compile(mate.phone[-4:])).click()
    placed = _count(served, "order.placed")
    phone.button("下一步").click()
    expect(phone.page.get_by_role("alert")).to_have_text("请至少选择一项授权范围。")
    assert _count(served, "order.placed") == placed
    phone.page.get_by_role("checkbox", name="扫码登录").click()
    phone.button("下一步").dblclick()
    order_id = _order_shown(phone)
    assert _count(served, "order.placed") == placed + 1
    held.pay(phone, served, order_id)
    held.attach(phone, order_id, "power_of_attorney")
    served.approve_all()
    expect(phone.page.get_by_text("等待被授权人下载证书")).to_be_visible()
    expect(phone.button("下载证书")).to_have_count(0)
    other.open("home")
    other.page.locator(".card .row", has_text="授权").click()
    _order_shown(other)
    _downloads(other, OF_DELEGATE)
    (of_delegate,) = held.statuses(served, order_id)
    assert of_delegate == "active"
    other.page.locator(".certificate-card").click()
    expect(other.page.get_by_text("由企业管理员授权给您")).to_be_visible()
    phone.open(f"delegations/{enterprise_id}")
    phone.button("收回授权").click()
    sheet = phone.page.get_by_role("dialog", name="确定收回授权吗？")
    sheet.get_by_role("button", name="确认收回").dblclick()
    # Both phones show it, neither is loaded again.
    expect(phone.page.get_by_text("已吊销", exact=True)).to_be_visible()
    expect(other.page.get_by_text("已吊销", exact=True)).to_be_visible()
    assert held.statuses(served, order_id) == ["revoked"]
    assert held.status(served, certificate_id) == "active"


@pytest.mark.row("CRT-2", "CRT-5")
def test_an_event_certificate_says_what_it_is_for_and_its_order_is_taken_back_for_a_part(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(97)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.open("certificates")
    phone.button("新增证书").click()
    phone.button(re.compile("^事件证书")).click()
    phone.page.get_by_role("radio", name=re.compile("新疆光正")).click()
    phone.button("下一步").click()
    expect(phone.page.get_by_role("radio", name=re.compile("东方电子认证"))).to_be_visible()
    # What is missing comes into view, however far below one is.
    phone.page.locator(".price").scroll_into_view_if_needed()
    with worlds.unchanged(served.world, without=SEEN):
        phone.button("下一步").click()
        expect(phone.page.get_by_role("alert")).to_have_text("请选择用于哪项业务。")
        expect(phone.page.get_by_role("alert")).to_be_in_viewport()
    phone.page.get_by_role("radio", name="扫码登录").click()
    phone.button("下一步").dblclick()
    order_id = _order_shown(phone)
    phone.button(re.compile("去支付 ¥30.00")).click()
    phone.button("立即支付").dblclick()
    expect(phone.page.get_by_text("支付成功").first).to_be_visible()
    phone.button("完成").click()
    served.work()
    served.approve_all()
    expect(phone.button("下载证书")).to_be_visible()
    phone.button("取消订单").click()
    sheet = phone.page.get_by_role("dialog", name="确定取消该订单吗？")
    expect(sheet).to_contain_text("¥24.00")
    sheet.get_by_role("button", name="取消订单").dblclick()
    expect(phone.page.get_by_text("已取消", exact=True).first).to_be_visible()
    for _ in range(3):
        served.work(60)  # the bank answers some seconds later
    phone.page.reload()
    expect(phone.page.locator(".progress li").last).to_contain_text("已退款")
    facts = worlds.rows(
        served.world, "SELECT kind FROM event WHERE subject = ? ORDER BY seq", order_id
    )
    kinds = [one["kind"] for one in facts]
    assert [kinds.count(one) for one in ("order.placed", "order.paid", "order.cancelled")] == [
        1,
        1,
        1,
    ]
    assert kinds.count("order.refunded") == 1
