"""Long work: refused before it begins, never done for a replay, and two at a time in a process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import low_level
from starlette.testclient import TestClient

from engine import uploads
from engine.boot import World
from engine.boot.worlds import QUICK_HASHING
from engine.handset import held_keys
from engine.kernel import actors, clock, engine, errors, ids, passwords, turns
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.pki import splitting
from engine.uploads import cleaning
from simulations import papers
from tests.support import gateways, web, worlds

PHONE = "13800138000"
SECRET = "纸上得来终觉浅"
_prepared: list[str] = []


def _work_long(_q: Reader, *, text: str) -> str:
    _prepared.append(text)
    return text.upper()


@engine.prepared_by(_work_long)
def plain(op: Operation, *, text: str, prepared: str) -> str:
    op.record("test.worked", op.id, text=text)
    return prepared


@engine.prepared_by(_work_long)
@engine.second_factor
def sensitive(op: Operation, *, text: str, prepared: str) -> str:
    op.record("test.worked", op.id, text=text)
    return prepared


@engine.prepared_by(_work_long)
def refused(op: Operation, *, text: str, prepared: str) -> str:
    op.record("test.refused", op.id, text=text)
    raise RefusedForGood()


class RefusedForGood(errors.PolicyRefused):
    """Not today."""

    commits = True


@pytest.fixture(autouse=True)
def _nothing_prepared() -> None:
    _prepared.clear()


# -- refused first -----------------------------------------------------------------------------


def test_a_session_that_only_looks_causes_no_work(any_world: World) -> None:
    looking = actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=None)
    with worlds.unchanged(any_world), pytest.raises(engine.SecondFactorNeeded):
        any_world.engine.perform(plain, {"text": "a"}, actor=looking)
    assert _prepared == []


def test_a_second_factor_of_long_ago_causes_no_work_and_a_fresh_one_does(any_world: World) -> None:
    now = any_world.engine.now()
    old, fresh = (
        actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=at)
        for at in (now - 5 * clock.MINUTE, now - 5 * clock.MINUTE + 1)
    )
    with worlds.unchanged(any_world), pytest.raises(engine.SecondFactorNeeded):
        any_world.engine.perform(sensitive, {"text": "a"}, actor=old)
    assert _prepared == []
    assert any_world.engine.perform(sensitive, {"text": "a"}, actor=fresh) == "A"
    assert _prepared == ["a"]


# -- a replay ----------------------------------------------------------------------------------


def test_a_replay_is_answered_without_the_work(any_world: World) -> None:
    perform = any_world.engine.perform
    assert perform(plain, {"text": "a"}, actor=worlds.SYSTEM, key="k") == "A"
    with worlds.unchanged(any_world):
        assert perform(plain, {"text": "a"}, actor=worlds.SYSTEM, key="k") == "A"
        with pytest.raises(engine.KeyReused):
            perform(plain, {"text": "b"}, actor=worlds.SYSTEM, key="k")
    assert _prepared == ["a"]


def test_a_remembered_refusal_is_told_again_without_the_work(any_world: World) -> None:
    for _ in range(2):
        with pytest.raises(RefusedForGood):
            any_world.engine.perform(refused, {"text": "a"}, actor=worlds.SYSTEM, key="k")
    assert _prepared == ["a"]
    assert worlds.kinds(any_world).count("test.refused") == 1


# -- two at a time -----------------------------------------------------------------------------


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many hashes were running when each one began; each waits until a third could have come."""
    running, seen, guard = [0], list[int](), threading.Lock()
    real = low_level.hash_secret_raw

    def counted(*args: Any, **kwargs: Any) -> bytes:
        with guard:
            running[0] += 1
            seen.append(running[0])
        threading.Event().wait(0.02)
        made = real(*args, **kwargs)
        with guard:
            running[0] -= 1
        return made

    monkeypatch.setattr(low_level, "hash_secret_raw", counted)
    return seen


def _together(work: Callable[[], Any], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_twenty_at_once_are_hashed_two_at_a_time(world: World, hashes: list[int]) -> None:
    _together(lambda: passwords.stretch(world.engine.parts, SECRET, bytes(16)), 20)
    assert len(hashes) == 20
    assert max(hashes) == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> turns.Turns:
    """The turns of hashing, where nobody waits for long."""
    monkeypatch.setattr(turns.HASHING, "_patience_s", 0.01)
    return turns.HASHING


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def _staff(visitor: TestClient, _world: World) -> int:
    return int(web.sign_in(visitor, "nobody", SECRET).status_code)


def _mall(visitor: TestClient, _world: World) -> int:
    given = {"platform_id": "guangzheng", "login": "nobody", "password": SECRET}
    return int(visitor.post("/api/v1/mall/sign-in", json=given).status_code)


def _mall_page(visitor: TestClient, world: World) -> int:
    page = gateways.mall(visitor, world)
    return page.refused("do", "mall.sign_in", login="nobody", password=SECRET).status


_BY_PASSWORD = {"phone": PHONE, "password": SECRET, "terms_accepted": True}


def _handset(visitor: TestClient, _world: World) -> int:
    given = {**_BY_PASSWORD, "device_key": "BA==", "device_label": "x"}
    answer = visitor.post("/api/v1/registration/sign-in-by-password", json=given)
    return int(answer.status_code)


def _phone_page(visitor: TestClient, world: World) -> int:
    page = gateways.phone(visitor, world)
    return page.refused("do", "handset.sign_in_by_password", **_BY_PASSWORD).status


@pytest.mark.parametrize("sign_in", [_staff, _mall, _mall_page, _handset, _phone_page])
def test_over_the_limit_a_sign_in_is_told_429_before_it_is_hashed(
    world: World,
    visitor: TestClient,
    hashes: list[int],
    impatient: turns.Turns,
    sign_in: Callable[[TestClient, World], int],
) -> None:
    with impatient.one(), impatient.one(), worlds.unchanged(world):
        assert sign_in(visitor, world) == 429
    assert hashes == []
    assert sign_in(visitor, world) == 401
    assert hashes == [1]


def test_a_pin_is_stretched_in_its_turn_too(hashes: list[int], impatient: turns.Turns) -> None:
    cost = splitting.Cost(memory_kib=QUICK_HASHING.memory_kib, passes=QUICK_HASHING.passes)
    for scheme in held_keys.SCHEMES:
        with impatient.one(), impatient.one(), pytest.raises(turns.TooBusy):
            held_keys.hide(scheme, b"", 7, "280517", ids.seeded(7, "salt"), cost)
    assert hashes == []


def test_pictures_are_looked_at_in_turns_of_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns.DOCUMENTS, "_patience_s", 0.01)
    monkeypatch.setattr(cleaning, "_KNOWN", cleaning._Known())
    with turns.DOCUMENTS.one(), turns.DOCUMENTS.one():
        with pytest.raises(turns.TooBusy):
            uploads.clean(papers.face(), allowed=uploads.PICTURE, field="face", face=True)
        assert len(passwords.stretch(world.engine.parts, SECRET, bytes(16))) == 32
