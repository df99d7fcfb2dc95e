"""Copies with lives that a test makes up, and the same lives as plain tuples to count them again."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import duckdb

from engine import reports

SCHEMA = Path(reports.__file__).with_name("schema.sql")
START = 1_780_243_200_000  # 2026-06-01 00:00 in Shanghai
HOUR = 3_600_000
WAYS = (
    ("order.placed", "order.paid", "case.approved", "certificate.issued", "certificate.activated"),
    ("order.placed", "order.paid", "case.rejected", "order.submitted", "case.approved"),
    ("order.placed", "order.cancelled"),
    ("order.placed", "order.paid", "case.rejected", "order.submitted", "case.rejected"),
)


@dataclasses.dataclass(frozen=True)
class Fact:
    """One fact of one case."""

    case_kind: str
    case_id: str
    activity: str
    seq: int
    happened_at: int
    actor_kind: str
    platform_id: str
    agency_id: str
    region: str
    product: str


def facts(count: int = 60, seed: int = 7) -> list[Fact]:
    """The lives of so many cases, of two kinds, on two platforms, interleaved as a log has them."""
    chance = random.Random(seed)
    made: list[Fact] = []
    for number in range(count):
        kind = "certificate_order" if number % 5 else "invoice"
        at = START + chance.randrange(60 * 24) * HOUR
        for activity in chance.choice(WAYS)[: chance.randint(1, 5)]:
            made.append(
                Fact(
                    case_kind=kind,
                    case_id=f"{kind[:3]}_{number:04}",
                    activity=activity,
                    seq=0,
                    happened_at=at,
                    actor_kind=chance.choice(("person", "staff", "system")),
                    platform_id=("guangzheng", "yangguang")[number % 2],
                    agency_id="dongfang",
                    region="310000",
                    product="enterprise",
                )
            )
            at += chance.randrange(1, 200 * HOUR)
    ordered = sorted(made, key=lambda fact: (fact.happened_at, fact.case_id))
    return [dataclasses.replace(fact, seq=seq) for seq, fact in enumerate(ordered, start=1)]


def copy_of(path: Path, lived: list[Fact]) -> Any:
    """A copy with these facts, their pairs and newest ones, open for asking."""
    made = duckdb.connect(str(path))
    for statement in duckdb.extract_statements(SCHEMA.read_text(encoding="utf-8")):
        made.execute(statement)
    newest: dict[tuple[str, str], Fact] = {}
    for fact in lived:
        made.execute(
            "INSERT INTO lifecycle_event VALUES (?,?,?,?,?,?,?,?,?,?)", dataclasses.astuple(fact)
        )
        made.execute(
            "INSERT INTO event_fact VALUES (?,?,?,?,?)",
            [fact.seq, fact.happened_at, fact.activity, fact.case_id, fact.actor_kind],
        )
        before = newest.get((fact.case_kind, fact.case_id))
        if before is not None:
            made.execute(
                "INSERT INTO lifecycle_step VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                [
                    *(fact.case_kind, fact.case_id, before.activity, fact.activity),
                    *(before.happened_at, fact.happened_at, fact.seq),
                    *(fact.platform_id, fact.agency_id, fact.region, fact.product),
                ],
            )
        newest[(fact.case_kind, fact.case_id)] = fact
    for case, fact in newest.items():
        told = [one for one in lived if (one.case_kind, one.case_id) == case]
        made.execute(
            "INSERT INTO lifecycle_case VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                *(*case, told[0].activity, told[0].happened_at),
                *(fact.activity, fact.seq, fact.happened_at),
                " > ".join(one.activity for one in told),
                *(fact.platform_id, fact.agency_id, fact.region, fact.product),
            ],
        )
    made.execute("DELETE FROM watermark")
    made.execute("INSERT INTO watermark VALUES (?, ?)", [lived[-1].seq, lived[-1].happened_at])
    return made
