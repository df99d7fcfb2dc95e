"""An administrator's dealings with seals: stamped forms, the pad, changes, loss (SEA-1 to 3, ENT-3).

What somebody does is drawn up front from a stream of their own, so that a scenario in which more people
apply for seals meets the same people in everything else.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.kernel import clock
from simulations.environment import Steps
from simulations.journeys import lying
from simulations.journeys.way import Way, as_oneself
from simulations.personas import Truth
from simulations.scenario import Seals

_CONTRACT, _WRITTEN = "合同专用章", "经办人签名"
_ENTRUSTED_DAYS = 60


def seals(way: Way) -> Steps:
    """Whatever this administrator does with seals, one after the other."""
    rules = way.rules.seals
    if rules is None or way.person.certificate_status() != "active":
        return
    names = list(Seals.model_fields)
    draws = way.stage.stream("seals", way.persona.index).random(len(names)).tolist()
    does = {name for name, draw in zip(names, draws, strict=True) if draw < getattr(rules, name)}
    if "writes" in does:
        yield from _written(way, erases="erases" in does)
    if "applies" in does and way.persona.truth is not Truth.STAMP_USED_BEFORE:
        yield from _applied(way, does)


def borrowed_stamp(way: Way) -> Steps:
    """Somebody hands in the form that another one stamped, as their own."""
    person = way.person
    if way.persona.truth is not Truth.STAMP_USED_BEFORE or person.certificate_status() != "active":
        return
    form = yield from lying.somebodys_form(way)
    application_id = person.hand_in_form("contract", _CONTRACT, form)
    way.stage.log("stamp of another handed in")
    yield from _decided(way, application_id)


def _written(way: Way, *, erases: bool) -> Steps:
    """Their name on the pad: in use at once; some find it ugly and delete it."""
    seal_id = way.person.write_signature(_WRITTEN)
    yield from way.until(lambda: way.person.seal_called(_WRITTEN) is not None)
    way.stage.log("signature written")
    if erases:
        yield way.pause()
        yield from as_oneself(way, lambda: way.person.delete_seal(seal_id))
        way.stage.log("seal deleted")


def _applied(way: Way, does: set[str]) -> Steps:
    """A stamped form, the reviewer, the maker; whoever is rejected hands in a straighter scan once."""
    person = way.person
    for askew in (6.0, 1.0):
        application_id = person.apply_for_seal("contract", _CONTRACT, line=_CONTRACT, askew=askew)
        lying.leave_form(way)
        yield from _decided(way, application_id)
        if person.application_status(application_id) == "made":
            break
        way.stage.log("seal rejected")
    yield from _in_use(way)
    if person.seal_called(_CONTRACT) is None:
        return
    way.stage.log("contract seal in use")
    if "entrusts" in does:
        yield from _entrusted(way, takes_back="takes_back" in does)
    if "changes" in does:
        yield from _made_anew(way, "seal changed", lambda seal: person.change_seal(seal, "42"))
    if "loses" in does:
        lost = "lost" if way.choice < 0.5 else "key_compromise"
        yield from _made_anew(way, "seal made again", lambda seal: person.remake_seal(seal, lost))
    if "pauses" in does:
        yield from _paused(way)


def _decided(way: Way, application_id: str) -> Steps:
    waiting = ("in_review", "in_making")
    yield from way.until(lambda: way.person.application_status(application_id) not in waiting)


def _in_use(way: Way) -> Steps:
    """The agency signs within minutes of the order; nobody waits for what was rejected."""
    for _ in range(6):
        if way.person.seal_called(_CONTRACT) is not None:
            return
        yield way.stage.wait(10 * 60)


def _made_anew(way: Way, told: str, ask: Callable[[str], str]) -> Steps:
    """A change or another making: the seal that was is in use, or not, until the new one is there."""
    before = way.person.seal_called(_CONTRACT)
    if before is None:
        return
    seal_id = str(before["id"])
    application_id = yield from as_oneself(way, lambda: ask(seal_id))
    yield from _decided(way, application_id)
    yield from _in_use(way)
    after = way.person.seal_called(_CONTRACT)
    if after is not None and after["id"] != seal_id:
        way.stage.log(told)


def _entrusted(way: Way, *, takes_back: bool) -> Steps:
    """A colleague may use the seal for contracts, and sees so; some have it taken back."""
    theirs, seal = way.colleague, way.person.seal_called(_CONTRACT)
    members = {one["account_id"]: one for one in way.person.colleagues() if not one["me"]}
    handlers = [name for name, one in members.items() if one["role"] == "handler"]
    if theirs is None or seal is None or not handlers:
        return
    until = way.stage.now_ms + _ENTRUSTED_DAYS * clock.DAY
    delegation_id = yield from as_oneself(
        way, lambda: way.person.entrust(str(seal["id"]), handlers[0], until)
    )
    if theirs.person.entrusted():
        way.stage.log("seal entrusted")
    if takes_back:
        yield way.pause()
        way.person.take_back(delegation_id)
        way.stage.log("seal taken back")


def _paused(way: Way) -> Steps:
    seal = way.person.seal_called(_CONTRACT)
    if seal is None:
        return
    way.person.pause_seal(str(seal["id"]))
    yield way.pause()
    way.person.use_seal_again(str(seal["id"]))
    if way.person.read_seal(str(seal["id"])):
        way.stage.log("seal paused and used again")
