"""Revocation lists as they are published: numbers, deltas, and when the next one is made (PKI-2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509

from engine import boot, worker
from engine.issuing import actions as issuing
from engine.kernel import clock, database
from engine.providers import authorities, publishing
from tests.support import pki_clients, worlds
from tests.support.pki_clients import AGENCY

REMOVED = x509.ReasonFlags.remove_from_crl


def act(stock: pki_clients.Stock, action, certificate_id: str, **more: str) -> None:
    arguments = {"certificate_id": certificate_id, **more}
    stock.world.engine.perform(action, arguments, actor=stock.officer)


def revoke(stock, certificate_id: str, reason: str = "keyCompromise") -> None:
    act(stock, issuing.revoke, certificate_id, reason=reason)


def hold(stock, certificate_id: str) -> None:
    act(stock, issuing.suspend, certificate_id)


def release(stock, certificate_id: str) -> None:
    act(stock, issuing.resume, certificate_id)


def number_of(encoded: bytes) -> int:
    found = x509.load_der_x509_crl(encoded)
    return found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def base_of(encoded: bytes) -> int:
    found = x509.load_der_x509_crl(encoded).extensions
    indicator = found.get_extension_for_class(x509.DeltaCRLIndicator)
    assert indicator.critical
    return indicator.value.crl_number


def entries(encoded: bytes) -> dict[int, x509.ReasonFlags | None]:
    found = {}
    for entry in x509.load_der_x509_crl(encoded):
        reasons = [one.value for one in entry.extensions if isinstance(one.value, x509.CRLReason)]
        found[entry.serial_number] = reasons[0].reason if reasons else None
    return found


def serial(stock, certificate_id: str) -> int:
    return int(stock.row(certificate_id)["serial_hex"], 16)


@pytest.mark.row("PKI-2")
def test_a_list_stays_the_same_bytes_until_something_changes_or_a_day_has_passed(any_world):
    stock = pki_clients.Stock.of(any_world)
    first = any_world.authorities.published(AGENCY)
    worlds.clock_of(any_world).advance(clock.DAY - clock.HOUR)
    assert any_world.authorities.published(AGENCY) == first
    certificate_id = stock.issue()
    assert any_world.authorities.published(AGENCY) == first
    revoke(stock, certificate_id)
    second = any_world.authorities.published(AGENCY)
    assert entries(second.complete) == {
        serial(stock, certificate_id): x509.ReasonFlags.key_compromise
    }
    worlds.clock_of(any_world).advance(clock.DAY)
    third = any_world.authorities.published(AGENCY)
    numbers = [number_of(one.complete) for one in (first, second, third)]
    assert numbers == sorted(set(numbers))
    assert entries(third.complete) == entries(second.complete)


@pytest.mark.row("PKI-2")
def test_the_worker_publishes_a_list_for_each_revocation_and_once_only(world):
    stock = pki_clients.Stock.of(world)
    before = world.authorities.published(AGENCY).number
    one, other = stock.issue(), stock.issue()
    revoke(stock, one)
    hold(stock, other)
    worker.tick(world, owner="test")
    [newest] = worlds.rows(world, "SELECT MAX(number) AS number FROM published_list")
    assert newest["number"] == before + 1
    assert set(entries(world.authorities.crl(AGENCY))) == {
        serial(stock, one), serial(stock, other),
    }  # fmt: skip
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'publish_revocations'") == []


@pytest.mark.row("PKI-2")
def test_a_delta_has_the_number_of_its_list_and_what_changed_since_its_base(any_world):
    stock = pki_clients.Stock.of(any_world)
    kept, held, brief, gone = (stock.issue() for _ in range(4))
    revoke(stock, kept)
    hold(stock, held)
    base = any_world.authorities.published(AGENCY)
    assert entries(base.delta) == {}
    assert base_of(base.delta) == base.number
    release(stock, held)
    hold(stock, brief)
    between = any_world.authorities.published(AGENCY)
    release(stock, brief)
    revoke(stock, gone, "cessationOfOperation")
    newest = any_world.authorities.published(AGENCY)
    assert number_of(newest.delta) == number_of(newest.complete) == newest.number
    assert base_of(newest.delta) == base.number < between.number < newest.number
    # Whoever holds the list in between has `brief` on hold, so that it is told of too.
    assert entries(newest.delta) == {
        serial(stock, held): REMOVED,
        serial(stock, brief): REMOVED,
        serial(stock, gone): x509.ReasonFlags.cessation_of_operation,
    }
    for held_by_somebody in (base, between):
        merged = entries(held_by_somebody.complete) | entries(newest.delta)
        known = {number: why for number, why in merged.items() if why is not REMOVED}
        assert known == entries(newest.complete)


@pytest.mark.row("PKI-2")
def test_a_delta_fits_every_complete_list_that_somebody_may_still_hold(world):
    stock = pki_clients.Stock.of(world)
    published = []
    for _ in range(24):
        revoke(stock, stock.issue(days=800))
        published.append(world.authorities.published(AGENCY))
        worlds.clock_of(world).advance(16 * clock.HOUR)
    newest = world.authorities.published(AGENCY)
    now = world.engine.now()
    for older in published:
        found = x509.load_der_x509_crl(older.complete)
        if clock.from_datetime(found.next_update_utc) > now:
            assert base_of(newest.delta) <= older.number
            assert entries(older.complete) | entries(newest.delta) == entries(newest.complete)
    # What is over for everybody is forgotten, and of the others only the newest keeps its bytes.
    rows = worlds.rows(world, "SELECT * FROM published_list ORDER BY number")
    assert len(rows) < len(published)
    assert [row["number"] for row in rows if row["complete"] is not None] == [newest.number]
    assert base_of(newest.delta) > 1


def again(world: boot.World) -> authorities.Authorities:
    """The authorities as another process of the same world has them."""
    here = world.authorities
    lists = here._lists
    return authorities.Authorities(
        roots=here.roots,
        agencies=here.agencies,
        current=here.current,
        memory=here._memory,
        status_of=here._status_of,
        revocations_of=lists._revocations_of,
        revision_of=lists._revision_of,
    )


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_numbers_rise_strictly_whoever_publishes_and_after_a_restart(any_world, count):
    stock = pki_clients.Stock.of(any_world)
    rounds = count(8, 60)
    seen: list[tuple[int, bytes]] = []

    def publish(process: authorities.Authorities) -> tuple[int, bytes]:
        found = process.published(AGENCY)
        return found.number, found.complete

    with ThreadPoolExecutor(4) as pool:
        for _ in range(rounds):
            certificate_id = stock.issue()
            revoke(stock, certificate_id)
            # Each is a process of its own, which was just started.
            found = list(pool.map(publish, [again(any_world) for _ in range(4)]))
            assert len(set(found)) == 1
            assert serial(stock, certificate_id) in entries(found[0][1])
            seen.append(found[0])
    numbers = [number for number, _ in seen]
    assert numbers == sorted(set(numbers))
    assert [number_of(content) for _, content in seen] == numbers


def test_numbers_go_on_from_those_that_an_older_version_gave(world):
    worlds.run_sql(world, "INSERT INTO sim_counter (name, value) VALUES (?, 41)", f"crl/{AGENCY}")
    assert world.authorities.published(AGENCY).number == 42
    assert world.authorities.published("huaxia").number == 1


@pytest.mark.row("PKI-2")
def test_a_list_is_published_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch):
    db = database.SqliteDatabase(tmp_path / "world.sqlite3")
    world = boot.memory_world(db=db)
    stock = pki_clients.Stock.of(world)
    first = world.authorities.published(AGENCY)
    revoke(stock, stock.issue())

    class Cut(Exception):
        pass

    def cut(*_: object, **__: object) -> bytes:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(publishing.revocation, "delta_of", cut)
        with pytest.raises(Cut):
            world.authorities.published(AGENCY)
    assert [row["number"] for row in worlds.rows(world, "SELECT number FROM published_list")] == [
        first.number
    ]
    assert world.authorities.published(AGENCY).number == first.number + 1
    world.close()


def test_a_certificate_says_where_the_delta_is_and_no_list_does(world):
    stock = pki_clients.Stock.of(world)
    place = stock.signed(stock.issue()).extensions.get_extension_for_class(x509.FreshestCRL).value
    urls = [one.value for point in place for one in point.full_name or ()]
    assert urls == [f"{world.public_url}/w/{world.id}/crl/{AGENCY}-delta.crl"]
    found = world.authorities.published(AGENCY)
    for encoded in (found.complete, found.delta, world.authorities.crl("root")):
        with pytest.raises(x509.ExtensionNotFound):
            x509.load_der_x509_crl(encoded).extensions.get_extension_for_class(x509.FreshestCRL)
    # The root publishes no deltas.
    with pytest.raises(x509.ExtensionNotFound):
        world.authorities.path(AGENCY)[0].extensions.get_extension_for_class(x509.FreshestCRL)


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_a_list_that_was_touched_where_it_is_kept_is_never_signed_on(any_world):
    stock = pki_clients.Stock.of(any_world)
    first, second = stock.issue(), stock.issue()
    revoke(stock, first)
    honest = any_world.authorities.published(AGENCY)
    # Somebody who can write to the database takes the certificate off the list.
    emptied = honest.complete.replace(
        serial(stock, first).to_bytes(16, "big"), (1 << 120).to_bytes(16, "big")
    )
    assert emptied != honest.complete
    worlds.run_sql(
        any_world,
        "UPDATE published_list SET complete = ? WHERE authority = ? AND number = ?",
        emptied, AGENCY, honest.number,
    )  # fmt: skip
    revoke(stock, second)
    made = again(any_world).published(AGENCY)
    assert set(entries(made.complete)) == {serial(stock, first), serial(stock, second)}
    assert made.whole_at == any_world.engine.now()


@pytest.mark.row("PKI-2")
def test_a_list_is_amended_for_a_day_and_then_made_whole(any_world):
    stock = pki_clients.Stock.of(any_world)
    revoke(stock, stock.issue())
    whole = any_world.authorities.published(AGENCY)
    assert whole.whole_at == whole.this_update
    worlds.clock_of(any_world).advance(23 * clock.HOUR)
    revoke(stock, stock.issue())
    amended = any_world.authorities.published(AGENCY)
    assert (amended.whole_at, amended.this_update) == (whole.whole_at, any_world.engine.now())
    worlds.clock_of(any_world).advance(2 * clock.HOUR)
    revoke(stock, stock.issue())
    third = any_world.authorities.published(AGENCY)
    assert third.whole_at == third.this_update == any_world.engine.now()
    assert len(entries(third.complete)) == 3
    assert set(entries(amended.complete)) < set(entries(third.complete))
