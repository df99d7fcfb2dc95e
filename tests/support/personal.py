"""Every protected value of a world in the clear, as no screen, answer or file may show it (SEC-1)."""

from __future__ import annotations

from engine.boot import World
from engine.kernel import vault
from engine.records import protected
from tests.support import worlds

# What is no person's: regions are codes that stand anywhere, a bank's name is public.
_PUBLIC = ("region", "bank", "label")


def values(world: World) -> set[str]:
    """Names, numbers, addresses and texts as they were entered; none that staff or enterprises share."""
    found: set[str] = set()
    with world.engine.reader(worlds.SYSTEM) as q:
        for table, columns in protected.PROTECTED.items():
            for row in q.rows(f"SELECT * FROM {table}"):
                for column in columns:
                    if row[column] is None or table == "staff":
                        continue
                    try:
                        said = protected.opened(q, table, column, row["id"], bytes(row[column]))
                    except vault.Destroyed:
                        continue
                    # The title of a company is nobody's name.
                    company = row.get("kind") == "company" or row.get("title_kind") == "company"
                    found |= {
                        text
                        for part, text in said.items()
                        if (part or column) not in _PUBLIC
                        and not (company and part in ("name", "code"))
                    }
        known = {row["name"] for row in q.rows("SELECT name FROM staff")}
        known |= {row["name"] for row in q.rows("SELECT name FROM enterprise")}
    return {value for value in found if len(value) > 1} - known
