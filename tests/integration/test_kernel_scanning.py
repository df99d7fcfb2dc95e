"""QR tickets: 180 s, one phone, one browser, one purpose, used once."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from engine.boot import World
from engine.kernel import actors, clock, errors, ids, vault
from engine.kernel.workflow import NotPossibleNow
from engine.scanning import actions, model, queries
from engine.scanning.model import Purpose, TicketKind, TicketStatus
from tests.support import fold, registering, worlds

LIFETIME = 180 * clock.SECOND
NONCE = "the-browser-s-own-nonce"
PHONE = actors.Person(account_id="acc_1", device_id="dev_1", second_factor_at=registering.ALWAYS)
OTHER_PHONE = actors.Person(
    account_id="acc_2", device_id="dev_2", second_factor_at=registering.ALWAYS
)
PC = actors.MallAccount(mall_account_id="mal_1", platform_id="guangzheng")


def open_one(world: World, purpose: Purpose = Purpose.LOGIN) -> model.OpenedTicket:
    return world.engine.perform(
        actions.open_ticket,
        {
            "purpose": purpose,
            "kind": TicketKind.PLATFORM,
            "platform_id": "guangzheng",
            "nonce_hash": ids.token_hash(NONCE),
            "payload": {"title": "登录"},
        },
        actor=PC,
    )


def scan(world: World, qr_text: str, who: actors.Actor = PHONE) -> model.Ticket:
    return world.engine.perform(actions.scan, {"qr_text": qr_text}, actor=who)


def confirm(
    world: World, ticket_id: str, purpose: Purpose = Purpose.LOGIN, who: actors.Actor = PHONE
) -> model.Ticket:
    arguments = {"ticket_id": ticket_id, "purpose": purpose, "result": {"certificate": "crt_1"}}
    return world.engine.perform(actions.take_confirmed, arguments, actor=who)


def consume(world: World, ticket_id: str, nonce: str = NONCE) -> model.Ticket:
    return world.engine.perform(actions.consume, {"ticket_id": ticket_id, "nonce": nonce}, actor=PC)


def test_a_ticket_goes_its_way(any_world):
    opened = open_one(any_world)
    ticket_id = opened.ticket.id
    assert len(opened.qr_text) <= 180
    assert scan(any_world, opened.qr_text).status is TicketStatus.SCANNED
    assert confirm(any_world, ticket_id).result == {"certificate": "crt_1"}
    assert consume(any_world, ticket_id).status is TicketStatus.CONSUMED
    with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
        consume(any_world, ticket_id)
    fold.require(any_world)


def test_the_qr_s_token_is_not_kept(any_world):
    token, _ = open_one(any_world).qr_text.split(":")[3].split(".")
    assert token not in repr(worlds.content(any_world))


@pytest.mark.row("LOG-1")
def test_a_ticket_lives_180_seconds_and_not_one_millisecond_more(any_world):
    last, late = open_one(any_world), open_one(any_world)
    worlds.clock_of(any_world).advance(LIFETIME - 1)
    scan(any_world, last.qr_text)
    worlds.clock_of(any_world).advance(1)
    with worlds.unchanged(any_world), pytest.raises(actions.TicketExpired):
        scan(any_world, late.qr_text)
    with worlds.unchanged(any_world), pytest.raises(actions.TicketExpired):
        confirm(any_world, last.ticket.id)
    assert late.ticket.expired(any_world.engine.now())
    assert not late.ticket.expired(any_world.engine.now() - 1)


def test_expiry_is_never_written(any_world):
    opened = open_one(any_world)
    worlds.clock_of(any_world).advance(10 * LIFETIME)
    [row] = worlds.rows(any_world, "SELECT status FROM ticket WHERE id = ?", opened.ticket.id)
    assert row["status"] == "created"


@pytest.mark.row("LOG-1")
def test_a_second_phone_is_refused_and_the_first_keeps_the_ticket(any_world):
    opened = open_one(any_world)
    first = scan(any_world, opened.qr_text)
    with pytest.raises(actions.AlreadyScanned):
        scan(any_world, opened.qr_text, OTHER_PHONE)
    assert worlds.kinds(any_world)[-2:] == ["ticket.second_scan", "message.sent"]
    with worlds.unchanged(any_world):
        again = scan(any_world, opened.qr_text)
    assert again == dataclasses.replace(first, second_scans=1)
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        confirm(any_world, opened.ticket.id, who=OTHER_PHONE)
    confirm(any_world, opened.ticket.id)


def test_another_phone_of_the_same_person_is_another_phone(any_world):
    opened = open_one(any_world)
    scan(any_world, opened.qr_text)
    twin = actors.Person(
        account_id=PHONE.account_id, device_id="dev_9", second_factor_at=registering.ALWAYS
    )
    with pytest.raises(actions.AlreadyScanned):
        scan(any_world, opened.qr_text, twin)
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        confirm(any_world, opened.ticket.id, who=twin)


@pytest.mark.parametrize("action", ["consume", "cancel"])
def test_another_browser_finds_no_ticket(any_world, action):
    opened = open_one(any_world)
    scan(any_world, opened.qr_text)
    if action == "consume":
        confirm(any_world, opened.ticket.id)
    arguments = {"ticket_id": opened.ticket.id, "nonce": "of another browser"}
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        any_world.engine.perform(getattr(actions, action), arguments, actor=PC)
    with pytest.raises(errors.NotFound):
        any_world.engine.ask(queries.for_browser, PC, opened.ticket.id, "other")


@pytest.mark.parametrize(("made", "used"), list(itertools.product(Purpose, Purpose)))
def test_a_ticket_serves_the_purpose_it_was_made_for_alone(world, made, used):
    opened = open_one(world, made)
    scan(world, opened.qr_text)
    if made is used:
        confirm(world, opened.ticket.id, used)
        return
    with worlds.unchanged(world), pytest.raises(actions.WrongPurpose):
        confirm(world, opened.ticket.id, used)


def test_foreign_and_forged_qr_codes_are_unknown(any_world):
    text = open_one(any_world).qr_text
    stranger = vault.Keyring.fresh(ids.seeded(9, "stranger"))
    parts = text.split(":")
    foreign = [
        "",
        "hello",
        "https://example.com/qr",
        model.qr_text(stranger, any_world.id, Purpose.LOGIN, parts[3]),
        model.qr_text(any_world.keyring, "another-world", Purpose.LOGIN, parts[3]),
        model.qr_text(any_world.keyring, any_world.id, Purpose.LOGIN, "unknown-token"),
        ":".join([*parts[:2], "sign", *parts[3:]]),
        text[:-2] + ("AA" if text[-2:] != "AA" else "BB"),
        text + ":x",
        text.replace("YX1", "YX2"),
        text[:-20],
        "YX1:a:b:c:§§",
    ]
    for qr_text in foreign:
        counted = worlds.unchanged(any_world, without={"source_count"})
        with counted, pytest.raises(actions.TicketUnknown):
            scan(any_world, qr_text)
    scan(any_world, f"  {text}\n")


def test_only_a_signed_in_person_scans_and_confirms(any_world):
    opened = open_one(any_world)
    for who in (PC, worlds.SYSTEM, actors.Staff(staff_id="stf_x")):
        with worlds.unchanged(any_world), pytest.raises(errors.NotPermitted):
            scan(any_world, opened.qr_text, who)
    scan(any_world, opened.qr_text)
    with worlds.unchanged(any_world), pytest.raises(errors.NotPermitted):
        confirm(any_world, opened.ticket.id, who=PC)


def test_nothing_is_consumed_before_it_is_confirmed(any_world):
    opened = open_one(any_world)
    for _ in range(2):
        with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
            consume(any_world, opened.ticket.id)
        scan(any_world, opened.qr_text)


def test_a_refused_or_cancelled_ticket_is_over(any_world):
    refused, cancelled = open_one(any_world), open_one(any_world)
    for opened in (refused, cancelled):
        scan(any_world, opened.qr_text)
    perform = any_world.engine.perform
    perform(actions.refuse, {"ticket_id": refused.ticket.id}, actor=PHONE)
    perform(actions.cancel, {"ticket_id": cancelled.ticket.id, "nonce": NONCE}, actor=PC)
    for opened in (refused, cancelled):
        with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
            confirm(any_world, opened.ticket.id)


def test_a_ticket_that_nobody_scanned_is_taken_back_by_its_browser_alone(world):
    opened = open_one(world)
    taken = {"ticket_id": opened.ticket.id, "nonce": "somebody else's"}
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        world.engine.perform(actions.cancel, taken, actor=PC)
    world.engine.perform(actions.cancel, {**taken, "nonce": NONCE}, actor=PC)
    with worlds.unchanged(world), pytest.raises(NotPossibleNow):
        scan(world, opened.qr_text)


def test_what_was_confirmed_can_be_fetched_for_a_while_and_not_forever(any_world):
    opened = open_one(any_world)
    scan(any_world, opened.qr_text)
    confirm(any_world, opened.ticket.id)
    worlds.clock_of(any_world).advance(2 * LIFETIME)
    with worlds.unchanged(any_world), pytest.raises(actions.TicketExpired):
        consume(any_world, opened.ticket.id)


def test_what_is_signed_binds_the_whole_ticket(world):
    """Every field that matters changes the bytes that the phone signs."""
    ticket = open_one(world).ticket
    changes = {
        "id": "tkt_x",
        "purpose": Purpose.SIGN,
        "kind": TicketKind.NATIONAL,
        "platform_id": "elsewhere",
        "nonce_hash": bytes(32),
        "payload": {"title": "签署"},
        "created_at": 1,
    }
    signed = {
        model.challenge_of(dataclasses.replace(ticket, **{name: value}))
        for name, value in changes.items()
    }
    assert len(signed | {model.challenge_of(ticket)}) == len(changes) + 1
