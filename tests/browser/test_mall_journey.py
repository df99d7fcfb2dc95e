"""Phone and PC in two browsers: from a new number to the binding code of the enterprise's account."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import FilePayload, Page, expect

from simulations import papers
from simulations.people import Person
from tests.support import mall_pages, worlds
from tests.support.served import ServedLine


def _at(phone: Page, server: str, path: str, title: str) -> None:
    phone.goto(f"{server}/w/demo/phone#/{path}")
    expect(phone.get_by_role("heading", name=title).first).to_be_visible()


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": f"{name}.png", "mimeType": "image/png", "buffer": content}


def _registers(phone: Page, server: str, served: ServedLine, person: Person) -> None:
    _at(phone, server, "login/sms", "短信验证码登录")
    phone.get_by_label("手机号码").fill(person.identity.phone)
    phone.get_by_role("checkbox", name="同意协议").click()
    phone.get_by_role("button", name="发送验证码").click()
    code = phone.get_by_label("验证码")
    expect(code).to_be_visible()
    code.press_sequentially(served.newest_code(person.identity.phone))
    expect(phone.get_by_role("button", name="扫一扫").first).to_be_visible()


def _proves_the_name(phone: Page, server: str, person: Person) -> None:
    _at(phone, server, "real-name/zhongjin", "中金认证")
    phone.get_by_label("姓名").fill(person.identity.name)
    phone.get_by_label("身份证号码").fill(person.identity.resident_id)
    phone.get_by_role("button", name="开始认证").click()
    face = _file("face", papers.face(person.identity.resident_id))
    phone.locator("input[type=file]").set_input_files(face)
    phone.get_by_role("button", name="开始认证").click()
    expect(phone.get_by_text("实名认证成功！").first).to_be_visible()
    phone.get_by_role("button", name="完成").click()


def _claims(
    phone: Page, server: str, served: ServedLine, person: Person, colleague: Person
) -> None:
    who = person.identity
    _at(phone, server, "claim", "认领企业")
    phone.get_by_label("统一社会信用代码").fill(who.uscc)
    phone.get_by_label("企业名称").fill(who.enterprise)
    phone.get_by_label("法定代表人", exact=True).fill(who.legal_representative)
    phone.get_by_label("法定代表人身份证号码").fill(who.representative_number)
    inputs = phone.locator("input[type=file]")
    expect(inputs.first).to_be_attached()
    asked = colleague.handset.door.ask("registration.papers_for", {"uscc": who.uscc})
    expect(inputs).to_have_count(len(asked))
    for at, paper in enumerate(asked):
        content = base64.b64decode(person.paper(paper["code"]))
        inputs.nth(at).set_input_files(_file(paper["code"], content))
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("审核中").first).to_be_visible()
    assert served.approve_all() >= 2


def _invites(phone: Page, server: str, served: ServedLine, colleague: Person) -> None:
    _at(phone, server, "members", "企业成员")
    phone.get_by_role("button", name="邀请成员").click()
    phone.get_by_label("手机号码").fill(colleague.identity.phone)
    phone.get_by_role("button", name="手机号邀请").click()
    expect(phone.get_by_text("邀请已发送。")).to_be_visible()
    door = colleague.handset.door
    (invitation,) = door.ask("registration.my_invitations", {})
    given = {"invitation_id": invitation["id"]}
    door.perform("registration.accept_invitation", given, key=colleague.key())
    expect(phone.locator(".card.list .row")).to_have_count(2)


def _onboards_at_the_pc(page: Page, server: str, served: ServedLine, person: Person) -> None:
    served.pass_time(61)
    mall_pages.open_mall(page, server, "/join")
    page.get_by_label("企业名称").fill(person.identity.enterprise)
    page.get_by_label("统一社会信用代码").fill(person.identity.uscc)
    page.get_by_label("手机号码").fill(person.identity.phone)
    page.get_by_role("checkbox", name="同意协议").click()
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("button", name="秒后可重发")).to_be_visible()
    page.get_by_label("验证码").fill(served.newest_code(person.identity.phone))
    page.get_by_label("登录名").fill(person.mall_login())
    page.get_by_label("密码", exact=True).fill(person.identity.password)
    page.locator("form").get_by_role("button", name="入驻").click()
    expect(page.get_by_text("入驻成功")).to_be_visible()


@pytest.mark.row("ACC-2", "ENT-1", "MAL-1")
def test_an_enterprise_comes_from_a_new_number_to_its_binding_code(
    page: Page, phone_page: Page, server: str, served: ServedLine
) -> None:
    person, colleague = served.somebody(0), served.somebody(1)
    served.registered(colleague)
    _registers(phone_page, server, served, person)
    _proves_the_name(phone_page, server, person)
    _claims(phone_page, server, served, person, colleague)
    _invites(phone_page, server, served, colleague)
    _onboards_at_the_pc(page, server, served, person)
    mall_pages.sign_in(page, server, person)
    missing = page.locator("[data-entry=contracts]")
    expect(missing).to_contain_text("尚缺：申请证书")
    page.locator("[data-entry=binding_by_scan]").click()
    expect(page.get_by_role("heading", name="标证通扫码绑定")).to_be_visible()
    assert mall_pages.qr_text(page).startswith("YX1:demo:bind:")
    kinds = worlds.kinds(served.world)
    way = ("account.registered", "enterprise.approved", "mall_account.opened", "ticket.opened")
    assert [kinds.index(kind) for kind in way] == sorted(kinds.index(kind) for kind in way)
