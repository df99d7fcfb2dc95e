"""A party of a platform, brought there through actions: enterprise, order, certificate, seal.

The key of a party's certificate is in the test's hands, so that a test decides what is signed with it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from engine import worker
from engine.boot import World, tables
from engine.issuing import actions as issuing
from engine.issuing import queries as certificates
from engine.kernel import actors, challenges, clock, ids
from engine.mall import actions as mall
from engine.mall import model as mall_model
from engine.ordering import actions as ordering
from engine.ordering import model as orders
from engine.pki import keys
from engine.policies import actions as settings
from engine.reviewing import actions as reviewing
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from engine.staffing.model import Role
from tests.support import key_proofs, registering, worlds
from tests.support.worlds import SYSTEM


@dataclass(frozen=True, kw_only=True)
class Reviewers:
    """Staff who decide everything on the way; no two roles are one person's."""

    enterprise: actors.Staff
    second: actors.Staff
    platform: actors.Staff
    agency: actors.Staff
    seal: actors.Staff
    maker: actors.Staff
    contract: actors.Staff

    @classmethod
    def of(cls, world: World) -> Reviewers:
        """New staff, each with the one role."""
        return cls(
            enterprise=worlds.staff(world, Role.ENTERPRISE_REVIEWER),
            second=worlds.staff(world, Role.ENTERPRISE_REVIEWER),
            platform=worlds.staff(world, Role.PLATFORM_REVIEWER),
            agency=worlds.staff(world, Role.AGENCY_REVIEWER),
            seal=worlds.staff(world, Role.SEAL_REVIEWER),
            maker=worlds.staff(world, Role.SEAL_MAKER),
            contract=worlds.staff(world, Role.CONTRACT_REVIEWER),
        )


@dataclass(frozen=True, kw_only=True)
class Party:
    """An enterprise at a platform: its person's phone, its PC, its certificate and seal."""

    name: str
    person: actors.Person
    enterprise_id: str
    mall: actors.MallAccount
    key: key_proofs.PartyKey
    reviewers: Reviewers = field(repr=False)
    order_id: str = ""
    certificate_id: str = ""
    seal_id: str = ""


def settle(world: World, *, rounds: int = 3) -> None:
    """Let outside parties answer; payment notices come some seconds later."""
    for _ in range(rounds):
        worker.tick(world, owner="test")
        worlds.clock_of(world).advance(clock.MINUTE)
    worker.tick(world, owner="test")


def open_case(world: World, kind: str, subject_id: str) -> str:
    """The open case about a subject."""
    sql = (
        "SELECT id FROM review_case WHERE kind = ? AND subject_id = ? AND sample_of IS NULL"
        " AND status IN ('waiting', 'claimed', 'held')"
    )
    return str(worlds.rows(world, sql, kind, subject_id)[0]["id"])


def approve(world: World, kind: str, subject_id: str, who: actors.Staff) -> None:
    """Take the case about a subject and say yes."""
    case_id = open_case(world, kind, subject_id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=who)


def approve_claim(world: World, claim_id: str, reviewers: Reviewers) -> None:
    """Two people say yes to a claim: the enterprise is there."""
    approve(world, "enterprise_claim", claim_id, reviewers.enterprise)
    approve(world, "enterprise_claim", claim_id, reviewers.second)


def add_reason(world: World, kind: str) -> str:
    """A reason to reject cases of a kind, set by one and approved by another; its code."""
    code = f"{kind}_test"
    managers = [worlds.staff(world, Role.LEAD) for _ in range(2)]
    text = {"zh": "请更正后重新提交。", "en": "Correct this and submit it again."}
    proposed = world.engine.perform(
        settings.propose,
        {
            "kind": "reason",
            "name": code,
            "body": {"kinds": [kind], "field": "name", "text": text},
            "effective_at": 0,
        },
        actor=managers[0],
    )
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=managers[1])
    return code


def reject(world: World, kind: str, subject_id: str, who: actors.Staff) -> str:
    """Take the case about a subject and say no; the reason's code."""
    case_id, reason = open_case(world, kind, subject_id), add_reason(world, kind)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    arguments = {"case_id": case_id, "reasons": (reason,)}
    world.engine.perform(reviewing.reject, arguments, actor=who)
    return reason


def enterprise(
    world: World,
    reviewers: Reviewers,
    *,
    number: int = 1,
    name: str = "新疆天山净水科技有限公司",
    role: mall_model.MallRole = mall_model.MallRole.SUPPLIER,
    platform_id: str = "guangzheng",
) -> Party:
    """A person with an approved enterprise that is onboarded at a platform."""
    person = registering.sign_up(world, f"1380013{number:04d}")
    registering.prove(world, person, registering.resident_id(sequence=f"{number * 2:03d}"))
    claim = registering.claim(world, person, uscc=registering.credit_code(number), name=name)
    approve_claim(world, claim.id, reviewers)
    sql = "SELECT id FROM enterprise WHERE name = ?"
    enterprise_id = worlds.rows(world, sql, name)[0]["id"]
    account = world.engine.perform(
        mall.onboard,
        {
            "platform_id": platform_id,
            "enterprise_id": enterprise_id,
            "role": role,
            "login": f"party{number:04d}",
            "password": worlds.PASSWORD,
        },
        actor=person,
    )
    return Party(
        name=name,
        person=person,
        enterprise_id=enterprise_id,
        mall=actors.MallAccount(mall_account_id=account.id, platform_id=platform_id),
        key=keys.generate(ids.seeded(number, "party")),
        reviewers=reviewers,
    )


def order(world: World, party: Party) -> Party:
    """With a certificate order that is neither paid nor reviewed."""
    placed = world.engine.perform(
        ordering.place_order,
        {
            "enterprise_id": party.enterprise_id,
            "platform_id": party.mall.platform_id,
            "agency_id": "dongfang",
            "seal_agency_id": "huayin",
            "certificate_kind": "platform",
            "years": 1,
        },
        actor=party.person,
    )
    return replace(party, order_id=placed.id)


def pay(world: World, party: Party) -> None:
    """The order's payment comes in."""
    settle(world, rounds=1)
    payment = world.engine.perform(ordering.pay, {"order_id": party.order_id}, actor=party.person)
    world.bank.pay(payment.id)
    settle(world)


def hand_in(world: World, party: Party) -> None:
    """The order's papers are uploaded; the first review begins."""
    paper = orders.PaperUpload(code="authorization", content=registering.PNG)
    world.engine.perform(
        ordering.attach_papers,
        {"order_id": party.order_id, "papers": (paper,)},
        actor=party.person,
    )


def approve_order(world: World, party: Party) -> None:
    """Platform and CA approve."""
    approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    approve(world, "certificate_ca", party.order_id, party.reviewers.agency)


def download(world: World, party: Party) -> Party:
    """The certificate comes to the phone and is taken into use."""
    requested = world.engine.perform(
        issuing.request_certificate,
        key_proofs.request_arguments(party.order_id, party.key),
        actor=party.person,
    )
    settle(world, rounds=1)
    found = world.engine.ask(certificates.certificate, party.person, requested.id)
    digest = hashlib.sha256(found.der or b"").digest()
    message = challenges.of_activation(certificate_id=found.id, certificate_digest=digest)
    proof = key_proofs.prove(world, party.person, found.id, party.key, message)
    arguments = {"certificate_id": found.id, "proof": proof}
    world.engine.perform(issuing.activate, arguments, actor=party.person)
    return replace(party, certificate_id=found.id)


def certified(world: World, reviewers: Reviewers, **about: object) -> Party:
    """A party with an active certificate; its company seal still waits for its review."""
    party = order(world, enterprise(world, reviewers, **about))  # type: ignore[arg-type]
    pay(world, party)
    hand_in(world, party)
    approve_order(world, party)
    return download(world, party)


def application(world: World, party: Party, kind: str = sealing.SealKind.COMPANY) -> str:
    """The enterprise's newest application for a kind of seal."""
    found = world.engine.ask(seals.applications_of, SYSTEM, party.enterprise_id)
    return next(one.id for one in found if one.kind == kind)


def approve_seal(world: World, party: Party) -> None:
    """The company seal is checked by its maker, who orders it."""
    approve(world, "seal_making", application(world, party), party.reviewers.maker)


def seal_of(world: World, party: Party, kind: str = sealing.SealKind.COMPANY) -> sealing.Seal:
    """The enterprise's newest seal of a kind."""
    found = world.engine.ask(seals.of_enterprise, SYSTEM, party.enterprise_id)
    return next(one for one in found if one.kind == kind)


def sealed(world: World, reviewers: Reviewers, **about: object) -> Party:
    """A party that can sign: certificate active, company seal made."""
    party = certified(world, reviewers, **about)
    approve_seal(world, party)
    settle(world, rounds=1)
    return replace(party, seal_id=seal_of(world, party).id)


def violations(world: World) -> dict[str, list[str]]:
    """What breaks an invariant of the world, by the invariant's name."""
    found = {
        name: [row["id"] for row in worlds.rows(world, sql)]
        for name, sql in tables.INVARIANTS.items()
    }
    return {name: ids_ for name, ids_ in found.items() if ids_}
