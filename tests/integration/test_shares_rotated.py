"""The key over the server's shares is changed in a world in use: each opens, and no phone notices."""

from __future__ import annotations

import hashlib
import hmac
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from typer.testing import CliRunner

from engine import boot, cli
from engine.boot import rotation as rotating
from engine.issuing import store as issuing_store
from engine.issuing.store import resealing
from engine.kernel import clock, errors, ids, rotation, vault
from engine.kernel.reader import Hashing
from engine.pki import splitting
from tests.support import crashing, pairing, parties, worlds
from tests.support.worlds import SYSTEM

CHEAP = Hashing(memory_kib=64, passes=1)
# One for all processes of a test, which moves it.
CLOCK = clock.ManualClock(clock.SystemClock().now_ms())
WATCHED = (str(Path(rotation.__file__)), str(Path(resealing.__file__)))
SEALED = {
    "key_share": ("server_key", "share", "pending"),
    "encryption_share": ("server_share", "phone_share"),
}


def opened(path: Path) -> boot.World:
    """The world as a process of its own would open it."""
    world = boot.open_world(path, hashing=CHEAP, the_clock=CLOCK)
    boot.worlds.pop(world.id, None)
    return world


@pytest.fixture(params=["sqlite", "postgresql"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A world's folder, on each of the two databases."""
    address = "sqlite"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        name = server.create(migrated=False)
        address = server.address(name)
    folder = tmp_path / "world"
    boot.create_world(folder, kind="run", world_id="rotating", address=address)
    # The world was made now, which may be long after this file was read: time would stand still.
    CLOCK.set(clock.SystemClock().now_ms())
    yield folder
    if request.param == "postgresql":
        server.drop(name)


def a_pair(world: boot.World, number: int, *, taken: bool = False) -> pairing.Paired:
    """A pair of a party of its own, whose encryption key waits or was taken."""
    reviewers, name = parties.Reviewers.of(world), f"新疆第{number}净水科技有限公司"
    party = parties.order(world, parties.enterprise(world, reviewers, number=number, name=name))
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    made = pairing.downloaded(world, party, f"1380013{number:04d}", "split_rsa")
    if taken:
        made.phone.take_encryption_share(made.encryption, made.signing, pairing.PIN)
    return made


def inhabited(path: Path) -> tuple[boot.World, list[pairing.Paired]]:
    """The world with two pairs, both used: one whose encryption key waits, one complete."""
    world = opened(path)
    pairs = [a_pair(world, 1), a_pair(world, 2, taken=True)]
    for pair in pairs:
        pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    return world, pairs


def rows_of(world: boot.World) -> dict[tuple[str, str, str], bytes]:
    """(table, certificate, column) → what lies there, sealed."""
    return {
        (table, row["certificate_id"], column): bytes(row[column])
        for table, columns in SEALED.items()
        for row in worlds.rows(world, f"SELECT * FROM {table}")
        for column in columns
        if row[column] is not None
    }


def shares_of(world: boot.World) -> dict[tuple[str, str, str], bytes]:
    """The same, opened by a process that knows what lies in `keys/` now."""
    keyring = vault.Keyring.load(world.path / "keys") if world.path else world.keyring
    return {
        place: vault.unseal_by(
            keyring, vault.SHARES, sealed, issuing_store.keys.place_of(*_place(place))
        )
        for place, sealed in rows_of(world).items()
    }


def _place(place: tuple[str, str, str]) -> tuple[str, str, str]:
    table, certificate_id, column = place
    return table, column, certificate_id


@pytest.mark.row("PKI-3", "S-PI-7")
def test_each_share_is_sealed_anew_and_opens_as_before(path: Path) -> None:
    world, pairs = inhabited(path)
    before, sealed = shares_of(world), rows_of(world)
    # A share in use and the one that comes next; a key that waits for its phone, and one that was taken.
    assert {column for _, _, column in before} == {one for all_ in SEALED.values() for one in all_}
    old = world.keyring.secret(vault.SHARES)
    assert rotating.rotate_shares(world) == 4
    assert shares_of(world) == before
    assert not set(rows_of(world).values()) & set(sealed.values())
    assert rotation.left(world.engine.parts, rotating.SHARES) == 0
    assert not rotation.running(path / "keys", rotating.SHARES)
    assert (path / "keys" / vault.SHARES).read_bytes() != old
    for place, content in rows_of(world).items():
        with pytest.raises(vault.Unreadable):
            vault.unseal(old, content, issuing_store.keys.place_of(*_place(place)))
    assert worlds.kinds(world)[-1] == "shares.rotated"
    for pair in pairs:
        pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    assert pairs[0].phone.take_encryption_share(pairs[0].encryption, pairs[0].signing, pairing.PIN)
    world.close()


@pytest.mark.row("PKI-3")
def test_the_old_share_and_the_one_that_comes_next_both_serve_after_it(path: Path) -> None:
    world, (pair, _) = inhabited(path)
    held = pair.phone.store.get(f"key/{pair.signing}")
    assert held is not None
    pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    rotating.rotate_shares(world)
    # The phone never learnt that its last act was done: it comes with the share of before.
    pair.phone.store.put(f"key/{pair.signing}", held)
    pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    rotating.rotate_shares(world)
    # And now with the new one, which the server has as the pending one.
    pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    assert "pin.wrong" not in worlds.kinds(world)
    world.close()


def test_a_process_that_began_before_signs_during_it_and_seals_by_the_new_key(path: Path) -> None:
    world, pairs = inhabited(path)
    other = opened(path)
    keys, entropy = path / "keys", ids.system_entropy
    rotation.promote(keys, entropy, rotating.SHARES)
    assert rotation.wrap_anew(other.engine.parts, rotating.SHARES, limit=1) == 1
    # One key is under the new one, the rest is not; the phones' process has not looked since.
    for pair in pairs:
        pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    third = a_pair(world, 3)
    assert not rotation.retire(other.engine.parts, keys, rotating.SHARES)
    rotating.rotate_shares(other)
    assert rotation.left(world.engine.parts, rotating.SHARES) == 0
    for pair in (*pairs, third):
        pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    assert "pin.wrong" not in worlds.kinds(world)
    for one in (world, other):
        one.close()


def test_what_was_destroyed_stays_destroyed_and_its_modulus_known(path: Path) -> None:
    world, (pair, other) = inhabited(path)
    worlds.run_sql(
        world,
        "UPDATE key_share SET server_key = NULL, share = NULL, pending = NULL"
        " WHERE certificate_id = ?",
        pair.signing,
    )
    modulus = splitting.ServerKey.from_bytes(
        shares_of(world)["key_share", other.signing, "server_key"]
    ).material
    assert rotating.rotate_shares(world) == 3
    gone = worlds.rows(world, "SELECT * FROM key_share WHERE certificate_id = ?", pair.signing)[0]
    assert (gone["server_key"], gone["share"], gone["pending"]) == (None, None, None)
    with world.engine.reader(SYSTEM) as q:
        assert issuing_store.modulus_of(q, other.signing, modulus)
        assert not issuing_store.modulus_of(q, pair.signing, modulus)
    world.close()


def test_shares_of_an_older_engine_are_found_and_sealed_anew(path: Path) -> None:
    world, (pair, _) = inhabited(path)
    modulus = splitting.ServerKey.from_bytes(
        shares_of(world)["key_share", pair.signing, "server_key"]
    ).material
    older = hmac.digest(world.keyring.secret(vault.SHARES), modulus, hashlib.sha256)
    worlds.run_sql(
        world,
        "UPDATE key_share SET modulus_digest = ?, sealed_by = '' WHERE certificate_id = ?",
        older,
        pair.signing,
    )
    for rotated in (False, True):
        if rotated:
            assert rotating.rotate_shares(world) == 4
        with world.engine.reader(SYSTEM) as q:
            assert issuing_store.modulus_of(q, pair.signing, modulus)
    pair.phone.change_pin(pair.signing, pairing.PIN, pairing.PIN)
    world.close()


# -- killed ----------------------------------------------------------------------------------------------


def child(work: Callable[[], None]) -> int:
    """Do something in a process of its own; how that ended."""
    return os.waitpid(crashing.forked(work), 0)[1]


def rotate_until(path: Path, kill_at: int, told: Path | None = None) -> None:
    """Rotate, and be killed before the given line of it (0: never; then `told` gets how many there are)."""
    passed = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal passed
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            passed += 1
            if passed == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    world = opened(path)
    sys.settrace(trace)
    rotation.rotate(world.engine.parts, path / "keys", ids.system_entropy, rotating.SHARES)
    sys.settrace(None)
    if told is not None:
        told.write_text(str(passed), encoding="utf-8")


def finish(path: Path, expected: dict[tuple[str, str, str], bytes]) -> None:
    """Everything opens after the kill; the next start goes on, and then everything opens too."""
    world = opened(path)
    assert shares_of(world) == expected
    rotating.rotate_shares(world)
    assert shares_of(world) == expected
    assert rotation.left(world.engine.parts, rotating.SHARES) == 0
    assert not rotation.running(path / "keys", rotating.SHARES)
    world.close()


@pytest.mark.row("PKI-3", "S-PI-7")
def test_killed_at_each_line_the_next_start_goes_on_and_nothing_is_lost(
    path: Path, count: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    world, _ = inhabited(path)
    expected = shares_of(world)
    world.close()
    told = path.with_name("lines.txt")
    assert child(lambda: rotate_until(path, 0, told)) == 0
    lines = int(told.read_text(encoding="utf-8"))
    assert lines > 60
    wanted = count(12, lines)
    places = [1 + place * (lines - 1) // (wanted - 1) for place in range(wanted)]
    for kill_at in places:
        assert os.WIFSIGNALED(child(lambda at=kill_at: rotate_until(path, at)))  # type: ignore[misc]
        assert child(lambda: finish(path, expected)) == 0, kill_at
    record_property("kills", len(places))
    after = opened(path)
    assert shares_of(after) == expected
    after.close()


def test_the_command_says_how_many_and_backups_hold_what_they_need(tmp_path: Path) -> None:
    path = tmp_path / "world"
    boot.create_world(path, kind="demo", world_id="rotated")
    world = opened(path)
    a_pair(world, 1)
    world.close()
    done = CliRunner().invoke(cli.app, ["rotate-shares", "--world", str(path)], env={"LANG": "en"})
    assert done.exit_code == 0, done.output
    assert done.output.startswith("The shares of 2 keys are under the new key.")


def test_a_share_under_no_known_key_is_refused_by_name_and_the_previous_key_stays(
    path: Path,
) -> None:
    world, (pair, _) = inhabited(path)
    worlds.run_sql(
        world, "UPDATE key_share SET share = ? WHERE certificate_id = ?", bytes(64), pair.signing
    )
    with pytest.raises(errors.ConfigurationError):
        rotating.rotate_shares(world)
    assert (path / "keys" / vault.previous_of(vault.SHARES)).exists()
    world.close()
