"""The line as a test walks it: two enterprises from a phone number to a passed contract."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from engine import worker
from engine.boot import World, tables
from engine.http.doors import DirectDoor
from engine.kernel import actors, clock, identifiers, ids
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Wanted
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations.people import Identity, Person

CLAIMABLE = Wanted(state="claimable")
NAMES = ("乌鲁木齐光正商贸有限公司", "新疆天山净水科技有限公司")


def identity(index: int, *, born: str = "19800315", sequence: str = "") -> Identity:
    """A synthetic identity; the sequence digits can be a sandbox value."""
    number = f"650102{born}{sequence or f'{index + 11:03d}'}"
    code = f"9165010{index + 1}MA77{index:02d}5T0"[:17]
    return Identity(
        name=("张伟", "李娜")[index % 2],
        resident_id=number + identifiers.id_check_character(number),
        phone=f"1390000000{index}",
        bank_card="622202000000000" + identifiers.luhn_digit("622202000000000"),
        enterprise=NAMES[index % 2],
        uscc=code + identifiers.credit_code_check_character(code),
        legal_representative=("张伟", "李娜")[index % 2],
    )


@dataclass
class Line:
    """A world with three reviewers, and what people do in it."""

    world: World
    staff: list[str]
    doors: Any = DirectDoor
    # How the phones of its people hold keys.
    scheme: str = "split_rsa"

    @classmethod
    def on(cls, world: World) -> Line:
        """The line on a world, with its three members of staff."""
        staff = [
            world.engine.perform(
                staffing.create_staff,
                {
                    "login": login,
                    "name": login,
                    "password": "a long enough secret",
                    "roles": (Role.LEAD,),
                },
                actor=actors.System(job="setup"),
            ).id
            for login in ("one", "two", "three")
        ]
        return cls(world, staff)

    def reviewer(self, index: int) -> actors.Staff:
        """A reviewer as an actor."""
        found = self.world.engine.ask(staff_queries.actor, tables.INSIDE, self.staff[index])
        assert found is not None
        # As if the second factor was proved a moment ago.
        return dataclasses.replace(found, second_factor_at=1 << 62)

    def work(self, seconds: int = 0) -> None:
        """Let time pass and the worker run."""
        self.world.engine.parts.clock.advance(seconds * clock.SECOND)  # type: ignore[attr-defined]
        worker.tick(self.world, owner="test")

    def approve_all(self) -> int:
        """Every reviewer approves what they may, until nothing waits."""
        done = 0
        while True:
            before = done
            for index in range(len(self.staff)):
                staff = self.reviewer(index)
                for row in self.world.engine.ask(cases.page, staff, CLAIMABLE, limit=200).rows:
                    if "claim" in row.possible:
                        given = {"case_id": row.case.id}
                        self.world.engine.perform(reviewing.claim, given, actor=staff)
                        self.world.engine.perform(reviewing.approve, given, actor=staff)
                        self.work()
                        done += 1
            if done == before:
                return done

    def person(self, index: int, **values: Any) -> Person:
        """A person of the line: 0 purchases, 1 supplies."""
        return Person(
            self.world,
            identity(index, **values),
            ids.seeded(index, "person"),
            scheme=self.scheme,
            role=("purchaser", "supplier")[index % 2],
        )

    def registered(self, person: Person) -> None:
        """Up to the proven name."""
        request_id = person.request_code()
        self.work()
        person.sign_in(request_id, person.read_code())
        person.prove_name()
        self.work()

    def onboarded(self, person: Person) -> None:
        """Up to the account at the platform."""
        self.registered(person)
        person.claim()
        self.approve_all()
        person.know_enterprise()
        person.onboard()

    def certified(self, person: Person, agency_id: str = "dongfang") -> None:
        """Up to the active certificate and the usable seal."""
        self.onboarded(person)
        person.order(agency_id=agency_id)
        self.work()
        person.pay()
        self.work(70)
        person.attach()
        self.approve_all()
        person.request_certificate()
        self.work()
        assert person.activate()
        self.work()
        assert person.know_seal()

    def bound(self, person: Person, agency_id: str = "dongfang") -> None:
        """Up to the first scan login."""
        self.certified(person, agency_id)
        person.sign_in_by_password()
        person.scan_and_confirm(person.show_binding_qr())
        ticket_id, qr_text = person.show_login_qr()
        person.scan_and_confirm(qr_text)
        person.finish_login(ticket_id)

    def contract(self, purchaser: Person, supplier: Person, *, upload: bytes = b"") -> str:
        """A contract that both have signed."""
        lines = [{"name": "净水器滤芯", "unit": "套", "quantity": 3, "unit_price_fen": 12_550}]
        order = purchaser.place_purchase_order(supplier.mall_account_id, lines)
        made = purchaser.create_contract(order, number="HT-001", date="2026-06-01", upload=upload)
        for one in (purchaser, supplier):
            self.sign(one, made["id"])
        return str(made["id"])

    def sign(self, person: Person, contract_id: str) -> None:
        """One party signs by scan."""
        signature_id = person.request_signature(contract_id)
        self.work()
        person.scan_and_confirm(person.show_signing_qr(signature_id))
        self.work()
