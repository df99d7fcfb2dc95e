"""Who calls, what of theirs is unfinished, and what to tell them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.calls import model, store
from engine.kernel import clock, errors, identifiers, notes, paging, vault
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_SHOWN = 20
# A call is only ever sealed under the key of the person, or of the unknown number, that made it.
PLACES = {"phone": "phone_call|phone", "said": "phone_call|said", "note": "phone_call|note"}
INVARIANTS = {
    "nobody answers a call twice": (
        "SELECT MIN(id) AS id FROM phone_call WHERE status = 'open'"
        " GROUP BY staff_id HAVING COUNT(*) > 1"
    ),
    "a logged call says when": (
        "SELECT id FROM phone_call WHERE (status = 'logged') <> (logged_at IS NOT NULL)"
    ),
}


class NumberUnreadable(errors.InvalidInput):
    """Enter a mobile number, a resident ID number or an order number, whole."""


class CallOver(errors.PolicyRefused):
    """This call is over: look the caller up again."""


def open_call(q: Reader, call_id: str) -> model.Call:
    """A call that the actor is answering now.

    Raises: MayNot, CallOver; NotFound for a colleague's.
    """
    staff = staffing.require(q, Right.ANSWER_CALLS, anywhere=True)
    found = q.get(model.Call, "phone_call", call_id)
    if found.staff_id != staff.staff_id:
        raise errors.NotFound(what="phone call")
    rules = q.policy(policies.CallRules)
    over = q.now >= found.began_at + rules.open_minutes * clock.MINUTE
    if found.status is not model.CallStatus.OPEN or over:
        raise CallOver()
    return found


def my_open_call(q: Reader) -> model.Call | None:
    """The call that the actor is answering now, if any.

    Raises: MayNot.
    """
    staff = staffing.require(q, Right.ANSWER_CALLS, anywhere=True)
    found = store.open_of(q, staff.staff_id)
    if found is None:
        return None
    try:
        return open_call(q, found.id)
    except CallOver:
        return None


def my_calls(q: Reader, *, window: paging.Window | None = None) -> list[model.Call]:
    """The calls that the actor answered, newest first.

    Raises: MayNot.
    """
    staff = staffing.require(q, Right.ANSWER_CALLS, anywhere=True)
    return store.of_staff(q, staff.staff_id, window or paging.Window(limit=_SHOWN))


def caller(q: Reader, call_id: str) -> model.Caller:
    """Who calls, masked, and each of their open matters with what to say of it (OPS-8).

    Raises: MayNot, CallOver, NotFound.
    """
    call = open_call(q, call_id)
    told = () if call.account_id is None else matters(q, call.account_id)
    rules = q.policy(policies.CallRules)
    greeting = Text(zh="", en="") if told else rules.nothing
    if call.account_id is None:
        return model.Caller(
            call=call,
            phone=_number_of(q, call),
            name="",
            status="",
            since=None,
            enterprises=(),
            matters=(),
            calls=(),
            greeting=greeting,
        )
    account = people.account(q, call.account_id)
    return model.Caller(
        call=call,
        phone=identifiers.masked_phone(people.person_phone(q, account.id)),
        name=identifiers.masked_name(people.person_name(q, account.id)),
        status=account.status.value,
        since=account.created_at,
        enterprises=tuple(one.name for one in people.enterprises_of(q, account.id)),
        matters=told,
        calls=past_calls(q, account.id),
        greeting=greeting,
    )


def _number_of(q: Reader, call: model.Call) -> str:
    """An unknown caller's number, masked; empty where there is none or it was forgotten."""
    if call.phone is None:
        return ""
    try:
        number = q.open(call.subject_id, f"{PLACES['phone']}|{call.id}", call.phone)
    except vault.Destroyed:
        return ""
    return identifiers.masked_phone(number)


def matters(q: Reader, account_id: str) -> tuple[model.Told, ...]:
    """A person's unfinished matters that the actor may see: what waits for us first, the oldest first."""
    movers: dict[str, notes.Mover] = {}
    found: list[notes.Matter] = []
    for stage in q.parts.matters:
        movers |= stage.movers
        found += stage.of(q, account_id)
    said_elsewhere = {one.instead_of for one in found}
    sayings = q.policies(policies.CallSaying)
    told = [
        _told(q, one, movers[one.code], sayings)
        for one in found
        if one.subject not in said_elsewhere and _sees(q, one)
    ]
    order = list(notes.Mover)
    first = (notes.Mover.STAFF, notes.Mover.OUTSIDE)
    return tuple(
        sorted(
            told,
            key=lambda one: (one.mover not in first, order.index(one.mover), one.matter.since),
        )
    )


def _sees(q: Reader, matter: notes.Matter) -> bool:
    """Whether the actor answers calls where a matter belongs; what belongs nowhere, anybody who does."""
    nowhere = matter.platform_id is None and matter.agency_id is None
    return staffing.has(
        q.actor,
        Right.ANSWER_CALLS,
        platform_id=matter.platform_id,
        agency_id=matter.agency_id,
        anywhere=nowhere,
    )


def _told(
    q: Reader,
    matter: notes.Matter,
    mover: notes.Mover,
    sayings: Mapping[str, policies.CallSaying],
) -> model.Told:
    rules = q.policy(policies.CallRules)
    standing = _standing(q, matter, mover, rules)
    return model.told(matter, mover, standing, sayings[matter.code], rules, q.now)


def _standing(
    q: Reader, matter: notes.Matter, mover: notes.Mover, rules: policies.CallRules
) -> model.Standing:
    """When a matter should be done: by the clock of its review, or as the last ones like it were."""
    if mover is notes.Mover.STAFF:
        case = cases.waited_for(q, matter.subject)
        return model.Standing() if case is None else _in_review(q, case)
    usual = model.usual_ms(matter.lately, rules.usual_at_least)
    if usual is None:
        return model.Standing()
    expected = matter.since + usual
    # What takes longer than half of them did is not late yet; nothing is promised of it any more.
    return model.Standing(expected_at=expected if expected > q.now else None)


def _in_review(q: Reader, case: reviewing.Case) -> model.Standing:
    rule = q.policy(policies.ReviewRule, case.kind)
    clocks = reviewing.clocks(case, rule, q.now)
    return model.Standing(
        case_id=case.id,
        expected_at=None if clocks.paused else clocks.decision_due,
        late=not clocks.paused and q.now > clocks.decision_due,
        held=clocks.paused,
        urged_at=case.urged_at,
        urged_count=case.urged_count,
        may_urge=cases.may_be_urged(q, case),
    )


def past_calls(q: Reader, account_id: str) -> tuple[model.PastCall, ...]:
    """What a person called about before, newest first."""
    return tuple(
        model.PastCall(
            id=one.id,
            staff=staffing.profile(q, one.staff_id).name,
            matters=one.matters,
            urged=len(one.urged),
            said=_opened(q, one, "said"),
            note=_opened(q, one, "note"),
            logged_at=one.logged_at or one.began_at,
        )
        for one in store.of_account(q, account_id, _SHOWN)
    )


def _opened(q: Reader, call: model.Call, column: str) -> str:
    sealed: bytes | None = getattr(call, column)
    if sealed is None:
        return ""
    try:
        return q.open(call.subject_id, f"{PLACES[column]}|{call.id}", sealed)
    except vault.Destroyed:
        return ""


def account_of(q: Reader, number: str) -> tuple[model.Way, str, registration.Account | None]:
    """By what somebody was asked for, the number as it is kept, and whose account it is.

    Raises: NumberUnreadable.
    """
    wanted = "".join(number.split()).upper()
    if _ORDER.fullmatch(wanted):
        order = orders.by_number(q, wanted)
        account = None if order is None else people.account(q, order.account_id)
        return model.Way.ORDER, wanted, account
    for way, read in _READ.items():
        try:
            found = read(q, wanted)
        except errors.InvalidInput:
            continue
        known = q.find(f"account.{way}", found)
        return way, found, people.account(q, known[0]) if known else None
    raise NumberUnreadable(field="number")


_ORDER = re.compile(r"CA\d{13}")
_READ: Mapping[model.Way, Callable[[Reader, str], str]] = {
    model.Way.PHONE: lambda q, text: identifiers.phone(text),
    model.Way.RESIDENT_ID: lambda q, text: identifiers.resident_id(text, now=q.now).number,
}
