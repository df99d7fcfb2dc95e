"""People of a run who do what they do on the real screens: a handset and a PC in Chromium.

The run stays the run: its scenario, its seed, SimPy's order and clock, its reviewers. Only the person's
hands are others: each act of theirs is typed and tapped on the pages that everybody gets, and what they
only look up goes through their page's own gateway.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page, expect

from engine.kernel.engine import SecondFactorNeeded
from simulations import papers
from simulations.people import Person
from tests.support import mall_pages
from tests.support.phone_certificates import CONFIRM
from tests.support.phone_pages import PhonePage
from tests.support.screen_runs import InHand

_WAYS = {"zhongjin": "中金认证", "alipay": "支付宝认证", "bankcard": "银行卡四要素认证"}
_SIDES = {"supplier": "供应商", "purchaser": "采购人"}
_PLATFORM = re.compile("新疆光正")
_AGENCIES = {"dongfang": "东方电子认证", "nanfang": "南方电子认证"}
_ACT = re.compile(r"/phone/me/do$")


class _Gateway:
    """The phone's door, through its own page."""

    def __init__(self, phone: PhonePage) -> None:
        self._phone = phone

    def ask(self, name: str, given: Mapping[str, Any]) -> Any:
        return self._phone.ask(name, **given)

    def perform(self, name: str, given: Mapping[str, Any], *, key: str) -> Any:
        raise AssertionError(f"{name} is done on a screen")


class _Hand:
    """What stands where a simulated handset stands."""

    def __init__(self, phone: PhonePage) -> None:
        self.door = _Gateway(phone)


class ScreenPerson(Person):
    """A person of a run with a phone and a PC in a browser. Papers and faces are the person's own."""

    def __init__(
        self,
        open_page: Callable[[bool], Page],
        server: str,
        in_hand: InHand,
        *args: Any,
        **more: Any,
    ) -> None:
        self._open_page, self._server, self._in_hand = open_page, server, in_hand
        # The order for whose payment a code is asked, and the one that was paid after it.
        self._asks = self._paid = ""
        super().__init__(*args, **more)

    def change_phone(self) -> None:
        """A phone is a browser of its own."""
        self.phone = PhonePage(self._open_page(True), self._server)
        self._rest(self.phone.page)
        self.handset = _Hand(self.phone)  # type: ignore[assignment]

    def _rest(self, page: Page) -> None:
        """Put a screen away: one that lies open asks again by itself, which keeps its session alive."""
        page.goto(f"{self._server}/w/nowhere")
        self._in_hand.until_none()

    # -- on the phone --------------------------------------------------------------------------

    def request_code(self) -> str:
        """手机号登录: the number, the consent, 发送验证码."""
        self.phone.open("login/sms")
        self.phone.page.get_by_label("手机号码").fill(self.identity.phone)
        self.phone.page.get_by_role("checkbox", name="同意协议").click()
        self.phone.button("发送验证码").click()
        self.phone.is_at("输入验证码")
        return "on the screen"

    def sign_in(self, request_id: str, code: str) -> None:
        """The code, digit by digit."""
        self.phone.press(code)
        self.phone.is_at("标证通")
        self._rest(self.phone.page)

    def prove_name(self, way: str = "zhongjin", face: bytes = b"") -> dict[str, Any]:
        """实名认证: the way, who one is, the face."""
        phone, page, who = self.phone, self.phone.page, self.identity
        phone.open("real-name/ways")
        phone.button(_WAYS[way]).click()
        phone.is_at(_WAYS[way])
        page.get_by_label("姓名").fill(who.name)
        page.get_by_label("身份证号码").fill(who.resident_id)
        if way == "bankcard":
            page.get_by_label("银行卡号").fill(who.bank_card)
            page.get_by_label("银行预留手机号码").fill(who.phone)
        phone.button("开始认证").click()
        picture = {
            "name": "face.png",
            "mimeType": "image/png",
            "buffer": face or papers.face(who.resident_id),
        }
        page.locator("input[type=file]").set_input_files(files=[picture])  # type: ignore[list-item]
        expect(page.get_by_text("人脸采集成功")).to_be_visible()
        with page.expect_response(_ACT):
            phone.button("开始认证").click()
        self._rest(page)
        return self.newest_proof()

    def complete_proof(self, proof_id: str, code: str) -> dict[str, Any]:
        """The bank's code, digit by digit, on the screen that asks for it."""
        self.phone.open("real-name/bankcard")
        with self.phone.page.expect_response(_ACT):
            self.phone.press(code)
        self._rest(self.phone.page)
        return self.newest_proof()

    def claim(self, authority: str = "letter") -> dict[str, Any]:
        """认领企业: particulars and papers."""
        phone, page, who = self.phone, self.phone.page, self.identity
        asked = phone.ask("registration.papers_for", uscc=who.uscc)
        phone.open("claim")
        page.get_by_label("统一社会信用代码").fill(who.uscc)
        page.get_by_label("企业名称").fill(who.enterprise)
        page.get_by_label("法定代表人", exact=True).fill(who.legal_representative)
        page.get_by_label("法定代表人身份证号码").fill(who.representative_number)
        fields = page.locator("input[type=file]")
        expect(fields).to_have_count(len(asked))
        for place, paper in enumerate(asked):
            if paper["required"] or paper["condition"]:
                content = base64.b64decode(self.paper(paper["code"]))
                picture = {"name": "paper.png", "mimeType": "image/png", "buffer": content}
                fields.nth(place).set_input_files(files=[picture])  # type: ignore[list-item]
        with page.expect_response(_ACT) as answered:
            phone.button("提交", exact=True).click()
        claimed: dict[str, Any] = answered.value.json()
        assert answered.value.ok, claimed
        self._rest(page)
        return claimed

    def onboard(self) -> None:
        """入驻平台: side, login and password."""
        phone, page = self.phone, self.phone.page
        phone.open(f"onboard/{self.enterprise_id}/{self.platform_id}")
        page.get_by_role("radio", name=_SIDES[self.role]).or_(
            page.get_by_role("button", name=_SIDES[self.role])
        ).first.click()
        page.get_by_label("平台登录名").fill(self.mall_login())
        page.get_by_label("平台登录密码").fill(self.identity.password)
        with page.expect_response(_ACT) as answered:
            phone.button("入驻", exact=True).click()
        told = answered.value.json()
        assert answered.value.ok, told
        self.mall_account_id = str(told["id"])
        self._rest(page)

    # -- orders --------------------------------------------------------------------------------

    def order(self, *, agency_id: str, years: int = 1, kind: str = "platform") -> dict[str, Any]:
        """申请证书: the platform, the CA, the term."""
        phone, page = self.phone, self.phone.page
        phone.open("apply")
        page.get_by_role("radio", name=_PLATFORM).click()
        phone.button("下一步").click()
        page.get_by_role("radio", name=re.compile(_AGENCIES[agency_id])).click()
        page.get_by_role("radio", name=re.compile(f"^{years} 年")).click()
        with page.expect_response(_ACT) as answered:
            phone.button("下一步").click()
        placed: dict[str, Any] = answered.value.json()
        assert answered.value.ok, placed
        self.order_id = str(placed["id"])
        self._rest(page)
        return placed

    def pay_for(self, order_id: str) -> None:
        """收银台. Where it asks for a code first, it stays open until that is entered, and goes on then."""
        phone, page = self.phone, self.phone.page
        if order_id == self._paid:
            return
        phone.open(f"orders/{order_id}")
        phone.button(re.compile("^去支付")).click()
        phone.button("立即支付").click()
        sheet = page.get_by_role("dialog", name=CONFIRM)
        done = page.get_by_text("支付成功").first
        expect(sheet.or_(done)).to_be_visible()
        if sheet.is_visible():
            # Its code is on its way once there is a place to enter it.
            expect(sheet.get_by_role("group", name="数字键盘")).to_be_visible()
            self._asks = order_id
            raise SecondFactorNeeded
        self._rest(page)

    def request_step_up(self) -> str:
        """The sheet has asked by itself."""
        return "on the screen"

    def step_up(self, request_id: str, code: str = "") -> None:
        """The code, digit by digit; what waited for it goes on."""
        page = self.phone.page
        self.phone.press(code or self.read_code())
        expect(page.get_by_text("支付成功").first).to_be_visible()
        self._rest(page)
        self._paid = self._asks

    def attach_to(self, order_id: str) -> None:
        """上传附件: whatever the platform asks for."""
        phone, page = self.phone, self.phone.page
        asked = phone.ask("ordering.detail", order_id=order_id)["attachments"]
        phone.open(f"orders/{order_id}")
        phone.button("上传附件").click()
        fields = page.locator("input[type=file]")
        expect(fields).to_have_count(len(asked))
        for place, paper in enumerate(asked):
            content = papers.picture(paper["code"].replace("_", " "), self.identity.enterprise)
            picture = {"name": "paper.png", "mimeType": "image/png", "buffer": content}
            fields.nth(place).set_input_files(files=[picture])  # type: ignore[list-item]
        with page.expect_response(_ACT) as answered:
            phone.button("提交", exact=True).click()
        assert answered.value.ok, answered.value.json()
        self._rest(page)

    # -- at the PC -----------------------------------------------------------------------------

    def sign_in_by_password(self) -> None:
        """The platform's own sign-in page."""
        self.pc = self._open_page(False)
        mall_pages.sign_in(self.pc, self._server, self)
        self._rest(self.pc)
