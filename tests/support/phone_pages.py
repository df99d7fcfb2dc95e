"""The handset in a test's browser: open it, put a SIM in, type, read its SMS, act as its person."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from engine.kernel import identifiers
from simulations import papers
from simulations.people import Identity, b64
from tests.support import phone_keys
from tests.support.line import identity

# What the page's own scripts send to their gateway.
CALL = """async ([path, name, given, key, device]) => {
  const answer = await fetch(`/w/demo/phone/me/${path}`, {
    method: "POST",
    headers: {"content-type": "application/json", "idempotency-key": key, "yinxin-device": device},
    body: JSON.stringify({name, arguments: given})});
  return [answer.status, await answer.json()];
}"""


def somebody(number: int, *, sequence: str = "") -> Identity:
    """A synthetic person of their own number; `sequence` may be a value of the sandbox."""
    found = identity(number % 9, sequence=sequence or f"{100 + number:03d}")
    body = f"91650102MA78{number:03d}5T0"[:17].ljust(17, "0")
    code = body + identifiers.credit_code_check_character(body)
    card = f"62170032000000{number:04d}"
    return Identity(
        name=("欧阳思远", "阿依古丽·买买提")[number % 2],
        resident_id=found.resident_id,
        phone=f"1386666{number:04d}",
        bank_card=card + identifiers.luhn_digit(card),
        enterprise=f"新疆丝路第{number}净水科技有限公司",
        uscc=code,
        legal_representative="王建国",
    )


@dataclass
class PhonePage:
    """One phone in a browser of its own."""

    page: Page
    server: str
    acts: int = 0

    def open(self, path: str = "") -> None:
        """Open a screen afresh."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.server}/w/demo/phone#/{path}")
        expect(self.heading).to_be_visible()

    @property
    def heading(self) -> Locator:
        """The title of the screen."""
        return self.page.locator("main h1")

    def button(self, name: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=name, exact=exact)

    def is_at(self, title: str) -> None:
        """The screen of this title shows."""
        expect(self.heading).to_have_text(title)

    def put_sim_in(self, phone: str) -> None:
        """Put a simulated SIM into the phone, in the drawer outside the app."""
        drawer = self.page.get_by_role("complementary", name="模拟手机")
        drawer.get_by_role("button", name="模拟手机").click()
        drawer.get_by_label("SIM 卡号码").fill(phone)
        drawer.get_by_role("button", name="插入").click()
        expect(drawer.get_by_text("当前 SIM 卡")).to_be_visible()
        drawer.get_by_role("button", name="模拟手机").click()

    def tap_sms(self) -> None:
        """Tap the SMS that has just come: its code is filled in."""
        self.button(re.compile("点击填入验证码")).click()

    def press(self, digits: str) -> None:
        """Press digits on the phone's own keypad."""
        keypad = self.page.get_by_role("group", name="数字键盘")
        for digit in digits:
            keypad.get_by_role("button", name=digit, exact=True).click()

    def sign_in(self, who: Identity) -> None:
        """Sign in by SMS, with the person's SIM in the phone."""
        self.open("login")
        self.put_sim_in(who.phone)
        self.open("login/sms")
        self.page.get_by_label("手机号码").fill(who.phone)
        self.page.get_by_role("checkbox", name="同意协议").click()
        self.button("发送验证码").click()
        self.is_at("输入验证码")
        self.tap_sms()
        self.is_at("标证通")

    def _call(self, path: str, name: str, given: dict[str, Any]) -> Any:
        self.acts += 1
        device = self.keys("device") if path == "do" else ""
        asked = [path, name, given, f"{id(self)}-{self.acts:06d}", device]
        status, told = self.page.evaluate(CALL, asked)
        assert status == 200, json.dumps(told, ensure_ascii=False)
        return told

    def keys(self, what: str, **given: Any) -> Any:
        """Something with the keys that this phone's page keeps."""
        return phone_keys.done(self.page, what, **given)

    def do(self, name: str, /, **given: Any) -> Any:
        """An act through the gateway, as this phone's own scripts would do it."""
        return self._call("do", name, given)

    def ask(self, name: str, /, **given: Any) -> Any:
        """A question through the gateway."""
        return self._call("ask", name, given)

    def prove_name(self, who: Identity) -> None:
        """Have the real name proved, without the screens."""
        face = b64(papers.face(who.phone))
        given = {"way": "zhongjin", "name": who.name, "resident_id": who.resident_id, "face": face}
        self.do("registration.prove_name", **given)
        self.open("real-name")
        expect(self.page.get_by_text("您已完成实名认证")).to_be_visible()

    def claim(self, who: Identity) -> str:
        """Claim the enterprise, without the screens; the claim's id."""
        asked = self.ask("registration.papers_for", uscc=who.uscc)
        claim = self.do(
            "registration.claim_enterprise",
            name=who.enterprise,
            uscc=who.uscc,
            legal_representative=who.legal_representative,
            legal_representative_id=identity(7, sequence="307").resident_id,
            papers=[
                {"code": one["code"], "content": b64(papers.picture(one["code"], who.uscc))}
                for one in asked
            ],
        )
        return str(claim["id"])

    def onboard(self, who: Identity, platform_id: str = "guangzheng") -> str:
        """Onboard the enterprise at a platform, without the screens; the enterprise's id."""
        enterprise_id = str(self.ask("registration.me")["enterprises"][0]["id"])
        self.do(
            "mall.onboard",
            platform_id=platform_id,
            enterprise_id=enterprise_id,
            role="supplier",
            login=f"su{who.uscc[9:17]}",
            password=who.password,
        )
        return enterprise_id
