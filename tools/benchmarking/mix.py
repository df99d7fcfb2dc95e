"""A fixed mix of engine actions, representative of the line and without its long single computations.

One person's share: ask for a code, sign in, prove the name, the provider's answer, claim an enterprise
with its papers, the register's answer, two reviewers claim the case and approve it (which makes
enterprise, membership and three seal applications), the person reads the message; then a party that has
its certificate signs in to the mall by scan (open, scan, confirm with a signature, finish) and places a
purchase order.
Left out: Argon2id, typesetting, certificates and PDF signatures, which would measure themselves.

The mix is played once through the engine with a note of every call; ids come from a seeded stream and
the clock stands still, so the noted calls can be performed again on a copy of the same world.
"""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import boot
from engine.binding import actions as binding
from engine.issuing import actions as issuing
from engine.issuing.model import KeyProof
from engine.kernel import actors, clock, codec, database, ids, vault
from engine.kernel.engine import Engine
from engine.mall import actions as mall
from engine.mall import model as mall_model
from engine.messaging import actions as messaging
from engine.registration import actions as registration
from engine.registration import model as people
from engine.reviewing import actions as reviewing
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.scanning import queries as scanned
from tests.support import binding as binding_support
from tests.support import key_proofs, parties, registering, worlds

_DOOR = actors.System(job="door")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `Engine.perform`."""

    action: Callable[..., Any]
    arguments: Mapping[str, Any]
    actor: actors.Actor
    key: str

    def on(self, engine: Engine) -> Any:
        """Make it happen."""
        return engine.perform(self.action, self.arguments, actor=self.actor, key=self.key)


@dataclass
class Ground:
    """A world with two certified parties, and copies of it."""

    world: boot.World = field(default_factory=boot.memory_world)
    reviewers: parties.Reviewers = field(init=False)
    supplier: parties.Party = field(init=False)
    purchaser: parties.Party = field(init=False)

    def __post_init__(self) -> None:
        self.reviewers = parties.Reviewers.of(self.world)
        self.supplier = parties.certified(self.world, self.reviewers, number=1)
        self.purchaser = parties.certified(
            self.world,
            self.reviewers,
            number=2,
            name="新疆昆仑商贸有限公司",
            role=mall_model.MallRole.PURCHASER,
        )
        for party in (self.supplier, self.purchaser):
            self._bind(party)

    def _bind(self, party: parties.Party) -> None:
        perform = self.world.engine.perform
        opened = perform(
            binding.open_binding_ticket,
            {"kind": tickets.TicketKind.PLATFORM, "nonce": "binding"},
            actor=party.mall,
        )
        ticket = perform(scanning.scan, {"qr_text": opened.qr_text}, actor=party.person)
        opened_try = perform(issuing.open_try, _try(self.world, party, 0), actor=party.person)
        proof = _proof(party, ticket, opened_try.id)
        proof["particulars"] = binding_support.answers(self.world, party)
        proof["number"] = binding_support.digits(self.world, opened, "binding")
        perform(binding.confirm_binding, proof, actor=party.person)

    def copy(self, db: database.SqliteDatabase) -> Engine:
        """An engine over a copy of the world in an empty database, with the same ids to come."""
        parts = self.world.engine.parts
        with parts.db.read() as connection, db.read() as empty:
            empty.raw.execute("ROLLBACK")  # type: ignore[attr-defined]
            connection.raw.backup(empty.raw)  # type: ignore[attr-defined]
            empty.raw.execute("BEGIN")  # type: ignore[attr-defined]
        return Engine(
            dataclasses.replace(
                parts,
                db=db,
                entropy=copy.deepcopy(parts.entropy),
                clock=clock.ManualClock(parts.clock.now_ms()),
            )
        )

    def play(self, persons: int) -> tuple[list[Call], dict[str, int]]:
        """The calls of the mix for so many persons, and how often each action is among them."""
        engine = self.copy(database.SqliteDatabase(None))
        player = _Player(engine=engine, ground=self)
        for number in range(persons):
            player.person(number)
        engine.parts.db.close()
        counts: dict[str, int] = {}
        for call in player.calls:
            name = call.action.__name__
            counts[name] = counts.get(name, 0) + 1
        return player.calls, counts


def _try(world: boot.World, party: parties.Party, number: int) -> dict[str, Any]:
    """What begins a try at a party's PIN; its nonce follows from a number."""
    nonce = number.to_bytes(16, "big")
    signed = key_proofs.device_signature(world, party.person, party.certificate_id, nonce)
    return {
        "certificate_id": party.certificate_id,
        "nonce": nonce,
        "device_signature": signed,
    }


def _proof(party: parties.Party, ticket: tickets.Ticket, try_id: str) -> dict[str, Any]:
    half = key_proofs.half(party.key, tickets.challenge_of(ticket))
    return {
        "ticket_id": ticket.id,
        "certificate_id": party.certificate_id,
        "proof": KeyProof(try_id=try_id, half=half),
    }


@dataclass
class _Player:
    engine: Engine
    ground: Ground
    calls: list[Call] = field(default_factory=list)
    keys: ids.Stream = field(default_factory=lambda: ids.seeded(1, "keys"))

    def do(self, action: Callable[..., Any], actor: actors.Actor, **arguments: Any) -> Any:
        call = Call(action=action, arguments=arguments, actor=actor, key=ids.token(self.keys, 16))
        self.calls.append(call)
        return call.on(self.engine)

    def row(self, sql: str, *parameters: object) -> dict[str, Any]:
        with self.engine.parts.db.read() as connection:
            return connection.rows(sql, parameters)[0]

    def person(self, number: int) -> None:
        self.review(number, self.named(number))
        self.scan_login(self.ground.supplier, number)
        self.do(
            mall.place_purchase_order,
            self.ground.purchaser.mall,
            supplier_id=self.ground.supplier.mall.mall_account_id,
            title="办公用品采购",
            awardee="",
            lines=(
                mall_model.Line(name="打印纸", unit="箱", quantity=3, unit_price_fen=12_000),
                mall_model.Line(name="签字笔", unit="盒", quantity=10, unit_price_fen=2_400),
            ),
        )

    def named(self, number: int) -> actors.Person:
        phone = f"1390000{number:04d}"
        asked = self.do(
            registration.request_code,
            _DOOR,
            phone=phone,
            purpose=people.CodePurpose.SIGN_IN,
            terms_accepted=True,
        )
        session = self.do(
            registration.sign_in_by_code,
            _DOOR,
            request_id=asked.request_id,
            phone=phone,
            code=self.code(asked.request_id),
            device_key=b"\x04" + bytes(62) + number.to_bytes(2, "big"),
            device_label="模拟手机",
        )
        person = actors.Person(
            account_id=session.account_id, device_id=session.device_id, second_factor_at=1 << 62
        )
        proof = self.do(
            registration.prove_name,
            person,
            way="alipay",
            name=registering.NAME,
            resident_id=registering.resident_id(
                born=f"19{60 + number // 400:02d}0312", sequence=f"{100 + number % 400 * 2:03d}"
            ),
            face=registering.PNG,
        )
        self.do(
            registration.record_proof,
            actors.System(job="check_real_name"),
            proof_id=proof.id,
            matched=True,
            reason="",
            mismatched=(),
            reference=f"ref-{number}",
        )
        return person

    def code(self, request_id: str) -> str:
        job = self.row("SELECT id, body FROM job WHERE subject = ?", request_id)
        secret = self.engine.parts.keyring.secret("jobs")
        text = vault.unseal(secret, job["body"], f"job|body|{job['id']}").decode()
        found = re.search(r"码 (\d{6})", codec.load(text)["text"])
        assert found is not None
        return found.group(1)

    def review(self, number: int, person: actors.Person) -> None:
        claim = self.do(
            registration.claim_enterprise,
            person,
            name=f"新疆天山第{number}科技有限公司",
            uscc=registering.credit_code(1_000 + number),
            legal_representative="王建国",
            legal_representative_id=registering.resident_id(),
            papers=registering.papers_of_claim("王建国", "authorization"),
        )
        check = self.row("SELECT id FROM register_check WHERE about = ?", claim.id)
        self.do(
            registration.record_register_check,
            actors.System(job="check_register"),
            check_id=check["id"],
            matched=True,
            reason="",
            mismatched=(),
            reference="bench",
        )
        for reviewer in (self.ground.reviewers.enterprise, self.ground.reviewers.second):
            sql = "SELECT id FROM review_case WHERE subject_id = ? AND decided_at IS NULL"
            case = self.row(sql, claim.id)
            self.do(reviewing.claim, reviewer, case_id=case["id"])
            self.do(reviewing.approve, reviewer, case_id=case["id"])
        sql = "SELECT id FROM message WHERE account_id = ? AND kind = 'claim.approved'"
        self.do(messaging.read, person, message_id=self.row(sql, person.account_id)["id"])

    def scan_login(self, party: parties.Party, number: int) -> None:
        opened = self.do(
            binding.open_login_ticket,
            worlds.SYSTEM,
            platform_id=party.mall.platform_id,
            kind=tickets.TicketKind.PLATFORM,
            nonce=f"browser {number}",
        )
        ticket = self.do(scanning.scan, party.person, qr_text=opened.qr_text)
        # As many calls, as many nonces: each is good once.
        begins = _try(self.ground.world, party, len(self.calls) + 1)
        opened_try = self.do(issuing.open_try, party.person, **begins)
        proof = _proof(party, ticket, opened_try.id)
        shown = self.engine.ask(scanned.watch, worlds.SYSTEM, ticket.id, f"browser {number}")
        self.do(binding.confirm_login, party.person, **proof, number=shown.number)
        self.do(
            binding.finish_login,
            worlds.SYSTEM,
            ticket_id=opened.ticket.id,
            nonce=f"browser {number}",
        )
