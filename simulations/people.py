"""A simulated person: an identity, a phone, and a browser, doing what people do through the doors.

Every step is a call through the very door that a real phone and a real browser use. A person never
looks into the database: the code is read from the simulated phone network, the QR from the PC's screen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from engine.boot import World
from engine.handset.handset import Handset
from engine.handset.store import HandsetStore
from engine.http.doors import DirectDoor
from engine.kernel import ids
from simulations import papers, population
from simulations.at_pc import AtPc, b64
from simulations.for_enterprise import ForEnterprise
from simulations.with_certificates import WithCertificates
from simulations.with_files import WithFiles
from simulations.with_invoices import WithInvoices
from simulations.with_orders import WithOrders
from simulations.with_seals import WithSeals
from simulations.with_services import WithServices

# Synthetic: there is no such house.
_ADDRESS = "新疆乌鲁木齐市天山区示范路 1 号"

__all__ = ["Identity", "Person", "b64"]


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who a person is, and for which enterprise they act. All of it is synthetic."""

    name: str
    resident_id: str
    phone: str
    bank_card: str
    enterprise: str
    uscc: str
    legal_representative: str
    # Empty where the person is the representative.
    legal_representative_id: str = ""
    pin: str = "280517"
    password: str = "纸上得来终觉浅绝知此事"

    @classmethod
    def of(cls, human: population.Person, enterprise: population.Enterprise) -> Identity:
        """A person of the population who acts for an enterprise of it."""
        return cls(
            name=human.name,
            resident_id=human.resident_id,
            phone=human.phone,
            bank_card=human.bank_card,
            enterprise=enterprise.name,
            uscc=enterprise.uscc,
            legal_representative=enterprise.legal_representative,
            legal_representative_id=enterprise.legal_representative_id,
        )

    @property
    def representative_number(self) -> str:
        """The resident ID number of the enterprise's legal representative."""
        return self.legal_representative_id or self.resident_id


@dataclass
class Person(
    ForEnterprise,
    WithOrders,
    WithServices,
    WithInvoices,
    WithCertificates,
    AtPc,
    WithFiles,
    WithSeals,
):
    """One simulated person with their phone and their browser at a trading platform."""

    world: World
    identity: Identity
    entropy: ids.Entropy
    platform_id: str = "guangzheng"
    # How their phone holds keys; by the thousand a divided one is dear.
    scheme: str = "seeded_ec"
    role: str = "supplier"
    handset: Handset = field(init=False)
    browser: DirectDoor = field(init=False)
    enterprise_id: str = ""
    mall_account_id: str = ""
    order_id: str = ""
    certificate_id: str = ""
    seal_id: str = ""
    nonce: str = ""
    # Papers that are not true, by their code; and the newest form that this person stamped and handed in.
    forged_papers: dict[str, bytes] = field(default_factory=dict)
    newest_form: bytes = b""
    # Whether they act for several enterprises, so that only the very one counts as theirs.
    acts_for_many: bool = False
    # What this person enters otherwise than the phone knows it, at 主体注册.
    entity_changes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.change_phone()
        self.browser = DirectDoor(self.world.engine)

    def change_phone(self) -> None:
        """From now on use another phone, on which there is nothing yet."""
        engine = self.world.engine
        self.handset = Handset(
            store=HandsetStore(None, self.entropy),
            door=DirectDoor(engine),
            entropy=self.entropy,
            hashing=engine.parts.hashing,
            scheme=self.scheme,
        )

    def key(self) -> str:
        """A fresh idempotency key."""
        return ids.token(self.entropy, 12)

    # -- on the phone --------------------------------------------------------------------------

    def request_code(self) -> str:
        """Ask for a code by SMS; what to quote with it."""
        asked = self.handset.request_code(self.identity.phone, terms_accepted=True)
        return str(asked["request_id"])

    def read_code(self, since: int = 0) -> str:
        """The newest code on this person's phone that came at an instant or later, or nothing."""
        for sms in self.world.sms.outbox(self.identity.phone):
            found = re.search(r"\d{6}", sms.text)
            if found and sms.sent_at >= since:
                return found.group()
        return ""

    def sign_in(self, request_id: str, code: str) -> None:
        """Enter the code."""
        self.handset.sign_in(request_id, self.identity.phone, code, "模拟手机")

    def request_step_up(self) -> str:
        """Ask for a code to confirm that it is oneself; what to quote with it."""
        asked = self.handset.door.perform("registration.request_step_up", {}, key=self.key())
        return str(asked["request_id"])

    def step_up(self, request_id: str, code: str = "") -> None:
        """Enter the code that confirms it: the newest on the phone, where none is given."""
        given = {"request_id": request_id, "code": code or self.read_code()}
        self.handset.door.perform("registration.step_up", given, key=self.key())

    def prove_name(self, way: str = "zhongjin", face: bytes = b"") -> dict[str, Any]:
        """Ask for the real name to be proved, with a picture of one's face (or another picture)."""
        given: dict[str, Any] = {
            "way": way,
            "name": self.identity.name,
            "resident_id": self.identity.resident_id,
            "face": b64(face or papers.face(self.identity.resident_id)),
        }
        if way == "bankcard":
            given |= {"bank_card": self.identity.bank_card, "phone": self.identity.phone}
        proof: dict[str, Any] = self.handset.door.perform(
            "registration.prove_name", given, key=self.key()
        )
        return proof

    def newest_proof(self) -> dict[str, Any]:
        """The newest real-name proof, as the phone shows it."""
        found: dict[str, Any] = self.handset.door.ask("registration.my_newest_proof", {})
        return found

    def read_bank_code(self) -> str:
        """The newest code that came to the phone for a bank card's proof, or nothing."""
        for sms in self.world.sms.outbox(self.identity.phone):
            found = re.search(r"(\d{6}).*银行卡", sms.text)
            if found:
                return found.group(1)
        return ""

    def complete_proof(self, proof_id: str, code: str) -> dict[str, Any]:
        """Enter the code that the bank's phone number got."""
        given = {"proof_id": proof_id, "code": code}
        shown: dict[str, Any] = self.handset.door.perform(
            "registration.complete_proof", given, key=self.key()
        )
        return shown

    def resend_proof_code(self, proof_id: str) -> None:
        """Ask for another such code."""
        self.handset.door.perform(
            "registration.resend_proof_code", {"proof_id": proof_id}, key=self.key()
        )

    def me(self) -> dict[str, Any]:
        """The own account."""
        found: dict[str, Any] = self.handset.door.ask("registration.me", {})
        return found

    def follow_zones(self) -> None:
        """Join the zones that hold the platform, and one more if one buys; the platform's own first."""
        door = self.handset.door
        found = door.ask("mall.zones", {"text": ""})
        here = [zone for zone in found if self.platform_id in (p["id"] for p in zone["platforms"])]
        others = [zone for zone in found if zone not in here and zone["open"]]
        for zone in here + (others[:1] if self.role == "purchaser" else []):
            if not zone["joined"]:
                door.perform("mall.join_zone", {"zone_id": zone["id"]}, key=f"join-{zone['id']}")
        if here:
            preferred = here[0]["id"]
            door.perform("mall.set_default_zone", {"zone_id": preferred}, key=f"prefer-{preferred}")

    def onboard(self) -> None:
        """Onboard the enterprise at the trading platform."""
        account = self.handset.door.perform(
            "mall.onboard",
            {
                "platform_id": self.platform_id,
                "enterprise_id": self.enterprise_id,
                "role": self.role,
                "login": self.mall_login(),
                "password": self.identity.password,
            },
            key=self.key(),
        )
        self.mall_account_id = account["id"]

    def scan_and_confirm(self, qr_text: str, pin: str | None = None) -> None:
        """Scan the QR on a screen and confirm it with the certificate's PIN."""
        ticket = self.handset.scan(qr_text)
        asked = self.handset.door.ask("scanning.asked", {"ticket_id": ticket["id"]})
        self.handset.confirm(
            ticket,
            self.certificate_id,
            pin or self.identity.pin,
            number=self.digits_on_pc(ticket["id"]) if asked["step_up"] else "",
            particulars=self.entity_answers(ticket) if ticket["purpose"] == "bind" else None,
        )

    def binding_status(self) -> str:
        """How far the newest binding is, as the phone shows it; `none` where there is none any more."""
        found = self.handset.door.ask("binding.of_phone", {})
        return str(found[0]["status"]) if found else "none"

    def entity_answers(self, ticket: dict[str, Any]) -> dict[str, str]:
        """What 主体注册 asks, with what the phone knows and an address."""
        form = self.handset.door.ask("binding.entity_form", {"ticket_id": ticket["id"]})
        known = {field["code"]: field["value"] for field in form["fields"]}
        if "address" in known and not known["address"]:
            known["address"] = _ADDRESS
        return known | (self.entity_changes if known else {})
