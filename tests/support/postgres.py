"""A real PostgreSQL server from Debian's binaries, for one test session.

It runs as another user (initdb refuses root), listens on a socket in a folder of its own, and dies with
the tests' process.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

import psycopg

from engine.boot import tables
from engine.kernel import database, migrating
from tests.support import fresh

INSTALL = "apt-get install --yes postgresql"
_MIGRATED, _SEEDED = "migrated", "seeded"


def binaries() -> Path:
    """The folder of the newest server; fails with the command that installs one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise AssertionError(f"PostgreSQL's server is not installed. Run: {INSTALL}")
    return found[-1].parent


def _as_server_user(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig", "QUIT", *command]
    return [
        *("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"),
        *("--pdeathsig", "QUIT", *command),
    ]


class Server:
    """A running server that hands out fresh databases."""

    def __init__(self) -> None:
        home = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="yinxin-postgres-"))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data = str(self.folder / "data")
        subprocess.run(
            _as_server_user(
                [
                    *(str(home / "initdb"), "--pgdata", data, "--no-sync", "--auth=trust"),
                    *("--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"),
                ]
            ),
            check=True,
            capture_output=True,
            cwd=self.folder,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "lc_messages": "C",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            _as_server_user([str(home / "postgres"), "-D", data, *options]),
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        )
        self._wait_until_ready()
        self._numbers = itertools.count(1)
        self._made = False
        self._run(f"CREATE DATABASE {_MIGRATED}")
        db = database.PostgresqlDatabase(self.address(_MIGRATED))
        migrating.migrate(db, tables.STAGES)
        db.close()

    def _wait_until_ready(self) -> None:
        log = self._process.stderr
        assert log is not None
        said: list[str] = []
        for line in log:
            said.append(line)
            if "ready to accept connections" in line:
                break
        else:
            raise AssertionError("PostgreSQL did not start:\n" + "".join(said))
        threading.Thread(target=log.read, daemon=True).start()

    def address(self, name: str) -> str:
        """How to connect to a database of this server."""
        return f"host={self.folder} user=postgres dbname={name}"

    def files_of(self, name: str) -> Path:
        """The folder of a database's files, with everything written to them."""
        self._run("CHECKPOINT")
        with psycopg.connect(self.address(name)) as connection:
            found = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        assert found is not None
        return self.folder / "data" / "base" / str(found[0])

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())

    def create(self, *, migrated: bool = True) -> str:
        """A fresh database, with every migration applied or empty; its name."""
        return self._copied(_MIGRATED if migrated else "template0")

    def seeded(self) -> str:
        """A fresh database in which a world was made; its name. The first one takes as long as a world."""
        if not self._made:
            self._run(f"CREATE DATABASE {_SEEDED} TEMPLATE {_MIGRATED}")
            fresh.prepared(self.address(_SEEDED))
            self._made = True
        return self._copied(_SEEDED)

    def _copied(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._process.terminate()
        self._process.wait(timeout=30)
        shutil.rmtree(self.folder)
