"""PI-4: of a cancelled account nothing is left in any byte, and everything else is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import boot
from engine.boot.worlds import QUICK_HASHING
from engine.kernel import actors, clock, events, vault
from engine.registration import queries
from engine.reports import catalog, snapshot
from engine.signing import actions as signing
from tests.support import closing, fold, parties, registering, trading, worlds
from tests.support.traces import Traces
from tests.support.worlds import SYSTEM

START = 1_780_272_000_000  # 2026-06-01 08:00 in Shanghai


@dataclass(frozen=True)
class Somebody:
    """A person with a proven name that nobody else has."""

    actor: actors.Person
    phone: str
    name: str
    resident_id: str

    @property
    def values(self) -> set[str]:
        """What must not be found."""
        return {self.phone, self.name, self.resident_id}


def somebody(world: boot.World, number: int) -> Somebody:
    """The person of this number, registered and proven."""
    phone, name = f"1861{number:07d}", f"欧阳{chr(0x6000 + number)}{chr(0x6100 + number)}"
    identity = registering.resident_id(born="19790821", sequence=f"{2 * number + 1:03d}")
    person = registering.sign_up(world, phone)
    registering.prove(world, person, identity, name=name)
    return Somebody(actor=person, phone=phone, name=name, resident_id=identity)


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], list[Path]]]:
    """The folders that hold a world on each of the two databases, the world's own first."""
    folder, address = tmp_path / "world", "sqlite"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        name = server.create(migrated=False)
        address = server.address(name)
    boot.create_world(
        folder, kind="run", world_id="forgetting", reference_ms=START, address=address
    )
    if request.param == "sqlite":
        yield lambda: [folder]
        return
    yield lambda: [folder, server.files_of(name)]
    server.drop(name)


@pytest.fixture
def folder_world(places: Callable[[], list[Path]]) -> boot.World:
    """A world in a folder, with a clock that stands still."""
    world = boot.open_world(places()[0], the_clock=clock.ManualClock(START), hashing=QUICK_HASHING)
    boot.worlds.pop(world.id, None)
    return world


def bytes_of(folders: list[Path]) -> bytes:
    """Every byte of the world's folder and of its database, but its keys."""
    return b"".join(
        path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "keys" not in path.parts
    )


def secrets_of(world: boot.World, people: list[actors.Person]) -> list[bytes]:
    """The wrapped keys and the indexes of these people, as the database keeps them."""
    marks = ", ".join("?" for _ in people)
    ids = [one.account_id for one in people]
    keys = worlds.rows(
        world,
        "SELECT k.wrapped AS kept FROM data_key k JOIN account a ON a.subject_id = k.subject_id"
        f" WHERE a.id IN ({marks})",
        *ids,
    )
    found = worlds.rows(
        world, f"SELECT digest AS kept FROM blind_index WHERE row_id IN ({marks})", *ids
    )
    return [bytes(row["kept"]) for row in (*keys, *found)]


def take_samples(world: boot.World) -> None:
    """PostgreSQL samples its tables for its statistics, as it does by itself every now and then.

    SQLite never does unless it is told to, and the engine never tells it.
    """
    db = world.engine.parts.db
    if db.dialect == "postgresql":
        with db.write() as connection:
            connection.run("ANALYZE")


def totals(world: boot.World, folder: Path) -> dict[str, object]:
    """What every report says of what happened before: not of the cancellations and their reviews."""
    snapshot.refresh(world.engine, folder)
    newest = snapshot.newest(folder)
    assert newest is not None
    with snapshot.open_copy(newest) as copy:
        answers = {name: catalog.ask(copy, catalog.load(name)) for name in catalog.NAMES}
    # The cancellations are reviewed, corrected, wait, and are in the lives of the accounts.
    for name in ("reviews", "rework", "backlog", "process_map", "variants", "cohorts"):
        del answers[name]
    return {
        name: [
            {
                column: value
                for column, value in zip(answer.columns, row, strict=True)
                if column != "cancelled"
            }
            for row in answer.rows
        ]
        for name, answer in answers.items()
    }


@pytest.mark.row("S-PI-4")
@pytest.mark.row("SEC-1")
def test_nothing_of_cancelled_people_is_left_in_any_byte(
    folder_world: boot.World,
    places: Callable[[], list[Path]],
    tmp_path: Path,
    count: Callable[[int, int], int],
) -> None:
    world, cancelled = folder_world, count(15, 100)
    everybody = [somebody(world, number) for number in range(cancelled * 5 // 2)]
    leaving, staying = everybody[:cancelled], everybody[cancelled:]
    officer, *_ = closing.officers(world)
    parties.settle(world)
    take_samples(world)
    world.engine.parts.db.checkpoint()
    reports, held = tmp_path / "reports", secrets_of(world, [one.actor for one in leaving])
    before, everything = totals(world, reports), bytes_of(places())
    # The search is not blind: all of it stands there before, and none of it is readable.
    assert len(held) == 5 * cancelled
    assert all(secret in everything for secret in held)
    for one in leaving:
        closing.cancel(world, one.actor, officer)
    everything = bytes_of(places())
    assert sum(secret in everything for secret in held) == 0
    traces = Traces(value for one in everybody for value in one.values)
    for folder in places():
        assert traces.look_into(folder) > 100_000
    traces.look_into(reports)
    assert traces.found == {}
    assert totals(world, reports) == before
    still = secrets_of(world, [one.actor for one in staying])
    assert all(secret in everything for secret in still)
    with world.engine.parts.db.read() as connection:
        assert events.verify(connection, world.keyring)[1] == []
    assert parties.violations(world) == {}
    fold.require(world)
    world.close()


@pytest.mark.row("S-PI-4")
def test_a_cancelled_person_cannot_sign_in_and_their_number_is_another_person_s(
    folder_world: boot.World,
) -> None:
    world = folder_world
    one, other = somebody(world, 1), somebody(world, 2)
    officer, *_ = closing.officers(world)
    worlds.clock_of(world).advance(clock.HOUR)
    session = registering.enter_code(world, registering.ask_for_code(world, one.phone))
    closing.cancel(world, one.actor, officer)
    assert world.engine.ask(queries.person_by_token, SYSTEM, session.token) is None
    with world.engine.reader(SYSTEM) as q:
        for kind, value in (
            ("account.phone", one.phone),
            ("account.name", one.name),
            ("account.resident_id", one.resident_id),
        ):
            assert q.find(kind, value) == []
        assert queries.person_name(q, one.actor.account_id) == ""
        with pytest.raises(vault.Destroyed):
            queries.person_phone(q, one.actor.account_id)
        assert q.find("account.phone", other.phone) == [other.actor.account_id]
    worlds.clock_of(world).advance(clock.HOUR)
    again = registering.sign_up(world, one.phone)
    assert again.account_id != one.actor.account_id
    assert registering.prove(world, again, one.resident_id, name=one.name) == "matched"
    world.close()


@pytest.mark.row("S-PI-4")
def test_old_signatures_stay_valid_and_at_its_release_the_rest_is_destroyed(
    folder_world: boot.World, places: Callable[[], list[Path]]
) -> None:
    world = folder_world
    trade = trading.trade(world)
    contract = trading.signed(world, trade)
    world.engine.perform(signing.submit, {"contract_id": contract.id}, actor=trade.purchaser.mall)
    parties.approve(world, "contract", contract.id, trade.reviewers.contract)
    leaving = trade.purchaser
    closing.add_administrator(world, leaving)
    closing.finish_seals(world, leaving)
    officer, *_ = closing.officers(world)
    closing.cancel(world, leaving.person, officer)
    verdict = trading.verdict(world, trading.document(world, contract))
    assert (verdict.verdict, len(verdict.signatures)) == ("valid", 2)
    kept = secrets_of(world, [leaving.person])
    assert len(kept) == 1
    worlds.clock_of(world).set(closing.archive_of(world, leaving.person.account_id)["release_at"])
    parties.settle(world, rounds=1)
    assert secrets_of(world, [leaving.person]) == []
    assert kept[0] not in bytes_of(places())
    later = trading.verdict(world, trading.document(world, contract))
    assert len(later.signatures) == 2
    world.close()
