"""A certification authority's trouble: issuing is stopped, who waits is told, and two let it go on."""

from __future__ import annotations

import json
from typing import Any

from engine.bulk import actions as bulk
from engine.bulk import model as bulks
from engine.bulk import queries as bulk_queries
from engine.evidence import packing
from engine.evidence.verifier.receipts import proof_findings
from engine.impact import actions as impact
from engine.incidents import actions as incidents
from engine.kernel import actors
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.records import actions as records
from engine.records import queries as record_queries
from engine.reviewing import model as reviews
from engine.reviewing import queries as cases
from engine.staffing.model import Right
from simulations.stories import acts
from simulations.stories.persona import Persona
from simulations.stories.play import Play

_WHY = "签发前的材料与登记不符，核查期间暂停签发"

# -- before it -------------------------------------------------------------------------------------


def ready_to_download(play: Play, who: Persona) -> None:
    """Whoever has an order that both have approved, and has not downloaded its certificate."""
    acts.owner(play, who)
    acts.order(play, who)
    acts.settle_order(play, who)


def before_the_authority(play: Play, who: Persona) -> None:
    """Whoever has an order that waits for its authority's review."""
    acts.owner(play, who)
    acts.order(play, who)
    acts.pay(play, who)
    acts.attach(play, who)
    play.settle()
    acts.approve(play, who)
    play.settle()


# -- the trouble -----------------------------------------------------------------------------------


def open_incident(play: Play, who: Persona) -> None:
    """Somebody who handles incidents writes down what is known, about the order that it began with."""
    given = {
        "kind": "misissuance",
        "title": "签发前的材料与登记不符",
        "subject_id": who.order_id,
    }
    play.kept["incident_id"] = play.office.do(incidents.open_incident, given).id


def count_the_stop(play: Play, who: Persona) -> None:
    """Before it is done somebody asks what a stop would stop, and writes the answer down."""
    asked = {"act": "agency.stop", "subject": who.agency_id, "reason": _WHY}
    found = play.office.do(impact.would_stop, asked)
    told = f"停发前测算：会停下 {found.count} 项。"
    given = {"incident_id": play.kept["incident_id"], "text": told}
    play.office.do(incidents.note_incident, given)


def stop_issuing(play: Play, who: Persona) -> None:
    """One person stops the authority from issuing; who waits is told."""
    given = {
        "agency_id": who.agency_id,
        "reason": _WHY,
        "incident_id": play.kept["incident_id"],
    }
    play.kept["stop_id"] = play.office.do(incidents.stop_issuing, given).id
    play.settle()


def read_the_notice(play: Play, who: Persona) -> None:
    """Whoever waits reads what they were told."""
    found = who.handset.door.ask("messaging.mine", {})
    for message in [one for one in found if one["kind"] == "order.paused" and not one["read_at"]]:
        given = {"message_id": message["id"]}
        who.handset.door.perform("messaging.read", given, key=who.key())


def rehearse_hold(play: Play, who: Persona) -> None:
    """Everything that waits for the authority's review is frozen into a list, and its hold is tried."""
    reason = next(
        iter(play.world.engine.ask(cases.hold_reasons_for, _lead(play), "certificate_ca"))
    )
    told = _listed(who, "hold", "claimable", bulks.Given(reason=reason, note=_WHY))
    play.kept["bulk_id"] = play.office.do(bulk.freeze_cases, told).id
    play.settle()


def agree_to_hold(play: Play, who: Persona) -> None:
    """A second person agrees to exactly this list and this dry run."""
    play.office.do(bulk.approve, _digest(_frozen(play)))


def hold_in_bulk(play: Play, who: Persona) -> None:
    """Whoever made the list starts it."""
    _start(play)


def reveal_phone(play: Play, who: Persona) -> None:
    """The order's number finds its applicant; somebody looks behind one mask, on a ground."""
    lead, ask = _lead(play), play.world.engine.ask
    number = ask(_order, lead, who.order_id).number
    hit, *_ = ask(record_queries.find, lead, number)
    account = ask(_order, lead, hit.id).account_id
    shown = ask(record_queries.record, lead, account)
    masked = [fact for part in shown.held for fact in part.facts if fact.value.place]
    phone = next(one.value for one in masked if one.name == "column.phone")
    ground = next(iter(ask(cases.reasons_for, lead, "reveal_ground")))
    given = {"record_id": account, "place": phone.place, "ground": ground}
    play.office.do(records.reveal, given)


def take_up_in_bulk(play: Play, who: Persona) -> None:
    """What was held is taken up again, tried first and started by whoever made the list."""
    told, maker = _listed(who, "resume", "held", bulks.Given()), _maker(play)
    play.kept["bulk_id"] = play.world.engine.perform(bulk.freeze_cases, told, actor=maker).id
    play.settle()
    _start(play)


def lift_the_stop(play: Play, who: Persona) -> None:
    """One asks for the stop to be lifted, another one agrees; who waited is told."""
    given = {"stop_id": play.kept["stop_id"], "reason": "复核完成，材料与登记一致"}
    play.office.do(incidents.ask_to_lift, given)
    play.office.do(incidents.lift_stop, {"stop_id": play.kept["stop_id"]})
    play.settle()


def check_receipt(play: Play, who: Persona) -> None:
    """The log's receipt of one's own order is checked, with nothing but the key that signed its head."""
    key = packing.log_key(play.world.engine.parts.keyring).hex()
    given = {"subject": who.order_id}
    found = json.loads(json.dumps(who.handset.door.ask("evidence.my_receipts", given)))
    told = [good for one in found for good, _, _ in proof_findings("receipt", one, key)]
    play.kept["verdict"] = "in the log" if told and all(told) else "not shown"


# -- with what -------------------------------------------------------------------------------------


def _lead(play: Play) -> actors.Staff:
    return play.office.with_right(Right.HANDLE_INCIDENTS)[0]


def _order(q: Reader, order_id: str) -> ordering.Order:
    return q.get(ordering.Order, "certificate_order", order_id)


def _listed(
    who: Persona, act: str, state: reviews.QueueState, given: bulks.Given
) -> dict[str, Any]:
    wanted = reviews.Wanted(kinds=("certificate_ca",), agencies=(who.agency_id,), state=state)
    return {"act": act, "wanted": wanted, "given": given, "note": _WHY}


def _frozen(play: Play) -> bulks.Bulk:
    return play.world.engine.ask(bulk_queries.one, _lead(play), play.kept["bulk_id"]).bulk


def _maker(play: Play) -> actors.Staff:
    """Whoever made the newest list: it takes somebody who has not decided on these orders before."""
    able, maker = play.office.with_right(Right.LEAD_REVIEWS), _frozen(play).made_by
    return next(one for one in able if one.staff_id == maker)


def _digest(found: bulks.Bulk) -> dict[str, str]:
    return {"bulk_id": found.id, "digest": str(found.rehearsal_digest)}


def _start(play: Play) -> None:
    play.world.engine.perform(bulk.start, _digest(_frozen(play)), actor=_maker(play))
    play.settle()
