"""Finance at work: whoever holds the right settles the cases of money in office hours, by the engine alone.

One takes the case that has waited longest, finds out what it was for a lognormal time, and settles it in
the way that its kind asks for. Above the limit that is a proposal, which a colleague decides at the desk
like any other case (`reviewers`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.ordering import actions, model, queries
from engine.staffing import queries as staff_queries
from engine.staffing.model import Right
from simulations import reviewers
from simulations.environment import Stage, Steps
from simulations.reviewers import Reviewer

_LOOKS_EVERY_MINUTES = 30
_K, _V = model.CaseKind, model.Resolution
# What settles a kind of case where nothing more is known; a refund is tried once more first.
_WAYS = {
    _K.PAID_TWICE: _V.GIVE_BACK,
    _K.REFUND_UNASKED: _V.ACCEPT,
    _K.NOTICE: _V.EXPLAIN,
    _K.MISSING_HERE: _V.GIVE_BACK,
    _K.AMOUNT: _V.TAKE_THEIRS,
    _K.STATE: _V.EXPLAIN,
    _K.LATE: _V.EXPLAIN,
    _K.REPEATED: _V.EXPLAIN,
    _K.INVOICE_MISSING_HERE: _V.EXPLAIN,
    _K.INVOICE_AMOUNT: _V.EXPLAIN,
    _K.INVOICE_STATE: _V.ASK_AGAIN,
    _K.INVOICE_TOO_MUCH: _V.RED_LETTER,
    _K.INVOICE_NO_RED: _V.RED_LETTER,
}
# A line that a statement lacks is waited for: most stand in the next one.
_WAITED_DAYS = 3


def open_books(stage: Stage, roster: Sequence[Reviewer], closes_at: int) -> None:
    """Let those of the roster who may settle cases work until an instant (UTC milliseconds)."""
    for one in roster:
        if staff_queries.has(one.actor, Right.FINANCE, anywhere=True):
            stage.env.process(_shifts(stage, one, closes_at))


def _shifts(stage: Stage, who: Reviewer, closes_at: int) -> Steps:
    drawn = stage.stream("finance", who.login)
    while stage.now_ms < closes_at:
        start, _ = reviewers.next_shift(who.group, stage.now_ms)
        if start > stage.now_ms:
            yield stage.wait_until(start)
            continue
        found = next((one for one in _waiting(stage, who) if _way(stage, one) is not None), None)
        if found is None:
            yield stage.wait(60 * _LOOKS_EVERY_MINUTES)
            continue
        yield stage.wait(60 * who.group.minutes.at(float(drawn.standard_normal())))
        _settle(stage, who, found)


def _waiting(stage: Stage, who: Reviewer) -> list[model.MoneyCase]:
    shown = stage.ask(queries.money_cases, who.actor)
    return [one.case for one in shown if one.case.status is model.MoneyCaseStatus.OPEN]


def _way(stage: Stage, case: model.MoneyCase) -> model.Resolution | None:
    """How a case is settled, or None while it is better to wait."""
    if case.kind is _K.REFUND_FAILED:
        # A case that was opened again failed twice: its card is closed.
        return _V.PAY_OTHERWISE if case.note else _V.RETRY
    if case.kind is _K.MISSING_THERE:
        late = stage.now_ms - case.opened_at > _WAITED_DAYS * clock.DAY
        return _V.WRITE_OFF if late else None
    if case.kind is _K.INVOICE_MISSING_THERE:
        late = stage.now_ms - case.opened_at > _WAITED_DAYS * clock.DAY
        return _V.EXPLAIN if late else None
    return _WAYS[case.kind]


def _settle(stage: Stage, who: Reviewer, case: model.MoneyCase) -> None:
    """Settle a case; a colleague may have been faster, or it has answered itself."""
    now = stage.ask(_still, who.actor, case.id)
    way = _way(stage, now)
    if now.status is not model.MoneyCaseStatus.OPEN or way is None:
        return
    # Whoever settles money has proved a second factor a moment ago.
    proved = dataclasses.replace(who.actor, second_factor_at=stage.now_ms)
    try:
        stage.act(
            actions.settle_case,
            {"case_id": case.id, "resolution": way, "note": _note(case)},
            actor=proved,
        )
        stage.log(f"money {case.kind.value} settled")
    except errors.EngineError as refusal:
        stage.log(f"money {case.kind.value} refused: {refusal.code}")
        stage.act(
            actions.settle_case,
            {
                "case_id": case.id,
                "resolution": model.RESOLUTIONS[case.kind][-1],
                "note": refusal.code,
            },
            actor=proved,
        )


def _note(case: model.MoneyCase) -> str:
    return "已与税局核对" if case.kind in model.ABOUT_INVOICES else "已与支付机构核对"


def _still(q: Reader, case_id: str) -> model.MoneyCase:
    return q.get(model.MoneyCase, "money_case", case_id)
