"""Answering a call: looking the caller up, hurrying a review along for them, and writing it down."""

from __future__ import annotations

from engine.calls import model, queries, store
from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_LONGEST = 2_000


class TooManyLookups(errors.PolicyRefused):
    """You have looked up {most} callers within an hour. Ask the lead if there is a reason for more."""

    http_status = 429
    wait_s = 3600


class OwnAccount(errors.NotPermitted):
    """This is your own account. A colleague answers you."""


class MatterUnknown(errors.InvalidInput):
    """This is not one of the caller's open matters now. Look again."""


class NothingSaid(errors.InvalidInput):
    """Say what the call was about: choose a matter, or write a note."""


class TextTooLong(errors.InvalidInput):
    """This is too long: at most {most} characters."""


def answer(op: Operation, *, number: str) -> model.Call:
    """Look up who calls, by mobile number, resident ID number or order number, exactly.

    Every look is a fact: who looked, at whose account, because they called. What the actor had open and
    did not log is dropped. Emits: call.began, call.dropped. Raises: MayNot, TooManyLookups, OwnAccount,
    queries.NumberUnreadable.
    """
    staff = staffing.require(op, Right.ANSWER_CALLS, anywhere=True)
    most = op.policy(policies.CallRules).lookups_per_hour
    if store.begun_since(op, staff.staff_id, op.now - clock.HOUR) >= most:
        raise TooManyLookups(most=most)
    way, wanted, account = queries.account_of(op, number)
    if account is not None and account.id in staffing.own_accounts(op, staff.staff_id):
        raise OwnAccount()
    _drop_open(op, staff.staff_id)
    call_id = op.new_id("cal")
    if account is None:
        subject_id = op.new_id("sub")
        op.new_subject(subject_id, "caller")
    else:
        subject_id = account.subject_id
    unknown = account is None and way is model.Way.PHONE
    place = f"{queries.PLACES['phone']}|{call_id}"
    call = model.Call(
        id=call_id,
        staff_id=staff.staff_id,
        account_id=None if account is None else account.id,
        subject_id=subject_id,
        way=way,
        status=model.CALL.initial,
        phone=op.seal(subject_id, place, wanted) if unknown else None,
        matters=(),
        urged=(),
        said=None,
        note=None,
        began_at=op.now,
        logged_at=None,
    )
    op.insert("phone_call", call)
    op.record("call.began", call.id, account_id=call.account_id or "", way=way, why="caller")
    if account is None:
        days = op.policy(policies.CallRules).unknown_days
        op.enqueue("forget_caller", call.id, due_at=op.now + days * clock.DAY)
    if unknown:
        op.index("call.phone", wanted, call.id)
    return call


def _drop_open(op: Operation, staff_id: str) -> None:
    before = store.open_of(op, staff_id)
    if before is not None:
        status = model.CALL.advance(before.status, "drop")
        op.update("phone_call", before.id, {"status": status}, was={"status": before.status})
        op.record("call.dropped", before.id, account_id=before.account_id or "")


def urge(op: Operation, *, call_id: str, case_id: str) -> cases.Case:
    """Hurry a review along for the caller, who must be waiting for it; once an office hour counts.

    Emits: case.urged, call.urged. Raises: MayNot, queries.CallOver, MatterUnknown, NothingToUrge.
    """
    call = queries.open_call(op, call_id)
    told = () if call.account_id is None else queries.matters(op, call.account_id)
    if case_id not in {one.case_id for one in told if one.case_id}:
        raise MatterUnknown(field="case_id")
    case = reviewing.urge(op, case_id=case_id, call_id=call.id)
    if case_id not in call.urged:
        op.update(
            "phone_call", call.id, {"urged": (*call.urged, case_id)}, was={"status": call.status}
        )
        op.record("call.urged", call.id, case_id=case_id, account_id=call.account_id or "")
    return case


def log_call(
    op: Operation,
    *,
    call_id: str,
    matters: tuple[str, ...] = (),
    said: str = "",
    note: str = "",
) -> model.Call:
    """Write a call down: which matters (by subject) it was about, what was said, and a note.

    Texts are kept under the caller's own key: cancelling the account destroys them. Emits: call.logged.
    Raises: MayNot, queries.CallOver, MatterUnknown, NothingSaid, TextTooLong.
    """
    call = queries.open_call(op, call_id)
    said, note = said.strip(), note.strip()
    for field, text in (("said", said), ("note", note)):
        if len(text) > _LONGEST:
            raise TextTooLong(field=field, most=_LONGEST)
    if not matters and not note and not said:
        raise NothingSaid(field="note")
    told = () if call.account_id is None else queries.matters(op, call.account_id)
    codes = {one.matter.subject: one.matter.code for one in told}
    if not set(matters) <= codes.keys():
        raise MatterUnknown(field="matters")
    status = model.CALL.advance(call.status, "log")
    about = tuple(
        model.CallMatter(code=codes[subject], subject=subject) for subject in dict.fromkeys(matters)
    )
    op.update(
        "phone_call",
        call.id,
        {
            "status": status,
            "matters": about,
            "said": _sealed(op, call, "said", said),
            "note": _sealed(op, call, "note", note),
            "logged_at": op.now,
        },
        was={"status": call.status},
    )
    op.record(
        "call.logged",
        call.id,
        account_id=call.account_id or "",
        matters=[one.code for one in about],
        urged=len(call.urged),
    )
    return op.get(model.Call, "phone_call", call.id)


def _sealed(op: Operation, call: model.Call, column: str, text: str) -> bytes | None:
    if not text:
        return None
    return op.seal(call.subject_id, f"{queries.PLACES[column]}|{call.id}", text)


def forget(op: Operation, *, call_id: str) -> None:
    """Destroy what an unknown caller left, once it was kept long enough. Done by the worker.

    Emits: call.forgotten.
    """
    call = op.get(model.Call, "phone_call", call_id)
    if call.account_id is not None:
        return
    op.destroy_key(call.subject_id, "profile")
    op.destroy_key(call.subject_id, "evidence")
    op.unlogged("DELETE FROM blind_index WHERE kind = 'call.phone' AND row_id = ?", (call.id,))
    op.record("call.forgotten", call.id)
