"""The phones' stores: made late, sealed under their cookie, bounded, forgotten when they hold nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import boot
from engine.boot import World
from engine.handset.store import HandsetStore
from engine.http import phone_stores
from engine.kernel import clock, ids, vault
from tests.support import gateways, web

DAY_S = clock.DAY / 1000


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[World]:
    """A demo world in a folder of its own."""
    path = tmp_path / "demo"
    boot.create_world(path, kind="demo", world_id="phones")
    made = boot.open_world(path)
    yield made
    made.close()
    boot.worlds.pop(made.id, None)


@pytest.fixture
def app(demo: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    return web.application(demo, monkeypatch)


def _files(world: World) -> list[Path]:
    assert world.path is not None
    return sorted((world.path / "handsets").glob("*.sqlite3"))


def _age(path: Path, seconds: float) -> float:
    """Make a store's files older; the present, in seconds."""
    now = clock.SystemClock().now_ms() / 1000
    for one in path.parent.glob(f"{path.name}*"):
        os.utime(one, (now - seconds, now - seconds))
    return now


def test_only_an_act_makes_a_store(demo: World, app: Any) -> None:
    phone = gateways.phone(web.browser(app), demo)
    phone.ask("handset.state")
    phone.ask("registration.terms")
    phone.refused("ask", "registration.me")
    phone.refused("do", "nothing.at_all")
    assert _files(demo) == []
    phone.do("handset.set_sim", phone=gateways.PHONE)
    (made,) = _files(demo)
    assert made.parent.stat().st_mode & 0o077 == 0


def test_a_store_opens_with_its_cookie_alone_and_holds_nothing_in_the_clear(
    demo: World, app: Any
) -> None:
    phone = gateways.phone(web.browser(app), demo)
    gateways.sign_in(phone, demo)
    phone.do("handset.set_sim", phone=gateways.PHONE)
    (made,) = _files(demo)
    for secret in (b"", bytes(32)):
        store = HandsetStore(made, ids.system_entropy, secret or b"\x01" * 32)
        with pytest.raises(vault.Unreadable):
            store.get("sim")
        store.close()
    kept = b"".join(one.read_bytes() for one in made.parent.glob(f"{made.name}*"))
    assert gateways.PHONE.encode() not in kept
    assert b"PRIVATE KEY" not in kept


def test_a_store_is_found_again_by_another_process(demo: World, app: Any) -> None:
    phone = gateways.phone(web.browser(app), demo)
    gateways.sign_in(phone, demo)
    phone_stores._stores.pop(demo.id)
    assert phone.ask("handset.state")["signed_in"]


def test_open_stores_are_bounded(demo: World, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_stores, "_MOST_OPEN", 2)
    phones = [gateways.phone(web.browser(app), demo) for _ in range(4)]
    for phone in phones:
        phone.do("handset.set_sim", phone=gateways.PHONE)
    assert len(phone_stores.of_world(demo)._open) == 2
    for phone in phones:
        assert phone.ask("handset.carrier_number") == {"masked": "138****8000"}


def test_one_network_makes_so_many_phones_an_hour_and_no_more(
    demo: World, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_stores, "_NEW_EACH_HOUR", 2)
    for _ in range(2):
        gateways.phone(web.browser(app), demo).do("handset.set_sim", phone="")
    refused = gateways.phone(web.browser(app), demo).refused("do", "handset.set_sim", phone="")
    assert (refused.status, refused.code) == (429, "http.too_many_phones")
    elsewhere = web.browser(app, client=("198.51.100.4", 50_000))
    gateways.phone(elsewhere, demo).do("handset.set_sim", phone="")
    assert len(_files(demo)) == 3


def test_a_phone_that_holds_nothing_is_forgotten_after_a_day(demo: World, app: Any) -> None:
    phone = gateways.phone(web.browser(app), demo)
    phone.do("handset.set_sim", phone=gateways.PHONE)
    (made,) = _files(demo)
    stores = phone_stores.PhoneStores(demo)
    now = _age(made, DAY_S - 60)
    assert stores.sweep(now) == 0
    assert stores.sweep(now + 1) == 0
    now = _age(made, DAY_S + 60)
    assert stores.sweep(now + 2 * 3600) == 1
    assert list(made.parent.iterdir()) == []
    assert phone.ask("handset.state")["sim"] is None


@pytest.mark.parametrize("item", ["session"])
def test_a_phone_with_a_session_or_a_key_is_kept_for_ever(demo: World, app: Any, item: str) -> None:
    phone = gateways.phone(web.browser(app), demo)
    phone.do("handset.set_sim", phone=gateways.PHONE)
    token = phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    kept = phone_stores.of_world(demo).find(token)
    assert kept is not None
    kept.store.put(item, b"x")
    (made,) = _files(demo)
    now = _age(made, 400 * DAY_S)
    assert phone_stores.PhoneStores(demo).sweep(now) == 0
    assert kept.store.get("sim") == gateways.PHONE.encode()


def test_kept_replies_are_bounded(world: World, monkeypatch: Any) -> None:
    phone = gateways.phone(web.browser(web.application(world, monkeypatch)), world)
    for number in range(70):
        phone.do("handset.set_sim", phone=f"1380013{number:04d}")
    token = phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    kept = phone_stores.of_world(world).find(token)
    assert kept is not None
    replies = kept.store.names("reply/")
    assert len(replies) == 64
