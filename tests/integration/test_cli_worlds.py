"""The commands that look after a world: made, migrated, reported on, its log checked, copied."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess

import pytest
from pysqlite3 import dbapi2 as sqlite

from engine import boot
from engine.boot.worlds import QUICK_HASHING
from engine.cli import shell
from engine.kernel import actors, clock
from engine.registration import actions as registration
from engine.registration.model import CodePurpose
from engine.staffing import queries as staff
from tests.integration.test_cli import run
from tests.support import parties, worlds

SYSTEM = actors.System(job="test")


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A demo world in which an enterprise placed and paid an order."""
    path = tmp_path_factory.mktemp("worlds") / "lived"
    done = run("world", "make", path, "--kind", "demo")
    assert done.exit_code == 0, done.output
    now = clock.SystemClock().now_ms() + clock.MINUTE
    world = boot.open_world(path, the_clock=clock.ManualClock(now), hashing=QUICK_HASHING)
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    parties.pay(world, party)
    shell.close(world)
    return path


@pytest.fixture
def copy(lived, tmp_path):
    """A copy of that world, to be spoiled."""
    path = tmp_path / lived.name
    shutil.copytree(lived, path)
    return path


def spoil(path, *statements):
    """Go around the engine, as somebody with the database file would."""
    raw = sqlite.connect(str(path / "yinxin.sqlite3"))
    for (trigger,) in raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        raw.execute(statement)
    raw.commit()
    raw.close()


def test_a_made_world_has_an_administrator_whose_password_is_shown_once(tmp_path):
    done = run("world", "make", tmp_path / "new", "--kind", "demo")
    assert done.exit_code == 0
    assert done.output.count("password (shown once)") == 1
    world = boot.open_world(tmp_path / "new")
    (admin,) = world.engine.ask(staff.everyone, SYSTEM)
    assert (admin.login, list(admin.roles)) == ("admin", ["administrator"])
    shell.close(world)
    again = run("world", "make", tmp_path / "new")
    assert (again.exit_code, "already" in again.stderr) == (2, True)


@pytest.mark.parametrize("command", ["serve", "work", "report orders", "log verify", "db migrate"])
def test_a_missing_world_names_the_command_that_makes_one(tmp_path, command):
    done = run(*command.split(), "--world", tmp_path / "none")
    assert done.exit_code == 2
    assert f"yinxin make demo --path {tmp_path / 'none'}" in done.stderr
    chinese = run(*command.split(), "--world", tmp_path / "none", language="zh_CN.UTF-8")
    assert "yinxin make demo" in chinese.stderr
    assert chinese.stderr != done.stderr


def test_a_report_comes_as_csv_and_as_json(lived):
    asked = ("report", "orders", "--by", "day", "--level", "platform", "--world", lived)
    done = run(*asked, "--format", "csv")
    assert done.exit_code == 0
    total, day, row = csv.DictReader(io.StringIO(done.stdout))
    assert (row["platform"], row["placed"], row["paid"]) == ("guangzheng", "1", "1")
    assert (total["period"], total["placed"], day["platform"], day["placed"]) == ("", "1", "", "1")
    told = json.loads(run(*asked, "--format", "json").stdout)
    assert told["report"] == "orders"
    known = {name: value for name, value in told["rows"][2].items() if value is not None}
    assert {name: str(value) for name, value in known.items()} == {
        name: value for name, value in row.items() if name in known
    }
    reviews = run("report", "reviews", "--world", lived).stdout
    assert "enterprise_claim" in reviews


def test_a_report_covers_the_days_that_are_asked_for(lived):
    def rows(*span: str) -> list[dict[str, str]]:
        told = run("report", "orders", "--by", "all", *span, "--world", lived).stdout
        return list(csv.DictReader(io.StringIO(told)))

    assert [row["placed"] for row in rows("--until", "2020-01-01")] == ["0"]
    assert [row["placed"] for row in rows("--from", "2020-01-01")] == ["1"]


def test_an_unknown_report_is_refused_with_the_names_of_the_others(lived):
    done = run("report", "nothing", "--world", lived)
    assert (done.exit_code, "invoices" in done.stderr) == (2, True)


def test_an_untouched_log_holds_and_tells_its_head(lived):
    done = run("log", "verify", "--world", lived)
    assert (done.exit_code, "The log holds." in done.stdout) == (0, True)
    told = json.loads(run("log", "verify", "--json", "--world", lived).stdout)
    assert told["breaks"] == []
    assert told["events"] == told["head"]["seq"] > 10


def test_a_changed_event_breaks_the_log(copy):
    spoil(copy, "UPDATE event SET subject = 'x' WHERE seq = 7")
    done = run("log", "verify", "--world", copy)
    assert (done.exit_code, "Event 7" in done.stdout) == (1, True)
    told = json.loads(run("log", "verify", "--json", "--world", copy).stdout)
    assert told["breaks"][0] == {"seq": 7, "problem": "Event 7 was changed."}
    assert "it differs first at event 7" in told["breaks"][1]["problem"]


def test_a_cut_tail_is_found_by_the_signed_heads(copy):
    assert run("log", "verify", "--world", copy).exit_code == 0
    spoil(copy, "DELETE FROM event WHERE seq > (SELECT MAX(seq) - 3 FROM event)")
    done = run("log", "verify", "--world", copy)
    assert (done.exit_code, "its end was cut off" in done.stdout) == (1, True)


def test_a_cut_tail_is_found_by_a_head_that_was_kept_when_the_signed_ones_are_gone(copy, tmp_path):
    head = tmp_path / "head.json"
    assert run("log", "head", "--out", head, "--world", copy).exit_code == 0
    assert run("log", "verify", "--head", head, "--world", copy).exit_code == 0
    spoil(copy, "DELETE FROM event WHERE seq > (SELECT MAX(seq) - 3 FROM event)")
    shutil.rmtree(copy / "heads")
    (copy / "newest-head.json").unlink()
    assert run("log", "verify", "--world", copy).exit_code == 0
    assert run("log", "verify", "--head", head, "--world", copy).exit_code == 1


@pytest.mark.parametrize(
    "content", ["", "[]", '{"seq": 1}', '{"world": "other", "seq": 0, "mac": "", "occurred_at": 0}']
)
def test_a_head_of_something_else_is_refused(lived, tmp_path, content):
    (tmp_path / "head").write_text(content)
    assert run("log", "verify", "--head", tmp_path / "head", "--world", lived).exit_code == 2


def test_migrations_are_applied_and_named_once(copy):
    (copy / "yinxin.sqlite3").unlink()
    first = run("db", "migrate", "--world", copy)
    assert (first.exit_code, "applied kernel/0001" in first.stdout) == (0, True)
    second = run("db", "migrate", "--world", copy)
    assert (second.exit_code, second.stdout) == (0, "The database is up to date.\n")


def test_a_database_that_is_none_is_told_without_a_traceback(copy):
    (copy / "yinxin.sqlite3").write_bytes(b"no database at all, but text" * 100)
    done = run("log", "verify", "--world", copy)
    assert (done.exit_code, "database" in done.stderr) == (2, True)


def test_the_worker_does_what_is_due(copy):
    world = boot.open_world(copy)
    purpose = CodePurpose.SIGN_IN
    asked = {"phone": "13900000001", "purpose": purpose, "terms_accepted": True}
    world.engine.perform(registration.request_code, asked, actor=SYSTEM)
    assert world.sms.outbox("13900000001") == []
    shell.close(world)
    done = run("work", "--once", "--world", copy)
    assert (done.exit_code, done.stdout) == (0, "1 things done\n")
    world = boot.open_world(copy)
    assert len(world.sms.outbox("13900000001")) == 1
    assert worlds.rows(world, "SELECT * FROM job WHERE kind = 'send_sms'") == []
    shell.close(world)


def test_a_backup_restores_and_a_wrong_passphrase_does_not(lived, tmp_path, monkeypatch):
    monkeypatch.setenv("YINXIN_PASSPHRASE", "a long sentence of mine")
    head = tmp_path / "head.json"
    assert run("backup", tmp_path / "kept", "--world", lived).exit_code == 0
    assert run("log", "head", "--out", head, "--world", lived).exit_code == 0
    done = run("restore", tmp_path / "kept", tmp_path / "again", "--head", head)
    assert done.exit_code == 0, done.output
    assert run("log", "verify", "--head", head, "--world", tmp_path / "again").exit_code == 0
    monkeypatch.setenv("YINXIN_PASSPHRASE", "another sentence of mine")
    assert run("restore", tmp_path / "kept", tmp_path / "never").exit_code == 2
    assert not (tmp_path / "never").exists()


ROLES = ("--administrator", "王敏", "--custodian", "李强", "--witness", "张华", "--witness", "赵静")


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("YINXIN_ROOT_PASSPHRASE", "eine lange geheime Zeile")


@pytest.mark.usefixtures("secret")
def test_a_ceremony_is_held_once_and_its_roots_are_no_test_roots(tmp_path):
    path = tmp_path / "real"
    done = run("ceremony", path, "--public-url", "http://ca.example.cn", *ROLES)
    assert done.exit_code == 0, done.output
    assert "TEST" not in done.output
    online = path / "keys" / "pki"
    assert (path / "offline" / "root.key.pem").exists()
    assert not (online / "root.key.pem").exists()
    told = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", "root.cert.pem", "dongfang.cert.pem"],
        cwd=online, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "OK" in told.stdout
    assert run("ceremony", path, *ROLES).exit_code == 2
    other = run("world", "make", path, "--kind", "production", "--public-url", "http://x.cn")
    assert (other.exit_code, "http://ca.example.cn" in other.stderr) == (2, True)


def test_a_production_world_needs_its_ceremony(tmp_path):
    done = run("world", "make", tmp_path / "bare", "--kind", "production")
    assert (done.exit_code, "yinxin ceremony" in done.stderr) == (2, True)
