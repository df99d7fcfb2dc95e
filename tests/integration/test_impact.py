"""What an act is said to stop is what it stops: two hundred acts, each told first and then done (OPS-6)."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable

import pytest

from engine.boot import World
from engine.impact import actions as impact
from engine.impact import model
from engine.impact.acts import ACTS
from engine.incidents import actions as incidents
from engine.incidents import queries as stops
from engine.issuing import actions as issuing
from engine.kernel import actors, clock, errors, marks
from engine.sealing import actions as sealing
from engine.sealing import queries as seals
from engine.staffing.model import Role
from tests.support import (
    binding,
    certifying,
    closing,
    parties,
    seal_owners,
    standing,
    trading,
    worlds,
)

FAR = 1 << 62


@dataclasses.dataclass
class Crowd:
    """A world in which much works and is under way, and who acts in it."""

    world: World
    deals: list[trading.Trade]
    lead: actors.Staff
    officer: actors.Staff

    @property
    def sides(self) -> list[parties.Party]:
        """Everybody who holds a certificate and a seal."""
        return [side for deal in self.deals for side in (deal.purchaser, deal.supplier)]


def crowd(world: World, many: int) -> Crowd:
    """So many trades: bound, signed in, with signatures, seals, delegations and orders under way."""
    deals = [trading.trade(world, number=2 * one + 1) for one in range(many)]
    for place, deal in enumerate(deals):
        binding.bind(world, deal.supplier)
        contract = trading.draft(world, deal, terms=trading.replace_number(f"HT-{place}"))
        if place % 2:
            trading.ask_to_sign(world, deal.purchaser, contract.id)
        opened = binding.login_qr(world, "guangzheng")
        binding.scan(world, deal.supplier, opened)
        binding.confirm(world, deal.supplier, opened)
        if place % 3:
            binding.finish(world, opened)
        seal_owners.apply(world, deal.purchaser)
        colleague = closing.add_member(world, deal.supplier, f"1370013{place:04d}", f"9{place:02d}")
        member = dataclasses.replace(deal.supplier, person=colleague)
        seal_owners.entrust(world, deal.supplier, member, deal.supplier.seal_id)
    reviewers, first = deals[0].reviewers, 2 * many + 10
    for number in range(first, first + 3):
        names = {"number": number, "name": f"哈密瓜果{number}号贸易有限公司"}
        party = certifying.approved(world, reviewers, **names)
        if number % 2:
            certifying.request(world, party)
    return Crowd(
        world=world,
        deals=deals,
        lead=worlds.staff(world, Role.LEAD),
        officer=worlds.staff(world, Role.AGENCY_REVIEWER),
    )


@dataclasses.dataclass(frozen=True)
class Case:
    """An act of somebody's on something, and its other arguments."""

    act: str
    subject: str
    actor: actors.Actor
    more: dict[str, str]


def drawn(found: Crowd, chance: random.Random) -> Case:
    """A random act. What ends for good is drawn seldom, so that much is left to act on."""
    side = chance.choice(found.sides)
    weights = {
        "certificate.suspend": 40,
        "certificate.revoke": 5,
        "seal.suspend": 30,
        "seal.delete": 5,
        "agency.stop": 20,
    }
    act = chance.choices(list(weights), list(weights.values()))[0]
    owner = dataclasses.replace(side.person, second_factor_at=FAR)
    if act.startswith("certificate."):
        more = {"reason": "keyCompromise"} if act == "certificate.revoke" else {}
        who = chance.choice([found.officer, owner])
        return Case(act, side.certificate_id, who, more)
    if act == "agency.stop":
        agency = chance.choice(["dongfang", "huaxia", "nanfang"])
        return Case(act, agency, found.lead, {"reason": "演练"})
    return Case(act, side.seal_id, owner, {})


def undo(found: Crowd, chance: random.Random) -> None:
    """Some of what was held or stopped goes on, so that the next acts find a world half awake."""
    world = found.world
    rows = worlds.rows(world, "SELECT pair_id FROM certificate WHERE status = 'suspended'")
    for pair_id in sorted({row["pair_id"] for row in rows}):
        if chance.random() < 0.6:
            given = {"certificate_id": pair_id}
            world.engine.perform(issuing.resume, given, actor=found.officer)
    for row in worlds.rows(world, "SELECT id FROM seal WHERE status = 'suspended' ORDER BY id"):
        [owner] = [one for one in found.sides if one.seal_id == row["id"]]
        if chance.random() < 0.6:
            world.engine.perform(sealing.resume, {"seal_id": row["id"]}, actor=owner.person)
    for stop in world.engine.ask(stops.stops, found.lead):
        given = {"stop_id": stop.id, "reason": "演练结束"}
        world.engine.perform(incidents.ask_to_lift, given, actor=found.lead)
        world.engine.perform(incidents.lift_stop, {"stop_id": stop.id}, actor=found.officer)


def told(world: World, case: Case) -> model.Radius:
    """What the act is said to stop."""
    given = {"act": case.act, "subject": case.subject, **case.more}
    return world.engine.perform(impact.would_stop, given, actor=case.actor)


def flat(radius: model.Radius) -> set[tuple[str, str]]:
    """What it lists, as (kind, id)."""
    return {(kind.kind, one.subject) for kind in radius.stops for one in kind.listed}


def do(world: World, case: Case) -> str:
    """Do it; the code of the refusal, or nothing."""
    known = ACTS[case.act]
    given = {known.subject: case.subject, **case.more}
    try:
        world.engine.perform(known.action, given, actor=case.actor)
    except errors.EngineError as refusal:
        return refusal.code
    return ""


@pytest.mark.row("OPS-6")
def test_what_is_told_beforehand_is_what_then_happens(
    world: World, count: Callable[[int, int], int]
) -> None:
    cases, seen = count(60, 200), Counter[str]()
    found, chance = crowd(world, count(3, 6)), random.Random(20261129)
    for number in range(cases):
        case = drawn(found, chance)
        with worlds.unchanged(world):
            radius = told(world, case)
        before = standing.standing(world)
        refusal = do(world, case)
        lost = before - standing.standing(world)
        assert radius.refusal == refusal, (number, case)
        assert flat(radius) == lost, (number, case)
        assert radius.count == len(lost)
        seen.update(kind for kind, _ in lost)
        seen.update(["refused"] if refusal else [case.act])
        undo(found, chance)
    # None of it was empty talk: each kind stopped at some time, and each act was done.
    assert set(ACTS) <= set(seen)
    assert {
        "works.certificate",
        "works.binding",
        "works.seal",
        "works.signature",
        "works.seal_delegation",
        "works.order",
        "works.offer",
        "works.session",
    } <= set(seen), seen
    assert parties.violations(world) == {}


@pytest.mark.row("OPS-6")
def test_who_may_not_do_it_is_not_told_what_it_would_do(world: World) -> None:
    party = parties.certified(world, parties.Reviewers.of(world))
    agent = worlds.staff(world, Role.AGENT)
    case = Case("certificate.revoke", party.certificate_id, agent, {"reason": "keyCompromise"})
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        told(world, case)
    with pytest.raises(errors.NotFound):
        told(world, dataclasses.replace(case, subject="crt_nowhere"))
    with pytest.raises(impact.ActUnknown):
        told(world, dataclasses.replace(case, act="moon.stop"))


@pytest.mark.row("OPS-6")
def test_telling_asks_for_no_second_factor_and_doing_does(any_world: World) -> None:
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    officer = worlds.staff(world, Role.AGENCY_REVIEWER)
    plain = dataclasses.replace(officer, second_factor_at=None)
    case = Case("certificate.revoke", party.certificate_id, plain, {"reason": "keyCompromise"})
    with worlds.unchanged(world):
        radius = told(world, case)
    assert ("works.certificate", party.certificate_id) in flat(radius)
    assert do(world, case) == marks.StepUpNeeded.code
    worlds.clock_of(world).advance(clock.MINUTE)
    assert do(world, dataclasses.replace(case, actor=officer)) == ""


@pytest.mark.row("OPS-6")
def test_staff_who_answer_for_a_seal_are_told_what_its_keeper_would_stop(world: World) -> None:
    party = parties.sealed(world, parties.Reviewers.of(world))
    agent = worlds.staff(world, Role.AGENT)
    elsewhere = worlds.staff(world, Role.PRODUCT)
    case = Case("seal.delete", party.seal_id, agent, {})
    with worlds.unchanged(world):
        assert ("works.seal", party.seal_id) in flat(told(world, case))
    # Told is not allowed: they do not do it, and who does not see the seal is told nothing.
    assert do(world, case) == errors.NotPermitted.code
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        told(world, dataclasses.replace(case, actor=elsewhere))
    owner = dataclasses.replace(party.person, second_factor_at=None)
    assert flat(told(world, dataclasses.replace(case, actor=owner))) == flat(told(world, case))


@pytest.mark.row("SEA-3")
def test_a_keeper_is_told_of_the_signatures_under_way_before_deleting(world: World) -> None:
    deal = trading.trade(world)
    party = deal.purchaser
    contract = trading.draft(world, deal)
    assert world.engine.ask(seals.deletion, party.person, party.seal_id).signatures == 0
    trading.ask_to_sign(world, party, contract.id)
    assert world.engine.ask(seals.deletion, party.person, party.seal_id).signatures == 1
    case = Case("seal.delete", party.seal_id, party.person, {})
    assert "works.signature" in {kind for kind, _ in flat(told(world, case))}
