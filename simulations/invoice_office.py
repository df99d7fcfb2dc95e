"""Finance at the invoices: refused ones numbered once more, buyers asked again, lost post sent once more.

Whoever of the roster settles money looks after invoices too, in office hours and by the engine alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from engine.delivering import actions as delivering
from engine.delivering import model as posted
from engine.delivering import queries as deliveries
from engine.invoicing import actions as invoicing
from engine.invoicing import model
from engine.invoicing import queries as invoices
from engine.kernel import clock, errors
from engine.staffing import queries as staff_queries
from engine.staffing.model import Right
from simulations import reviewers
from simulations.environment import Stage, Steps
from simulations.reviewers import Reviewer

_LOOKS_EVERY_MINUTES = 90
# What was refused a moment ago would be refused again: its person may correct it, its cause may go away.
_LET_BE_MS = 2 * clock.HOUR
# The second time that something is refused people there are called; this is the most often it is tried.
_MOST_TRIES = 5
_POSTED = tuple(sorted(posted.FAILED | posted.OUT))

_STOPPED = (model.InvoiceStatus.FAILED, model.InvoiceStatus.DECLINED)

Act = tuple[str, Callable[..., object], dict[str, str]]


def open_office(stage: Stage, roster: Sequence[Reviewer], closes_at: int) -> None:
    """Let those of the roster who may do so look after invoices until an instant (UTC milliseconds)."""
    for one in roster:
        if staff_queries.has(one.actor, Right.FINANCE, anywhere=True):
            stage.env.process(_Clerk(stage, one).shifts(closes_at))


class _Clerk:
    """One of them, who remembers how often they have tried what."""

    def __init__(self, stage: Stage, who: Reviewer) -> None:
        self._stage, self._who = stage, who
        self._tries: dict[str, int] = {}

    def shifts(self, closes_at: int) -> Steps:
        """Look at what waits, in office hours; a few minutes for each."""
        stage, group = self._stage, self._who.group
        drawn = stage.stream("invoice office", self._who.login)
        while stage.now_ms < closes_at:
            start, _ = reviewers.next_shift(group, stage.now_ms)
            if start > stage.now_ms:
                yield stage.wait_until(start)
                continue
            for told, action, arguments in list(self._to_do()):
                yield stage.wait(60 * group.minutes.at(float(drawn.standard_normal())))
                self._do(told, action, arguments)
            yield stage.wait(60 * _LOOKS_EVERY_MINUTES)

    def _to_do(self) -> Iterator[Act]:
        stage, actor = self._stage, self._who.actor
        for one in stage.ask(invoices.waiting, actor, _STOPPED):
            tries = self._tries.get(one.id, 0)
            if stage.now_ms - one.created_at < _LET_BE_MS or tries >= _MOST_TRIES:
                continue
            self._tries[one.id] = tries + 1
            given = {"invoice_id": one.id}
            if one.status == "failed":
                yield "invoice tried again", invoicing.retry_invoice, given
            else:
                yield "buyer asked again", invoicing.ask_buyer_again, given
        for parcel in stage.ask(deliveries.in_states, actor, _POSTED):
            given = {"shipment_id": parcel.id}
            if "send_again" in parcel.can:
                yield "post sent again", delivering.send_again, given
            elif "write_off" in parcel.can:
                yield "post written off", delivering.write_off, given

    def _do(self, told: str, action: Callable[..., object], arguments: dict[str, str]) -> None:
        """Do it, unless a colleague was faster or its person has moved meanwhile."""
        proved = dataclasses.replace(self._who.actor, second_factor_at=self._stage.now_ms)
        try:
            self._stage.act(action, arguments, actor=proved)
        except (errors.IllegalTransition, errors.PolicyRefused, errors.Conflict) as refusal:
            self._stage.log(f"{told}: {refusal.code}")
        else:
            self._stage.log(told)
