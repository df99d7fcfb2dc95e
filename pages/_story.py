"""The story of the demo: an enterprise's whole way, step by step, on phone, PC and the staff's desk.

A step says who acts on which side, what they fill in, and what happens then; acting goes through the very
doors that people use. The page draws it; nothing here draws.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from engine import boot, worker
from engine.kernel import actors, clock, identifiers, ids
from engine.pdf import verification
from engine.policies.model import Platform
from engine.reviewing import actions as reviewing
from engine.reviewing import model as reviews
from engine.reviewing import queries as cases
from engine.signing import queries as contracts
from engine.staffing import queries as staffing
from pages import _qr
from simulations.people import Identity, Person

__all__ = ["STEPS", "Demo", "Platform", "Step", "approve_waiting", "begin", "waiting"]

Side = Literal["phone", "pc", "staff"]
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静磊洋艳勇杰娟涛明超霞平刚桂英华"
_TRADES = ("商贸", "净水科技", "信息技术", "建材", "农业发展", "物流")


@dataclass(frozen=True)
class Field:
    """An input of a step: its name, label (a message id), and whether it is hidden while typed."""

    name: str
    label: str
    secret: bool = False


@dataclass(frozen=True)
class Step:
    """One step. `title`, `note` and `button` are message ids; `act` gets what was filled in."""

    id: str
    side: Side
    title: str
    note: str
    button: str
    act: Callable[[Demo, dict[str, str]], None]
    fields: tuple[Field, ...] = ()
    who: str = "purchaser"
    consent: bool = False


@dataclass
class Shown:
    """A QR on the PC's screen."""

    ticket_id: str
    nonce: str
    png: bytes
    expires_at: int
    caption: str


@dataclass
class Demo:
    """One demonstration: two persons with phones and browsers, and how far they have come."""

    world: boot.World
    purchaser: Person
    supplier: Person
    at: int = 0
    request_id: str = ""
    shown: Shown | None = None
    notice: str = ""
    contract_id: str = ""
    signature_id: str = ""
    purchase_order: dict[str, Any] = field(default_factory=dict)
    pc: str = "nobody"
    refresh: Callable[[], None] | None = None

    @property
    def step(self) -> Step | None:
        """The step to be done now, or None at the end."""
        return STEPS[self.at] if self.at < len(STEPS) else None

    @property
    def actor(self) -> Person:
        """Whose phone and browser are on stage."""
        step = self.step
        return self.supplier if step is not None and step.who == "supplier" else self.purchaser

    def do(self, at: int, values: dict[str, str]) -> None:
        """Do the step `at`, once: a second click on it finds another step and does nothing."""
        step = self.step
        if step is None or at != self.at:
            return
        self.notice = ""
        step.act(self, values)
        worker.tick(self.world, owner="demo")
        self.at += 1

    def defaults(self, step: Step) -> dict[str, str]:
        """What the fields of a step are filled with."""
        person, identity = self.actor, self.actor.identity
        known = {
            "phone": identity.phone,
            "name": identity.name,
            "resident_id": identity.resident_id,
            "enterprise": identity.enterprise,
            "uscc": identity.uscc,
            "representative": identity.legal_representative,
            "login": person.mall_login(),
            "password": identity.password,
            "platform": "光正",
            "pin": identity.pin,
            "number": f"HT-{identity.phone[-6:]}",
        }
        return {one.name: known.get(one.name, "") for one in step.fields}


def _identity(entropy: ids.Entropy) -> Identity:
    def pick(choices: Any) -> Any:
        return choices[int.from_bytes(entropy(4), "big") % len(choices)]

    name = pick(_SURNAMES) + pick(_GIVEN) + pick(_GIVEN)
    first = f"650102{1970 + entropy(1)[0] % 30}0{1 + entropy(1)[0] % 9}1{entropy(1)[0] % 10}"
    number = first + f"{int.from_bytes(entropy(2), 'big') % 300 + 1:03d}"
    body = "".join("0123456789ABCDEFGH"[b % 18] for b in entropy(8))
    code = f"91650102MA{body[:7]}"
    return Identity(
        name=name,
        resident_id=number + identifiers.id_check_character(number),
        phone="139" + ids.digits(8, entropy),
        bank_card="622202"
        + (tail := ids.digits(12, entropy))
        + identifiers.luhn_digit("622202" + tail),
        enterprise=f"新疆{pick(_SURNAMES)}{pick(_GIVEN)}{pick(_TRADES)}有限公司",
        uscc=code + identifiers.credit_code_check_character(code),
        legal_representative=name,
        pin="280517",
    )


def begin(world: boot.World) -> Demo:
    """A new demonstration with two new synthetic persons."""
    entropy = ids.system_entropy
    return Demo(
        world=world,
        purchaser=Person(world, _identity(entropy), entropy, role="purchaser"),
        supplier=Person(world, _identity(entropy), entropy, role="supplier"),
    )


# -- the staff's part ------------------------------------------------------------------------------


def _reviewers(world: boot.World) -> list[actors.Staff]:
    """Everybody who reviews here; four eyes are the engine's, not the story's."""
    inside = boot.tables.INSIDE
    found = [
        world.engine.ask(staffing.actor, inside, profile.id)
        for profile in world.engine.ask(staffing.everyone, inside)
    ]
    return [one for one in found if one is not None and _reviews(one)]


def _reviews(staff: actors.Staff) -> bool:
    return any(staffing.has(staff, right, anywhere=True) for right in reviews.RIGHT_FOR.values())


def waiting(demo: Demo) -> reviews.Case | None:
    """The open case that the staff's pane is about: the newest that one of the demo's people made."""
    for reviewer in _reviewers(demo.world):
        for row in reversed(demo.world.engine.ask(cases.queue, reviewer, limit=1000)):
            if row.case.title in _titles(demo):
                return row.case
    return None


def _titles(demo: Demo) -> tuple[str, ...]:
    titles = (demo.purchaser.identity.enterprise, demo.supplier.identity.enterprise)
    return (*titles, CONTRACT_NAME)


def approve_waiting(demo: Demo) -> bool:
    """Have the waiting case approved by a reviewer who may; False when none waits."""
    engine = demo.world.engine
    for reviewer in _reviewers(demo.world):
        for row in reversed(engine.ask(cases.queue, reviewer, limit=1000)):
            ours = row.case.title in _titles(demo) and _about(demo, row.case)
            if ours and ("claim" in row.possible or "approve" in row.possible):
                case_id = row.case.id
                if "claim" in row.possible:
                    engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewer)
                engine.perform(reviewing.approve, {"case_id": case_id}, actor=reviewer)
                worker.tick(demo.world, owner="demo")
                return True
    return False


def _about(demo: Demo, case: reviews.Case) -> bool:
    return case.kind != "contract" or case.subject_id == demo.contract_id


# -- the steps -------------------------------------------------------------------------------------

CONTRACT_NAME = "办公用品采购合同"


def _tick(demo: Demo) -> None:
    worker.tick(demo.world, owner="demo")


def _request_code(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(person.identity, phone=values["phone"])
    demo.request_id = person.request_code()


def _sign_in(demo: Demo, values: dict[str, str]) -> None:
    demo.actor.sign_in(demo.request_id, values["code"])


def _prove(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(
        person.identity, name=values["name"], resident_id=values["resident_id"]
    )
    person.prove_name("zhongjin")
    _tick(demo)
    demo.notice = "实名认证成功！" if person.me()["real_named"] else ""


def _claim(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(
        person.identity,
        enterprise=values["enterprise"],
        uscc=values["uscc"],
        legal_representative=values["representative"],
    )
    person.claim()


def _staff(demo: Demo, values: dict[str, str]) -> None:
    approve_waiting(demo)
    demo.actor.know_enterprise()


def _onboard(demo: Demo, values: dict[str, str]) -> None:
    demo.actor.identity = dataclasses.replace(demo.actor.identity, password=values["password"])
    demo.actor.know_enterprise()
    demo.actor.onboard()


def _order(demo: Demo, values: dict[str, str]) -> None:
    found = demo.actor.handset.door.ask("mall.find_platforms", {"text": values["platform"]})
    if found:
        demo.actor.platform_id = next(iter(found))
    agency = next(iter(found.values()))["agencies"][0] if found else "dongfang"
    demo.actor.order(agency_id=agency)


def _pay(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    payment = person.handset.door.perform(
        "ordering.pay", {"order_id": person.order_id}, key=person.key()
    )
    demo.world.bank.pay(payment["id"])
    demo.world.deliver_due(payment["id"])


def _attach(demo: Demo, values: dict[str, str]) -> None:
    demo.actor.attach()


def _download(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(person.identity, pin=values["pin"])
    person.request_certificate()
    _tick(demo)
    person.activate()


def _password_login(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(person.identity, password=values["password"])
    person.sign_in_by_password()
    demo.pc = "signed_in"


def _show(demo: Demo, opened: dict[str, Any], caption: str) -> None:
    ticket = opened["ticket"]
    demo.shown = Shown(
        ticket_id=ticket["id"],
        nonce=demo.actor.nonce,
        png=_qr.png(opened["qr_text"]),
        expires_at=ticket["expires_at"],
        caption=caption,
    )


def _open(demo: Demo, name: str, given: dict[str, Any], caption: str) -> None:
    def again() -> None:
        person = demo.actor
        person.nonce = person.key()
        opened = person.browser.perform(name, {**given, "nonce": person.nonce}, key=person.key())
        _show(demo, opened, caption)

    again()
    demo.refresh = again


def _show_binding(demo: Demo, values: dict[str, str]) -> None:
    _open(demo, "binding.open_binding_ticket", {"kind": "platform"}, "新点标证通 APP 二维码")


def _scan(demo: Demo, pin: str) -> None:
    person = demo.actor
    if demo.shown is None:
        return
    ticket = person.handset.scan(_qr.read(demo.shown.png))
    person.handset.confirm(ticket, person.certificate_id, pin)
    demo.refresh = None


def _bind(demo: Demo, values: dict[str, str]) -> None:
    _scan(demo, values["pin"])
    demo.shown, demo.notice = None, "绑定成功"


def _show_login(demo: Demo, values: dict[str, str]) -> None:
    demo.pc = "nobody"
    given = {"platform_id": demo.actor.platform_id, "kind": "platform"}
    _open(demo, "binding.open_login_ticket", given, "新点标证通 APP 二维码")


def _scan_login(demo: Demo, values: dict[str, str]) -> None:
    _scan(demo, values["pin"])
    if demo.shown is not None:
        demo.actor.finish_login(demo.shown.ticket_id)
    demo.shown, demo.pc = None, "signed_in"


def _whole_way(demo: Demo, values: dict[str, str]) -> None:
    """The supplier goes the way that the purchaser has just gone, all at once."""
    person = demo.supplier
    request_id = person.request_code()
    _tick(demo)
    person.sign_in(request_id, person.read_code())
    person.prove_name()
    _tick(demo)
    person.claim()
    while approve_waiting(demo):
        pass
    person.know_enterprise()
    person.onboard()
    person.order(agency_id="nanfang")
    _tick(demo)
    _pay(demo, values)
    person.attach()
    while approve_waiting(demo):
        pass
    person.request_certificate()
    _tick(demo)
    person.activate()
    _tick(demo)
    person.sign_in_by_password()
    person.scan_and_confirm(person.show_binding_qr())


def _contract(demo: Demo, values: dict[str, str]) -> None:
    person = demo.purchaser
    lines = [
        {"name": "办公用纸 A4", "unit": "箱", "quantity": 6, "unit_price_fen": 12_800},
        {"name": "净水器滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 35_650},
    ]
    if not demo.purchase_order:
        demo.purchase_order = person.place_purchase_order(demo.supplier.mall_account_id, lines)
    date = f"{clock.civil_date(demo.world.engine.now()):%Y-%m-%d}"
    made = person.create_contract(demo.purchase_order, number=values["number"], date=date)
    demo.contract_id = made["id"]


def _sign_qr(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.know_seal()
    demo.signature_id = person.request_signature(demo.contract_id)
    _tick(demo)
    given = {"signature_id": demo.signature_id, "kind": "platform"}
    _open(demo, "signing.open_signing_ticket", given, "扫码签章")


def _sign(demo: Demo, values: dict[str, str]) -> None:
    _scan(demo, values["pin"])
    demo.shown, demo.notice = None, "签章成功"


def _submit(demo: Demo, values: dict[str, str]) -> None:
    demo.purchaser.submit(demo.contract_id)


def _invoice(demo: Demo, values: dict[str, str]) -> None:
    demo.purchaser.invoice()


def _verify(demo: Demo, values: dict[str, str]) -> None:
    document = demo.world.engine.ask(contracts.document, boot.tables.INSIDE, demo.contract_id)
    verdict = verification.verify(document, roots=demo.world.roots, at_ms=demo.world.engine.now())
    demo.notice = f"verdict.{verdict.verdict}"


_PIN = (Field("pin", "Certificate PIN", secret=True),)
STEPS: tuple[Step, ...] = (
    Step(
        "code",
        "phone",
        "Sign in by SMS",
        "A phone number is all it takes to begin. The SMS arrives on the phone beside it.",
        "Send code",
        _request_code,
        (Field("phone", "Phone number"),),
        consent=True,
    ),
    Step(
        "sign-in",
        "phone",
        "Enter the code",
        "Six digits, five minutes, five tries.",
        "Sign in",
        _sign_in,
        (Field("code", "Code"),),
    ),
    Step(
        "name",
        "phone",
        "Real-name proof",
        "Name and resident ID number are checked by an identity provider.",
        "Start verification",
        _prove,
        (Field("name", "Name"), Field("resident_id", "Resident ID number")),
    ),
    Step(
        "claim",
        "phone",
        "Claim an enterprise",
        "With its credit code and papers; somebody else will compare them.",
        "Submit claim",
        _claim,
        (
            Field("enterprise", "Enterprise name"),
            Field("uscc", "Unified social credit code"),
            Field("representative", "Legal representative"),
        ),
    ),
    Step(
        "claim-review",
        "staff",
        "Review of the claim",
        "The claimant can never decide this: maker is not checker.",
        "Approve",
        _staff,
    ),
    Step(
        "seal-review",
        "staff",
        "Review of the company seal",
        "The approved enterprise's seal is ordered by itself.",
        "Approve",
        _staff,
    ),
    Step(
        "seal-making",
        "staff",
        "Making the seal",
        "A second person checks and makes it.",
        "Approve",
        _staff,
    ),
    Step(
        "onboard",
        "phone",
        "Join the trading platform",
        "No certificate without an account at the platform.",
        "Onboard",
        _onboard,
        (Field("password", "Password", secret=True),),
    ),
    Step(
        "order",
        "phone",
        "Enterprise certificate",
        "Choose the trading platform; CA, seal agency and term follow from what it allows.",
        "Next",
        _order,
        (Field("platform", "Search the trading platform"),),
    ),
    Step(
        "pay",
        "phone",
        "Pay for the certificate",
        "The provider's notice comes three times and counts once.",
        "Pay",
        _pay,
    ),
    Step(
        "papers",
        "phone",
        "Upload the authorization",
        "Only because this platform asks for it.",
        "Submit papers",
        _attach,
    ),
    Step(
        "platform-review",
        "staff",
        "Review at the platform",
        "The applicant sees one label for both reviews: in review.",
        "Approve",
        _staff,
    ),
    Step(
        "ca-review",
        "staff",
        "Review at the CA",
        "By another person than the platform's.",
        "Approve",
        _staff,
    ),
    Step(
        "download",
        "phone",
        "Download the certificate",
        "The key is made on the phone, under the PIN; the CA signs the certificate.",
        "Download and set the PIN",
        _download,
        _PIN,
    ),
    Step(
        "pc-login",
        "pc",
        "Sign in at the PC",
        "The first time by password.",
        "Sign in",
        _password_login,
        (Field("login", "Login"), Field("password", "Password", secret=True)),
    ),
    Step(
        "bind-qr",
        "pc",
        "Bind by scan",
        "User centre, right side bar.",
        "Show the binding QR code",
        _show_binding,
    ),
    Step(
        "bind",
        "phone",
        "Scan",
        "The phone reads the QR code from the PC and proves the certificate.",
        "Scan and confirm",
        _bind,
        _PIN,
    ),
    Step(
        "login-qr",
        "pc",
        "Sign in by scan",
        "Signed out; now without a password.",
        "Show the login QR code",
        _show_login,
    ),
    Step(
        "login",
        "phone",
        "Scan",
        "A signed challenge, good for this browser only.",
        "Scan and confirm",
        _scan_login,
        _PIN,
    ),
    Step(
        "supplier",
        "pc",
        "The supplier does the same",
        "Registration to binding, all of it through the same doors.",
        "Bring the supplier along",
        _whole_way,
        who="supplier",
    ),
    Step(
        "contract",
        "pc",
        "Contract signing",
        "Made from the template for a purchase order.",
        "Make the contract",
        _contract,
        (Field("number", "Contract number"),),
    ),
    Step(
        "sign-qr",
        "pc",
        "Sign by scan",
        "The document's digest is fixed in the QR code.",
        "Show the signing QR code",
        _sign_qr,
    ),
    Step(
        "sign",
        "phone",
        "Scan",
        "The PIN signs exactly the document that was shown.",
        "Scan and confirm",
        _sign,
        _PIN,
    ),
    Step(
        "sign-qr-2",
        "pc",
        "The supplier signs",
        "On the file that the purchaser has sealed.",
        "Show the signing QR code",
        _sign_qr,
        who="supplier",
    ),
    Step(
        "sign-2",
        "phone",
        "Scan",
        "The second seal, on the supplier's phone.",
        "Scan and confirm",
        _sign,
        _PIN,
        who="supplier",
    ),
    Step(
        "submit",
        "pc",
        "Submit the contract",
        "Possible only when both seals are on it.",
        "Submit",
        _submit,
    ),
    Step(
        "contract-review",
        "staff",
        "Review of the contract",
        "Passed, or returned with reasons.",
        "Approve",
        _staff,
    ),
    Step(
        "invoice",
        "phone",
        "Invoice",
        "For the paid order, with the enterprise's own title.",
        "Confirm and submit",
        _invoice,
    ),
    Step(
        "verify",
        "pc",
        "Verify the contract",
        "Offline, against the root: signatures, seals, time, revocation.",
        "Verify",
        _verify,
    ),
)
