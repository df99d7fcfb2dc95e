"""What a person does at a PC: sign in at a trading platform, show QR codes, make and submit contracts."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from engine.http.doors import DirectDoor
from engine.kernel import errors

if TYPE_CHECKING:
    from simulations.people import Identity

_BROWSER = "Chrome · Windows"


def b64(content: bytes) -> str:
    """Bytes as the doors take them."""
    return base64.b64encode(content).decode()


def _terms(number: str, date: str) -> dict[str, str]:
    """The form of an ordinary contract."""
    return {
        "name": "办公用品采购合同",
        "number": number,
        "signing_date": date,
        "effective_date": date,
        "payment_terms": "货到验收合格后三十日内付清",
        "place": "乌鲁木齐",
    }


class AtPc:
    """The part of a person that sits at a browser."""

    identity: Identity
    browser: DirectDoor
    platform_id: str
    role: str
    certificate_id: str
    seal_id: str
    nonce: str

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def mall_login(self) -> str:
        """The login name at the platform."""
        side = "pu" if self.role == "purchaser" else "su"
        return f"{side}{self.identity.uscc[-10:].lower()}"

    def sign_in_by_password(self) -> None:
        """Sign the browser in by password."""
        session = self.browser.perform(
            "mall.sign_in",
            {
                "platform_id": self.platform_id,
                "login": self.mall_login(),
                "password": self.identity.password,
                "nonce": self.own_nonce(),
                "browser_name": _BROWSER,
            },
            key=self.key(),
        )
        self.browser.sign_in(session["token"], "mall")

    def own_nonce(self) -> str:
        """By what this person's browser is known; it keeps it as long as it is the same browser."""
        self.nonce = self.nonce or self.key()
        return self.nonce

    def sit_down_elsewhere(self) -> None:
        """From now on use a browser that nobody knows yet."""
        self.nonce = self.key()

    def digits_on_pc(self, ticket_id: str) -> str:
        """The two digits beside a QR, if the PC shows any."""
        given = {"ticket_id": ticket_id, "nonce": self.own_nonce()}
        return str(self.browser.ask("binding.watch", given)["number"])

    def show_binding_qr(self, kind: str = "platform") -> str:
        """Open 标证通扫码绑定; the QR's text."""
        opened = self.browser.perform(
            "binding.open_binding_ticket",
            {"kind": kind, "nonce": self.own_nonce(), "browser_name": _BROWSER},
            key=self.key(),
        )
        return str(opened["qr_text"])

    def show_login_qr(self, kind: str = "platform") -> tuple[str, str]:
        """Open the sign-in page; the ticket's id and the QR's text."""
        opened = self.browser.perform(
            "binding.open_login_ticket",
            {
                "platform_id": self.platform_id,
                "kind": kind,
                "nonce": self.own_nonce(),
                "browser_name": _BROWSER,
            },
            key=self.key(),
        )
        return opened["ticket"]["id"], str(opened["qr_text"])

    def finish_login(self, ticket_id: str) -> None:
        """The browser takes the session it was signed in to by scan."""
        session = self.browser.perform(
            "binding.finish_login", {"ticket_id": ticket_id, "nonce": self.nonce}, key=self.key()
        )
        self.browser.sign_in(session["token"], "mall")

    def place_purchase_order(self, supplier_id: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
        """Order goods from a supplier of the platform."""
        found: dict[str, Any] = self.browser.perform(
            "mall.place_purchase_order",
            {
                "supplier_id": supplier_id,
                "title": "办公用品采购",
                "awardee": "",
                "lines": lines,
            },
            key=self.key(),
        )
        return found

    def create_contract(
        self, order: dict[str, Any], *, number: str, date: str, upload: bytes = b"", **more: Any
    ) -> dict[str, Any]:
        """Make the contract of a purchase order."""
        found: dict[str, Any] = self.browser.perform(
            "signing.create_contract",
            {
                "purchase_order_id": order["id"],
                "terms": _terms(number, date),
                "upload": b64(upload),
                **more,
            },
            key=self.key(),
        )
        return found

    def revise_contract(self, contract: dict[str, Any], *, date: str) -> None:
        """Make a contract anew, from the plain template."""
        given = {"contract_id": contract["id"], "terms": _terms(contract["number"], date)}
        self.act_on_contract("revise_contract", **given)

    def act_on_contract(self, act: str, **given: Any) -> None:
        """Decline, withdraw, remind, void…: what a party does with a contract besides signing it."""
        self.browser.perform(f"signing.{act}", given, key=self.key())

    def contract_status(self, contract_id: str) -> str:
        """Where a contract stands; after a night's session somebody signs in once more to see."""
        asked = {"contract_id": contract_id}
        try:
            return str(self.browser.ask("signing.contract", asked)["status"])
        except errors.NotPermitted:
            self.sign_in_by_password()
            return str(self.browser.ask("signing.contract", asked)["status"])

    def request_signature(self, contract_id: str) -> str:
        """Choose certificate and seal for a contract; the signature's id."""
        found = self.browser.perform(
            "signing.request_signature",
            {
                "contract_id": contract_id,
                "certificate_id": self.certificate_id,
                "seal_id": self.seal_id,
            },
            key=self.key(),
        )
        return str(found["id"])

    def show_signing_qr(self, signature_id: str, kind: str = "platform") -> str:
        """Open 扫码签章; the QR's text."""
        opened = self.browser.perform(
            "signing.open_signing_ticket",
            {
                "signature_id": signature_id,
                "kind": kind,
                "nonce": self.own_nonce(),
                "browser_name": _BROWSER,
            },
            key=self.key(),
        )
        return str(opened["qr_text"])

    def submit(self, contract_id: str) -> None:
        """Submit a contract that both parties signed."""
        self.browser.perform("signing.submit", {"contract_id": contract_id}, key=self.key())
