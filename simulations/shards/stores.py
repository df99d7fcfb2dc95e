"""Where a shard's world lives while it is computed: in memory, in a file, or in PostgreSQL.

The world is thrown away: what is kept of it is the file it leaves. So a file does not wait for the disk
(synchronous=OFF), and a database of PostgreSQL is made for one shard and dropped after it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

import psycopg
from psycopg import sql

from engine.kernel import database, errors
from simulations.shards.specs import Spec

# How to connect to the server on which a run may make databases; it may hold a password and so stands in
# no file of a run.
ADDRESS = "YINXIN_RUN_DATABASE"


class NoRunDatabase(errors.ConfigurationError):
    """A run in PostgreSQL needs a server on which it may make databases. Name it in YINXIN_RUN_DATABASE,
    such as postgresql://user@host/postgres, or choose the store memory or file."""


@contextlib.contextmanager
def opened(spec: Spec) -> Iterator[database.Database | None]:
    """An empty database for a shard, gone afterwards; None stands for one in memory."""
    if spec.store == "file":
        yield from _file(spec)
    elif spec.store == "postgresql":
        yield from _postgresql(spec)
    else:
        yield None


def _file(spec: Spec) -> Iterator[database.Database]:
    spec.out.mkdir(parents=True, exist_ok=True)
    path = spec.out / f"living-{spec.shard}.sqlite3.new"
    remove_file(spec)
    db = database.SqliteDatabase(path, synchronous="OFF")
    try:
        yield db
    finally:
        db.close()
        remove_file(spec)


def remove_file(spec: Spec) -> None:
    """Remove what a shard that was cut short has left of its file."""
    for path in spec.out.glob(f"living-{spec.shard}.sqlite3.new*"):
        path.unlink(missing_ok=True)


def address() -> str:
    """How to connect to the server for runs.

    Raises: NoRunDatabase.
    """
    found = os.environ.get(ADDRESS, "")
    if not found:
        raise NoRunDatabase(file=ADDRESS, problem="not set")
    return found


def _postgresql(spec: Spec) -> Iterator[database.Database]:
    server = address()
    # By the folder too: two runs may share a server.
    place = re.sub(r"[^a-z0-9]+", "_", f"{spec.out.resolve()}".lower())[-24:].strip("_")
    name = f"yinxin_run_{place}_{spec.replication}_{spec.shard}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    make = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0").format(
        sql.Identifier(name)
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(make)
    db = database.PostgresqlDatabase(psycopg.conninfo.make_conninfo(server, dbname=name))
    try:
        yield db
    finally:
        db.close()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)
