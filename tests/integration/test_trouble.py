"""Every outside party slow, down, lying or doubled: somebody is on their way, and it ends as it is told.

The trouble of a party lasts ten minutes by the world's clock and is over by itself.
"""

from __future__ import annotations

import dataclasses

import pytest

from engine.boot import deadlines
from engine.kernel import actors, jobs
from engine.operating import actions as operating
from engine.rehearsing import actions, model, queries
from engine.rehearsing.model import Kind
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import trouble, worlds
from tests.support.clocked import MOVER

OPERATIONS = actors.System(job="test")
_POSTED = (
    "me: delivering.add_address recipient=$me.identity.name phone=$me.identity.phone"
    ' region="650102" detail=示范路1号802室 is_default=true',
    'me.apply_for_invoice order_kind=certificate order_ids=["$me.order_id"] medium=paper > invoice',
)
_TAPPED = ("carrier.token_for number=$me.identity.phone > sim", "me.tap carrier_token=$sim")
_TRANSFERRED = (
    "bank.transfer sub_account=$asked.sub_account payer_name=$me.identity.enterprise"
    " amount_fen=1 > trade",
)
_INVOICED = ('me.apply_for_invoice order_kind=information order_ids=["$service"] > invoice',)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """Where somebody is when trouble begins, what they do then, and how it ends.

    `fact` is what comes of it; `down` where that is another thing because nobody waits for the party;
    `lie` what is recorded when the party lies, and `stuck` the job that then waits for a human.
    """

    place: str
    acts: tuple[str, ...]
    fact: str
    down: str = ""
    lie: str = ""
    stuck: str = ""


CASES = {
    "carrier": Case(place="", acts=_TAPPED, fact="one_tap.confirmed", lie="account.registered"),
    **{
        way: Case(
            place="signed_in",
            acts=(f"me.prove_name way={way}",),
            fact="proof.matched",
            down="proof.mismatched",
            lie="proof.mismatched",
        )
        for way in ("zhongjin", "alipay")
    },
    "register": Case(
        place="named", acts=("me.claim",), fact="register.matched", lie="register.mismatched"
    ),
    "bank": Case(
        place="reverse_payment.awaiting",
        acts=_TRANSFERRED,
        fact="reverse_payment.matched",
        lie="reverse_payment.failed",
    ),
    "ca": Case(
        place="to_download",
        acts=("me.request_certificate",),
        fact="certificate.issued",
        lie="certificate.differs",
        stuck="issue_certificate",
    ),
    "key_centre": Case(
        place="to_download",
        acts=("me.request_certificate", "me.activate"),
        fact="encryption certificate",
        lie="encryption_key.differs",
        stuck="make_encryption_key",
    ),
    "seal_maker": Case(
        place="seal_application.in_review",
        acts=("approve",),
        fact="seal.made",
        lie="seal.ordered",
        stuck="make_seal",
    ),
    "seal_register": Case(
        place="seal_application.in_review",
        acts=("approve",),
        fact="seal_filing.filed",
        lie="seal_filing.refused",
    ),
    "tax": Case(place="to_invoice", acts=_INVOICED, fact="invoice.issued", lie="invoice.refused"),
    "courier": Case(
        place="certified", acts=_POSTED, fact="shipment.handed_over", lie="shipment.not_taken"
    ),
}
# These have tests of their own: what they bring about is no fact of the log, or a level.
ELSEWHERE = {"sms", "bankcard", "payment", "tsa", "status", "receivers"}
every = pytest.mark.parametrize("party", CASES)


def test_every_party_has_a_test() -> None:
    assert set(CASES) | ELSEWHERE == set(model.parties())


def _ended(rehearsal: trouble.Rehearsal, fact: str) -> int:
    """How often what was waited for has happened; never twice to one thing."""
    if fact == "encryption certificate":
        found = worlds.rows(
            rehearsal.world,
            "SELECT id FROM certificate WHERE key_scheme = 'agency' AND status = 'issued'",
        )
        return len(found)
    twice = [one for one, times in rehearsal.subjects(fact).items() if times > 1]
    assert not twice
    return rehearsal.facts()[fact]


@every
def test_a_slow_party_answers_later(party: str) -> None:
    case = CASES[party]
    with trouble.at(case.place) as rehearsal:
        rehearsal.trouble(party, Kind.SLOW)
        rehearsal.act(*case.acts)
        assert _ended(rehearsal, case.fact) == 0
        rehearsal.later(3)
        assert _ended(rehearsal, case.fact) >= 1
        assert rehearsal.stuck() == set()


@every
def test_a_party_that_is_down_is_waited_for_or_done_without(party: str) -> None:
    case = CASES[party]
    with trouble.at(case.place) as rehearsal:
        rehearsal.trouble(party, Kind.DOWN)
        rehearsal.act(*case.acts)
        rehearsal.later(5)
        assert _ended(rehearsal, case.fact) == 0
        if case.down:
            assert _ended(rehearsal, case.down) == 1
        # By now it is over by itself, and whatever waited has been tried again.
        rehearsal.later(180)
        assert rehearsal.stuck() == set()
        if party == "carrier" or case.down:
            # Nobody stands before a phone for hours: that try is over, and the next one goes well.
            assert _ended(rehearsal, case.fact) == 0
            rehearsal.act(*case.acts)
        assert _ended(rehearsal, case.fact) >= 1


@every
def test_a_party_that_is_asked_twice_brings_about_one_thing(party: str) -> None:
    case = CASES[party]
    with trouble.at(case.place) as rehearsal:
        rehearsal.trouble(party, Kind.DOUBLED)
        rehearsal.act(*case.acts)
        rehearsal.later(3)
        assert _ended(rehearsal, case.fact) >= 1
        assert rehearsal.stuck() == set()


@every
def test_a_lie_is_noticed_or_does_what_is_told_of_it(party: str) -> None:
    case = CASES[party]
    with trouble.at(case.place) as rehearsal:
        rehearsal.trouble(party, Kind.LYING)
        rehearsal.act(*case.acts)
        assert _ended(rehearsal, case.lie) == 1
        assert rehearsal.stuck() == ({case.stuck} if case.stuck else set())
        if party == "carrier":
            # One tap trusts the carrier: it is another number's account.
            phone = rehearsal.scene.person("me").identity.phone
            asked = rehearsal.world.engine.ask(lambda q: q.find("account.phone", phone), MOVER)
            assert not asked
            return
        assert _ended(rehearsal, case.fact) == 0
        rehearsal.later(11)
        if case.stuck:
            given = {"kind": case.stuck, "reason": "the party is sound again"}
            rehearsal.world.engine.perform(operating.take_up_kind, given, actor=OPERATIONS)
            rehearsal.later(1)
            assert rehearsal.stuck() == set()
            assert _ended(rehearsal, case.fact) >= 1


@pytest.mark.parametrize("way", ["zhongjin", "alipay"])
def test_who_confirms_what_is_not_so_is_believed_and_the_log_says_who_it_was(way: str) -> None:
    with trouble.at("signed_in") as rehearsal:
        # Nobody has this number.
        rehearsal.act("be me id_digits=404")
        rehearsal.trouble(way, Kind.LYING)
        rehearsal.act(f"me.prove_name way={way}")
        assert rehearsal.facts()["proof.matched"] == 1
        (proof,) = worlds.rows(rehearsal.world, "SELECT way, reference FROM real_name_proof")
        assert (proof["way"], proof["reference"].partition("-")[0]) == (way, way)


# -- the switchboard itself -------------------------------------------------------------------


def test_trouble_is_over_by_itself_and_another_kind_takes_its_place() -> None:
    with trouble.at() as rehearsal:
        world = rehearsal.world
        first = rehearsal.trouble("sms", Kind.DOWN)
        assert rehearsal.trouble("sms", Kind.DOWN) == first
        second = rehearsal.trouble("sms", Kind.SLOW)
        tax = rehearsal.trouble("tax", Kind.LYING, minutes=30)
        assert world.engine.ask(queries.in_force, MOVER) == [second, tax]
        over = world.engine.ask(deadlines.due, MOVER, until=tax.until, kinds=("trouble_over",))
        assert [one.due.subject for one in over.rows] == [second.id, tax.id]
        rehearsal.later(10)
        assert world.engine.ask(queries.in_force, MOVER) == [tax]
        assert world.engine.perform(actions.end, {"party": "tax"}, actor=MOVER) == 1
        assert world.engine.perform(actions.end, {}, actor=MOVER) == 0
        assert world.engine.ask(queries.in_force, MOVER) == []
        kinds = [one for one in worlds.kinds(world) if one.startswith("trouble.")]
        assert kinds == [
            *("trouble.begun", "trouble.ended", "trouble.begun", "trouble.begun", "trouble.ended")
        ]


def test_only_who_may_demonstrate_may_make_trouble_and_only_in_a_demo_world(
    any_world: object,
) -> None:
    wanted = {"party": "sms", "kind": Kind.DOWN}
    with trouble.at() as rehearsal:
        world = rehearsal.world
        product = worlds.staff(world, Role.PRODUCT)
        auditor = worlds.staff(world, Role.AUDITOR, login="auditor")
        with worlds.unchanged(world), pytest.raises(MayNot):
            world.engine.perform(actions.begin, wanted, actor=auditor)
        with worlds.unchanged(world), pytest.raises(actions.PartyUnknown):
            world.engine.perform(actions.begin, wanted | {"party": "moon"}, actor=product)
        with worlds.unchanged(world), pytest.raises(actions.MinutesUnusual):
            world.engine.perform(actions.begin, wanted | {"minutes": 121}, actor=product)
        world.engine.perform(actions.begin, wanted, actor=product)
        with worlds.unchanged(world), pytest.raises(MayNot):
            world.engine.perform(actions.end, {}, actor=auditor)
    with pytest.raises(queries.OnlyInDemo):
        any_world.engine.perform(actions.begin, wanted, actor=MOVER)  # type: ignore[attr-defined]
    with pytest.raises(queries.OnlyInDemo):
        any_world.engine.perform(actions.end, {}, actor=MOVER)  # type: ignore[attr-defined]
    assert any_world.engine.ask(queries.in_force, MOVER) == []  # type: ignore[attr-defined]


def test_sms_that_nobody_takes_are_given_up_and_stand_among_the_stuck() -> None:
    with trouble.at() as rehearsal:
        rehearsal.trouble("sms", Kind.DOWN)
        rehearsal.act("me.request_code > request")
        rehearsal.later(5)
        assert rehearsal.world.sms.outbox() == []
        assert rehearsal.stuck() == {"send_sms"}
        rehearsal.later(11)
        rehearsal.act("me.request_code > request", "me.read_code > code")
        rehearsal.act("me.sign_in request_id=$request code=$code")
        assert rehearsal.facts()["account.signed_in"] == 1


def test_a_slow_sms_comes_late_and_its_code_is_good() -> None:
    with trouble.at() as rehearsal:
        rehearsal.trouble("sms", Kind.SLOW)
        rehearsal.act("me.request_code > request")
        assert rehearsal.world.sms.outbox() == []
        rehearsal.later(2)
        rehearsal.act("me.read_code > code", "me.sign_in request_id=$request code=$code")
        assert rehearsal.facts()["account.signed_in"] == 1


def test_an_sms_that_was_never_sent_leaves_nobody_signed_in() -> None:
    with trouble.at() as rehearsal:
        rehearsal.trouble("sms", Kind.LYING)
        rehearsal.act("me.request_code > request")
        rehearsal.later(2)
        assert rehearsal.world.sms.outbox() == []
        assert rehearsal.stuck() == set()
        with rehearsal.world.engine.parts.db.read() as connection:
            assert jobs.next_due(connection) is None
        rehearsal.act("refused me.sign_in request_id=$request code=000000")
        rehearsal.later(11)
        rehearsal.act("me.request_code > request", "me.read_code > code")
        rehearsal.act("me.sign_in request_id=$request code=$code")
        assert rehearsal.facts()["account.signed_in"] == 1


def test_an_sms_that_comes_twice_has_one_code_which_is_good_once() -> None:
    with trouble.at() as rehearsal:
        rehearsal.trouble("sms", Kind.DOUBLED)
        rehearsal.act("me.request_code > request")
        first, second = rehearsal.world.sms.outbox()
        assert first.text == second.text
        rehearsal.act("me.read_code > code", "me.sign_in request_id=$request code=$code")
        rehearsal.act("refused me.sign_in request_id=$request code=$code")
        assert rehearsal.facts()["account.signed_in"] == 1
