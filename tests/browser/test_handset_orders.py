"""Orders on the phone: CAs compared, a person's own certificate, the list, the history, and taking back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.mark.row("CRT-2", "CRT-5", "CRT-1")
def test_a_persons_own_certificate_is_ordered_looked_at_and_taken_back(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(71)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.open("certificates")
    phone.button("新增证书").click()
    phone.button(re.compile("^个人证书")).click()
    phone.page.get_by_label("搜索交易平台").fill("阳光采购平台")
    phone.page.get_by_role("radio", name=re.compile("阳光采购平台")).click()
    phone.button("下一步").click()
    huaxia = phone.page.get_by_role("radio", name=re.compile("华夏电子认证"))
    expect(huaxia).to_contain_text("¥50.00 / 1 年")
    expect(huaxia).to_contain_text("承诺 24 小时内办结")
    expect(huaxia).to_contain_text("连续输错 5 次锁定")
    huaxia.click()
    phone.page.get_by_role("radio", name=re.compile("^2 年")).click()
    expect(phone.page.get_by_text("多年优惠")).to_be_visible()
    phone.button("下一步").click()
    phone.is_at("订单详情")
    expect(phone.page.get_by_text("审核中", exact=True)).to_be_visible()
    expect(phone.page.get_by_text("办理进度")).to_be_visible()
    phone.button("取消订单").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="取消订单").click()
    expect(phone.page.get_by_text("已取消", exact=True).first).to_be_visible()
    phone.open("orders")
    phone.page.get_by_role("radio", name=re.compile("^待办")).click()
    expect(phone.page.get_by_text("没有符合条件的订单")).to_be_visible()
    phone.page.get_by_role("radio", name=re.compile("^未办成")).click()
    expect(phone.page.get_by_text("个人证书 · 新办")).to_be_visible()
    kinds = worlds.kinds(served.world)
    assert kinds.count("order.placed") == kinds.count("order.cancelled") == 1


@pytest.mark.row("CRT-1")
@pytest.mark.guide("G-notice-4")
def test_without_an_account_at_the_platform_the_refusal_leads_to_onboarding(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(72)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    placed = worlds.kinds(served.world).count("order.placed")
    phone.open("apply")
    phone.page.get_by_role("radio", name=re.compile("新疆光正")).click()
    phone.button("下一步").click()
    expect(phone.page.get_by_role("radio", name=re.compile("东方电子认证"))).to_be_visible()
    phone.button("下一步").click()
    phone.button("平台入驻").click()
    phone.is_at("平台入驻")
    assert worlds.kinds(served.world).count("order.placed") == placed
