"""Every kind of deadline: it is listed until its instant, at which it comes, and no longer."""

from __future__ import annotations

import pytest

from engine.boot import World, deadlines, travel
from engine.kernel import clock
from engine.kernel.deadlines import Due
from engine.policies import actions as policy_actions
from engine.policies import model as policies
from engine.policies import queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import clocked, staffing, worlds
from tests.support.clocked import MOVER
from tests.support.line import Line

# Each kind with a state of somebody who has it before them, and what the id of it begins with.
KINDS = {
    "first_look_late": ("case.waiting", "cas"),
    "decision_late": ("case.waiting", "cas"),
    "ticket_lapses": ("ticket.created", "tkt"),
    "one_tap_lapses": ("one_tap.confirmed", "acc"),
    "phone_session_ends": ("account.active", "acc"),
    "proof_lapses": ("proof.awaiting_code", "prf"),
    "reverse_payment_lapses": ("reverse_payment.awaiting", "clm"),
    "representative_lapses": ("representative.asked", "clm"),
    "invitation_lapses": ("invitation.open", "ivt"),
    "hand_over_lapses": ("transfer.offered", "ent"),
    "archive_closes": ("reading.granted", "arc"),
    "mall_session_ends": ("ticket.consumed", "mal"),
    "renewal_opens": ("certificate.active", "crt"),
    "certificate_ends": ("certificate.suspended", "crt"),
    "seal_ends": ("seal.active", "sea"),
    "revocation_list_renewed": ("certificate.revoked", ""),
    "trust_list_renewed": ("account.active", ""),
}


def _due(world: World, kind: str) -> list[Due]:
    """What is due of a kind, as it is listed."""
    until = world.engine.now() + deadlines.AHEAD_MS
    page = world.engine.ask(deadlines.due, MOVER, until=until, kinds=(kind,), size=1_000)
    assert page.total == len(page.rows)
    assert {one.code for one in page.rows} <= {f"due.kind.{kind}"}
    found = [one.due for one in page.rows]
    assert found == sorted(found)
    return found


def _to(world: World, at: int) -> None:
    for _ in travel.walk(world, until_ms=at, actor=MOVER):
        pass


@pytest.mark.row("DEM-3")
@pytest.mark.parametrize(("kind", "state", "prefix"), [(k, *v) for k, v in KINDS.items()])
def test_a_deadline_is_listed_until_its_instant(kind: str, state: str, prefix: str) -> None:
    with clocked.copied((state,)) as world:
        first = _due(world, kind)[0]
        assert first.subject.startswith(prefix)
        _to(world, first.at - 1)
        assert first in _due(world, kind)
        _to(world, first.at)
        assert first not in _due(world, kind)


def test_every_kind_has_a_test() -> None:
    more = {"setting_in_force", "staff_session_ends", "code_lapses"}
    more |= {"payment_notice", "transfer_notice", "trouble_over"}
    told = set(KINDS) | more
    assert told == {one.kind for one in deadlines.DEADLINES}


def test_a_session_of_staff_ends_and_a_setting_comes_into_force() -> None:
    with clocked.copied(("account.active",)) as world:
        maker, checker = (
            worlds.staff(world, Role.LEAD),
            worlds.staff(world, Role.LEAD, login="lead"),
        )
        staffing.sign_in(world, "lead")
        [session] = _due(world, "staff_session_ends")
        assert session.subject == checker.staff_id
        body = {"lifetime_seconds": 120, "gap_seconds": 60, "per_day": 5, "tries": 3}
        at = session.at + clock.DAY
        given = {"kind": "sms_codes", "name": "", "body": body, "effective_at": at}
        version = world.engine.perform(policy_actions.propose, given, actor=maker)
        assert _due(world, "setting_in_force") == []
        world.engine.perform(policy_actions.approve, {"version_id": version.id}, actor=checker)
        assert _due(world, "setting_in_force") == [Due(at, "setting_in_force", version.id)]
        _to(world, at - 1)
        assert _due(world, "staff_session_ends") == []
        assert world.engine.ask(queries.in_force, MOVER, policies.SmsCodes).per_day == 10
        _to(world, at)
        assert _due(world, "setting_in_force") == []
        assert world.engine.ask(queries.in_force, MOVER, policies.SmsCodes).per_day == 5


def test_a_code_lapses_unless_it_was_used() -> None:
    with clocked.copied(("account.active",)) as world:
        person = Line.on(world).person(4)
        person.request_code()
        [code] = _due(world, "code_lapses")
        _to(world, code.at - 1)
        assert _due(world, "code_lapses") == [code]
        _to(world, code.at)
        assert _due(world, "code_lapses") == []


def test_a_notice_of_a_payment_comes_at_its_instant() -> None:
    with clocked.copied(("payment.opened",)) as world:
        [payment] = worlds.rows(world, "SELECT id FROM payment")
        world.bank.pay(payment["id"])
        notice = _due(world, "payment_notice")[0]
        assert notice.subject == payment["id"]
        _to(world, notice.at)
        [paid] = worlds.rows(world, "SELECT occurred_at FROM event WHERE kind = 'payment.paid'")
        assert paid["occurred_at"] == notice.at
        assert notice not in _due(world, "payment_notice")


def test_a_notice_of_a_transfer_comes_at_its_instant() -> None:
    with clocked.copied(("reverse_payment.awaiting",)) as world:
        [wanted] = worlds.rows(world, "SELECT * FROM reverse_payment")
        world.bank.transfer(wanted["sub_account"], "某公司", wanted["amount_fen"])
        [notice] = _due(world, "transfer_notice")
        _to(world, notice.at)
        assert _due(world, "transfer_notice") == []
        [heard] = worlds.rows(
            world,
            "SELECT occurred_at FROM event WHERE kind LIKE 'reverse_payment.%' ORDER BY seq DESC LIMIT 1",
        )
        assert heard["occurred_at"] == notice.at


def test_a_page_at_a_time_and_counted_by_horizon() -> None:
    with clocked.copied(("certificate.active",)) as world:
        now = world.engine.now()
        until = now + deadlines.HORIZONS_MS[-1]
        whole = world.engine.ask(deadlines.due, MOVER, until=until, size=1_000)
        parts = [
            world.engine.ask(deadlines.due, MOVER, until=until, page=page, size=2)
            for page in range(-(-whole.total // 2))
        ]
        assert tuple(row for part in parts for row in part.rows) == whole.rows
        counts = world.engine.ask(deadlines.counted, MOVER)
        assert sum(map(sum, counts.values())) == whole.total
        for kind, each in counts.items():
            ahead = [one.due.at - now for one in whole.rows if one.due.kind == kind]
            told = [sum(each[: i + 1]) for i in range(len(each))]
            assert told == [sum(at <= end for at in ahead) for end in deadlines.HORIZONS_MS]
        [certificate] = [one for one in whole.rows if one.due.kind == "renewal_opens"]
        assert (certificate.record_kind, certificate.record_id) == (
            "certificate",
            certificate.due.subject,
        )


def test_what_happened_is_told_with_what_lapsed_in_order() -> None:
    with clocked.copied(("ticket.created", "certificate.active")) as world:
        began = world.engine.now()
        seq = worlds.rows(world, "SELECT MAX(seq) AS seq FROM event")[0]["seq"]
        [ticket] = _due(world, "ticket_lapses")
        coming = world.engine.ask(deadlines.next_due, MOVER)
        assert coming is not None
        _to(world, began + 366 * clock.DAY)
        found, total = world.engine.ask(deadlines.happened, MOVER, began=began, seq=seq, most=500)
        assert total == len(found)
        assert [one.at for one in found] == sorted(one.at for one in found)
        lapsed = [(one.at, one.code) for one in found if not one.fact]
        assert (ticket.at, "due.kind.ticket_lapses") in lapsed
        told = [one.code for one in found]
        assert told.index("due.kind.renewal_opens") < told.index("certificate.expiring")
        assert told.index("due.kind.certificate_ends") < told.index("certificate.expired")
        assert "clock.advanced" not in told
        first, _all = world.engine.ask(deadlines.happened, MOVER, began=began, seq=seq, most=3)
        assert first == found[:3]


def test_a_walk_that_is_left_stops_where_it_stands_and_goes_on_from_there() -> None:
    with clocked.copied(("certificate.active",)) as world:
        until = world.engine.now() + 400 * clock.DAY
        walk = travel.walk(world, until_ms=until, actor=MOVER)
        reached = [next(walk) for _ in range(3)][-1]
        walk.close()
        assert world.engine.now() == reached < until
        _to(world, until)
        assert world.engine.now() == until
        # A second click of the same button finds the clock there.
        with worlds.unchanged(world):
            _to(world, until)


def test_two_who_move_the_clock_at_once_move_it_once() -> None:
    with clocked.copied(("certificate.active",)) as world:
        until = world.engine.now() + 400 * clock.DAY
        one, other = (travel.walk(world, until_ms=until, actor=MOVER) for _ in range(2))
        reached = [next(walk) for walk in (one, other, one, other, other, one)]
        assert reached == sorted(reached)
        for walk in (one, other):
            for at in walk:
                assert at <= until
        assert world.engine.now() == until
        kinds = "SELECT COUNT(*) AS n FROM event WHERE kind = 'certificate.expired'"
        assert worlds.rows(world, kinds)[0]["n"] == 1


def test_who_moves_the_clock_stays_signed_in_and_nobody_else() -> None:
    with clocked.copied(("account.active",)) as world:
        for login in ("presenter", "colleague"):
            worlds.staff(world, Role.PRODUCT, login=login)
        token = staffing.sign_in(world, "presenter").token
        other = staffing.sign_in(world, "colleague").token
        mover = staffing.who(world, token)
        assert mover is not None
        travel.go(world, by_ms=90 * clock.DAY, actor=mover)
        assert staffing.who(world, token) == mover
        assert staffing.who(world, other) is None


def test_nobody_else_and_no_other_world(world: World) -> None:
    with clocked.copied(("account.active",)) as demo:
        reviewer = worlds.staff(demo, Role.LEAD)
        until = demo.engine.now() + clock.DAY
        for query in (deadlines.next_due, deadlines.counted):
            with pytest.raises(MayNot):
                demo.engine.ask(query, reviewer)
        with worlds.unchanged(demo), pytest.raises(MayNot):
            next(travel.walk(demo, until_ms=until, actor=reviewer))
        with worlds.unchanged(demo), pytest.raises(MayNot):
            demo.engine.perform(travel.move, {"to_ms": until}, actor=reviewer)
    until = world.engine.now() + clock.DAY
    for query in (deadlines.next_due, deadlines.counted):
        with pytest.raises(travel.OnlyInDemo):
            world.engine.ask(query, MOVER)
    with worlds.unchanged(world), pytest.raises(travel.OnlyInDemo):
        next(travel.walk(world, until_ms=until, actor=MOVER))
    with worlds.unchanged(world), pytest.raises(travel.OnlyInDemo):
        world.engine.perform(travel.move, {"to_ms": until}, actor=MOVER)
