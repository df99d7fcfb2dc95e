"""Receivers of webhooks that are slow, down, lying or reached twice: it goes as it is told of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.integrating import model
from engine.kernel import clock
from engine.rehearsing.model import Kind
from tests.support import machines, trouble

pytestmark = pytest.mark.row("API-1")


class Told:
    """An endpoint in a demo world, and a test event on its way there while there is trouble."""

    def __init__(self, rehearsal: trouble.Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.office = machines.office(rehearsal.world)
        made = self.office.endpoint(self.office.client(), kinds=("account.registered",))
        self.endpoint_id = made.endpoint_id

    def during(self, kind: Kind) -> list[str]:
        """Have an event told while there is trouble of a kind; what became of the tries."""
        self.rehearsal.trouble("receivers", kind)
        self.office.test(self.endpoint_id)
        self.rehearsal.later(1)
        return self.tries()

    def delivery(self) -> model.Delivery:
        """The one delivery."""
        (found,) = self.office.deliveries(self.endpoint_id)
        return found

    def tries(self) -> list[str]:
        """How each try went: the problem, or the receiver's code."""
        return [one.problem or str(one.code) for one in self.office.attempts(self.delivery().id)]

    def arrived(self) -> list[tuple[str, str, bool]]:
        """Whatever came to the receiver: id, body, and whether its signature fits."""
        receivers = self.rehearsal.world.receivers
        assert receivers is not None
        return [(one.message_id, one.body, one.verified) for one in receivers.arrived("steady")]

    def once(self) -> tuple[str, str, bool]:
        """What came each time that the message came."""
        found = self.delivery()
        return (found.id, found.body, True)


@pytest.fixture
def told() -> Iterator[Told]:
    with trouble.at() as rehearsal:
        yield Told(rehearsal)


def test_slow_receivers_have_the_message_and_it_comes_again_with_its_id(told: Told) -> None:
    assert set(told.during(Kind.SLOW)) == {"timed_out"}
    assert told.delivery().status == "waiting"
    already = len(told.arrived())
    assert already >= 2
    told.rehearsal.later(60)
    assert told.delivery().status == "delivered"
    assert set(told.arrived()) == {told.once()}
    assert len(told.arrived()) > already


def test_receivers_that_are_down_are_told_when_they_are_back(told: Told) -> None:
    assert set(told.during(Kind.DOWN)) == {"unreachable"}
    assert told.arrived() == []
    assert told.office.shown(told.endpoint_id).health.failing_since is not None
    told.rehearsal.later(60)
    assert told.delivery().status == "delivered"
    assert told.arrived() == [told.once()]


def test_who_says_that_it_took_a_message_and_did_not_is_believed_until_it_is_replayed(
    told: Told,
) -> None:
    assert told.during(Kind.LYING) == ["200"]
    assert (told.delivery().status, told.arrived()) == ("delivered", [])
    told.rehearsal.later(clock.DAY / clock.MINUTE)
    assert told.arrived() == []
    told.office.replay(told.delivery().id)
    told.rehearsal.later(1)
    assert told.arrived() == [told.once()]


def test_a_message_that_comes_twice_has_one_id_and_one_body(told: Told) -> None:
    assert told.during(Kind.DOUBLED) == ["200"]
    assert told.arrived() == [told.once()] * 2
    told.rehearsal.later(60)
    assert len(told.arrived()) == 2
