"""The story of the demo: an enterprise's whole way, step by step, on phone, PC and the staff's desk.

A step says who acts on which side, what they fill in, and what happens then; acting goes through the very
doors that people use. The page draws it; nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from engine import boot, worker
from engine.kernel import actors, identifiers, ids
from engine.kernel.catalog import Text
from engine.reviewing import actions as reviewing
from engine.reviewing import model as reviews
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from simulations.people import Identity, Person

Side = Literal["phone", "pc", "staff"]
CONTRACT_NAME = "办公用品采购合同"
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
    qr_text: str
    png: bytes
    expires_at: int
    caption: str


@dataclass
class Demo:
    """One demonstration: two persons with phones and browsers, and how far they have come."""

    world: boot.World
    purchaser: Person
    supplier: Person
    steps: tuple[Step, ...]
    at: int = 0
    request_id: str = ""
    shown: Shown | None = None
    notice: str | Text = ""
    contract_id: str = ""
    signature_id: str = ""
    purchase_order: dict[str, Any] = field(default_factory=dict)
    pc: str = "nobody"
    refresh: Callable[[], None] | None = None

    @property
    def step(self) -> Step | None:
        """The step to be done now, or None at the end."""
        return self.steps[self.at] if self.at < len(self.steps) else None

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
            "seal": "手写签名",
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


def _person(world: boot.World, role: str) -> Person:
    """Somebody whose phone holds a divided key, as a real phone does."""
    entropy = ids.system_entropy
    return Person(world, _identity(entropy), entropy, role=role, scheme="split_rsa")


def begin(world: boot.World, steps: tuple[Step, ...]) -> Demo:
    """A new demonstration with two new synthetic persons."""
    return Demo(
        world=world,
        purchaser=_person(world, "purchaser"),
        supplier=_person(world, "supplier"),
        steps=steps,
    )


# -- the staff's part ------------------------------------------------------------------------------


def staff_with(world: boot.World, rights: Iterable[Right]) -> list[actors.Staff]:
    """Everybody who holds one of these rights somewhere."""
    inside = boot.tables.INSIDE
    found = [
        world.engine.ask(staffing.actor, inside, profile.id)
        for profile in world.engine.ask(staffing.everyone, inside)
    ]
    return [
        one
        for one in found
        if one is not None and any(staffing.has(one, right, anywhere=True) for right in rights)
    ]


def _reviewers(world: boot.World) -> list[actors.Staff]:
    """Everybody who reviews here; four eyes are the engine's, not the story's."""
    return staff_with(world, reviews.RIGHT_FOR.values())


def waiting(demo: Demo) -> reviews.Case | None:
    """The open case that the staff's pane is about: the newest that one of the demo's people made."""
    for reviewer in _reviewers(demo.world):
        for row in _newest_first(demo, reviewer):
            return row.case
    return None


def _newest_first(demo: Demo, reviewer: actors.Staff) -> list[reviews.QueueRow]:
    """The open cases about the demo's people that a reviewer may see."""
    found: list[reviews.QueueRow] = []
    for title in _titles(demo):
        wanted = reviews.Wanted(text=title)
        rows = demo.world.engine.ask(cases.page, reviewer, wanted, limit=200).rows
        found += [row for row in rows if row.case.title == title and row.case.sample_of is None]
    return sorted(found, key=lambda row: (row.case.opened_at, row.case.id), reverse=True)


def _titles(demo: Demo) -> tuple[str, ...]:
    titles = (demo.purchaser.identity.enterprise, demo.supplier.identity.enterprise)
    return (*titles, CONTRACT_NAME)


def approve_waiting(demo: Demo) -> bool:
    """Have the waiting case approved by a reviewer who may; False when none waits."""
    engine = demo.world.engine
    for reviewer in _reviewers(demo.world):
        for row in _newest_first(demo, reviewer):
            if _about(demo, row.case) and ("claim" in row.possible or "approve" in row.possible):
                case_id = row.case.id
                if "claim" in row.possible:
                    engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewer)
                engine.perform(reviewing.approve, {"case_id": case_id}, actor=reviewer)
                worker.tick(demo.world, owner="demo")
                return True
    return False


def _about(demo: Demo, case: reviews.Case) -> bool:
    return case.kind != "contract" or case.subject_id == demo.contract_id
