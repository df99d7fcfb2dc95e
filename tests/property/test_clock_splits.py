"""However a jump of the clock is cut into smaller ones, the same happens: once, in order, each when due."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from engine import boot
from engine.boot import deadlines, travel
from engine.kernel import clock, events
from tests.support import clocked, worlds
from tests.support.clocked import MOVER

JUMP_MS = 400 * clock.DAY
# Where people stand when the clock begins to move: each has other things coming.
STATES = (
    "archive.locked",
    "case.waiting",
    "certificate.active",
    "certificate.suspended",
    "closing.notice",
    "contract.in_review",
    "invitation.open",
    "invoice.issued",
    "order.agency_review",
    "order.awaiting_payment",
    "payment.paid",
    "service.active",
    "shipment.handed_over",
    "ticket.created",
    "voiding.proposed",
)
Fact = tuple[int, str, str]


def _lived(wanted: tuple[str, ...], seed: int, cuts: list[int]) -> list[Fact]:
    """What happens in a populated world whose clock is moved to each of these offsets in turn."""
    with clocked.copied(wanted, seed) as world:
        now = world.engine.now()
        seen = worlds.rows(world, "SELECT MAX(seq) AS seq FROM event")[0]["seq"]
        for cut in cuts:
            last = world.engine.now()
            for reached in travel.walk(world, until_ms=now + cut, actor=MOVER):
                assert last < reached <= now + cut
                _nothing_is_left(world, reached)
                last = reached
            assert world.engine.now() == now + cut
        with world.engine.parts.db.read() as connection:
            found = events.read(connection, after=seen)
    return [
        (one.occurred_at, one.kind, one.subject) for one in found if one.kind != "clock.advanced"
    ]


def _nothing_is_left(world: boot.World, reached: int) -> None:
    """All that the platform was to do by now is done, and what was to come has not been done before."""
    ready = "SELECT kind, due_at FROM job WHERE status = 'ready' AND due_at <= ?"
    assert worlds.rows(world, ready, reached) == []
    assert world.bank.next_due() is None or world.bank.next_due(reached) == world.bank.next_due()
    # The newest fact was recorded at this instant or before, never ahead of it.
    assert worlds.rows(world, "SELECT MAX(occurred_at) AS at FROM event")[0]["at"] <= reached


@pytest.mark.row("DEM-3")
@hypothesis.settings(max_examples=8, deadline=None, print_blob=False, database=None)
@hypothesis.given(
    wanted=st.lists(st.sampled_from(STATES), min_size=1, max_size=3, unique=True),
    seed=st.integers(1, 3),
    cuts=st.lists(st.integers(1, JUMP_MS - 1), max_size=5),
    data=st.data(),
)
def test_a_jump_does_what_the_smaller_ones_do(
    wanted: list[str], seed: int, cuts: list[int], data: st.DataObject
) -> None:
    people, now = tuple(wanted), clocked.populated(tuple(wanted), seed)[1]
    whole = _lived(people, seed, [JUMP_MS])
    # A cut may also fall on the very instant of something, or a millisecond beside it.
    instants = sorted({at - now for at, _, _ in whole} - {JUMP_MS}) or [1]
    near = data.draw(st.lists(st.tuples(st.sampled_from(instants), st.integers(-1, 1)), max_size=3))
    cuts += [at + beside for at, beside in near if 0 < at + beside < JUMP_MS]
    assert _lived(people, seed, [*sorted(set(cuts)), JUMP_MS]) == whole
    assert whole == sorted(whole, key=lambda fact: fact[0])
    once = [fact for fact in whole if fact[1] in ("certificate.expired", "certificate.expiring")]
    assert len(set(once)) == len(once)


def test_what_was_due_is_what_happened() -> None:
    with clocked.copied(("certificate.active",)) as world:
        until = world.engine.now() + JUMP_MS
        coming = world.engine.ask(deadlines.due, MOVER, until=until, size=1_000).rows
    [ends] = [one.due for one in coming if one.due.kind == "certificate_ends"]
    [opens] = [one.due for one in coming if one.due.kind == "renewal_opens"]
    facts = _lived(("certificate.active",), 1, [JUMP_MS])
    told = [at for at, kind, _ in facts if kind == "certificate.expiring"]
    assert (ends.at, "certificate.expired", ends.subject) in facts
    assert told[0] == opens.at
    assert told == sorted(told)
    assert all(at < ends.at for at in told)
