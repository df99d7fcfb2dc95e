"""Announcements, the hotline by the business calendar, and the ways to the app (HLP-1)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from engine.boot import World
from engine.http.doors import DirectDoor
from engine.kernel import calendar, clock
from engine.messaging import model, queries
from tests.support import malls, worlds
from tests.support.line import Line


def at(text: str) -> int:
    """An instant in Shanghai."""
    return clock.from_datetime(datetime.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI))


def moment(ms: int) -> str:
    return f"{datetime.datetime.fromtimestamp(ms / 1000, clock.SHANGHAI):%Y-%m-%d %H:%M}"


# Now → whether somebody answers, and when that changes next.
HOURS = {
    "2026-06-02 07:59": (False, "2026-06-02 08:00"),
    "2026-06-01 08:00": (True, "2026-06-01 17:00"),
    "2026-06-01 16:59": (True, "2026-06-01 17:00"),
    "2026-06-01 17:00": (False, "2026-06-02 08:00"),
    "2026-06-05 18:00": (False, "2026-06-08 08:00"),
    # The Dragon Boat holiday is a Friday to a Sunday.
    "2026-06-18 17:00": (False, "2026-06-22 08:00"),
    # A Saturday that is worked before the National Day, and the holiday itself.
    "2026-09-20 09:00": (True, "2026-09-20 17:00"),
    "2026-09-30 20:00": (False, "2026-10-08 08:00"),
    "2026-10-10 12:00": (True, "2026-10-10 17:00"),
}


@pytest.mark.row("HLP-1")
@pytest.mark.parametrize("now", HOURS)
def test_the_hotline_answers_in_office_hours_of_the_calendar_that_reviews_run_on(world, now):
    worlds.clock_of(world).set(at(now))
    told = world.engine.ask(queries.help, worlds.SYSTEM)
    assert (told.open_now, moment(told.next_change_at)) == HOURS[now]
    assert told.open_now == calendar.china().is_open(at(now))


def ask(world: World, name: str) -> Any:
    """A question of somebody who is not signed in, through a door."""
    return DirectDoor(world.engine).ask(name, {})


@pytest.mark.row("HLP-1")
@pytest.mark.guide("G-contact-1", "G-contact-2")
def test_the_app_tells_the_hotline_and_its_hours(world):
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    told = person.handset.door.ask("messaging.help", {})
    assert told["hotline"] == "0512-58188013"
    assert told["hours"] == {"weekdays": [1, 2, 3, 4, 5], "start": "08:00", "end": "17:00"}
    assert told["open_now"] is True
    [service] = [
        one for one in person.handset.door.ask("home.services", {}) if one["code"] == "help"
    ]
    assert (service["enabled"], service["link"]) == (True, "help")
    assert malls.facts(world, "account.signed_in")


@pytest.mark.row("HLP-1")
@pytest.mark.guide("G-install-1", "G-install-2", "G-install-3")
def test_the_app_is_found_in_the_store_and_at_the_site(world):
    told = ask(world, "messaging.help")
    systems = {one["system"]: one for one in told["downloads"]}
    assert list(systems) == ["android", "harmonyos", "harmonyos_next", "ios"]
    assert {one["search"] for one in systems.values()} == {"新点标证通"}
    assert {one["button"] for one in systems.values()} == {"下载", "安装"}
    assert told["site_button"] == "立即下载"
    # Whoever follows the site's code has the app: it opens and registers a person.
    line = Line.on(world)
    line.registered(line.person(0))
    assert malls.facts(world, "account.registered")


@pytest.mark.row("HLP-1")
@pytest.mark.guide("G-install-4")
def test_the_code_to_scan_opens_the_phone_of_this_world(world):
    told = ask(world, "messaging.help")
    assert told["site_url"] == f"{world.public_url}/w/{world.id}/phone"
    line = Line.on(world)
    line.registered(line.person(0))
    assert malls.facts(world, "device.added")


@pytest.mark.row("HLP-1")
@pytest.mark.guide("G-notice-5")
def test_the_guide_inside_the_app_says_how_to_get_a_certificate(world):
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    guide = {one["slug"]: one for one in person.handset.door.ask("messaging.help", {})["guide"]}
    assert len(guide) == 20
    chapter = guide["certificate"]
    assert chapter["title"]["zh"] == "申请企业证书"
    assert len(chapter["steps"]) == 7
    assert all(step["zh"] and step["en"] for one in guide.values() for step in one["steps"])
    line.certified(line.person(1))
    assert malls.facts(world, "certificate.activated")


@pytest.mark.row("HLP-1")
def test_an_announcement_holds_from_its_first_day_to_its_last(world):
    assert [one["name"] for one in ask(world, "messaging.announcements")] == ["early", "simulated"]
    body = {
        "title": {"zh": "系统维护", "en": "Maintenance"},
        "text": {"zh": "六月五日晚间维护。", "en": "Maintenance on the evening of 5 June."},
        "starts_on": "2026-06-03",
        "ends_on": "2026-06-05",
    }
    malls.put(world, "announcement", "maintenance", body)
    shown = {}
    for day in ("02", "03", "05", "06"):
        worlds.clock_of(world).set(at(f"2026-06-{day} 12:00"))
        found = world.engine.ask(queries.announcements, worlds.SYSTEM)
        shown[day] = "maintenance" in [one.name for one in found]
    assert shown == {"02": False, "03": True, "05": True, "06": False}


def test_help_is_one_shape(world):
    assert isinstance(world.engine.ask(queries.help, worlds.SYSTEM), model.Help)
