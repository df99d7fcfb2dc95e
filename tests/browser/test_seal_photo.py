"""新增电子公章 by the stamped form on the phone: from the choice of the kind to the seal in the list."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from simulations import papers
from simulations.people import b64
from tests.support import phone_certificates as held
from tests.support import seal_pages as seals
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.mark.row("SEA-1")
@pytest.mark.guide("G-sealphoto-1")
@pytest.mark.guide("G-sealphoto-3")
@pytest.mark.guide("G-sealphoto-4")
def test_a_kind_is_chosen_and_named_and_the_form_handed_in(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(201), phone.page
    held.claimed(phone, served, who)
    seals.manage(phone)
    phone.button("新增公章").click()
    phone.is_at("新增电子公章")
    # The three that staff make are there to be seen, and cannot be chosen.
    for name in ("企业公章", "企业法人手写签名", "企业法人印鉴"):
        expect(seals.kind(phone, name)).to_be_disabled()
        expect(seals.kind(phone, name)).to_contain_text("企业认领通过后由平台制作")
    expect(seals.kind(phone, "自定义签名")).to_contain_text("手写板")
    phone.button("下一步").click()
    expect(page.get_by_role("alert")).to_have_text("请选择公章类型。")
    seals.kind(phone, "合同专用章").click()
    expect(page.get_by_label("公章名称")).to_have_value("合同专用章")
    page.get_by_label("公章名称").fill("采购合同专用章")
    # What was typed outlives a refresh.
    page.reload()
    expect(page.get_by_label("公章名称")).to_have_value("采购合同专用章")
    phone.button("下一步").click()
    phone.is_at("申请印章")
    expect(page.get_by_text("采购合同专用章").first).to_be_visible()
    expect(phone.button("提交", exact=True)).to_be_disabled()
    page.get_by_role("button", name="示例").click()
    expect(page.get_by_text("实测尺寸")).to_be_visible()
    phone.button("提交", exact=True).click()
    phone.is_at("印章申请")
    expect(page.get_by_text("审核中", exact=True).first).to_be_visible()
    assert "seal.applied_for" in worlds.kinds(served.world)


@pytest.mark.row("SEA-1")
@pytest.mark.guide("G-sealphoto-5")
@pytest.mark.guide("G-sealphoto-6")
@pytest.mark.guide("G-sealphoto-7")
def test_the_stamped_form_becomes_a_seal_that_appears_by_itself(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(202), phone.page
    held.certified(phone, served, who)
    seals.manage(phone)
    phone.button("新增公章").click()
    seals.choose(phone, "合同专用章", "销售合同专用章")
    phone.is_at("申请印章")
    form = seals.saved_form(phone)
    assert form.startswith(b"%PDF-")
    page.get_by_label("已盖章的印章申请书").set_input_files(seals.scan_of(form, who))
    # Before and after, and what was measured: within a millimetre of the 38 mm that were stamped.
    expect(page.get_by_alt_text("提取出的印模")).to_be_visible()
    measured = page.locator(".fact", has_text="实测尺寸").locator("dd").inner_text()
    width, height = (float(one) for one in re.findall(r"[\d.]+", measured))
    assert abs(width - 38) < 1
    assert abs(height - 38) < 1
    expect(page.get_by_text("印模完整，位置正确。")).to_be_visible()
    phone.button("提交", exact=True).click()
    phone.is_at("印章申请")
    page.get_by_role("button", name="返回").click()
    phone.is_at("印章管理")
    expect(held.row(phone, "销售合同专用章")).to_contain_text("审核中")
    # Nobody loads the list again: one member of staff reviews, another makes.
    served.approve_all()
    expect(seals.card(phone, "销售合同专用章")).to_contain_text("使用中")
    expect(page.get_by_alt_text(re.compile("销售合同专用章"))).to_be_visible()
    assert "seal.made" in worlds.kinds(served.world)


@pytest.mark.row("SEA-1")
@pytest.mark.guide("G-sealphoto-2")
@pytest.mark.guide("G-sealpad-2")
def test_another_member_sees_the_seals_and_cannot_add_one(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    boss, colleague = somebody(203), somebody(204)
    enterprise_id = held.claimed(phone, served, boss)
    other.sign_in(colleague)
    other.prove_name(colleague)
    given = {"enterprise_id": enterprise_id, "phone": colleague.phone, "role": "handler"}
    phone.do("registration.invite_by_phone", **given)
    (invitation,) = other.ask("registration.my_invitations")
    other.do("registration.accept_invitation", invitation_id=invitation["id"])
    seals.manage(other)
    expect(other.page.get_by_text("仅企业管理员可新增、变更和删除印章。")).to_be_visible()
    expect(other.button("新增公章")).to_have_count(0)
    other.open(f"seal-new/{enterprise_id}")
    other.is_at("新增电子公章")
    expect(other.button("下一步")).to_have_count(0)
    # The engine refuses, whatever a screen shows; nothing changes.
    paper = b64(papers.form("印章申请书", boss.uscc))
    form = {"enterprise_id": enterprise_id, "kind": "contract", "name": "x", "form": paper}
    pad = {
        "enterprise_id": enterprise_id,
        "name": "x",
        "strokes": [[[100, 100, 0, 500], [5000, 900, 90, 500]]],
    }
    for name, asked in (("apply_for_seal", form), ("draw_signature", pad)):
        with (
            worlds.unchanged(served.world, without=("handset_session",)),
            pytest.raises(AssertionError, match=r"registration\.not_a_member"),
        ):
            other.do(f"sealing.{name}", **asked)
    # Its twin: who administers it is offered both.
    phone.open(f"seal-new/{enterprise_id}")
    expect(phone.button("下一步")).to_be_visible()
    expect(seals.kind(phone, "自定义签名")).to_be_enabled()


@pytest.mark.row("SEA-1")
def test_a_page_without_the_marks_is_refused_with_what_to_do(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(205), phone.page
    held.claimed(phone, served, who)
    seals.manage(phone)
    phone.button("新增公章").click()
    seals.choose(phone, "合同专用章", "合同专用章")
    phone.is_at("申请印章")
    blank = page.evaluate(
        "() => { const c = document.createElement('canvas'); c.width = 900; c.height = 1270;"
        " const p = c.getContext('2d'); p.fillStyle = '#fff'; p.fillRect(0, 0, 900, 1270);"
        " return c.toDataURL('image/jpeg').split(',')[1]; }"
    )
    scan = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": base64.b64decode(blank)}
    page.get_by_label("已盖章的印章申请书").set_input_files(scan)
    expect(page.get_by_role("alert")).to_contain_text("找不到盖章框四角的黑色标记")
