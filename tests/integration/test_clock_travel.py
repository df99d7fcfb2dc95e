"""The demo clock moves forward only: what is due happens, and nothing that lapsed comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot
from engine.binding import queries as bindings
from engine.boot import travel
from engine.boot.worlds import QUICK_HASHING
from engine.issuing import model as issuing
from engine.kernel import clock
from engine.reviewing import queries as cases
from engine.reviewing.model import Wanted
from engine.scanning import actions as scanning
from engine.staffing.model import Role
from tests.support import worlds
from tests.support.line import Line

START = 1_780_272_000_000
CLAIMS = Wanted(kinds=("enterprise_claim",))


@pytest.fixture
def demo(tmp_path: Path) -> boot.World:
    """A demo world whose machine clock stands still, so that only the shift moves it."""
    folder = tmp_path / "demo"
    boot.create_world(folder, kind="demo", world_id="demo", reference_ms=START)
    return boot.open_world(folder, the_clock=clock.ManualClock(START), hashing=QUICK_HASHING)


def _jump(world: boot.World, by_ms: int) -> None:
    presenter = worlds.staff(world, Role.PRODUCT)
    travel.go(world, by_ms=by_ms, actor=presenter)


def test_a_ticket_lapses_when_the_clock_is_moved_three_minutes(demo: boot.World) -> None:
    line = Line.on(demo)
    person = line.person(0)
    line.certified(person)
    person.sign_in_by_password()
    qr_text = person.show_binding_qr()
    _jump(demo, 3 * clock.MINUTE)
    with pytest.raises(scanning.TicketExpired):
        person.handset.scan(qr_text)


def test_a_review_goes_overdue_and_a_certificate_expires(demo: boot.World) -> None:
    line = Line.on(demo)
    holder, claimant = line.person(0), line.person(1)
    line.certified(holder)
    line.registered(claimant)
    claimant.claim()
    reviewer = line.reviewer(0)
    (row,) = demo.engine.ask(cases.page, reviewer, CLAIMS).rows
    assert not row.clocks.overdue
    _jump(demo, 7 * clock.DAY)
    (row,) = demo.engine.ask(cases.page, reviewer, CLAIMS).rows
    assert row.clocks.overdue
    _jump(demo, 366 * clock.DAY)
    with demo.engine.reader(reviewer) as q:
        found = q.get(issuing.Certificate, "certificate", holder.certificate_id)
        assert issuing.status_at(found, q.now) == "expired"
    assert demo.engine.ask(bindings.of_certificate, reviewer, holder.certificate_id) == []


def test_the_clock_never_goes_back_and_only_in_a_demo_world(
    demo: boot.World, world: boot.World
) -> None:
    for wrong in (0, -1, travel.LONGEST_MS + 1):
        with (
            worlds.unchanged(demo, without=("staff", "staff_grant", "staff_credential", "event")),
            pytest.raises(travel.OnlyForward),
        ):
            _jump(demo, wrong)
    before = demo.engine.now()
    _jump(demo, clock.HOUR)
    assert demo.engine.now() == before + clock.HOUR
    presenter = worlds.staff(demo, Role.PRODUCT, login="another")
    assert demo.engine.perform(travel.move, {"to_ms": before}, actor=presenter) == 0
    assert demo.engine.now() == before + clock.HOUR
    with (
        worlds.unchanged(world, without=("staff", "staff_grant", "staff_credential", "event")),
        pytest.raises(travel.OnlyInDemo),
    ):
        _jump(world, clock.HOUR)
