"""A QR on a PC, a phone that scans and confirms it: binding and scan login, step by step."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from engine.binding import actions, model, queries
from engine.boot import World
from engine.kernel import actors
from engine.mall import model as mall
from engine.ordering import actions as ordering
from engine.ordering import queries as orders
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.scanning import queries as scanned
from tests.support import key_proofs, parties, worlds
from tests.support.worlds import SYSTEM

# Tables that count and hold tries at a PIN.
TRIES = frozenset({"pin_guard", "pin_try"})
NONCE = "the browser's own nonce"
PLATFORM, NATIONAL = tickets.TicketKind.PLATFORM, tickets.TicketKind.NATIONAL


def certified(
    world: World,
    reviewers: parties.Reviewers,
    *,
    kind: str = "platform",
    **about: object,
) -> parties.Party:
    """A party with an active certificate at the platform that is paid last and knows both kinds."""
    made = parties.enterprise(world, reviewers, platform_id="yangguang", **about)  # type: ignore[arg-type]
    placed = world.engine.perform(
        ordering.place_order,
        {
            "enterprise_id": made.enterprise_id,
            "platform_id": "yangguang",
            "agency_id": "dongfang",
            "seal_agency_id": "huayin",
            "certificate_kind": kind,
            "years": 1,
        },
        actor=made.person,
    )
    party = replace(made, order_id=placed.id)
    parties.approve_order(world, party)
    parties.pay(world, party)
    assert orders.shown_status(world.engine.ask(orders.order, SYSTEM, placed.id)) == (
        "awaiting_download"
    )
    return parties.download(world, party)


def binding_qr(
    world: World, party: parties.Party, kind: tickets.TicketKind = PLATFORM
) -> tickets.OpenedTicket:
    """The QR of 标证通扫码绑定 on the party's signed-in PC."""
    return world.engine.perform(
        actions.open_binding_ticket, {"kind": kind, "nonce": NONCE}, actor=party.mall
    )


def login_qr(
    world: World, platform_id: str, kind: tickets.TicketKind = PLATFORM, *, nonce: str = NONCE
) -> tickets.OpenedTicket:
    """The QR of a sign-in page, in a browser that nobody is signed in on."""
    arguments = {"platform_id": platform_id, "kind": kind, "nonce": nonce}
    return world.engine.perform(actions.open_login_ticket, arguments, actor=SYSTEM)


def scan(
    world: World,
    party: parties.Party,
    opened: tickets.OpenedTicket,
    actor: actors.Actor | None = None,
) -> tickets.Ticket:
    """The party's phone reads a QR."""
    return world.engine.perform(
        scanning.scan, {"qr_text": opened.qr_text}, actor=actor or party.person
    )


def answers(world: World, party: parties.Party, **changes: str) -> dict[str, str]:
    """What 主体注册 asks, answered as the platform knows it unless told otherwise."""
    account_id = party.person.account_id
    enterprise = world.engine.ask(people.enterprise, SYSTEM, party.enterprise_id)
    known = {
        "contact": world.engine.ask(people.person_name, SYSTEM, account_id),
        "phone": world.engine.ask(people.person_phone, SYSTEM, account_id),
        "region": enterprise.uscc[2:4],
        "address": "新疆乌鲁木齐市天山区光明路 1 号",
    }
    return known | changes


def digits(world: World, opened: tickets.OpenedTicket, nonce: str = NONCE) -> str:
    """The two digits that the PC shows, if it does."""
    return world.engine.ask(scanned.watch, SYSTEM, opened.ticket.id, nonce).number


def confirm(
    world: World,
    party: parties.Party,
    opened: tickets.OpenedTicket,
    *,
    key: key_proofs.PartyKey | None = None,
    actor: actors.Actor | None = None,
    certificate_id: str = "",
    message: bytes = b"",
    action: object = None,
    number: str | None = None,
    nonce: str = NONCE,
    given: dict[str, str] | None = None,
    source: actors.Source = actors.Source(),
) -> object:
    """The phone confirms with its certificate's key, or with whatever the test says."""
    purpose = opened.ticket.purpose
    chosen = actions.confirm_binding if purpose == "bind" else actions.confirm_login
    signed = message or tickets.challenge_of(opened.ticket)
    certificate = certificate_id or party.certificate_id
    arguments: dict[str, object] = {
        "ticket_id": opened.ticket.id,
        "certificate_id": certificate,
        "proof": key_proofs.prove(
            world,
            actor or party.person,
            certificate,
            key or party.key,
            signed,
            owner=party.person,
        ),
        "number": digits(world, opened, nonce) if number is None else number,
    }
    if (action or chosen) is actions.confirm_binding:
        arguments["particulars"] = answers(world, party) if given is None else given
    return world.engine.perform(
        action or chosen,  # type: ignore[arg-type]
        arguments,
        actor=actor or party.person,
        source=source,
    )


def untouched(world: World) -> AbstractContextManager[None]:
    """Nothing changes but what counts tries at a PIN, which a phone opens before it acts."""
    return worlds.unchanged(world, without=TRIES)


def bind(world: World, party: parties.Party, kind: tickets.TicketKind = PLATFORM) -> model.Binding:
    """The whole of binding, with the review that a national code's new entity has."""
    opened = binding_qr(world, party, kind)
    scan(world, party, opened)
    made = confirm(world, party, opened)
    assert isinstance(made, model.Binding)
    if made.status is model.BindingStatus.IN_REVIEW:
        assert made.entity_id is not None
        parties.approve(world, "entity", made.entity_id, party.reviewers.platform)
        bound = world.engine.ask(queries.of_mall_account, SYSTEM, made.mall_account_id)
        assert bound is not None
        return bound
    return made


def finish(world: World, opened: tickets.OpenedTicket, *, nonce: str = NONCE) -> mall.MallSession:
    """The browser takes its session."""
    arguments = {"ticket_id": opened.ticket.id, "nonce": nonce}
    return world.engine.perform(actions.finish_login, arguments, actor=SYSTEM)
