"""Forward-only migrations: `<stage>/migrations/NNNN_name.sql` are the truth of the schema.

A file holds statements separated by blank lines, so that a trigger's body needs no clever splitter.
`NNNN_name.sqlite.sql` or `.postgresql.sql` holds what only that database understands. Statements run
one by one inside one transaction per file (both databases roll back DDL): a migration that is killed
half-way has not happened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.kernel import database, errors

ENGINE = Path(__file__).resolve().parents[1]
_LEDGER = (
    "CREATE TABLE IF NOT EXISTS migration (stage TEXT NOT NULL, name TEXT NOT NULL,"
    " digest TEXT NOT NULL, PRIMARY KEY (stage, name))"
)


class MigrationChanged(errors.ConfigurationError):
    """Migration {name} of {stage} was changed after it had been applied. Restore its old text."""


class MadeByAnother(errors.ConfigurationError):
    """{file} was made by another version of the engine. Run the scenario again with this one, or adopt the run: then its tables are brought up to date."""  # noqa: E501


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file of statements of one stage."""

    stage: str
    name: str
    statements: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the statements."""
        return hashlib.sha256("\n\n".join(self.statements).encode()).hexdigest()


def of_stage(stage: str, dialect: str) -> list[Migration]:
    """The migrations of a stage for a dialect, in order."""
    found = []
    for path in sorted((ENGINE / stage / "migrations").glob("*.sql")):
        suffixes = path.name.split(".")[1:-1]
        if suffixes and suffixes != [dialect]:
            continue
        text = "\n".join(
            line for line in path.read_text(encoding="utf-8").splitlines() if line[:2] != "--"
        )
        statements = tuple(part.strip() for part in text.split("\n\n") if part.strip())
        found.append(Migration(stage=stage, name=path.name, statements=statements))
    return found


def migrate(
    db: database.Database,
    stages: Iterable[str],
    before_statement: Callable[[str], None] = lambda statement: None,
) -> list[str]:
    """Bring the database up to date; the names of what was applied.

    `before_statement` is called with each statement that is about to run (the crash tests kill
    there).
    Raises: MigrationChanged when an applied file's text has changed.
    """
    applied: list[str] = []
    with db.write() as connection:
        connection.run(_LEDGER)
        known = {
            (row["stage"], row["name"]): row["digest"]
            for row in connection.rows("SELECT stage, name, digest FROM migration")
        }
    for stage in stages:
        for migration in of_stage(stage, db.dialect):
            seen = known.get((migration.stage, migration.name))
            if seen is None:
                _apply(db, migration, before_statement)
                applied.append(f"{stage}/{migration.name}")
            elif seen != migration.digest:
                raise MigrationChanged(
                    stage=stage, name=migration.name, file=migration.name, problem="changed"
                )
    return applied


def require_current(db: database.Database, stages: Iterable[str], file: str) -> None:
    """Refuse a database that this engine would have to change before it can read it.

    Raises: MadeByAnother.
    """
    with db.read() as connection:
        known = {
            (row["stage"], row["name"]): row["digest"]
            for row in connection.rows("SELECT stage, name, digest FROM migration")
        }
    wanted = {
        (one.stage, one.name): one.digest for stage in stages for one in of_stage(stage, db.dialect)
    }
    if known != wanted:
        raise MadeByAnother(file=file, problem="its tables are another version's")


def _apply(
    db: database.Database, migration: Migration, before_statement: Callable[[str], None]
) -> None:
    with db.write() as connection:
        for statement in migration.statements:
            before_statement(statement)
            connection.run(database.for_dialect(statement, db.dialect))
        before_statement("commit")
        connection.run(
            "INSERT INTO migration (stage, name, digest) VALUES (?, ?, ?)",
            (migration.stage, migration.name, migration.digest),
        )
