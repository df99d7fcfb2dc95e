"""Whatever a door offers, done by anybody with whatever there is, as one rule of the state machine.

An action's arguments are filled in by their names and types out of the world itself: ids of rows that
are there (one's own sooner than others'), codes that came, words that the taxonomies know, and now and then
something that is nowhere. So every action is tried in every state, by people whom it is meant for and by
others; that it is done now and then is counted by `test_every_action.py`.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import inspect
import random
import types
import typing
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.boot import World, tables
from engine.http import arguments, routes
from engine.kernel import clock, errors
from engine.reviewing import queries as cases
from engine.staffing import queries as staff_queries
from simulations import papers
from simulations.people import Person

somebody = st.integers(min_value=0, max_value=2)
CHANGES = tuple(route for route in routes.ROUTES if route.changes and route.who != "machine")
# Names of arguments that stand for rows → the tables in which such a row is.
TABLES: dict[str, tuple[str, ...]] = {
    "account_id": ("account",),
    "address_id": ("delivery_address",),
    "application_id": ("seal_application",),
    "archive_id": ("archive",),
    "batch_id": ("signing_batch",),
    "call_id": ("phone_call",),
    "case_id": ("review_case",),
    "certificate_id": ("certificate",),
    "claim_id": ("enterprise_claim",),
    "contract_id": ("contract",),
    "delegation_id": ("seal_delegation",),
    "device_id": ("device",),
    "enterprise_id": ("enterprise",),
    "file_id": ("file_record",),
    "grant_id": ("staff_grant",),
    "handover_id": ("handover",),
    "invitation_id": ("invitation",),
    "invoice_id": ("invoice",),
    "link_id": ("staff_link",),
    "membership_id": ("membership",),
    "message_id": ("message",),
    "opening_id": ("file_opening",),
    "opens_with": ("certificate",),
    "order_id": ("certificate_order",),
    "proof_id": ("real_name_proof",),
    "purchase_order_id": ("purchase_order",),
    "question_id": ("saved_question",),
    "recovery_id": ("key_recovery",),
    "request_id": ("verification_code",),
    "seal_id": ("seal",),
    "session_id": ("handset_session", "mall_session", "staff_session"),
    "shipment_id": ("shipment",),
    "signature_id": ("contract_signature",),
    "staff_id": ("staff",),
    "supplier_id": ("mall_account",),
    "ticket_id": ("ticket",),
    "title_id": ("invoice_title",),
    "to_staff_id": ("staff",),
    "transfer_id": ("administrator_transfer",),
    "version_id": ("policy_version",),
    "view_id": ("saved_view",),
}
# Where the same name stands for another kind of row.
OF_ACTION: dict[tuple[str, str], tuple[str, ...]] = {
    ("ordering.settle_case", "case_id"): ("money_case",),
    ("subscribing.ask_refund", "order_id"): ("service_order",),
    ("subscribing.cancel", "order_id"): ("service_order",),
    ("subscribing.pay", "order_id"): ("service_order",),
}
# Words that an argument of this name is one of.
WORDS: dict[str, tuple[str, ...]] = {
    "agency_id": ("dongfang",),
    "category": ("", "certificate"),
    "certificate_kind": ("platform", "national"),
    "code": ("000000",),
    "detail": ("新华北路 8 号",),
    "field": ("phone",),
    "issuer": ("https://login.example",),
    "kind": ("contract", "finance", "ordinary", "company", "zone"),
    "level": ("B-LT",),
    "login": ("one-more", "two-more"),
    "medium": ("electronic", "paper"),
    "months": ("1",),
    "name": ("测试甲", "新疆甲字号商贸有限公司"),
    "note": ("看过",),
    "opinion": ("价格有误",),
    "order_kind": ("certificate", "information", "platform"),
    "platform_id": ("guangzheng",),
    "product": ("enterprise", "individual", "event"),
    "reason": ("keyCompromise", "lost_phone", "applicant_asked", "account_passed_on", "数量有误"),
    "recipient": ("王敏",),
    "refusal": ("",),
    "region": ("650102",),
    "right": ("first", "second"),
    "role": ("supplier", "purchaser", "handler", "qa", "finance"),
    "scope_id": ("",),
    "scope_kind": ("all",),
    "seal_agency_id": ("huayin",),
    "service_id": ("tender_alerts",),
    "sql": ("SELECT 1",),
    "subject": ("x",),
    "text": ("看过了",),
    "title": ("滤芯",),
    "why": ("lost", "forgotten_pin"),
    "zone_id": ("xinjiang", "nationwide", "nowhere"),
}
PASSWORD = "a quite long sentence"


class Filling:
    """Arguments for actions, out of one world and one seed."""

    def __init__(
        self,
        world: World,
        chance: random.Random,
        person: Person,
        people: list[Person],
        member: str,
    ) -> None:
        self._world, self._chance, self._person = world, chance, person
        self._people, self._member = people, member

    def given(self, route: routes.Route) -> dict[str, Any]:
        """Arguments of an action as JSON; what it does not need is left out half of the time."""
        kinds = typing.get_type_hints(route.function)
        found: dict[str, Any] = {}
        for one in list(inspect.signature(route.function).parameters.values())[1:]:
            if one.name == "prepared":
                continue
            if one.default is not inspect.Parameter.empty and self._chance.random() < 0.5:
                continue
            found[one.name] = self._one(route.name, one.name, kinds[one.name])
        return found

    def _one(self, action: str, name: str, kind: Any) -> Any:
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            kept = [one for one in inner if one is not type(None)]
            return self._one(action, name, self._chance.choice(kept))
        if origin is Literal:
            return self._chance.choice(inner)
        if origin is tuple:
            single = {"order_ids": "order_id", "contract_ids": "contract_id"}.get(name)
            single = single or (name[:-1] if name.endswith("_ids") else name)
            size = self._chance.choice((1, 1, 2))
            return [self._one(action, single, inner[0]) for _ in range(size)]
        if origin is dict:
            return {}
        if inspect.isclass(kind):
            return self._of_class(action, name, kind)
        return None

    def _of_class(self, action: str, name: str, kind: type) -> Any:
        if issubclass(kind, enum.Enum):
            return self._chance.choice(list(kind)).value
        if kind is bool:
            return self._chance.random() < 0.8
        if kind is int:
            return self._number(name)
        if kind is bytes:
            return base64.b64encode(self._content(name)).decode()
        if kind is str:
            return self._text(action, name)
        if dataclasses.is_dataclass(kind) or hasattr(kind, "model_fields"):
            return self._composed(action, kind)
        return None

    def _composed(self, action: str, kind: type) -> dict[str, Any]:
        hints, found = typing.get_type_hints(kind), {}
        for one in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
            bare = one.default is dataclasses.MISSING
            if bare and one.default_factory is dataclasses.MISSING:
                found[one.name] = self._one(action, one.name, hints[one.name])
        return found

    def _number(self, name: str) -> int:
        now = self._world.engine.now()
        if name in ("sign_by", "valid_to", "effective_at"):
            return now + self._chance.choice((-1, 1, 40)) * clock.DAY
        return self._chance.choice((1, 1, 1, 2, 3, 12, 999, 0, -1))

    def _content(self, name: str) -> bytes:
        if name in ("content", "form", "upload"):
            return self._chance.choice((papers.picture("测试"), b"not a file"))
        if name == "face":
            return papers.face()
        return self._chance.randbytes(16)

    def _text(self, action: str, name: str) -> str:
        identity, fixed = self._person.identity, self._fixed(action, name)
        if fixed is not None:
            return fixed
        if name in ("phone", "new_phone", "number", "reserved_phone"):
            return self._chance.choice(self._people).identity.phone
        if name in ("password", "new_password", "old_password", "old", "new"):
            return self._chance.choice((PASSWORD, identity.password))
        if name == "code":
            sent = self._world.sms.outbox(identity.phone)
            return self._person.read_code() if sent else "000000"
        if name == "token":
            door = self._person.browser if action.startswith("mall.") else self._person.handset.door
            return str(getattr(door, "_token", ""))
        own = {"resident_id": identity.resident_id, "uscc": identity.uscc, "name": identity.name}
        own["bank_card"] = identity.bank_card
        if name in own and name != "name":
            return own[name]
        words = WORDS.get(name, ("",))
        return self._chance.choice(words)

    def _fixed(self, action: str, name: str) -> str | None:
        """The id of a row, one's own where there is one; None where the name stands for no row."""
        for table in OF_ACTION.get((action, name)) or TABLES.get(name, ()):
            if (found := self._row(table)) is not None:
                return found
        if name == "subject" and action.startswith("delivering."):
            return self._row("shipment", "subject") or "x"
        if name == "subject_id":
            return self._row("review_case", "subject_id") or "x"
        return "nothing" if name in TABLES else None

    def _row(self, table: str, column: str = "id") -> str | None:
        with self._world.engine.parts.db.read() as connection:
            rows = connection.rows(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 40")
        if not rows:
            return None
        mine = [row for row in rows if self._is_mine(row)]
        pool = mine if mine and self._chance.random() < 0.8 else rows
        return str(self._chance.choice(pool[:12]).get(column) or "nothing")

    def _is_mine(self, row: dict[str, Any]) -> bool:
        person = self._person
        own = {person.enterprise_id, person.mall_account_id, person.order_id}
        own = (own | {self._member}) - {""}
        return bool(own & {value for value in row.values() if isinstance(value, str)})


class AnythingRules:
    """One rule over `people`, `staff` and `world` of the machine that mixes it in."""

    world: World
    people: list[Person]
    staff: list[str]

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    @rule(who=somebody, which=st.integers(0, len(CHANGES) - 1), seed=st.integers(0, (1 << 32) - 1))
    def does_anything(self, who: int, which: int, seed: int) -> None:
        """Somebody, whoever it is meant for, does something that a door offers."""
        self.does(CHANGES[which], who, seed)

    def does(self, route: routes.Route, who: int, seed: int) -> bool:
        """Do one action with arguments out of a seed; whether it was done."""
        person, chance = self.people[who], random.Random(seed)
        # Members of staff are who decides cases, and an administrator where there is one.
        member = self.staff[-1 if route.name.startswith("staffing.") else who % 3]
        given = Filling(self.world, chance, person, self.people, member).given(route)
        if route.who == "staff":
            return self._attempt(lambda: self._by_staff(route, member, given))
        if route.who == "mall" and chance.random() < 0.5:
            self._attempt(person.sign_in_by_password)
        door = person.browser if route.who == "mall" else person.handset.door
        return self._attempt(lambda: door.perform(route.name, given, key=person.key()))

    def _by_staff(self, route: routes.Route, member: str, given: dict[str, Any]) -> None:
        engine = self.world.engine
        staff = engine.ask(staff_queries.actor, tables.INSIDE, member)
        if staff is None:
            raise errors.NotPermitted()
        proved = dataclasses.replace(staff, second_factor_at=engine.now())
        if "reasons" in given:
            known = self._reasons(given.get("case_id", ""))
            given = {**given, "reasons": known}
        checked = arguments.parse(route.function, given)
        engine.perform(route.function, checked, actor=proved, key=self.people[0].key())

    def _reasons(self, case_id: str) -> list[str]:
        engine = self.world.engine
        with engine.parts.db.read() as connection:
            rows = connection.rows("SELECT kind FROM review_case WHERE id = ?", (case_id,))
        return (
            list(engine.ask(cases.reasons_for, tables.INSIDE, rows[0]["kind"]))[:1] if rows else []
        )
