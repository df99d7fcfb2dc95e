"""A world that an older engine made gets the secrets that came since; a lost one is not replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot
from engine.kernel import errors, ids, vault
from tests.support import worlds


def made(path: Path) -> None:
    boot.create_world(path, kind="demo", world_id="older")
    for name in vault.LATER:
        (path / "keys" / name).unlink()


def test_an_older_world_gets_a_secret_for_what_it_never_had(tmp_path: Path) -> None:
    made(tmp_path / "w")
    world = boot.open_world(tmp_path / "w")
    for name in vault.LATER:
        assert len(world.keyring.secret(name)) == 32
        assert (tmp_path / "w" / "keys" / name).stat().st_mode & 0o077 == 0
    kept = {name: world.keyring.secret(name) for name in vault.LATER}
    world.close()
    again = boot.open_world(tmp_path / "w")
    assert {name: again.keyring.secret(name) for name in vault.LATER} == kept
    again.close()


def test_a_lost_secret_of_shares_stops_the_world(tmp_path: Path) -> None:
    made(tmp_path / "w")
    world = boot.open_world(tmp_path / "w")
    with world.engine.parts.db.write() as connection:
        connection.run("CREATE TABLE elsewhere AS SELECT * FROM key_share")
        connection.run("DROP TABLE key_share")
        connection.run("ALTER TABLE elsewhere RENAME TO key_share")
        connection.run(
            "INSERT INTO key_share (certificate_id, modulus_digest, share) VALUES (?, ?, ?)",
            ("crt_1", ids.system_entropy(32), b"sealed"),
        )
    assert len(worlds.rows(world, "SELECT certificate_id FROM key_share")) == 1
    world.close()
    (tmp_path / "w" / "keys" / "server-shares").unlink()
    with pytest.raises(errors.ConfigurationError):
        boot.open_world(tmp_path / "w")
