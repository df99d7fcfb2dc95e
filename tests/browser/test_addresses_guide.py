"""收件地址 on the phone, step by step as the guide has it, and what it does not say."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import invoice_pages as pages
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.mark.row("ADR-1")
@pytest.mark.guide("G-addresses-1", "G-addresses-2", "G-addresses-3")
def test_an_address_is_added_by_the_way_of_the_guide(phone: PhonePage, served: ServedLine) -> None:
    phone.sign_in(somebody(201))
    pages.own_row(phone, "收件地址")
    phone.is_at("收件地址")
    expect(phone.page.get_by_text("暂无收件地址")).to_be_visible()
    phone.button("新增收件地址").click()
    phone.is_at("新增收件地址")
    pages.fill_address(phone)
    # What was typed outlives a reload.
    phone.page.reload()
    expect(phone.page.get_by_label("收件人", exact=True)).to_have_value(pages.RECIPIENT)
    expect(phone.button(re.compile("所在地区"))).to_contain_text("天山区")
    phone.button("保存", exact=True).click()
    phone.is_at("收件地址")
    card = phone.button(re.compile(pages.RECIPIENT))
    expect(card).to_contain_text("新疆维吾尔自治区乌鲁木齐市天山区" + pages.DETAIL)
    (kept,) = phone.ask("delivering.addresses")
    (added,) = pages.facts(served, "address.added", kept["id"])
    assert added["is_default"] is False
    # Nothing that says who or where stands in the log.
    log = str(worlds.rows(served.world, "SELECT body FROM event"))
    assert kept["id"] in log
    assert pages.RECIPIENT not in log


@pytest.mark.row("ADR-1")
@pytest.mark.guide("G-addresses-4")
def test_an_address_is_labelled_home_company_or_by_a_word_of_ones_own(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(202))
    first, second, third = (
        pages.add_address(phone, recipient=name) for name in ("赵一", "钱二", "孙三")
    )
    for one, label in ((first, "家"), (second, "公司")):
        phone.open(f"addresses/{one['id']}")
        pages.choice(phone, label).click()
        phone.button("保存", exact=True).click()
        phone.is_at("收件地址")
    phone.open(f"addresses/{third['id']}")
    pages.choice(phone, "自定义").click()
    phone.page.get_by_label("自定义标签").fill("红山仓库")
    phone.button("保存", exact=True).click()
    for name, label in (("赵一", "家"), ("钱二", "公司"), ("孙三", "红山仓库")):
        expect(phone.button(re.compile(name))).to_contain_text(label)
    for one in (first, second, third):
        assert pages.facts(served, "address.changed", one["id"])
    labels = [one["label"] for one in phone.ask("delivering.addresses")]
    assert sorted(labels) == ["公司", "家", "红山仓库"]


@pytest.mark.row("ADR-1")
@pytest.mark.guide("G-addresses-5")
def test_the_switch_makes_an_address_the_default_one_and_the_other_is_it_no_more(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(203))
    first = pages.add_address(phone, recipient="赵一", is_default=True)
    second = pages.add_address(phone, recipient="钱二")
    pages.own_row(phone, "收件地址")
    phone.button(re.compile("钱二")).click()
    phone.is_at("编辑收件地址")
    switch = phone.page.get_by_role("switch", name="设为默认收件地址")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    phone.button("保存", exact=True).click()
    phone.is_at("收件地址")
    expect(phone.button(re.compile("钱二"))).to_contain_text("默认")
    expect(phone.button(re.compile("赵一"))).not_to_contain_text("默认")
    (changed,) = pages.facts(served, "address.changed", second["id"])
    assert changed["is_default"] is True
    assert pages.facts(served, "address.default_ended", first["id"])


@pytest.mark.row("ADR-1")
def test_what_is_wrong_stands_at_its_field_and_nothing_changes(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(204))
    phone.open("addresses/new")
    phone.page.get_by_label("收件人", exact=True).fill("赵一")
    phone.page.get_by_label("手机号", exact=True).fill("1389999")
    with worlds.unchanged(served.world, without=("handset_session",)):
        phone.button("保存", exact=True).click()
        expect(phone.page.get_by_role("alert").first).to_be_visible()
        expect(phone.page.get_by_label("手机号", exact=True)).to_have_attribute(
            "aria-invalid", "true"
        )
        phone.page.get_by_label("手机号", exact=True).fill(pages.PHONE)
        phone.button("保存", exact=True).click()
        expect(phone.page.locator(".field.wrong", has_text="所在地区")).to_be_visible()


@pytest.mark.row("ADR-1")
def test_an_address_is_deleted_after_one_question(phone: PhonePage, served: ServedLine) -> None:
    phone.sign_in(somebody(205))
    kept = pages.add_address(phone)
    phone.open(f"addresses/{kept['id']}")
    phone.button("删除地址").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="取消").click()
    assert not pages.facts(served, "address.deleted", kept["id"])
    phone.button("删除地址").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(phone.page.get_by_text("暂无收件地址")).to_be_visible()
    assert pages.facts(served, "address.deleted", kept["id"])


def _lapse(phone: PhonePage, served: ServedLine) -> None:
    """The session of this phone's person ends, as it does when its days are over."""
    account_id = phone.ask("registration.me")["account_id"]
    sql = "UPDATE handset_session SET expires_at = 1 WHERE account_id = ?"
    assert worlds.run_sql(served.world, sql, account_id)


@pytest.mark.row("ADR-1", "ACC-1")
def test_what_was_typed_outlives_a_lapsed_session_and_is_nobody_elses(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(206)
    phone.sign_in(who)
    phone.open("addresses/new")
    phone.page.get_by_label("收件人", exact=True).fill(pages.RECIPIENT)
    _lapse(phone, served)
    phone.button("保存", exact=True).click()
    phone.button("短信验证码登录").click()
    served.pass_time(61)
    pages.sign_in_again(phone, who)
    phone.is_at("新增收件地址")
    expect(phone.page.get_by_label("收件人", exact=True)).to_have_value(pages.RECIPIENT)
    # Another person who signs in on this phone finds nothing of it.
    _lapse(phone, served)
    phone.button("保存", exact=True).click()
    phone.button("短信验证码登录").click()
    phone.put_sim_in(somebody(207).phone)
    pages.sign_in_again(phone, somebody(207))
    phone.is_at("标证通")
    phone.open("addresses/new")
    expect(phone.page.get_by_label("收件人", exact=True)).to_have_value("")
    assert phone.ask("delivering.addresses") == []
    assert worlds.kinds(served.world).count("account.registered") >= 2
