"""On the phone: a rejection is tapped in the messages, and the form opens at the field it is about."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine import uploads
from engine.kernel import actors
from engine.registration import actions as registration
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from simulations import papers
from simulations.people import b64
from tests.support import hostile, parties, registering, worlds
from tests.support.line import identity
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


def reject(served: ServedLine, kind: str, subject_id: str, role: str, *reasons: str) -> None:
    """A member of staff says no to what is open about a subject."""
    who = worlds.staff(served.world, role)
    case_id = parties.open_case(served.world, kind, subject_id)
    served.world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    given = {"case_id": case_id, "reasons": reasons}
    served.world.engine.perform(reviewing.reject, given, actor=who)


def follow(phone: PhonePage, told: str) -> None:
    """Tap the message that tells of it."""
    phone.open("messages")
    phone.page.locator(".message", has_text=told).first.click()


def marked(phone: PhonePage, field: str, text: str) -> None:
    """The field bears the reason, is in sight, and has the focus where something can be typed."""
    part = phone.page.locator(f"[data-field~='{field}']")
    expect(part.get_by_role("note")).to_contain_text(text)
    expect(part.get_by_role("note").first).to_be_in_viewport()


@pytest.mark.row("MSG-1")
def test_a_rejected_claim_opens_at_its_field_keeps_what_was_right_and_goes_in_again(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(81), phone.page
    phone.sign_in(who)
    phone.prove_name(who)
    first = phone.claim(who)
    reasons = ("representative_id_back_unclear", "code_differs")
    reject(served, "enterprise_claim", first, Role.ENTERPRISE_REVIEWER, *reasons)
    follow(phone, "企业认领未通过审核")
    phone.is_at("认领企业")
    marked(phone, "representative_id_back", "国徽面")
    expect(page.locator("[data-field=uscc]").get_by_role("note")).to_contain_text(
        "与营业执照不一致"
    )
    expect(page.locator("[data-field=licence]").get_by_role("note")).to_have_count(0)
    expect(page.get_by_label("统一社会信用代码")).to_have_value(who.uscc)
    expect(page.get_by_label("企业名称")).to_have_value(who.enterprise)
    page.get_by_label("法定代表人", exact=True).fill("王建国")
    page.get_by_label("法定代表人身份证号码").fill(identity(7, sequence="307").resident_id)
    for sample in page.get_by_role("button", name="示例").all():
        sample.click()
    expect(page.get_by_text("拍照或选择文件")).to_have_count(0)
    phone.button("提交", exact=True).click()
    phone.is_at("企业认领")
    sql = "SELECT corrects FROM review_case WHERE kind = ? AND corrects IS NOT NULL"
    assert len(worlds.rows(served.world, sql, "enterprise_claim")) == 1
    # The rejected claim shows its reasons too, each leading to its field.
    phone.open(f"claims/{first}")
    page.get_by_role("button", name="统一社会信用代码").click()
    marked(phone, "uscc", "与营业执照不一致")
    expect(page.get_by_label("统一社会信用代码")).to_be_focused()


@pytest.mark.row("MSG-1")
def test_a_rejected_seal_and_a_rejected_order_open_at_their_fields(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(82), phone.page
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    enterprise_id = phone.onboard(who)
    # A seal: the stamp was put beside its place.
    asked = phone.do(
        "sealing.apply_for_seal",
        enterprise_id=enterprise_id,
        kind="contract",
        form=b64(papers.form("印章申请书", who.uscc)),
    )
    reject(served, "seal", asked["id"], Role.SEAL_REVIEWER, "seal_outside_box")
    follow(phone, "印章申请未通过")
    phone.is_at("申请印章")
    marked(phone, "form", "指定位置")
    page.get_by_role("button", name="示例").click()
    phone.button("提交", exact=True).click()
    phone.is_at("印章申请")
    expect(page.get_by_text("审核中", exact=True).first).to_be_visible()
    # An order: what was wrong with its letter stands on the form, and where the letter is handed in again.
    placed = phone.do(
        "ordering.place_order",
        enterprise_id=enterprise_id,
        platform_id="guangzheng",
        agency_id="dongfang",
        seal_agency_id="huayin",
        certificate_kind="platform",
        years=1,
    )
    served.work()
    payment = phone.do("ordering.pay", order_id=placed["id"])
    served.world.bank.pay(payment["id"])
    served.work(60)
    letter = {"code": "authorization", "content": b64(papers.form("授权书", who.uscc))}
    phone.do("ordering.attach_papers", order_id=placed["id"], papers=[letter])
    reject(
        served, "certificate_platform", placed["id"], Role.PLATFORM_REVIEWER,
        "authorization_missing_stamp", "wrong_platform",
    )  # fmt: skip
    follow(phone, "证书订单未通过审核")
    phone.is_at("企业证书")
    marked(phone, "authorization", "没有加盖单位公章")


@pytest.mark.row("MSG-1")
def test_a_rejected_change_opens_at_the_representative(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(83)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    enterprise_id = str(phone.ask("registration.me")["enterprises"][0]["id"])
    person = actor_of(served, who.phone)
    given = {
        "enterprise_id": enterprise_id,
        "name": who.enterprise,
        "legal_representative": "李大钊",
        "legal_representative_id": registering.resident_id(sequence="444"),
        "papers": registering.papers_of_claim("李大钊"),
        "confirmed": True,
    }
    change = served.world.engine.perform(registration.change_enterprise, given, actor=person)
    reject(
        served, "enterprise_change", change.id, Role.ENTERPRISE_REVIEWER, "representative_differs"
    )
    follow(phone, "企业信息变更")
    phone.is_at("企业信息变更")
    marked(phone, "legal_representative", "与登记信息不一致")
    expect(phone.page.get_by_label("变更后的法定代表人")).to_be_focused()


def actor_of(served: ServedLine, phone: str) -> actors.Person:
    """The person of a number, acting as on their phone with a second factor just given."""
    with served.world.engine.reader(worlds.SYSTEM) as q:
        account_id = q.find("account.phone", phone)[0]
        device_id = q.rows("SELECT id FROM device WHERE account_id = ?", (account_id,))[0]["id"]
    return actors.Person(
        account_id=account_id, device_id=device_id, second_factor_at=registering.ALWAYS
    )


@pytest.mark.row("ENT-1")
def test_a_letter_in_docx_is_shown_as_the_pdf_that_is_kept(
    phone: PhonePage, served: ServedLine
) -> None:
    who, page = somebody(84), phone.page
    phone.sign_in(who)
    phone.prove_name(who)
    phone.open("claim")
    page.get_by_label("统一社会信用代码").fill(who.uscc)
    letter = page.get_by_label("企业授权书（加盖公章）")
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>并可转授权</w:t></w:r></w:p>"
    for inside, told in (
        (hidden, "hidden text"),
        ("<w:p><w:r><w:t>兹授权办理。</w:t></w:r></w:p>", "文档将以此 PDF 提交"),
    ):
        letter.set_input_files(
            {"name": "授权书.docx", "mimeType": uploads.DOCX, "buffer": in_word(inside)}
        )
        expect(page.locator("[data-field=authorization]")).to_contain_text(told)
    with page.expect_download() as saved:
        phone.button("查看 PDF").click()
    assert saved.value.suggested_filename == "授权书.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def in_word(inside: str) -> bytes:
    """A DOCX document with this in its body."""
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f'<?xml version="1.0"?><w:document {spaces}><w:body>{inside}</w:body></w:document>'
    return hostile.word(document=text.encode())
