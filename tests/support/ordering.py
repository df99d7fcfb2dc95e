"""Orders of every kind, brought through whatever their platform asks for, by actions alone."""

from __future__ import annotations

from dataclasses import replace

from engine.boot import World
from engine.kernel import actors, ids
from engine.ordering import actions, model, progress, queries
from engine.pki import keys
from engine.registration import actions as registration
from engine.registration import model as people
from tests.support import parties, registering, worlds
from tests.support.worlds import SYSTEM

S = model.OrderStatus


def fresh(world: World, person: actors.Person) -> actors.Person:
    """The person with a second factor that is no older than this minute."""
    return replace(person, second_factor_at=worlds.clock_of(world).now_ms())


def order(world: World, order_id: str) -> model.Order:
    """An order as it is now."""
    return world.engine.ask(queries.order, SYSTEM, order_id)


def perform(world: World, party: parties.Party, action: object, **arguments: object) -> model.Order:
    """The party's person does something with a fresh second factor."""
    who = fresh(world, party.person)
    return world.engine.perform(action, arguments, actor=who)  # type: ignore[arg-type,return-value]


def until_ready(world: World, party: parties.Party, order_id: str) -> list[S]:
    """Pay, hand in and approve, as the order asks, until it can be downloaded; the states on the way."""
    party = replace(party, order_id=order_id, person=fresh(world, party.person))
    seen = [order(world, order_id).status]
    while seen[-1] is not S.AWAITING_DOWNLOAD:
        _step(world, party, seen[-1])
        seen.append(order(world, order_id).status)
        assert seen[-1] is not seen[-2], seen
        party = replace(party, person=fresh(world, party.person))
    return seen


def _step(world: World, party: parties.Party, status: S) -> None:
    if status is S.AWAITING_PAYMENT:
        parties.pay(world, party)
    elif status is S.AWAITING_PAPERS:
        hand_in(world, party)
    elif status is S.PLATFORM_REVIEW:
        parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    else:
        parties.approve(world, "certificate_ca", party.order_id, party.reviewers.agency)


def hand_in(world: World, party: parties.Party) -> None:
    """Every paper that the platform asks for with the party's order."""
    found = order(world, party.order_id)
    asked = world.engine.ask(progress.asked_of, SYSTEM, found).attachments
    papers = tuple(model.PaperUpload(code=one.code, content=registering.PNG) for one in asked)
    arguments = {"order_id": party.order_id, "papers": papers}
    world.engine.perform(actions.attach_papers, arguments, actor=party.person)


def complete(world: World, party: parties.Party, order_id: str, number: int) -> parties.Party:
    """With the order's certificate on the person's phone, under a key of its own."""
    until_ready(world, party, order_id)
    who = replace(
        party,
        order_id=order_id,
        person=fresh(world, party.person),
        key=keys.generate(ids.seeded(number, "successor")),
    )
    return parties.download(world, who)


def colleague(
    world: World,
    party: parties.Party,
    *,
    phone: str = "13900139000",
    sequence: str = "024",
    name: str = "王小明",
    role: people.MemberRole = people.MemberRole.HANDLER,
) -> parties.Party:
    """A member of the party's enterprise with a proven name, as a party with a key of their own."""
    other = registering.sign_up(world, phone)
    registering.prove(world, other, registering.resident_id(sequence=sequence), name=name)
    opened = perform(
        world, party, registration.open_invitation, enterprise_id=party.enterprise_id, role=role
    )
    arguments = {"qr_text": opened.qr_text}  # type: ignore[attr-defined]
    world.engine.perform(registration.accept_invitation_by_qr, arguments, actor=other)
    key = keys.generate(ids.seeded(int(sequence), "colleague"))
    return replace(party, person=other, key=key, order_id="", certificate_id="", seal_id="")


def membership_id(world: World, member: parties.Party) -> str:
    """The id of a party's living membership of its enterprise."""
    sql = (
        "SELECT id FROM membership WHERE account_id = ? AND enterprise_id = ? AND status = 'active'"
    )
    return str(worlds.rows(world, sql, member.person.account_id, member.enterprise_id)[0]["id"])


def messages(world: World, person: actors.Person) -> list[tuple[str, bool]]:
    """Kinds of a person's messages, oldest first, and whether each still asks for a step."""
    sql = "SELECT kind, todo, done_at FROM message WHERE account_id = ? ORDER BY created_at, id"
    found = worlds.rows(world, sql, person.account_id)
    return [(row["kind"], bool(row["todo"]) and row["done_at"] is None) for row in found]


def certificate(world: World, certificate_id: str) -> dict[str, object]:
    """The row of a certificate."""
    return dict(worlds.rows(world, "SELECT * FROM certificate WHERE id = ?", certificate_id)[0])
