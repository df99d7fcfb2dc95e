"""The sandbox: what a child may not do, and that its caller goes on whatever it does."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
import time

import pytest

from engine import uploads
from engine.uploads import cleaning, refusals, sandbox
from simulations import papers

LIMITS = sandbox.Limits(
    memory_bytes=600 << 20, cpu_seconds=1, file_bytes=1 << 20, open_files=64, wall_seconds=2.5
)


@pytest.fixture(scope="module")
def box():
    return sandbox.Sandbox("tests.support.misbehaving", LIMITS)


@pytest.mark.row("S-UPL-1")
@pytest.mark.parametrize("what", ["spin", "sleep", "eat memory", "crash", "write", "open"])
def test_whatever_the_child_does_the_caller_goes_on(box, what):
    began = time.monotonic()
    with pytest.raises(sandbox.Killed):
        box.run({"what": what}, b"")
    assert time.monotonic() - began < LIMITS.wall_seconds + 2
    assert box.run({"what": "echo"}, b"still here") == ({"size": 10}, b"still here")


def test_the_child_inherits_neither_our_environment_nor_our_files(box, monkeypatch):
    monkeypatch.setenv("YINXIN_PASSPHRASE", "secret")
    fresh = sandbox.Sandbox("tests.support.misbehaving", LIMITS)
    told, _ = fresh.run({"what": "environment"}, b"")
    assert not [name for name in told["names"] if name.startswith("YINXIN")]
    # Standard input, output, errors, the channel, and the listing's own.
    assert told["files"] <= 5


def test_many_at_once_get_their_own_answers(box):
    contents = [bytes([number]) * (number + 1) * 1000 for number in range(16)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda content: box.run({"what": "echo"}, content)[1], contents))
    assert answers == contents


def test_a_killed_process_is_started_again():
    box = sandbox.Sandbox("tests.support.misbehaving", LIMITS)
    box.run({"what": "echo"}, b"1")
    killed = box._process
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert box.run({"what": "echo"}, b"2")[1] == b"2"


def _in_a_pool(content: bytes) -> str:
    return uploads.clean(content, allowed=uploads.PICTURE, field="x").media_type


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_it_works_inside_a_pool_of_processes(method):
    uploads.clean(papers.face("one"), allowed=uploads.PICTURE, field="x")
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map(_in_a_pool, [papers.face("two")]) == ["image/png"]
    # Ours still belongs to us.
    uploads.clean(papers.picture("three"), allowed=uploads.PICTURE, field="x")


def test_a_killed_child_is_a_refusal_and_is_not_remembered(monkeypatch):
    content = papers.picture("too heavy")
    narrow = sandbox.Sandbox("engine.uploads.child", sandbox.Limits(memory_bytes=1 << 20))
    monkeypatch.setattr(sandbox, "PAPERS", narrow)
    with pytest.raises(refusals.TooHeavy) as refused:
        uploads.clean(content, allowed=uploads.PICTURE, field="paper")
    assert refused.value.field == "paper"
    monkeypatch.undo()
    assert uploads.clean(content, allowed=uploads.PICTURE, field="paper").facts.width == 480


def test_equal_small_files_are_cleaned_once(monkeypatch):
    content = papers.picture("once")
    first = uploads.clean(content, allowed=uploads.PICTURE, field="x")

    class Nobody:
        def run(self, task, content):
            raise AssertionError("asked again")

    monkeypatch.setattr(sandbox, "PAPERS", Nobody())
    assert uploads.clean(content, allowed=uploads.PICTURE, field="y") == first
    assert len(cleaning._KNOWN._answers) <= cleaning._KEPT
