"""A population for the reports: made straight into the copy's tables, as many events as are asked for.

It is no simulation: nobody decides and no engine is asked. Waits, shares and sizes follow what
simulated years showed, so that tables, orders of rows and distributions are like those of a real copy.
The same seed gives the same rows.
"""

from __future__ import annotations

from pathlib import Path

from tools.benchmarking.lifecycles import dealings, desk, gathering, money, orders, uses
from tools.benchmarking.lifecycles.chance import DAYS, Chance

# So many events come of a person, by count; of orders one in four persons places a second.
EVENTS_A_PERSON = 22.1
ORDERS_A_PERSON = 1.25
# Few enough that a part's columns stay in the processor's near memory, many enough to be fast.
PEOPLE_A_PART = 25_000


def make(folder: Path, events: int, *, seed: int = 7) -> int:
    """About so many events of cases as Parquet, a file a table; returns how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    out = gathering.Gathered(folder)
    people = max(1, round(events / EVENTS_A_PERSON))
    parts = -(-people // PEOPLE_A_PART)
    for part in range(parts):
        count = people // parts + (part < people % parts)
        _part(Chance(seed, part), out, count, DAYS * part / parts, DAYS * (part + 1) / parts)
    uses.entities(out)
    # Of a seed of its own, so that it moves nothing in what the parts draw.
    desk.made(Chance(seed, parts, 1), out, people)
    out.close()
    return out.events


def _part(chance: Chance, out: gathering.Gathered, count: int, begin: float, end: float) -> None:
    some = dealings.people(chance, count, begin, end)
    so_far = dealings.came(chance, some, out)
    ordered = orders.placed(chance, some, round(count * ORDERS_A_PERSON))
    orders.lived(chance, ordered, out)
    money.settled(chance, ordered, some, out)
    held = orders.written(chance, ordered, some, out)
    dealings.accounts(some, so_far, ordered, out)
    dealings.besides(chance, some, ordered, out)
    uses.made(chance, some, ordered, held, out)
    out.tell()
