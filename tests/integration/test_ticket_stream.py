"""What becomes of a QR is told to its own browser as it happens, to nobody else, and without polling."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from engine.boot import World
from engine.http import live, ticket_live
from engine.kernel import errors
from tests.integration.test_scan_tickets import AWAY, HOME, NONCE, confirm, open_one, phone, scan
from tests.support import gateways, registering, web, worlds

Step = Callable[[], object]


async def _told(world: World, ticket_id: str, steps: list[Step]) -> list[dict[str, object]]:
    """What a watcher hears, each step done once the one before was heard."""
    heard = []
    async for text in ticket_live.follow(world, ticket_id, NONCE):
        if text is None:
            continue
        heard.append(json.loads(text))
        if steps:
            await asyncio.to_thread(steps.pop(0))
    return heard


def told(world: World, ticket_id: str, *steps: Step) -> list[dict[str, object]]:
    """The same, within half a minute."""
    return asyncio.run(asyncio.wait_for(_told(world, ticket_id, list(steps)), 30))


@pytest.mark.row("LOG-1")
@pytest.mark.row("BND-2")
def test_each_step_is_told_once_and_the_end_ends_the_stream(any_world):
    world = any_world
    opened = open_one(world, address=HOME)
    number: list[str] = []

    def digits() -> None:
        seen = world.engine.ask(ticket_live.queries.watch, phone(), opened.ticket.id, NONCE)
        number.append(seen.number)
        confirm(world, opened.ticket.id, seen.number)

    heard = told(
        world,
        opened.ticket.id,
        lambda: scan(world, opened.qr_text, address=AWAY),
        digits,
    )
    assert [one["status"] for one in heard] == ["created", "scanned", "confirmed"]
    assert [one["number"] for one in heard] == ["", number[0], ""]


def test_a_second_phone_is_told_while_the_first_holds_the_code(world):
    opened = open_one(world)

    def second() -> None:
        with pytest.raises(errors.Conflict):
            scan(world, opened.qr_text, phone(2))

    heard = told(
        world,
        opened.ticket.id,
        lambda: scan(world, opened.qr_text),
        second,
        lambda: confirm(world, opened.ticket.id),
    )
    assert [(one["status"], one["second_scans"]) for one in heard] == [
        ("created", 0),
        ("scanned", 0),
        ("scanned", 1),
        ("confirmed", 1),
    ]


def test_a_code_that_lapses_while_it_is_watched_says_so(world):
    opened = open_one(world)
    later = opened.ticket.expires_at
    heard = told(world, opened.ticket.id, lambda: worlds.clock_of(world).set(later))
    assert [one["status"] for one in heard] == ["created", "expired"]


def test_what_happens_to_other_codes_wakes_nobody(any_world):
    """One question finds whose code moved, and of what else happened nothing."""
    world = any_world
    mine, other = open_one(world), open_one(world, nonce="another browser")
    watchers = ticket_live.Watchers(world)
    since, _ = watchers.moved(0)
    scan(world, other.qr_text, phone(3))
    since, moved = watchers.moved(since)
    assert moved == [other.ticket.id]
    scan(world, mine.qr_text)
    confirm(world, mine.ticket.id)
    since, moved = watchers.moved(since)
    assert moved == [mine.ticket.id]
    registering.sign_up(world)
    assert watchers.moved(since)[1] == []


def test_a_stream_is_its_own_browsers_alone(world, monkeypatch):
    app = web.application(world, monkeypatch)
    page = gateways.mall(web.browser(app), world)
    opened = page.do("binding.open_login_ticket", kind="platform")
    path = f"/w/{world.id}/mall/guangzheng/tickets/{opened['ticket']['id']}/events"
    assert web.browser(app).get(path).status_code == 404
    assert page.browser.get(path.replace("tkt_", "tkt_x")).status_code == 404
    assert page.browser.get(path.replace("guangzheng", "nowhere")).status_code == 404
    page.do("scanning.cancel", ticket_id=opened["ticket"]["id"])
    answer = page.browser.get(path)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"status": "cancelled"' in answer.text
    assert [len(one["qr_png"]) > 100 for one in opened["later"]] == [True] * 5


def test_nothing_is_left_listening_when_the_watchers_have_gone(world):
    opened = open_one(world)
    told(
        world,
        opened.ticket.id,
        lambda: scan(world, opened.qr_text),
        lambda: confirm(world, opened.ticket.id),
    )
    assert not ticket_live._of(world)._waiting
    assert not live.hub_of(world)._subscribers
