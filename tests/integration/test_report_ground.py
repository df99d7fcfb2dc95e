"""The copy that reports are asked of follows the log to the last row; a killed feeder loses nothing."""

from __future__ import annotations

import datetime
import signal
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.boot import World
from engine.kernel import calendar, clock
from engine.policies import model as policies
from engine.reports import feeding, snapshot
from engine.reviewing import model as reviewing
from simulations.people import Person
from tests.support import copies, registering, worlds
from tests.support.line import Line


class Followed(Line):
    """A line whose copy is brought up to date whenever the worker has run."""

    folder: Path
    late = False

    def approve_all(self) -> int:
        if not self.late:
            self.late = True
            # The first case waits over a long weekend and a day.
            self.world.engine.parts.clock.advance(5 * clock.DAY)  # type: ignore[attr-defined]
        return super().approve_all()

    def onboarded(self, person: Person) -> None:
        super().onboarded(person)
        self.work(61)
        request_id = person.request_step_up()
        self.work()
        person.step_up(request_id)

    def work(self, seconds: int = 0) -> None:
        super().work(seconds)
        snapshot.refresh(self.world.engine, self.folder)


def asked(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with snapshot.open_copy(path) as copy:
        return copy.execute(sql).fetchall()


@pytest.fixture
def followed(any_world: World, tmp_path: Path) -> Path:
    """Two people up to a certificate, an invoice and a refund; the copy was refreshed at each step."""
    line = Followed.on(any_world)
    line.scheme, line.folder = "seeded_ec", tmp_path / "followed"
    first, second = line.person(0), line.person(1)
    line.certified(first)
    line.onboarded(second)
    second.order(agency_id="dongfang")
    line.work()
    second.pay()
    line.work(70)
    second.cancel_order(second.order_id)
    for _ in range(2):
        # The provider is asked what became of the refund.
        line.work(11 * 60)
    return line.folder


@pytest.mark.row("RPT-1")
@pytest.mark.row("RPT-4")
def test_a_copy_that_followed_step_by_step_is_the_one_made_anew(
    followed: Path, any_world: World, tmp_path: Path
):
    refreshes = int(copies.latest(followed).stem.split("-")[1])
    assert refreshes > 10
    snapshot.refresh(any_world.engine, tmp_path / "anew")
    step_by_step = copies.content(copies.latest(followed))
    anew = copies.content(copies.latest(tmp_path / "anew"))
    assert step_by_step.keys() == anew.keys()
    for table, rows in anew.items():
        assert step_by_step[table] == rows, table
    assert len(anew["lifecycle_step"]) > 30


@pytest.mark.row("RPT-1")
@pytest.mark.row("RPT-2")
def test_what_the_copy_counts_is_what_the_engine_knows(followed: Path, any_world: World):
    path = copies.latest(followed)
    head = worlds.rows(any_world, "SELECT MAX(seq) AS seq, COUNT(*) AS n FROM event")[0]
    assert asked(path, "SELECT max(seq), count(DISTINCT seq) FROM event_fact") == [
        (head["seq"], head["n"])
    ]
    done, given_up = asked(
        path,
        "SELECT status, paid_fen, refunded_fen, submitted_at, first_reviewed_at, issued_at,"
        " downloaded_at, region FROM order_fact ORDER BY created_at",
    )
    assert done[0] == "completed"
    assert done[1] == 20_000
    assert done[2] == 0
    assert list(done[3:7]) == sorted(done[3:7])
    assert done[7] == "650000"
    assert given_up == ("cancelled", 20_000, 20_000, None, None, None, None, "650000")
    days = calendar.china()
    for opened, touched, decided, held, wait, handle in asked(
        path,
        "SELECT opened_at, first_touched_at, decided_at, held_ms, wait_business_ms,"
        " handle_business_ms FROM review_task WHERE decided_at IS NOT NULL",
    ):
        assert wait == days.business_ms(opened, touched)
        assert handle == days.business_ms(touched, decided) - held
    rules = any_world.engine.ask(lambda q: q.policies(policies.ReviewRule), worlds.SYSTEM)
    told = dict(asked(path, "SELECT id, overdue FROM review_task WHERE decided_at IS NOT NULL"))
    known = {
        case_id: reviewing.clocks(case, rules[case.kind], any_world.engine.now()).overdue
        for case_id in told
        for case in [
            any_world.engine.ask(
                lambda q, c=case_id: q.get(reviewing.Case, "review_case", c), worlds.SYSTEM
            )
        ]
    }
    assert told == known
    assert sum(known.values()) == 1
    # Of every case: its events in order, and one step fewer than events.
    assert not asked(
        path,
        "SELECT case_id FROM lifecycle_event GROUP BY case_kind, case_id HAVING count(*) - 1 <> ("
        " SELECT count(*) FROM lifecycle_step s WHERE s.case_kind = lifecycle_event.case_kind"
        " AND s.case_id = lifecycle_event.case_id)",
    )


@pytest.mark.row("S-PI-1")
def test_accounts_have_other_names_in_a_copy_and_nothing_of_a_person_is_in_it(
    followed: Path, any_world: World, tmp_path: Path
):
    with duckdb.connect(str(copies.latest(followed)), read_only=True) as copy:
        copy.execute(f"EXPORT DATABASE '{tmp_path / 'out'}' (FORMAT csv)")
    told = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    accounts = [row["id"] for row in worlds.rows(any_world, "SELECT id FROM account")]
    assert len(accounts) == 2
    for value in (*accounts, "13900000000", "张伟", "李娜", "650102198003150111"):
        assert value.encode() not in told
    assert told.count(b"acr_") > 20


def test_office_hours_of_every_span_are_those_of_the_calendar(any_world: World, tmp_path: Path):
    registering.sign_up(any_world)
    snapshot.refresh(any_world.engine, tmp_path)
    days = calendar.china()
    first = clock.start_of(datetime.date(2026, 9, 24))
    spans = [
        (first + begin * 3_700_000, first + begin * 3_700_000 + length * 5_011_000)
        for begin in range(0, 400, 7)
        for length in (0, 1, 9, 200)
    ]
    with snapshot.open_copy(copies.latest(tmp_path)) as copy:
        found = copy.execute(
            "SELECT a, b, office_ms(b) - office_ms(a)"
            " FROM (SELECT unnest($from_ms) AS a, unnest($to_ms) AS b)",
            {"from_ms": [a for a, _ in spans], "to_ms": [b for _, b in spans]},
        ).fetchall()
    assert [(a, b, days.business_ms(a, b)) for a, b in sorted(spans)] == sorted(found)


def test_a_feeder_that_is_killed_anywhere_loses_and_doubles_nothing(tmp_path: Path, count):
    log, folder = tmp_path / "log.sqlite3", tmp_path / "copies"
    db = copies.new_log(log)
    kills, chunk = 7, count(3_000, 50_000)
    killed, published = 0, 0
    copies.grow(db, chunk)
    began = time.perf_counter()
    assert copies.feeder(log, folder).wait() == 0
    took = time.perf_counter() - began
    for number in range(kills):
        copies.grow(db, chunk)
        child = copies.feeder(log, folder)
        # From its first import to its rename.
        try:
            child.wait(timeout=took * (number + 3) / kills)
            published += 1
        except copies.subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            killed += 1
    assert copies.feeder(log, folder).wait() == 0
    snapshot.follow(db, feeding.Names(copies.KEY), tmp_path / "anew")
    assert copies.content(copies.latest(folder)) == copies.content(copies.latest(tmp_path / "anew"))
    total = (kills + 1) * chunk
    assert asked(
        copies.latest(folder), "SELECT count(*), count(DISTINCT seq), sum(seq) FROM event_fact"
    ) == [(total, total, total * (total + 1) // 2)]
    (source,) = worlds_rows(db, "SELECT COUNT(*) AS n, SUM(amount_fen) AS fen FROM movement")
    assert asked(
        copies.latest(folder),
        "SELECT count(*), count(DISTINCT id), sum(amount_fen) FROM movement_fact",
    ) == [(source["n"], source["n"], source["fen"])]
    assert not list(folder.glob("draft*"))
    print(f"feeder: {killed} kills, {published} in time, {total} events, 0 lost, 0 doubled")
    db.close()


def worlds_rows(db: Any, sql: str) -> list[dict[str, Any]]:
    with db.read() as connection:
        return connection.rows(sql)


def test_processes_that_refresh_at_once_publish_one_copy_after_the_other(tmp_path: Path):
    log, folder = tmp_path / "log.sqlite3", tmp_path / "copies"
    db = copies.new_log(log)
    copies.grow(db, 2_000)
    db.close()
    told = [child.communicate()[0].strip() for child in [copies.feeder(log, folder) for _ in "abc"]]
    assert told == ["2000"] * 3
    # The others found it made.
    assert [path.name for path in folder.glob("analytics-*")] == ["analytics-1.duckdb"]


def test_a_log_that_is_shorter_than_its_copy_is_another_one(tmp_path: Path):
    names, folder = feeding.Names(copies.KEY), tmp_path / "copies"
    for name, events in (("long", 300), ("short", 40)):
        db = copies.new_log(tmp_path / f"{name}.sqlite3")
        copies.grow(db, events)
        assert snapshot.follow(db, names, folder).seq == events
        db.close()
    assert asked(copies.latest(folder), "SELECT count(*) FROM event_fact") == [(40,)]


def test_a_large_copy_serves_for_a_while_and_can_be_asked_for_now(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(snapshot, "_SMALL", 0)
    monkeypatch.setattr(snapshot, "_BYTES_A_SECOND", 1_000)
    names, folder = feeding.Names(copies.KEY), tmp_path / "copies"
    db = copies.new_log(tmp_path / "log.sqlite3")
    copies.grow(db, 50)
    assert snapshot.follow(db, names, folder).seq == 50
    copies.grow(db, 50)
    assert snapshot.follow(db, names, folder).seq == 50
    assert snapshot.follow(db, names, folder, now=True).seq == 100
    db.close()


def test_a_large_copy_that_nobody_reads_any_more_becomes_the_next_one(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(snapshot, "_SMALL", 0)
    names, folder = feeding.Names(copies.KEY), tmp_path / "copies"
    db = copies.new_log(tmp_path / "log.sqlite3")

    def refreshed() -> dict[str, int]:
        copies.grow(db, 40)
        snapshot.follow(db, names, folder, now=True)
        return {path.name: path.stat().st_ino for path in folder.glob("analytics-*")}

    copies.grow(db, 400)
    for _ in range(3):
        kept = refreshed()
    assert list(map(str, sorted(kept))) == [f"analytics-{n}.duckdb" for n in (1, 2, 3)]
    # The oldest is not copied: it goes on.
    assert refreshed()["analytics-4.duckdb"] == kept["analytics-1.duckdb"]
    # While somebody here reads the oldest it stays as it is, to the last byte.
    with snapshot.open_copy(folder / "analytics-2.duckdb") as read:
        before = read.execute("SELECT count(*) FROM event_fact").fetchone()
        assert refreshed()["analytics-5.duckdb"] != kept["analytics-2.duckdb"]
        assert read.execute("SELECT count(*) FROM event_fact").fetchone() == before
    # Nor while another process does.
    oldest = folder / "analytics-3.duckdb"
    reader = copies.reader(oldest)
    assert reader.stdout is not None
    counted = reader.stdout.readline()
    assert refreshed()["analytics-6.duckdb"] != kept["analytics-3.duckdb"]
    assert reader.communicate("again\n")[0] == counted
    snapshot.follow(db, names, tmp_path / "anew")
    assert copies.content(copies.latest(folder)) == copies.content(copies.latest(tmp_path / "anew"))
    db.close()


@pytest.mark.row("RPT-5")
def test_a_finished_run_is_asked_like_a_world_all_its_shards_in_one(tmp_path: Path):
    run = tmp_path / "night-1"
    run.mkdir()
    for shard, events in enumerate((300, 200)):
        db = copies.new_log(run / f"world-{shard}.sqlite3")
        copies.grow(db, events)
        with db.write() as connection:
            # Shards share no row.
            connection.run(f"UPDATE movement SET id = 'mov_{shard}' || substr(id, 5)")
        db.close()
    assert snapshot.runs(tmp_path) == []
    with pytest.raises(snapshot.RunUnknown):
        snapshot.of_run(tmp_path, "night-1")
    (run / "manifest.json").write_text("{}")
    assert snapshot.runs(tmp_path) == ["night-1"]
    path = snapshot.of_run(tmp_path, "night-1")
    assert snapshot.of_run(tmp_path, "night-1") == path
    assert asked(path, "SELECT count(*), count(DISTINCT seq), max(seq) FROM event_fact") == [
        (500, 500, 500)
    ]
    for wrong in ("../night-1", "night-2", "", "night-1/../night-1"):
        with pytest.raises(snapshot.RunUnknown):
            snapshot.of_run(tmp_path, wrong)
