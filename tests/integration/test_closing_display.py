"""PI-3: no question that anybody may ask shows a personal value of somebody else in full."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import types
from collections.abc import Iterator
from itertools import product
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from engine import boot
from engine.boot import World, tables
from engine.http import arguments, routes
from engine.kernel import actors, database, errors, identifiers, ids
from engine.records import model as records_model
from engine.records import queries as records
from engine.records.kinds import KINDS
from engine.registration import actions as registration
from engine.registration.model.members import MemberRole
from engine.reviewing import queries as cases
from engine.reviewing.model import RIGHT_FOR, Wanted
from engine.signing import model as signing
from engine.staffing.model import Role
from simulations.people import Identity, Person
from tests.support import closing, posting, registering, worlds
from tests.support.line import Line, identity
from tests.support.worlds import SYSTEM

# Where the ids are that a parameter of this name takes, if its table is called otherwise.
TABLE_OF = {
    "order": "certificate_order",
    "claim": "enterprise_claim",
    "case": "review_case",
    "subject": "account",
    "application": "seal_application",
    "change": "enterprise_change",
    "pair": "certificate",
    "signature": "contract_signature",
    "address": "delivery_address",
}
TERMS = signing.ContractTerms(
    name="采购合同",
    number="HT-900",
    signing_date="2026-11-24",
    effective_date="2026-11-25",
    payment_terms="验收后付款",
    place="乌鲁木齐",
)
NAMES = ("欧阳明远", "司马清扬")
# What answers nothing but the asker's own file, made anew.
OWN_FILE = {"registration.letter_as_kept"}
# May be left out, and then the question needs another one.
ONE_OF_TWO = {("issuing.pin_rules", "certificate_id")}
# What answers only who holds a secret that was shown once: a code's request, a browser's nonce, a QR.
NEEDS_A_SECRET = {
    "binding.watch",
    "registration.invitation",
    "registration.proof_outcome",
    # The page of a contract is for whoever holds its address.
    "signing.published",
}
# What is asked of something that this world has none of: a file's ticket, a stamped form, a batch.
NOT_HERE = {
    "enveloping.file_to_be_signed",
    "enveloping.to_be_opened",
    "signing.signing_batch",
    "sealing.preview_impression",
}


def _identity(index: int) -> Identity:
    return dataclasses.replace(
        identity(index), name=NAMES[index], legal_representative=NAMES[index]
    )


@dataclasses.dataclass
class Full:
    """A world in which something of everything is there, and who is in it."""

    world: World
    people: tuple[Person, Person]
    colleague: actors.Person

    def values(self, *people: Person) -> set[str]:
        """What must not be seen of these people."""
        return {
            value
            for one in people
            for value in (
                one.identity.name,
                one.identity.phone,
                one.identity.resident_id,
                one.identity.bank_card,
            )
        }


@pytest.fixture(scope="module")
def full() -> Iterator[Full]:
    """Orders, certificates, seals, a contract, an invoice, open cases of several kinds, a member more."""
    world = boot.memory_world(world_id="display")
    line = Line.on(world)
    one, other = (
        Person(world, _identity(n), ids.seeded(n, "person"), role=("purchaser", "supplier")[n])
        for n in range(2)
    )
    line.bound(one)
    line.bound(other)
    contract_id = line.contract(one, other)
    one.submit(contract_id)
    line.approve_all()
    one.invoice()
    one.order_service(one.services_for("information", "enterprise")[0]["service_id"], 12)
    line.work()
    told = {"recipient": one.identity.name, "phone": one.identity.phone}
    posting.packed(world, _person(world, one), **told)
    line.work()
    colleague = registering.sign_up(world, "13700137000")
    registering.prove(world, colleague, registering.resident_id(sequence="901"), name="诸葛文静")
    registering.claim(
        world,
        colleague,
        uscc=registering.credit_code(77),
        name="江苏文静有限公司",
        representative="诸葛文静",
    )
    closing.ask_to_cancel(world, registering.sign_up(world, "13700137009"))
    officer, *_ = closing.officers(world)
    world.engine.perform(
        registration.propose_termination,
        {"account_id": colleague.account_id, "reason": "holder_deceased", "note": ""},
        actor=officer,
    )
    _join(world, one, colleague)
    _change_the_name(world, one)
    yield Full(world=world, people=(one, other), colleague=colleague)
    world.close()


def _change_the_name(world: World, one: Person) -> None:
    """The first person's enterprise asks for another name; the change is in review."""
    given = {
        "enterprise_id": one.enterprise_id,
        "name": "上海欧阳集团有限公司",
        "legal_representative": one.identity.legal_representative,
        "legal_representative_id": one.identity.representative_number,
        "papers": registering.papers_of_claim(one.identity.legal_representative),
        "confirmed": True,
    }
    world.engine.perform(registration.change_enterprise, given, actor=_person(world, one))


def _join(world: World, one: Person, colleague: actors.Person) -> None:
    """The colleague becomes a member of the first person's enterprise."""
    administrator = _person(world, one)
    given = {
        "enterprise_id": one.enterprise_id,
        "phone": "13700137000",
        "role": MemberRole.HANDLER,
    }
    invited = world.engine.perform(registration.invite_by_phone, given, actor=administrator)
    accepted = {"invitation_id": invited.id}
    world.engine.perform(registration.accept_invitation, accepted, actor=colleague)


def _person(world: World, one: Person) -> actors.Person:
    with world.engine.reader(SYSTEM) as q:
        account_id = q.find("account.phone", one.identity.phone)[0]
    sql = "SELECT id FROM device WHERE account_id = ?"
    device_id = worlds.rows(world, sql, account_id)[0]["id"]
    return actors.Person(
        account_id=account_id, device_id=device_id, second_factor_at=registering.ALWAYS
    )


def _candidates(world: World, name: str, hint: Any, full: Full) -> list[Any]:
    """What a parameter could be given."""
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return list(hint)
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    if hint is records_model.Wanted:
        return [records_model.Wanted(kind=kind) for kind in KINDS]
    stem = name.removesuffix("_id")
    table = TABLE_OF.get(stem, stem)
    db = world.engine.parts.db
    with db.read() as connection:
        if name.endswith("_id") and table in database.tables(connection, db.dialect):
            rows = connection.rows(f"SELECT id FROM {table} ORDER BY id")
            # A subject may be a contract too, and an order one of a service.
            also = {"subject_id": "contract", "order_id": "service_order"}.get(name)
            more = connection.rows(f"SELECT id FROM {also}") if also else []
            return [row["id"] for row in (*rows, *more)]
        if name == "record_id":
            tables_of = [kind.table for kind in KINDS.values()]
            found = [connection.rows(f"SELECT id FROM {one} ORDER BY id") for one in tables_of]
            return [row["id"] for rows in found for row in rows]
        if name == "order_ids":
            return [(row["id"],) for row in connection.rows("SELECT id FROM certificate_order")]
    told: dict[str, list[Any]] = {
        "text": ["", NAMES[1], full.people[1].identity.phone, "有限公司"],
        "kind": [*sorted(RIGHT_FOR), "ordinary"],
        "platform_id": sorted({one.platform_id for one in full.people}),
        "uscc": [full.people[1].identity.uscc],
        "bank_card": [full.people[1].identity.bank_card],
        "tab": ["all"],
        "name": ["新疆更名有限公司"],
        "legal_representative": ["司徒远航"],
    }
    kinds = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    plain: dict[Any, Any] = {
        str: "",
        int: 1,
        bool: False,
        bytes: b"",
        Wanted: Wanted(),
        signing.ContractTerms: TERMS,
    }
    return told.get(name, [plain.get(kinds[0], "")])


def _asked(full: Full, route: routes.Route, actor: actors.Actor) -> Iterator[str]:
    """Every answer to a question that this actor gets, as JSON."""
    hints = get_type_hints(route.function)
    wanted = [
        parameter.name
        for parameter in list(inspect.signature(route.function).parameters.values())[1:]
        if parameter.default is inspect.Parameter.empty
        or parameter.name in ("text", "kind")
        or (route.name, parameter.name) in ONE_OF_TWO
    ]
    choices = [_candidates(full.world, name, hints[name], full) for name in wanted]
    for chosen in product(*choices):
        given = dict(zip(wanted, chosen, strict=True))
        try:
            answer = full.world.engine.ask(route.function, actor, **given)
        except errors.EngineError:
            continue
        yield json.dumps(arguments.to_json(answer), ensure_ascii=False)


def _seen(text: str, values: set[str]) -> set[str]:
    return {value for value in values if value in text}


QUESTIONS = [route for route in routes.ROUTES if not route.changes]


@pytest.mark.row("S-PI-3")
@pytest.mark.parametrize("who", ["anybody", "person", "mall"])
def test_no_question_shows_a_person_or_a_browser_somebody_else_in_full(
    full: Full, who: str
) -> None:
    one, other = full.people
    askers: dict[str, list[tuple[actors.Actor, set[str]]]] = {
        "anybody": [(SYSTEM, full.values(one, other))],
        "person": [
            (_person(full.world, one), full.values(other)),
            (_person(full.world, other), full.values(one)),
            (full.colleague, full.values(one, other)),
        ],
        "mall": [
            (
                actors.MallAccount(
                    mall_account_id=each.mall_account_id, platform_id=each.platform_id
                ),
                full.values(one, other),
            )
            for each in (one, other)
        ],
    }
    answered = set()
    for route in QUESTIONS:
        if route.who == who:
            for actor, hidden in askers[who]:
                for text in _asked(full, route, actor):
                    answered.add(route.name)
                    assert _seen(text, hidden) == set(), route.name
    expected = {route.name for route in QUESTIONS if route.who == who}
    assert expected - answered == (NEEDS_A_SECRET | OWN_FILE | NOT_HERE) & expected


@pytest.mark.row("S-PI-3")
@pytest.mark.parametrize("role", list(Role))
def test_no_question_of_staff_shows_anybody_in_full(full: Full, role: Role) -> None:
    world, hidden = full.world, full.values(*full.people)
    staff = worlds.staff(world, role)
    for route in QUESTIONS:
        if route.who == "staff":
            for text in _asked(full, route, staff):
                assert _seen(text, hidden) == set(), route.name


@pytest.mark.row("S-PI-3")
def test_neither_a_case_nor_a_record_shows_anybody_in_full(full: Full) -> None:
    world, hidden = full.world, full.values(*full.people) | {"诸葛文静", "13700137000"}
    staff = worlds.staff(world, Role.LEAD)
    shown = []
    for row in worlds.rows(world, "SELECT id FROM review_case ORDER BY id"):
        case = world.engine.ask(cases.case, staff, row["id"])
        shown.append((case.kind, repr(world.engine.ask(tables.review_sheet, staff, case))))
    assert len({kind for kind, _ in shown}) >= 7
    for word in (full.people[0].identity.phone, full.people[0].identity.enterprise):
        for hit in world.engine.ask(records.find, staff, word):
            shown.append((hit.kind, repr(hit)))
            if hit.kind != "case":
                shown.append((hit.kind, repr(world.engine.ask(records.record, staff, hit.id))))
                shown.append((hit.kind, repr(world.engine.ask(records.history, staff, hit.id))))
    for kind, text in shown:
        assert _seen(text, hidden) == set(), kind


def test_the_search_is_not_blind(full: Full) -> None:
    one = full.people[0]
    route = routes.BY_NAME["registration.my_data"]
    (text,) = _asked(full, route, _person(full.world, one))
    assert _seen(text, full.values(one)) == full.values(one) - {one.identity.bank_card}


def test_what_is_shown_is_masked():
    assert identifiers.masked_phone("13812341234") == "138****1234"
    assert identifiers.masked_id("310101199001011234") == "310***********1234"
    assert identifiers.masked_name("张小三") == "张*三"
    assert identifiers.masked_card("6222021234561234") == "622202******1234"
    assert identifiers.masked_card("6222021234567891234") == "622202*********1234"
