"""Members on two phones, a change of particulars to its end, zones, messages and a cancelled order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from simulations.people import Identity
from tests.support import phone_certificates as held
from tests.support import worlds
from tests.support.line import identity
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


def _certified(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    """Up to the active certificate, without the screens; the enterprise's id."""
    enterprise_id = held.onboarded(phone, served, who)
    order_id = held.order(phone, enterprise_id)
    held.pay(phone, served, order_id)
    held.attach(phone, order_id)
    served.approve_all()
    held.taken(phone, served, order_id, who.pin)
    return enterprise_id


def _confirms(phone: PhonePage) -> None:
    """The code to one's own number that a weighty act asks for, if it does."""
    sheet = phone.page.get_by_role("dialog", name="验证本人身份")
    expect(sheet.or_(phone.page.locator(".toast")).first).to_be_visible()
    if sheet.count():
        phone.tap_sms()
        expect(sheet).to_have_count(0)


def _row(phone: PhonePage, text: str | re.Pattern[str]) -> Locator:
    return phone.page.locator(".card .row", has_text=text)


def _both(phone: PhonePage, other: PhonePage, served: ServedLine, first: int) -> tuple[str, str]:
    """An administrator and a handler of one enterprise; its id and the handler's number, masked."""
    boss, colleague = somebody(first), somebody(first + 1)
    enterprise_id = held.claimed(phone, served, boss)
    other.sign_in(colleague)
    other.prove_name(colleague)
    given = {"enterprise_id": enterprise_id, "phone": colleague.phone, "role": "handler"}
    phone.do("registration.invite_by_phone", **given)
    (invitation,) = other.ask("registration.my_invitations")
    other.do("registration.accept_invitation", invitation_id=invitation["id"])
    served.pass_time(61)
    return enterprise_id, f"{colleague.phone[:3]}****{colleague.phone[-4:]}"


@pytest.mark.row("ENT-2")
def test_a_colleague_is_invited_by_phone_and_accepts_on_theirs(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    boss, colleague = somebody(11), somebody(12)
    enterprise_id = held.claimed(phone, served, boss)
    other.sign_in(colleague)
    other.prove_name(colleague)
    phone.open(f"members/{enterprise_id}")
    phone.button("邀请成员").click()
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name=re.compile("用印")).click()
    sheet.get_by_label("手机号码").fill(colleague.phone)
    sheet.get_by_role("button", name="手机号邀请").click()
    expect(phone.page.get_by_text("邀请已发送。")).to_be_visible()
    assert "invitation.sent" in worlds.kinds(served.world)
    other.open("enterprise")
    _row(other, "待我处理").click()
    other.is_at("待我处理")
    expect(other.page.get_by_text(boss.enterprise)).to_be_visible()
    other.button("同意", exact=True).click()
    expect(other.page.get_by_text("暂无待处理事项")).to_be_visible()
    assert "member.joined" in worlds.kinds(served.world)
    expect(_row(phone, re.compile("用印"))).to_have_count(1)


@pytest.mark.row("ENT-2")
def test_an_invitation_is_declined_and_nobody_joins(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    boss, colleague = somebody(13), somebody(14)
    enterprise_id = held.claimed(phone, served, boss)
    other.sign_in(colleague)
    other.prove_name(colleague)
    given = {"enterprise_id": enterprise_id, "phone": colleague.phone, "role": "handler"}
    phone.do("registration.invite_by_phone", **given)
    joined = worlds.kinds(served.world).count("member.joined")
    other.open("invitations")
    other.button("拒绝", exact=True).click()
    expect(other.page.get_by_text("暂无待处理事项")).to_be_visible()
    kinds = worlds.kinds(served.world)
    assert "invitation.declined" in kinds
    assert kinds.count("member.joined") == joined


@pytest.mark.row("ENT-2", "ENT-3")
def test_a_role_is_changed_the_administration_handed_over_and_the_enterprise_left(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    enterprise_id, colleague = _both(phone, other, served, 15)
    phone.open(f"members/{enterprise_id}")
    _row(phone, colleague).click()
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name=re.compile("用印")).click()
    sheet.get_by_role("button", name="修改角色").click()
    _confirms(phone)
    expect(_row(phone, colleague)).to_contain_text(re.compile("用印"))
    assert "member.role_changed" in worlds.kinds(served.world)
    # The administrator's role: offered with a code, answered with one.
    _row(phone, colleague).click()
    phone.page.get_by_role("dialog").get_by_role("button", name="移交管理员").click()
    _confirms(phone)
    expect(phone.page.get_by_text("移交已发起，对方接受后生效。")).to_be_visible()
    assert "transfer.offered" in worlds.kinds(served.world)
    other.open("invitations")
    other.button("同意", exact=True).click()
    _confirms(other)
    expect(other.page.get_by_text("暂无待处理事项")).to_be_visible()
    assert "transfer.accepted" in worlds.kinds(served.world)
    other.open(f"enterprises/{enterprise_id}")
    expect(other.page.get_by_text("管理员", exact=True)).to_be_visible()
    # Who was administrator may leave now.
    phone.open(f"enterprises/{enterprise_id}")
    expect(phone.page.get_by_text("管理员", exact=True)).to_have_count(0)
    phone.button("退出企业").click()
    sheet = phone.page.get_by_role("dialog", name="确定退出该企业吗？")
    sheet.get_by_role("button", name="退出", exact=True).click()
    expect(phone.page.get_by_text("您已退出该企业。")).to_be_visible()
    assert "member.left" in worlds.kinds(served.world)


@pytest.mark.row("ENT-2")
def test_the_only_one_of_an_enterprise_closes_it(phone: PhonePage, served: ServedLine) -> None:
    enterprise_id = held.claimed(phone, served, somebody(17))
    phone.open(f"enterprises/{enterprise_id}")
    phone.button("注销企业").click()
    dialog = phone.page.get_by_role("dialog")
    expect(dialog.get_by_text("数字证书被吊销")).to_be_visible()
    dialog.get_by_role("button", name="注销企业", exact=True).click()
    expect(phone.page.get_by_text("企业已注销。")).to_be_visible()
    assert worlds.kinds(served.world).count("enterprise.closed") == 1


@pytest.mark.row("ENT-4")
def test_a_change_of_particulars_lists_what_follows_and_carries_it_out(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(18)
    enterprise_id = _certified(phone, served, who)
    new = "新疆丝路净水设备制造有限公司"
    phone.open(f"enterprises/{enterprise_id}")
    _row(phone, "企业信息变更").click()
    phone.is_at("企业信息变更")
    phone.page.get_by_label("变更后的企业名称").fill(new)
    phone.page.get_by_label("变更后的法定代表人").fill(who.legal_representative)
    number = identity(7, sequence="307").resident_id
    phone.page.get_by_label("法定代表人身份证号码").fill(number)
    phone.button("查看变更影响").click()
    expect(phone.page.get_by_text(re.compile("证书.*吊销|吊销.*证书")).first).to_be_visible()
    expect(
        phone.page.get_by_role("heading", name=re.compile(r"变更影响（[1-9]\d* 项）"))
    ).to_be_visible()
    samples = phone.page.get_by_role("button", name="示例")
    expect(samples.first).to_be_visible()
    for sample in samples.all():
        sample.click()
    expect(phone.page.get_by_text("拍照或选择文件")).to_have_count(0)
    expect(phone.button("提交变更")).to_be_disabled()
    phone.page.get_by_role("checkbox", name="我已阅读并知晓上述影响").click()
    phone.button("提交变更").click()
    _confirms(phone)
    expect(phone.page.get_by_text("已提交，等待审核。")).to_be_visible()
    assert "enterprise.changed" not in worlds.kinds(served.world)
    served.approve_all()
    served.work()
    phone.open("enterprise")
    expect(phone.page.get_by_text(new)).to_be_visible()
    assert "enterprise.changed" in worlds.kinds(served.world)
    # What was listed has been done: the certificate in the old name is revoked.
    assert "certificate.revoked" in worlds.kinds(served.world)
    phone.open("certificates")
    expect(phone.page.get_by_text("已吊销", exact=True)).to_be_visible()


@pytest.mark.row("MAL-4")
def test_a_zone_is_joined_preferred_and_left(phone: PhonePage, served: ServedLine) -> None:
    phone.sign_in(somebody(19))
    phone.open("zones")
    joins = phone.button("加入专区")
    expect(joins.first).to_be_visible()
    for left in range(joins.count() - 1, joins.count() - 3, -1):
        joins.first.click()
        expect(joins).to_have_count(left)
    preferred = phone.button("设为默认")
    preferred.first.click()
    expect(phone.page.get_by_text("已设为默认专区。")).to_be_visible()
    expect(phone.page.get_by_text("默认专区", exact=True)).to_have_count(1)
    leave = phone.button("退出专区")
    joined = leave.count()
    leave.first.click()
    expect(leave).to_have_count(joined - 1)
    kinds = worlds.kinds(served.world)
    assert {"zone.joined", "zone.preferred", "zone.left"} <= set(kinds)


@pytest.mark.row("MSG-1")
def test_all_messages_are_read_at_once(phone: PhonePage, served: ServedLine) -> None:
    who = somebody(20)
    held.claimed(phone, served, who)
    phone.open("messages")
    unread = phone.page.locator(".message.unread")
    expect(unread.first).to_be_visible()
    read = worlds.kinds(served.world).count("message.read")
    phone.button("全部已读").click()
    expect(unread).to_have_count(0)
    expect(phone.page.get_by_text("条未读")).to_have_count(0)
    assert worlds.kinds(served.world).count("message.read") > read


@pytest.mark.row("CRT-5")
def test_an_order_is_cancelled_and_said_to_be(phone: PhonePage, served: ServedLine) -> None:
    enterprise_id = held.onboarded(phone, served, somebody(21))
    order_id = held.order(phone, enterprise_id)
    phone.open(f"orders/{order_id}")
    phone.button("取消订单").click()
    sheet = phone.page.get_by_role("dialog", name="确定取消该订单吗？")
    assert "order.cancelled" not in worlds.kinds(served.world)
    sheet.get_by_role("button", name="取消订单").click()
    expect(phone.page.get_by_text("订单已取消。")).to_be_visible()
    expect(phone.page.get_by_text("已取消", exact=True).first).to_be_visible()
    expect(phone.button("取消订单")).to_have_count(0)
    assert "order.cancelled" in worlds.kinds(served.world)
