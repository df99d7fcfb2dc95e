"""Shards on a cluster: the same digest, TLS always, a lost worker, files that come home."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import ssl
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulations import cli, cluster, runs, shards
from simulations.cluster import credentials, security_of, shard_away
from tests.support import short_way


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the plan comes to when it is computed here."""
    folder = runs.Folder(tmp_path_factory.mktemp("runs") / "here")
    return runs.carry_out(short_way.plan(), folder).digest


@pytest.mark.row("SIM-3")
@pytest.mark.row("SIM-7")
def test_the_digest_is_the_same_on_a_cluster_of_which_a_worker_is_killed(
    tmp_path: Path, digest: str
) -> None:
    folder = runs.Folder(tmp_path / "run")
    killed: list[int] = []

    def kill(progress: shards.Progress) -> None:
        # A worker is a grandchild: the cluster's nanny, in this process, has started it.
        if not killed:
            killed.append(_worker_of(os.getpid()))
            os.kill(killed[0], signal.SIGKILL)

    result = runs.carry_out(short_way.plan(executor="cluster"), folder, kill)
    assert result.digest == digest
    told = folder.progress()
    assert (told.state, told.shards_done, len(killed)) == ("finished", 2, 1)
    assert [board["people"] for board in folder.boards()] == [{"registered": 1}] * 2
    manifest = folder.manifest()
    assert manifest is not None
    assert manifest["executor"] == "cluster"
    assert not [path for path in folder.path.rglob("*") if ".new" in path.name]


def _worker_of(parent: int) -> int:
    """A process that computes, of those that a process has started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        if int(fields[1]) == parent:
            command = (path.parent / "cmdline").read_bytes()
            if b"spawn_main" in command:
                return int(path.parent.name)
    raise AssertionError("no worker")


def test_credentials_are_for_their_owner_alone_and_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    done = CliRunner().invoke(cli.main, ["cluster", "credentials", str(folder)])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "node.key", "node.pem"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(credentials.CredentialsThere):
        credentials.make(folder)
    (folder / "node.key").unlink()
    done = CliRunner().invoke(
        cli.main, ["cluster", "scheduler", "--credentials", str(folder), "--port", "1"]
    )
    assert done.exit_code == 2
    assert "node.key" in done.output


def test_who_has_no_certificate_of_the_cluster_s_authority_is_not_heard(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        credentials.make(tmp_path / name)
    ours, theirs = (security_of(tmp_path / name) for name in ("ours", "theirs"))
    listener = ours.get_listen_args("scheduler")["ssl_context"]
    assert listener.verify_mode is ssl.CERT_REQUIRED
    for security, welcome in ((ours, True), (theirs, False)):
        context = security.get_connection_args("worker")["ssl_context"]
        assert _shakes_hands(listener, context) is welcome


def _shakes_hands(listener: ssl.SSLContext, caller: ssl.SSLContext) -> bool:
    """Whether two sides accept each other, played out in memory."""
    one, other = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        listener.wrap_bio(one, other, server_side=True),
        caller.wrap_bio(other, one),
    ]
    try:
        for _ in range(6):
            for side in sides:
                try:
                    side.do_handshake()
                except ssl.SSLWantReadError:
                    continue
    except ssl.SSLError:
        return False
    return True


def test_files_come_home_whole_and_a_mark_tells_whether_the_disk_is_the_same(
    tmp_path: Path,
) -> None:
    mark = tmp_path / ".mark"
    mark.write_text("this run", encoding="utf-8")
    errand = shard_away.Errand(name="1", code="x", mark=mark, marked="this run")
    assert shard_away.shares_disk(errand)
    assert not shard_away.shares_disk(dataclasses.replace(errand, marked="another run"))
    assert not shard_away.shares_disk(dataclasses.replace(errand, mark=tmp_path / "nowhere"))
    home = tmp_path / "replication-3"
    for content in (b"one", b"one"):
        shard_away.bring_home(home, {"events-0.parquet": content})
    assert [(path.name, path.read_bytes()) for path in home.iterdir()] == [
        ("events-0.parquet", b"one")
    ]


def test_a_worker_with_another_version_of_the_program_computes_nothing(tmp_path: Path) -> None:
    [spec, _] = short_way.plan().specs(tmp_path)
    errand = shard_away.Errand(name="1", code="older", mark=tmp_path / ".mark", marked="")
    home = shard_away.compute(spec, errand)
    assert "another version" in home.told.why
    assert home.files == {}


def test_a_cluster_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials.make(tmp_path / "credentials")
    monkeypatch.setenv("YINXIN_CLUSTER_CREDENTIALS", str(tmp_path / "credentials"))
    monkeypatch.setattr(cluster, "MEET_S", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tls://127.0.0.1:{taken.getsockname()[1]}"
        folder = runs.Folder(tmp_path / "run")
        with pytest.raises(runs.ClusterUnreachable):
            runs.carry_out(short_way.plan(executor="cluster", cluster=address), folder)
    assert address in folder.progress().problem
