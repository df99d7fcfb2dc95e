"""Queues of any size for tests: cases of every kind in every state, written straight into the table."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from engine.boot import World
from engine.kernel import actors, calendar, clock, records
from engine.reviewing import model
from engine.reviewing.model import Case, CaseStatus

PLATFORMS = ("guangzheng", "yangguang")
_S = CaseStatus


def fill(
    world: World,
    count: int,
    *,
    open_share: float = 1.0,
    seed: int = 1,
    me: actors.Staff | None = None,
) -> list[Case]:
    """`count` cases by a seeded draw, the open ones within three working days; what was written."""
    now = world.engine.now()
    recent = calendar.china().earliest_start(now, 1_700 * clock.MINUTE)
    cases = list(drawn(count, now, recent, open_share=open_share, seed=seed, me=me))
    write(world, cases)
    return cases


def drawn(
    count: int,
    now: int,
    recent: int,
    *,
    open_share: float = 1.0,
    seed: int = 1,
    me: actors.Staff | None = None,
) -> Iterator[Case]:
    """`count` cases by a seeded draw: the open ones since `recent`, the decided ones 90 days before."""
    draw = random.Random(seed)
    for number in range(count):
        is_open = number >= count * (1 - open_share)
        since, until = (recent, now) if is_open else (recent - 90 * clock.DAY, recent)
        yield _case(draw, number, draw.randrange(since, until), now, is_open, me)


def write(world: World, cases: Iterable[Case]) -> None:
    """Cases as rows, without their facts: no action makes thousands in a moment."""
    with world.engine.parts.db.write() as connection:
        for case in cases:
            row = records.columns(case)
            marks = ", ".join("?" for _ in row)
            connection.run(
                f"INSERT INTO review_case ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
            )


def _case(
    draw: random.Random, number: int, opened: int, now: int, is_open: bool, me: actors.Staff | None
) -> Case:
    colleague = f"staff:stf_{draw.randrange(30)}"
    chance, later = draw.random(), min(now, opened + draw.randrange(1, 8 * clock.HOUR))
    maker = f"person:acc_{number}"
    state: dict[str, object] = {}
    if not is_open:
        state = {
            "status": _S.APPROVED if chance < 0.85 else _S.REJECTED,
            "first_touched_at": opened,
            "decided_at": later,
            "decided_by": colleague,
        }
    elif chance < 0.04:
        who = me.text if me is not None and chance < 0.02 else colleague
        lease = now + clock.MINUTE if chance < 0.03 else now
        state = {
            "status": _S.CLAIMED,
            "assignee": who,
            "lease_until": lease,
            "first_touched_at": later,
        }
    elif chance < 0.08:
        paused = later if chance < 0.07 else None
        state = {
            "status": _S.HELD,
            "assignee": me.text if me is not None and chance < 0.05 else colleague,
            "held_at": later,
            "paused_at": paused,
            "hold_reason": "other",
            "first_touched_at": opened,
        }
    elif chance < 0.14:
        state = {"held_ms": draw.randrange(1, 6 * clock.HOUR), "first_touched_at": later}
    elif chance < 0.3:
        state = {"first_touched_at": later}
    elif me is not None and chance < 0.34:
        maker, state = (me.text, {}) if chance < 0.32 else (maker, {"excluded": (me.text,)})
    return Case(
        id=f"cas_{number:07d}",
        kind=draw.choice(list(model.RIGHT_FOR)),
        subject_id=f"sub_{number}",
        platform_id=draw.choice(PLATFORMS),
        agency_id=None,
        title=f"江苏第{number % 997}有限公司",
        maker=maker,
        corrects=f"cas_{number - 1:07d}" if number and draw.random() < 0.1 else None,
        first_opened_at=opened - draw.choice((0, clock.DAY)),
        opened_at=opened,
        urged_at=now if draw.random() < 0.02 else None,
        **{"status": _S.WAITING, **state},  # type: ignore[arg-type]
    )
