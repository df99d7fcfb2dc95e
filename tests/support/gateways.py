"""A browser in front of the gateways: a phone's pages, a platform's pages, and what they are told.

The keys of a phone are in its page: here a `Handset` is what the page's scripts are there.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from engine import worker
from engine.boot import World
from engine.handset.handset import Handset
from engine.handset.store import HandsetStore
from engine.kernel import errors, ids
from engine.kernel.reader import Hashing
from tests.support import web

PLATFORM = "guangzheng"
PHONE = "13800138000"


@dataclass
class Refused:
    """A refusal as a browser gets it."""

    status: int
    code: str
    told: dict[str, Any]


@dataclass
class Page:
    """A page of ours at one gateway: calls by name, with our Origin and a fresh key each time."""

    browser: TestClient
    base: str
    bodies: list[str] = field(default_factory=list)
    store: HandsetStore = field(default_factory=lambda: HandsetStore(None, ids.system_entropy))
    _keys: ids.Stream = field(default_factory=lambda: ids.seeded(7, "keys"))

    @property
    def handset(self) -> Handset:
        """What has this page's keys."""
        small = Hashing(memory_kib=64, passes=1)
        return Handset(self.store, PageDoor(self), ids.system_entropy, hashing=small)

    def call(
        self, verb: str, name: str, given: dict[str, Any] | None = None, **headers: str
    ) -> Any:
        """Send a call; the raw answer."""
        sent = {"origin": str(self.browser.base_url).rstrip("/"), **headers}
        if verb == "do":
            sent.setdefault("idempotency-key", ids.token(self._keys, 12))
            sent.setdefault("yinxin-device", b64(self.store.device_public_key()))
        answer = self.browser.post(
            f"{self.base}/{verb}",
            json={"name": name, "arguments": given or {}},
            headers={one: value for one, value in sent.items() if value},
        )
        self.bodies.append(answer.text)
        return answer

    def _told(self, answer: Any) -> Any:
        told = answer.json()
        if answer.status_code != 200:
            raise errors.type_of_code[told["code"]](field=told.get("field"), **told["params"])
        return told

    def do(self, name: str, **given: Any) -> Any:
        """Make something happen; a refusal is the engine's own error."""
        return self._told(self.call("do", name, given))

    def ask(self, name: str, **given: Any) -> Any:
        """Ask something; a refusal is the engine's own error."""
        return self._told(self.call("ask", name, given))

    def refused(self, verb: str, name: str, **given: Any) -> Refused:
        """What a call is refused with."""
        answer = self.call(verb, name, given)
        assert answer.status_code >= 400, answer.text
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        return Refused(status=answer.status_code, code=told["code"], told=told)


@dataclass
class PageDoor:
    """The way of a page's scripts into the engine: through its gateway, which holds the session."""

    page: Page

    def perform(self, name: str, arguments: Mapping[str, Any], *, key: str) -> Any:
        """Make something happen."""
        return self.page._told(
            self.page.call("do", name, dict(arguments), **{"idempotency-key": key})
        )

    def ask(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Ask something."""
        return self.page.ask(name, **arguments)

    def sign_in(self, token: str) -> None:
        """The gateway does that."""


def activate(page: Page, certificate_id: str, pin: str) -> Any:
    """Take a certificate into use once its CA has signed it."""
    found = page.ask("issuing.certificate", certificate_id=certificate_id)
    return page.handset.activate(certificate_id, base64.b64decode(found["der"]), pin)


def phone(browser: TestClient, world: World, slot: str = "me") -> Page:
    """A phone's pages in a browser."""
    return Page(browser, f"/w/{world.id}/phone/{slot}")


def mall(browser: TestClient, world: World, platform: str = PLATFORM) -> Page:
    """A platform's pages in a browser."""
    return Page(browser, f"/w/{world.id}/mall/{platform}")


def code_on(world: World, number: str) -> str:
    """The newest code that arrived at a number."""
    worker.run_due(world)
    found = re.search(r"\d{6}", world.sms.outbox(number)[0].text)
    assert found is not None
    return found.group()


def sign_in(page: Page, world: World, number: str = PHONE) -> Any:
    """Sign a phone in with a code, as its person does."""
    asked = page.do("handset.request_code", phone=number, purpose="sign_in", terms_accepted=True)
    return page.do(
        "handset.sign_in",
        request_id=asked["request_id"],
        phone=number,
        code=code_on(world, number),
    )


def browser_of(application: Any, **more: Any) -> TestClient:
    """A browser with nothing in it."""
    return web.browser(application, **more)


def b64(content: bytes) -> str:
    """Bytes as a gateway takes them."""
    return base64.b64encode(content).decode()
