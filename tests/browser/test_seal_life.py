"""One seal on the phone: its data and check, uses, delegation, change, making anew, pausing, deleting."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.support import phone_certificates as held
from tests.support import seal_pages as seals
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

# Whether each sheet that appears has the keyboard from its first moment.
_WATCH_SHEETS = """() => {
  window.sheetsAtOnce = [];
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((one) => [...one.addedNodes])) {
      const sheet = node.querySelector?.("[role=dialog]");
      if (sheet) window.sheetsAtOnce.push(sheet.contains(document.activeElement));
    }
  }).observe(document.body, { childList: true, subtree: true });
}"""


def _enterprise(phone: PhonePage) -> str:
    return str(phone.ask("registration.me")["enterprises"][0]["id"])


def _picture_comes_later(phone: PhonePage, served: ServedLine, name: str) -> None:
    """The question for the picture fails, and is asked again when something happens."""
    page = phone.page
    broken = page.locator(".seal-preview [role=status] .icon")

    def refused(route: Route) -> None:
        if "sealing.preview" in (route.request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    page.route("**/phone/me/ask", refused)
    page.reload()
    expect(broken).to_be_visible()
    page.unroute("**/phone/me/ask")
    served.pass_time(1)
    expect(page.get_by_alt_text(f"印章“{name}”的图样")).to_be_visible()


@pytest.mark.row("SEA-4")
def test_a_seal_shows_itself_as_the_signed_object_it_is(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(221), phone.page
    held.certified(phone, served, who)
    seal_id = seals.made(phone, served, who, _enterprise(phone), "采购合同专用章")
    seals.manage(phone)
    seals.card(phone, "采购合同专用章").click()
    phone.is_at("印章详情")
    expect(page.get_by_alt_text("印章“采购合同专用章”的图样")).to_be_visible()
    expect(page.get_by_text("水印预览图，不具有印章效力")).to_be_visible()
    _picture_comes_later(phone, served, "采购合同专用章")
    code = worlds.rows(served.world, "SELECT code FROM seal WHERE id = ?", seal_id)[0]["code"]
    expect(page.get_by_text(str(code)).first).to_be_visible()
    held.row(phone, "电子印章数据").click()
    phone.is_at("电子印章数据")
    expect(page.get_by_text("校验通过：由制章机构制作并签名，未被改动。")).to_be_visible()
    expect(page.locator(".seal-steps li")).to_have_count(4)
    expect(page.locator(".seal-steps li[data-outcome=passed]")).to_have_count(4)
    expect(page.locator(".fact", has_text="esID")).to_contain_text(str(code))
    # The picture that is shown is not the seal's own.
    shown = phone.ask("sealing.preview", seal_id=seal_id)
    blob = worlds.rows(served.world, "SELECT png_blob_id FROM seal WHERE id = ?", seal_id)
    own = page.evaluate(
        "async id => { const a = await fetch(`/w/demo/phone/me/media/${id}`);"
        " return btoa(String.fromCharCode(...new Uint8Array(await a.arrayBuffer()))); }",
        blob[0]["png_blob_id"],
    )
    assert shown != own
    # Not used yet, and says what would stand there.
    phone.open(f"seal-uses/{seal_id}")
    expect(page.get_by_text("暂无用印记录")).to_be_visible()


@pytest.mark.row("SEA-3")
def test_a_seal_is_paused_taken_up_and_deleted_having_said_what_ends(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(222), phone.page
    held.certified(phone, served, who)
    enterprise_id = _enterprise(phone)
    seal_id = seals.made(phone, served, who, enterprise_id, "临时合同专用章")
    served.pass_time(301)
    phone.open(f"seals/{seal_id}")
    held.row(phone, "暂停使用").click()
    page.get_by_role("dialog").get_by_role("button", name="暂停使用").click()
    expect(page.get_by_text("印章已停用，恢复前不能用于盖章。")).to_be_visible()
    assert seals.status(served, seal_id) == "suspended"
    held.row(phone, "恢复使用").click()
    page.get_by_role("dialog").get_by_role("button", name="恢复使用").click()
    expect(held.row(phone, "暂停使用")).to_be_visible()
    assert seals.status(served, seal_id) == "active"
    page.evaluate(_WATCH_SHEETS)
    phone.button("删除印章").click()
    sheet = page.get_by_role("dialog", name="确定删除该印章吗？")
    expect(sheet).to_contain_text("删除后不可恢复")
    expect(sheet.locator(".fact", has_text="一并失效的授权")).to_contain_text("0")
    # Given up at the code: nothing happened.
    sheet.get_by_role("button", name="确认删除").click()
    expect(page.get_by_role("dialog", name=held.CONFIRM)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name=held.CONFIRM)).to_have_count(0)
    assert page.evaluate("window.sheetsAtOnce") == [True, True]
    assert seals.status(served, seal_id) == "active"
    sheet.get_by_role("button", name="确认删除").click()
    held.confirm(phone)
    expect(page.get_by_text("已删除", exact=True).first).to_be_visible()
    assert seals.status(served, seal_id) == "deleted"
    assert "seal.deleted" in worlds.kinds(served.world)
    phone.open(f"seals/{enterprise_id}")
    page.get_by_text(re.compile("已失效（1）")).click()
    expect(seals.card(phone, "临时合同专用章")).to_contain_text("已删除")


@pytest.mark.row("ENT-3")
def test_a_seal_is_entrusted_to_a_member_and_taken_back(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    boss, colleague, page = somebody(223), somebody(224), phone.page
    held.certified(phone, served, boss)
    enterprise_id = _enterprise(phone)
    seal_id = seals.made(phone, served, boss, enterprise_id, "授权合同专用章")
    other.sign_in(colleague)
    other.prove_name(colleague)
    given = {"enterprise_id": enterprise_id, "phone": colleague.phone, "role": "handler"}
    phone.do("registration.invite_by_phone", **given)
    (invitation,) = other.ask("registration.my_invitations")
    other.do("registration.accept_invitation", invitation_id=invitation["id"])
    served.pass_time(301)
    phone.open(f"seal-delegation/{seal_id}")
    phone.button("授权给成员").click()
    sheet = page.get_by_role("dialog", name="授权给成员")
    expect(sheet.get_by_role("button", name="确认授权")).to_be_disabled()
    sheet.get_by_role("radio", name=re.compile("经办人")).click()
    sheet.get_by_role("checkbox", name="投标").click()
    sheet.get_by_role("radio", name="30 天").click()
    sheet.get_by_role("button", name="确认授权").click()
    held.confirm(phone)
    expect(page.locator(".fact", has_text="合同签署、投标")).to_be_visible()
    assert "seal.delegated" in worlds.kinds(served.world)
    other.open(f"seals/{enterprise_id}")
    expect(held.row(other, "授权合同专用章")).to_contain_text("投标")
    phone.button("收回授权").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("收回")).last.click()
    expect(page.get_by_text("授权已收回").first).to_be_visible()
    # The member's phone follows by itself.
    expect(held.row(other, "授权合同专用章")).to_have_count(0)


@pytest.mark.row("SEA-3")
def test_a_change_is_reviewed_and_the_old_seal_stays_until_the_new_one_is_there(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(225), phone.page
    held.certified(phone, served, who)
    enterprise_id = _enterprise(phone)
    before = seals.made(phone, served, who, enterprise_id, "合同专用章")
    phone.open(f"seal-change/{before}")
    expect(phone.button("提交", exact=True)).to_be_disabled()
    page.get_by_label("公章名称").fill("华东区合同专用章")
    phone.button("提交", exact=True).click()
    phone.is_at("印章申请")
    assert seals.status(served, before) == "active"
    served.approve_all()
    expect(phone.button("查看印章")).to_be_visible()
    assert seals.status(served, before) == "replaced"
    phone.button("查看印章").click()
    phone.is_at("印章详情")
    expect(page.get_by_role("heading", name="华东区合同专用章")).to_be_visible()
    # Lost: made again without a form, and out of use at once.
    served.pass_time(301)
    held.row(phone, "重新制作").click()
    page.get_by_role("dialog").get_by_role("radio").nth(1).click()
    expect(page.get_by_text("当前印章立即停止使用。")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="申请重新制作").click()
    held.confirm(phone)
    expect(page.get_by_text("印章已停用，恢复前不能用于盖章。")).to_be_visible()
    served.approve_all()
    kinds = worlds.kinds(served.world)
    assert kinds.count("seal.made") >= 3


@pytest.mark.row("SEA-3")
def test_a_personal_seal_needs_an_individual_certificate_and_says_so(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(226), phone.page
    phone.sign_in(who)
    phone.prove_name(who)
    phone.open("account")
    held.row(phone, "个人印章").click()
    phone.is_at("个人印章")
    expect(page.get_by_text("请先申领个人证书")).to_be_visible()
    phone.button("申请证书").click()
    phone.is_at("个人证书")


@pytest.mark.row("SEA-3")
def test_a_personal_seal_is_applied_for_with_an_individual_certificate(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(228), phone.page
    order_id = held.own_paid(phone, served, who, at="orders")
    held.taken(phone, served, order_id, who.pin)
    phone.open("seals/mine")
    phone.button("新增个人印章").click()
    phone.is_at("新增电子公章")
    expect(seals.kind(phone, "个人印章")).to_be_checked()
    phone.button("下一步").click()
    phone.is_at("申请印章")
    page.get_by_role("button", name="示例").click()
    expect(page.get_by_text("实测尺寸")).to_be_visible()
    page.get_by_role("radio", name=re.compile("按规范绘制")).click()
    phone.button("提交", exact=True).click()
    phone.is_at("印章申请")
    served.approve_all()
    expect(phone.button("查看印章")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    phone.is_at("个人印章")
    expect(seals.card(phone, "个人印章")).to_contain_text("使用中")
    found = worlds.rows(served.world, "SELECT enterprise_id FROM seal WHERE kind = 'personal'")
    assert [one["enterprise_id"] for one in found] == [None]


@pytest.mark.row("SEA-1")
def test_an_application_is_taken_back(phone: PhonePage, served: ServedLine) -> None:
    who, page = somebody(227), phone.page
    enterprise_id = held.claimed(phone, served, who)
    phone.open(f"seal-new/{enterprise_id}")
    seals.choose(phone, "人事专用章", "人事专用章")
    phone.is_at("申请印章")
    page.get_by_role("button", name="示例").click()
    expect(page.get_by_text("实测尺寸")).to_be_visible()
    phone.button("提交", exact=True).click()
    phone.is_at("印章申请")
    phone.button("撤回申请").click()
    page.get_by_role("dialog").get_by_role("button", name="撤回申请").click()
    expect(page.get_by_text("已撤回").first).to_be_visible()
    assert "seal.withdrawn" in worlds.kinds(served.world)
    assert served.approve_all() == 0 or "seal.made" not in worlds.kinds(served.world)
