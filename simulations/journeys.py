"""What a simulated person does, from the first SMS to a sealed contract and an invoice.

Each step goes through the doors of `people.Person`. Waiting is looking again after a while, as people do.
Whatever a person does wrong was drawn up front (`personas.Conduct`), and the engine's refusal of it is
part of the journey; a refusal that nobody expects ends it and is counted by `environment.journey`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import simpy

from engine.issuing import proofs
from engine.kernel import clock, ids
from engine.registration.actions import accounts
from engine.registration.actions import proofs as real_names
from engine.scanning import actions as scanning
from simulations.environment import Stage, Steps
from simulations.people import Identity, Person
from simulations.personas import Persona, Truth

_QUICK, _SLOW = 20 * 60, 90 * 60
_LAPSE_SECONDS = 200
_SUPPLIER_WAIT_S = 12 * 3600
# In which order the steps come, for who gives up part of the way.
_MILESTONES = (
    "registered",
    "named",
    "claimed",
    "onboarded",
    "ordered",
    "paid",
    "downloaded",
    "bound",
    "contracted",
)


class GaveUp(Exception):
    """The person does not come back."""


@dataclass
class Market:
    """Who can be traded with on this stage: suppliers whose account is bound, in that order."""

    suppliers: list[Person] = field(default_factory=list)
    contracts: int = 0


_markets: weakref.WeakKeyDictionary[Stage, Market] = weakref.WeakKeyDictionary()


def market_of(stage: Stage) -> Market:
    """The market of a stage."""
    return _markets.setdefault(stage, Market())


class Way:
    """One person's way: their pauses, their milestones, their conduct."""

    def __init__(self, stage: Stage, persona: Persona) -> None:
        self.stage, self.persona = stage, persona
        self._pauses = iter(stage.stream("pause", persona.index).standard_normal(64).tolist())
        agencies = ("dongfang", "nanfang")
        choice = float(stage.stream("choice", persona.index).random())
        self.agency_id, self.choice = agencies[choice < 0.4], choice
        self.person = Person(
            stage.world,
            Identity(
                name=persona.person.name,
                resident_id=persona.person.resident_id,
                phone=persona.person.phone,
                bank_card=persona.person.bank_card,
                enterprise=persona.enterprise.name,
                uscc=persona.enterprise.uscc,
                legal_representative=persona.enterprise.legal_representative,
            ),
            ids.Stream(stage.entropy("device", persona.index)),
            role=persona.role,
        )

    def pause(self) -> simpy.Event:
        """A person's pause between two acts."""
        minutes = self.stage.scenario.behaviour.pause.at(next(self._pauses, 0.0))
        return self.stage.wait(minutes * 60)

    def reached(self, milestone: str) -> None:
        """Count a milestone, and stop here if this is how far this person comes.

        Raises: GaveUp.
        """
        self.stage.log(milestone)
        conduct = self.persona.conduct
        place = _MILESTONES.index(milestone) if milestone in _MILESTONES else len(_MILESTONES)
        if conduct.gives_up and place >= conduct.patience * len(_MILESTONES):
            self.stage.log("gave up")
            raise GaveUp

    def until(self, done: Callable[[], bool]) -> Steps:
        """Look again and again until something has come; ends the journey at the horizon."""
        quick = 6
        while not done():
            wait = _QUICK if quick > 0 else _SLOW
            quick -= 1
            yield self.stage.wait(wait)


def enterprise_journey(stage: Stage, persona: Persona) -> Steps:
    """The whole way of one person and their enterprise."""
    way = Way(stage, persona)
    try:
        yield from _register(way)
        yield from _prove(way)
        yield from _claim(way)
        yield from _certificate(way)
        yield from _bind(way)
        yield from _invoice(way)
        if persona.role == "supplier":
            market_of(stage).suppliers.append(way.person)
        elif stage.scenario.crypto == "all":
            yield from _contract(way)
    except GaveUp:
        return


def _register(way: Way) -> Steps:
    person = way.person
    request_id = person.request_code()
    yield way.stage.wait(25)
    if way.persona.conduct.wrong_code:
        code = person.read_code()
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        try:
            person.sign_in(request_id, wrong)
        except accounts.CodeWrong:
            way.stage.log("wrong code")
        yield way.stage.wait(15)
    person.sign_in(request_id, person.read_code())
    way.reached("registered")
    yield way.pause()


def _prove(way: Way) -> Steps:
    person, persona = way.person, way.persona
    ways = ("zhongjin", "alipay", "bankcard")
    chosen = ways[int(way.choice * 100) % 3]
    if persona.truth is Truth.WRONG_ID:
        right = person.identity
        person.identity = _with_number(right, persona.person.wrong_resident_id)
        person.prove_name(chosen)
        yield way.stage.wait(40)
        way.stage.log("name not proved")
        person.identity = right
    try:
        person.prove_name(chosen)
    except real_names.UnderAge:
        way.stage.log("under age refused")
        raise GaveUp from None
    yield from way.until(lambda: bool(person.me()["real_named"]))
    way.reached("named")
    yield way.pause()


def _with_number(identity: Identity, number: str) -> Identity:
    values = {name: getattr(identity, name) for name in identity.__dataclass_fields__}
    return Identity(**{**values, "resident_id": number})


def _newest_claim(person: Person) -> str:
    found = person.handset.door.ask("registration.my_claims", {})
    return str(found[0]["status"]) if found else ""


def _claim(way: Way) -> Steps:
    person = way.person
    for attempt in (1, 2):
        person.claim()
        if attempt == 2:
            way.stage.log("claimed again")
        yield from way.until(lambda: _newest_claim(person) != "in_review")
        if person.know_enterprise():
            way.reached("claimed")
            yield way.pause()
            return
        if not way.persona.conduct.resubmits:
            break
        yield way.pause()
    way.stage.log("claim rejected for good")
    raise GaveUp


def _certificate(way: Way) -> Steps:
    person = way.person
    person.onboard()
    way.reached("onboarded")
    for attempt in (1, 2):
        years = 1 if way.choice < 0.8 else 3
        person.order(agency_id=way.agency_id, years=years)
        way.reached("ordered")
        yield way.stage.wait(30)
        person.pay()
        yield from way.until(lambda: person.order_status() != "awaiting_payment")
        way.reached("paid")
        yield way.pause()
        person.attach()
        yield from way.until(lambda: person.order_status() in ("awaiting_download", "rejected"))
        if person.order_status() == "awaiting_download":
            yield from _download(way)
            return
        if attempt == 2 or not way.persona.conduct.resubmits:
            break
        yield way.pause()
    way.stage.log("order rejected for good")
    raise GaveUp


def _download(way: Way) -> Steps:
    person = way.person
    yield way.pause()
    person.request_certificate()
    yield way.stage.wait(5)
    while not person.activate():
        yield way.stage.wait(60)
    way.reached("downloaded")
    yield way.pause()


def _confirm(way: Way, show: Callable[[], str]) -> Steps:
    """Scan what the PC shows and confirm it, with this person's mistakes on the way."""
    person, conduct = way.person, way.persona.conduct
    qr_text = show()
    if conduct.lets_qr_lapse:
        yield way.stage.wait(_LAPSE_SECONDS)
        try:
            person.handset.scan(qr_text)
        except scanning.TicketExpired:
            way.stage.log("QR lapsed")
        qr_text = show()
    yield way.stage.wait(20)
    if conduct.wrong_pin:
        try:
            person.scan_and_confirm(qr_text, pin="739164")
        except proofs.WrongPin:
            way.stage.log("wrong PIN")
        yield way.stage.wait(10)
    person.scan_and_confirm(qr_text)


def _bind(way: Way) -> Steps:
    person = way.person
    person.sign_in_by_password()
    yield from _confirm(way, person.show_binding_qr)
    way.reached("bound")
    ticket_id, qr_text = person.show_login_qr()
    yield way.stage.wait(15)
    person.scan_and_confirm(qr_text)
    person.finish_login(ticket_id)
    way.stage.log("signed in by scan")
    yield way.pause()


def _invoice(way: Way) -> Steps:
    if way.choice < 0.7:
        way.person.invoice()
        way.stage.log("invoice applied for")
        yield way.pause()


def _contract(way: Way) -> Steps:
    person, stage, market = way.person, way.stage, market_of(way.stage)
    while not market.suppliers:
        yield stage.wait(_SUPPLIER_WAIT_S)
    supplier = market.suppliers[int(way.choice * 1e6) % len(market.suppliers)]
    yield from way.until(person.know_seal)
    yield from way.until(supplier.know_seal)
    market.contracts += 1
    number = f"HT{market.contracts:06d}"
    quantity = 1 + int(way.choice * 40)
    lines = [
        {"name": "办公用纸 A4", "unit": "箱", "quantity": quantity, "unit_price_fen": 12_800},
        {"name": "净水器滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 35_650},
    ]
    for one in (person, supplier):
        one.sign_in_by_password()
    order = person.place_purchase_order(supplier.mall_account_id, lines)
    date = f"{clock.civil_date(stage.now_ms):%Y-%m-%d}"
    contract = person.create_contract(order, number=number, date=date)
    for signer in (person, supplier):
        signature_id = signer.request_signature(contract["id"])
        yield stage.wait(5)
        qr_text = signer.show_signing_qr(signature_id)
        yield stage.wait(25)
        signer.scan_and_confirm(qr_text)
        yield stage.wait(60)
    person.submit(contract["id"])
    way.reached("contracted")
