"""`yinxin jobs`: what is stuck is told to people and programs, and done again once, with who and why."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from engine import boot
from engine.boot.worlds import QUICK_HASHING
from engine.cli import shell
from engine.kernel import clock, errors
from tests.integration.test_cli import run
from tests.support import stuck, worlds

NOW = clock.SystemClock().now_ms() + clock.MINUTE


def opened(path: Path) -> boot.World:
    return boot.open_world(path, the_clock=clock.ManualClock(NOW), hashing=QUICK_HASHING)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jobs") / "world"
    assert run("world", "make", path, "--kind", "demo").exit_code == 0
    return path


@pytest.fixture
def ids(place: Path) -> dict[str, list[str]]:
    """Two invoices and a message that are stuck, and a refund that waits for the bank."""
    world = opened(place)
    worlds.run_sql(world, "DELETE FROM job")
    made = stuck.several(world, ZeroDivisionError("bug"), issue_invoice=2, send_sms=1)
    made |= stuck.several(world, errors.ProviderUnavailable(), ask_refund=1)
    shell.close(world)
    return made


def statuses(place: Path) -> dict[str, str]:
    world = opened(place)
    found = {row["id"]: row["status"] for row in worlds.rows(world, "SELECT id, status FROM job")}
    shell.close(world)
    return found


def test_what_is_stuck_is_told_in_words_and_as_json(place: Path, ids: dict[str, list[str]]) -> None:
    told = run("jobs", "list", "--world", place, language="zh_CN.UTF-8")
    assert told.exit_code == 1
    for text in (*ids["issue_invoice"], *ids["send_sms"], "开具发票", "程序错误", "查询退款结果"):
        assert text in told.stdout
    assert "13800138000" not in told.stdout
    found = json.loads(run("jobs", "list", "--json", "--world", place).stdout)
    assert found["by_kind"] == {"issue_invoice": 2, "send_sms": 1}
    assert {one["id"] for one in found["jobs"]} == {*ids["issue_invoice"], *ids["send_sms"]}
    [waiting] = found["waiting"]
    assert (waiting["kind"], waiting["jobs"]) == ("ask_refund", 1)


def test_a_kind_and_a_job_are_done_again_and_the_log_says_who_and_why(
    place: Path, ids: dict[str, list[str]]
) -> None:
    given = ("--reason", "tax is back", "--world", place)
    done = run("jobs", "retry", "--kind", "issue_invoice", *given)
    assert (done.exit_code, done.stdout.split()[0]) == (0, "2")
    one = ids["send_sms"][0]
    told = json.loads(run("jobs", "retry", one, "--json", *given).stdout)
    assert told == {"taken_up": 1}
    assert set(statuses(place).values()) == {"ready"}
    world = opened(place)
    rows = worlds.rows(world, "SELECT actor, body FROM event WHERE kind = 'job.taken_up'")
    shell.close(world)
    assert {row["actor"] for row in rows} == {f"system:terminal {getpass.getuser()}"}
    assert all("tax is back" in row["body"] for row in rows)
    listed = run("jobs", "list", "--world", place)
    assert listed.exit_code == 0
    assert "Nothing is stuck." in listed.stdout


def test_what_is_not_stuck_or_not_said_is_refused_and_nothing_happens(
    place: Path, ids: dict[str, list[str]]
) -> None:
    one, waits = ids["send_sms"][0], ids["ask_refund"][0]
    before = statuses(place)
    for arguments, told in (
        ((one, waits, "--reason", "x"), waits),
        (("--kind", "make_seal", "--reason", "x"), "make_seal"),
        ((one, "--kind", "send_sms", "--reason", "x"), "not both"),
        (("--reason", "x"), "not both"),
        ((one, "--reason", "  "), "why"),
    ):
        refused = run("jobs", "retry", *arguments, "--world", place)
        assert refused.exit_code == 2
        assert told in refused.stderr
    assert run("jobs", "retry", one, "--world", place).exit_code == 2
    assert statuses(place) == before
