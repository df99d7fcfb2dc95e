"""What a QR ticket withstands (`security.md` 3.1): pictures, places, digits, limits, phones, clocks."""

from __future__ import annotations

import collections
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.boot import World
from engine.kernel import actors, clock, errors, ids, paging
from engine.messaging import queries as messages
from engine.scanning import actions, model, networks, queries
from engine.scanning.model import Purpose, TicketKind, TicketStatus
from tests.support import fold, registering, worlds

NONCE = "the-browser-s-own-nonce"
HOME, AWAY, ABROAD = "100.64.0.9", "100.65.3.4", "8.8.8.8"
PC = actors.MallAccount(mall_account_id="mal_1", platform_id="guangzheng")


def phone(number: int = 1) -> actors.Person:
    return actors.Person(
        account_id=f"acc_{number}",
        device_id=f"dev_{number}",
        second_factor_at=registering.ALWAYS,
    )


def open_one(
    world: World,
    purpose: Purpose = Purpose.LOGIN,
    *,
    nonce: str = NONCE,
    address: str = "",
    browser_name: str = "",
) -> model.OpenedTicket:
    return world.engine.perform(
        actions.open_ticket,
        {
            "purpose": purpose,
            "kind": TicketKind.PLATFORM,
            "platform_id": "guangzheng",
            "nonce_hash": ids.token_hash(nonce),
            "payload": {"title": "登录"},
            "browser_name": browser_name,
        },
        actor=PC,
        source=actors.Source(address=address),
    )


def scan(
    world: World, qr_text: str, who: actors.Actor | None = None, *, address: str = ""
) -> model.Ticket:
    return world.engine.perform(
        actions.scan,
        {"qr_text": qr_text},
        actor=who or phone(),
        source=actors.Source(address=address),
    )


def confirm(world: World, ticket_id: str, number: str = "") -> model.Ticket:
    """As upper stages compose it: the digits, then the confirmation."""
    return world.engine.perform(_digits_then_confirm, _of(ticket_id, number), actor=phone())


def _of(ticket_id: str, number: str) -> dict[str, str]:
    return {"ticket_id": ticket_id, "number": number}


def _digits_then_confirm(op, *, ticket_id: str, number: str) -> model.Ticket:
    ticket = actions.living(op, ticket_id, Purpose.LOGIN)
    actions.require_number(op, ticket, number)
    return actions.take_confirmed(op, ticket_id=ticket_id, purpose=Purpose.LOGIN)


def watched(world: World, ticket_id: str, nonce: str = NONCE) -> model.Watched:
    return world.engine.ask(queries.watch, PC, ticket_id, nonce)


# -- pictures --------------------------------------------------------------------------------------


@pytest.mark.row("LOG-1")
def test_the_picture_changes_every_30_s_and_any_of_a_living_code_works(any_world):
    world = any_world
    opened = open_one(world)
    pictures = [model.Picture(qr_text=opened.qr_text, after_ms=0), *opened.later]
    assert [one.after_ms for one in pictures] == [0, 30_000, 60_000, 90_000, 120_000, 150_000]
    assert len({one.qr_text for one in pictures}) == 6
    assert max(len(one.qr_text) for one in pictures) <= 180
    worlds.clock_of(world).advance(170 * clock.SECOND)
    for one in pictures:
        assert scan(world, one.qr_text).id == opened.ticket.id
    fold.require(world)


def test_a_picture_that_was_not_shown_yet_stands_for_nothing(world):
    opened = open_one(world)
    last = opened.later[-1]
    worlds.clock_of(world).advance(last.after_ms - 1)
    with pytest.raises(actions.TicketUnknown):
        scan(world, last.qr_text)
    worlds.clock_of(world).advance(1)
    assert scan(world, last.qr_text).status is TicketStatus.SCANNED


def test_the_text_of_a_code_fits_whatever_the_world_is_called(world):
    text = model.picture_text(
        world.keyring, "w" * 40, "login", ids.token(ids.seeded(1, "t"), 16), 5
    )
    assert len(text) <= 180


# -- where, and the two digits ---------------------------------------------------------------------


@pytest.mark.row("S-AUTH-3")
def test_a_relay_from_another_network_is_stepped_up_every_time_and_never_silent(world, count):
    runs, stepped, silent = count(20, 100), 0, 0
    for number in range(runs):
        opened = open_one(world, nonce=f"attacker {number}", address=ABROAD)
        scanned = scan(world, opened.qr_text, address=HOME)
        stepped += scanned.step_up == "network"
        try:
            confirm(world, opened.ticket.id)
            silent += 1
        except actions.NumberNeeded:
            pass
        worlds.clock_of(world).advance(3 * clock.SECOND)
    assert (stepped, silent) == (runs, 0)


def test_the_digits_are_on_the_pc_alone_and_let_the_code_be_confirmed(any_world):
    world = any_world
    opened = open_one(world, address=HOME)
    assert watched(world, opened.ticket.id).number == ""
    ticket = scan(world, opened.qr_text, address=AWAY)
    number = watched(world, opened.ticket.id).number
    assert len(number) == 2
    assert number.isdecimal()
    asked = world.engine.ask(queries.asked, phone(), opened.ticket.id)
    assert asked.step_up == ("network",)
    assert (asked.place.city.zh, asked.own_place.network.zh) == ("乌鲁木齐", "模拟移动")
    assert not hasattr(asked, "number")
    assert number not in str(sorted(ticket.payload.items()))
    assert confirm(world, opened.ticket.id, number).status is TicketStatus.CONFIRMED
    assert watched(world, opened.ticket.id).number == ""
    fold.require(world)


def test_wrong_digits_are_counted_and_end_the_code_at_last(any_world):
    world = any_world
    opened = open_one(world, address=HOME)
    scan(world, opened.qr_text, address=AWAY)
    right = watched(world, opened.ticket.id).number
    wrong = [str(one) for one in range(10, 100) if str(one) != right]
    for left, one in zip((2, 1), wrong, strict=False):
        with pytest.raises(actions.WrongNumber) as refused:
            confirm(world, opened.ticket.id, one)
        assert refused.value.params == {"left": left}
    with pytest.raises(actions.NumberSpent):
        confirm(world, opened.ticket.id, wrong[2])
    assert watched(world, opened.ticket.id).status == "cancelled"
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        confirm(world, opened.ticket.id, right)


def test_in_the_same_network_nothing_more_is_asked(world):
    opened = open_one(world, address=HOME)
    assert scan(world, opened.qr_text, address="100.64.200.1").step_up == ""
    assert confirm(world, opened.ticket.id).status is TicketStatus.CONFIRMED


def test_what_is_signed_shows_its_own_document_and_asks_for_no_digits(world):
    opened = open_one(world, Purpose.SIGN, address=HOME)
    assert scan(world, opened.qr_text, address=AWAY).step_up == ""


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.1", "here"),
        ("::1", "here"),
        ("::ffff:100.66.1.1", "kashgar-telecom"),
        ("192.168.3.4", "office"),
        ("8.8.8.8", "net:8.8.*.*"),
        ("2001:db8::1", "net:2001:0db8:*"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_an_address_is_known_by_its_place_and_kept_nowhere(world, address, place):
    assert networks.place_of(address) == place
    opened = open_one(world, address=address)
    assert opened.ticket.payload.get("place", "") == place
    if place.startswith("net:"):
        assert address not in repr(worlds.content(world))
    assert networks.shown(place).network.zh


NAUGHTY = [
    "<script>alert(1)</script>",
    "\x00\x1b[31mred",
    "a\u202egnp.exe",
    "‮‮‮",
    "\ud83d\ude00" * 40,
    "\n\r\t" * 20,
    "x" * 500,
    "Chrome\u2028on\u2029Windows",
    "﷽" * 100,
]


@pytest.mark.parametrize("name", NAUGHTY)
def test_names_of_browsers_are_printable_and_short(world, name):
    name = name.encode("utf-16", "surrogatepass").decode("utf-16")
    kept = open_one(world, browser_name=name).ticket.payload.get("browser", "")
    assert len(kept) <= 64
    assert all(one.isprintable() for one in kept)


# -- limits ----------------------------------------------------------------------------------------


def test_a_browser_has_three_open_codes_and_the_oldest_makes_room(any_world):
    world = any_world
    opened = []
    for _ in range(5):
        opened.append(open_one(world))
        worlds.clock_of(world).advance(1)
    assert [watched(world, one.ticket.id).status for one in opened] == [
        "cancelled",
        "cancelled",
        "created",
        "created",
        "created",
    ]
    open_one(world, nonce="another browser")
    assert watched(world, opened[2].ticket.id).status == "created"


def test_an_address_opens_thirty_codes_a_minute(any_world):
    world = any_world
    came: collections.Counter[str] = collections.Counter()
    for number in range(40):
        try:
            open_one(world, nonce=f"browser {number}", address=HOME)
            came["opened"] += 1
        except actions.TooManyCodes as refused:
            came[f"refused {refused.http_status}"] += 1
    assert came == {"opened": 30, "refused 429": 10}
    open_one(world, address=AWAY)
    worlds.clock_of(world).advance(clock.MINUTE)
    open_one(world, address=HOME)


def test_random_tokens_hit_nothing_and_are_throttled_after_twenty(world, count):
    tries, came = count(200, 100_000), collections.Counter()
    opened = open_one(world)
    entropy = ids.seeded(7, "attacker")
    for _ in range(tries):
        # The attacker even has the signing key: what is random is the token alone.
        text = model.picture_text(world.keyring, world.id, Purpose.LOGIN, ids.token(entropy, 16), 0)
        try:
            scan(world, text, phone(9), address=ABROAD)
            came["hit"] += 1
        except actions.TicketUnknown:
            came["unknown"] += 1
        except actions.TooManyUnknown:
            came["throttled"] += 1
    assert came == {"unknown": 20, "throttled": tries - 20}
    # Nobody else is kept from scanning, and a minute later neither is this source.
    assert scan(world, opened.qr_text, phone(1), address=HOME).status is TicketStatus.SCANNED
    worlds.clock_of(world).advance(clock.MINUTE)
    with pytest.raises(actions.TicketUnknown):
        scan(world, "YX1:x:login:y.0:z", phone(9), address=ABROAD)


# -- second phones, other browsers -----------------------------------------------------------------


@pytest.mark.row("LOG-1")
def test_every_second_scan_is_refused_and_the_first_person_is_told(any_world, count):
    world, runs = any_world, count(10, 100)
    for number in range(runs):
        opened = open_one(world, nonce=f"browser {number}")
        scan(world, opened.qr_text, phone(1))
        for _ in range(2):
            with pytest.raises(actions.AlreadyScanned):
                scan(world, opened.qr_text, phone(2))
        assert watched(world, opened.ticket.id, f"browser {number}").second_scans == 2
        asked = world.engine.ask(queries.asked, phone(1), opened.ticket.id)
        assert asked.second_scans == 2
    told = world.engine.ask(messages.mine, phone(1), window=paging.Window(limit=runs + 1))
    assert [one.kind for one in told] == ["ticket.second_scan"] * runs
    assert world.engine.ask(messages.mine, phone(2)) == []


def test_of_many_phones_at_once_one_holds_the_code(any_world, count):
    world = any_world
    for number in range(count(3, 20)):
        opened = open_one(world, nonce=f"browser {number}")

        def take(index: int, text: str = opened.qr_text) -> str:
            try:
                return scan(world, text, phone(index)).status.value
            except (actions.AlreadyScanned, errors.Conflict) as refused:
                return type(refused).__name__

        with ThreadPoolExecutor(8) as pool:
            came = collections.Counter(pool.map(take, range(20)))
        assert came["scanned"] == 1


def test_no_other_browser_watches_or_takes_a_code(world, count):
    opened = open_one(world)
    scan(world, opened.qr_text)
    confirm(world, opened.ticket.id)
    polls, came = count(200, 1000), 0
    for nonce in itertools.islice(itertools.cycle(["", "wrong", NONCE + "x", NONCE[:-1]]), polls):
        with pytest.raises(errors.NotFound):
            watched(world, opened.ticket.id, nonce)
        arguments = {"ticket_id": opened.ticket.id, "nonce": nonce}
        with pytest.raises(errors.NotFound):
            world.engine.perform(actions.consume, arguments, actor=PC)
        came += 1
    assert came == polls
    assert watched(world, opened.ticket.id).status == "confirmed"


# -- the clock -------------------------------------------------------------------------------------


def test_a_clock_set_back_revives_no_code(any_world, count):
    world = any_world
    time = worlds.clock_of(world)
    accepted = 0
    for number in range(count(5, 20)):
        opened = open_one(world, nonce=f"browser {number}")
        scanned = open_one(world, nonce=f"other {number}")
        scan(world, scanned.qr_text)
        time.advance(180 * clock.SECOND)
        open_one(world, nonce="whose moment the log keeps")
        time._now_ms -= 175 * clock.SECOND
        for act in (
            lambda text=opened.qr_text: scan(world, text),
            lambda ticket_id=scanned.ticket.id: confirm(world, ticket_id),
        ):
            try:
                act()
                accepted += 1
            except actions.TicketExpired:
                pass
        time.advance(200 * clock.SECOND)
    assert accepted == 0
