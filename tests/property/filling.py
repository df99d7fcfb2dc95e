"""Arguments for what a door offers, out of a world: ids of rows, codes that came, words that are known.

By an argument's name and type: one's own rows sooner than others', and now and then what is nowhere.
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

from engine.boot import World
from engine.http import routes
from engine.kernel import clock
from engine.records import kinds
from simulations import papers
from simulations.people import Person

# Names of arguments that stand for rows → the tables in which such a row is.
TABLES: dict[str, tuple[str, ...]] = {
    "account_id": ("account",),
    "address_id": ("delivery_address",),
    "application_id": ("seal_application",),
    "archive_id": ("archive",),
    "batch_id": ("signing_batch",),
    "binding_id": ('"binding"',),
    "bulk_id": ("bulk_act",),
    "call_id": ("phone_call",),
    "case_id": ("review_case",),
    "certificate_id": ("certificate",),
    "change_id": ("enterprise_change",),
    "claim_id": ("enterprise_claim",),
    "client_id": ("machine_client",),
    "contract_id": ("contract",),
    "delegation_id": ("seal_delegation",),
    "delivery_id": ("webhook_delivery",),
    "device_id": ("device",),
    "document_id": ("blob",),
    "endpoint_id": ("webhook_endpoint",),
    "enterprise_id": ("enterprise",),
    "file_id": ("file_record",),
    "grant_id": ("staff_grant",),
    "handover_id": ("handover",),
    "incident_id": ("incident",),
    "invitation_id": ("invitation",),
    "invoice_id": ("invoice",),
    "item_id": ("incident_item",),
    "job_id": ("job",),
    "link_id": ("staff_link",),
    "membership_id": ("membership",),
    "message_id": ("message",),
    "opening_id": ("file_opening",),
    "opens_with": ("certificate",),
    "order_id": ("certificate_order",),
    "owner_id": ("staff",),
    "pair_id": ("certificate",),
    "posting_id": ("ledger_posting",),
    "proof_id": ("real_name_proof",),
    "proposal_id": ("machine_proposal",),
    "purchase_order_id": ("purchase_order",),
    "question_id": ("saved_question",),
    "record_id": tuple(one.table for one in kinds.KINDS.values()),
    "recovery_id": ("key_recovery",),
    "request_id": ("verification_code",),
    "seal_id": ("seal",),
    "session_id": ("handset_session", "mall_session", "staff_session"),
    "shipment_id": ("shipment",),
    "signature_id": ("contract_signature",),
    "staff_id": ("staff",),
    "stop_id": ("issuing_stop",),
    "supplier_id": ("mall_account",),
    "ticket_id": ("ticket",),
    "title_id": ("invoice_title",),
    "token_id": ("machine_token",),
    "to_staff_id": ("staff",),
    "transfer_id": ("administrator_transfer",),
    "version_id": ("policy_version",),
    "view_id": ("saved_view",),
}
# Where the same name stands for another kind of row.
OF_ACTION: dict[tuple[str, str], tuple[str, ...]] = {
    ("incidents.about", "subject_id"): ("certificate", "enterprise"),
    ("incidents.name_subject", "subject_id"): ("certificate", "enterprise"),
    ("incidents.open_incident", "subject_id"): ("certificate", "enterprise"),
    ("ordering.settle_case", "case_id"): ("money_case",),
    ("records.delete_view", "view_id"): ("record_view",),
    ("registration.end_session", "session_id"): ("handset_session",),
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
    "template_id": ("purchase",),
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
        own["legal_representative_id"] = identity.resident_id
        if name in own and name != "name":
            return own[name]
        words = WORDS.get(name, ("",))
        return self._chance.choice(words)

    def _fixed(self, action: str, name: str) -> str | None:
        """The id of a row, one's own where there is one; None where the name stands for no row."""
        tables = list(OF_ACTION.get((action, name)) or TABLES.get(name, ()))
        if len(tables) > 1:
            self._chance.shuffle(tables)
        for table in tables:
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
