"""A person whose phone is one of the server's, reached through the page that shows it.

What a test does not look at is done through the very gateway that the phone's screens use.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from engine.kernel import ids
from simulations.people import Person
from tests.support import phone_keys
from tests.support.served import ServedLine

_CALL = """async ([path, body, key, device]) => {
  const headers = { "content-type": "application/json", "yinxin-device": device };
  if (key) headers["idempotency-key"] = key;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, told: await answer.json() };
}"""


@dataclass
class PhoneInPage:
    """The gateway of a phone's slot, called from a page of the same browser."""

    page: Page
    slot: str = "a"

    def _call(self, path: str, name: str, given: Mapping[str, Any], key: str = "") -> Any:
        body = {"name": name, "arguments": dict(given)}
        address = f"/w/demo/phone/{self.slot}/{path}"
        device = self.keys("device") if key else ""
        answer = self.page.evaluate(_CALL, [address, body, key, device])
        assert answer["status"] == 200, f"{name}: {answer['told']}"
        return answer["told"]

    def keys(self, what: str, **given: Any) -> Any:
        """Something with the keys that this phone's page keeps."""
        return phone_keys.done(self.page, what, f"/w/demo/phone/{self.slot}", **given)

    def perform(self, name: str, given: Mapping[str, Any], *, key: str) -> Any:
        """Do something on the phone."""
        return self._call("do", name, given, key)

    def ask(self, name: str, given: Mapping[str, Any]) -> Any:
        """Ask on the phone."""
        return self._call("ask", name, given)


@dataclass
class PersonInPage(Person):
    """A person with such a phone; its keys are in the browser."""

    phone: PhoneInPage | None = None

    def do(self, name: str, **given: Any) -> Any:
        """One of the acts that only a phone has."""
        assert self.phone is not None
        return self.phone.perform(name, given, key=self.key())

    def request_code(self) -> str:
        """Put the SIM in and ask for a code."""
        self.do("handset.set_sim", phone=self.identity.phone)
        given = {"phone": self.identity.phone, "purpose": "sign_in", "terms_accepted": True}
        return str(self.do("handset.request_code", **given)["request_id"])

    def sign_in(self, request_id: str, code: str) -> None:
        """Enter the code."""
        self.do("handset.sign_in", request_id=request_id, phone=self.identity.phone, code=code)

    def request_certificate(self) -> None:
        """Make a key on the phone and ask for the certificate."""
        assert self.phone is not None
        given = {"order_id": self.order_id, "pin": self.identity.pin}
        self.certificate_id = self.phone.keys("enrol", **given)["id"]

    def activate(self) -> bool:
        """Take the certificate into use."""
        given = {"certificate_id": self.certificate_id, "pin": self.identity.pin}
        assert self.phone is not None
        self.phone.keys("activate", **given)
        return True


def person_in(page: Page, served: ServedLine, index: int, slot: str = "a") -> PersonInPage:
    """The line's person `index` with the phone in this slot."""
    plain = served.somebody(index)
    given = {
        one.name: getattr(plain, one.name)
        for one in dataclasses.fields(Person)
        if one.init and one.name != "entropy"
    }
    made = PersonInPage(**given, entropy=ids.system_entropy, phone=PhoneInPage(page, slot))
    made.handset.door = made.phone  # type: ignore[assignment]
    return made
