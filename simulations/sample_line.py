"""Two enterprises go the whole line, so that there is something to take samples of.

A purchaser and a supplier of one platform: account, real name, enterprise, mall account, order,
certificate, seal, binding, two contracts (from the template, and uploaded), invoices and a red letter.
Everything goes through `people.Person` and the reviewers' own actions; the clock moves as much as outside
parties need.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine import worker
from engine.boot import World
from engine.cli import demonstration
from engine.kernel import actors, clock, identifiers, ids
from engine.kernel.engine import SecondFactorNeeded
from engine.pdf import typeset
from engine.reviewing import actions as reviewing
from engine.signing import queries as contracts
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations.people import Identity, Person
from simulations.population import Population

SETUP = actors.System(job="setup")
_AGENCIES = ("dongfang", "nanfang")
_ROUNDS = 4
_LINES: tuple[dict[str, Any], ...] = (
    {"name": "净水器滤芯", "unit": "套", "quantity": 3, "unit_price_fen": 12_550},
    {"name": "办公用纸 A4", "unit": "箱", "quantity": 12, "unit_price_fen": 12_800},
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What came of it: the two people, and of each contract the documents (PDF).

    A contract's are: unsigned, signed by the purchaser, signed by both.
    """

    purchaser: Person
    supplier: Person
    template_contract: tuple[bytes, ...]
    uploaded_contract: tuple[bytes, ...]


class Office:
    """Whoever is not the person: outside parties, and three reviewers with different eyes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._staff = [self._hire(f"reviewer-{number}") for number in (1, 2, 3)]

    def _hire(self, login: str) -> actors.Staff:
        profile = self.world.engine.perform(
            staffing.create_staff,
            {
                "login": login,
                "name": "审核员",
                "password": ids.token(ids.system_entropy, 16),
                "roles": (Role.LEAD,),
            },
            actor=SETUP,
        )
        found = self.world.engine.ask(staff_queries.actor, SETUP, profile.id)
        if found is None:
            raise AssertionError("staff just made is active")
        return found

    def settle(self) -> None:
        """Let outside parties answer, and reviewers decide, until nothing is left to do."""
        for _ in range(_ROUNDS):
            worker.tick(self.world, owner="samples")
            self._decide()
            demonstration.set_clock(self.world, self.world.engine.now() + 3 * clock.SECOND)

    def _decide(self) -> None:
        engine = self.world.engine
        for who in self._staff:
            while (case := engine.perform(reviewing.next_case, {}, actor=who)) is not None:
                engine.perform(reviewing.approve, {"case_id": case.id}, actor=who)


def _person(world: World, index: int, role: str) -> Person:
    # Ages are counted from a fixed day, so that the same people come each time.
    everybody = Population(demonstration.SEED, datetime.date(2026, 1, 1))
    human, enterprise = everybody.person(index), everybody.enterprise(index)
    return Person(
        world,
        Identity.of(human, enterprise),
        ids.system_entropy,
        role=role,
        scheme="split_rsa",
    )


def _go(office: Office, person: Person, agency_id: str) -> None:
    """From the phone number to a bound certificate and a seal."""
    request_id = person.request_code()
    office.settle()
    person.sign_in(request_id, person.read_code())
    person.prove_name()
    office.settle()
    person.claim()
    office.settle()
    person.know_enterprise()
    person.onboard()
    person.order(agency_id=agency_id)
    office.settle()
    person.pay()
    office.settle()
    person.attach()
    office.settle()
    person.request_certificate()
    office.settle()
    person.activate()
    office.settle()
    person.know_seal()
    person.sign_in_by_password()
    person.scan_and_confirm(person.show_binding_qr())


def _contract(
    office: Office, purchaser: Person, supplier: Person, number: str, upload: bytes = b""
) -> tuple[bytes, ...]:
    """A contract of both parties, signed, submitted and passed; its documents."""
    date = clock.civil_date(office.world.engine.now()).isoformat()
    order = purchaser.place_purchase_order(supplier.mall_account_id, list(_LINES))
    contract = purchaser.create_contract(order, number=number, date=date, upload=upload)
    ask = office.world.engine.ask
    documents = [ask(contracts.document, SETUP, contract["id"])]
    for signer in (purchaser, supplier):
        signature_id = signer.request_signature(contract["id"])
        office.settle()
        signer.scan_and_confirm(signer.show_signing_qr(signature_id))
        office.settle()
        documents.append(ask(contracts.document, SETUP, contract["id"]))
    purchaser.submit(contract["id"])
    office.settle()
    return tuple(documents)


def _own_paper(purchaser: Person, supplier: Person, now_ms: int) -> bytes:
    """A contract as the parties' own office would write it, to be uploaded."""
    day = clock.civil_date(now_ms).isoformat()
    amounts = [line["quantity"] * line["unit_price_fen"] for line in _LINES]

    def party(one: Person) -> dict[str, str]:
        return {"name": one.identity.enterprise, "uscc": one.identity.uscc}

    goods: list[dict[str, Any]] = [
        {
            "name": line["name"],
            "unit": line["unit"],
            "quantity": line["quantity"],
            "price_fen": line["unit_price_fen"],
            "amount_fen": amount,
        }
        for line, amount in zip(_LINES, amounts, strict=True)
    ]
    return typeset.render(
        "contract",
        {
            "issued_at": now_ms,
            "number": "ZB-0001",
            "name": "年度框架采购合同",
            "order_number": "自拟",
            "purchaser": party(purchaser),
            "supplier": party(supplier),
            "signed_on": day,
            "effective_on": day,
            "place": "乌鲁木齐",
            "currency": "人民币",
            "total_fen": sum(amounts),
            "payment_terms": "货到验收合格后三十日内付清",
            "goods": goods,
            "clauses": [{"title": "保密", "text": "双方对本合同的内容负有保密义务。"}],
        },
    )


def letter(person: Person, now_ms: int) -> bytes:
    """The enterprise's letter that authorizes its handler (PDF)."""
    who = person.identity
    return typeset.render(
        "letter_of_authorization",
        {
            "issued_at": now_ms,
            "number": "SQ-0001",
            "enterprise": who.enterprise,
            "uscc": who.uscc,
            "legal_representative": who.legal_representative,
            "representative_id": identifiers.masked_id(who.resident_id),
            "agent": who.name,
            "agent_id": identifiers.masked_id(who.resident_id),
            "agent_phone": identifiers.masked_phone(who.phone),
            "platform": "新疆光正电子商城",
            "matters": ["申请企业数字证书", "申请电子印章", "签署电子合同"],
            "valid_from": f"{clock.civil_date(now_ms):%Y年%m月%d日}",
            "valid_until": f"{clock.civil_date(now_ms + 365 * clock.DAY):%Y年%m月%d日}",
            "signed_on": f"{clock.civil_date(now_ms):%Y年%m月%d日}",
        },
    )


def _taken_back(office: Office, person: Person) -> None:
    """A service with a special invoice, which the desk looks at; given up at once: a part goes back."""
    order_id = person.order_service("tender_alerts", 12)
    office.settle()
    _as_oneself(office, person, lambda: person.pay_service(order_id))
    office.settle()
    person.apply_for_invoice("information", [order_id], kind="special")
    office.settle()
    _as_oneself(office, person, lambda: person.give_up_service(order_id))
    office.settle()


def _as_oneself(office: Office, person: Person, act: Callable[[], None]) -> None:
    """Do what needs a fresh second factor; the code that it asks for comes to this very phone."""
    try:
        act()
    except SecondFactorNeeded:
        request_id = person.request_step_up()
        office.settle()
        person.step_up(request_id)
        act()


def run(world: World) -> Line:
    """Drive the line to its end in a world with a manual clock."""
    office = Office(world)
    purchaser, supplier = _person(world, 0, "purchaser"), _person(world, 1, "supplier")
    for person, agency_id in zip((purchaser, supplier), _AGENCIES, strict=True):
        _go(office, person, agency_id)
    first = _contract(office, purchaser, supplier, "HT-0001")
    upload = _own_paper(purchaser, supplier, world.engine.now())
    second = _contract(office, purchaser, supplier, "ZB-0001", upload)
    purchaser.invoice()
    office.settle()
    _taken_back(office, purchaser)
    return Line(
        purchaser=purchaser,
        supplier=supplier,
        template_contract=first,
        uploaded_contract=second,
    )
