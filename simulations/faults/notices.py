"""A payment provider whose notices get lost, come late, come twice, and come in another order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from engine.kernel import clock, ports
from engine.providers import bank, store
from simulations.faults.injector import Injector

_LATEST_MS = 5 * clock.HOUR
_AGAIN_MS = 3 * clock.MINUTE


class WatchedBank(bank.SimulatedBank):
    """The simulated bank, which says when it has scheduled notices."""

    def __init__(self, memory: store.Memory, rules: bank.Rules, nudge: Callable[[], None]) -> None:
        super().__init__(memory, rules)
        self._nudge = nudge

    def unheard(self, faults: Injector) -> UnheardBank:
        """The same provider behind a network that fails."""
        return UnheardBank(self._memory, self._rules, self._nudge, faults)

    def due(self, *, payment_id: str = "") -> list[bank.DueCallback]:
        """The notices that are due: in a run nobody hears of a payment before its notice comes."""
        return [] if payment_id else super().due()

    def pay(self, payment_id: str, account: str = "") -> None:
        """A person pays at the cashier's page."""
        super().pay(payment_id, account)
        self._nudge()

    def transfer(self, sub_account: str, payer_name: str, amount_fen: int) -> str:
        """Somebody pays into a sub-account."""
        trade_no = super().transfer(sub_account, payer_name, amount_fen)
        self._nudge()
        return trade_no

    def refund(self, payback: ports.Payback) -> ports.RefundState:
        """Give the money back."""
        state = super().refund(payback)
        self._nudge()
        return state


class UnheardBank(WatchedBank):
    """The bank behind a network that does not bring every notice once, in order and in time."""

    def __init__(
        self,
        memory: store.Memory,
        rules: bank.Rules,
        nudge: Callable[[], None],
        faults: Injector,
    ) -> None:
        super().__init__(memory, rules, nudge)
        self._faults = faults
        self._seen: set[str] = set()
        # Trades of whose notices none arrives.
        self._lost: dict[str, bool] = {}
        # Notices that are still on their way, by when they arrive.
        self._coming: list[tuple[int, bank.DueCallback]] = []

    def due(self, *, payment_id: str = "") -> list[bank.DueCallback]:
        """The notices that have arrived."""
        found = super().due(payment_id=payment_id)
        if payment_id:
            return found
        now = self._memory.now()
        arrived = [one for one in found if self._arrives(now, one)]
        arrived += [one for at, one in self._coming if at <= now]
        self._coming = [(at, one) for at, one in self._coming if at > now]
        if len(arrived) > 1 and self._faults.strikes("notices_reordered", arrived[0].id):
            arrived.reverse()
        return arrived

    def _arrives(self, now: int, notice: bank.DueCallback) -> bool:
        """Whether a notice arrives now; one that does not is off the provider's hands all the same."""
        if notice.id in self._seen:
            return True
        self._seen.add(notice.id)
        trade = notice.id.rpartition(".")[0]
        if trade not in self._lost:
            self._lost[trade] = self._faults.strikes("notice_lost", trade)
        if self._lost[trade]:
            self.delivered(notice.id)
            return False
        if self._faults.strikes("notice_doubled", notice.id):
            # Another request for whoever takes it: it has an id of its own.
            copy = dataclasses.replace(notice, id=f"{notice.id}|again")
            self._coming.append((now + _AGAIN_MS, copy))
        if self._faults.strikes("notice_late", notice.id):
            by = self._faults.draw("notice_late", f"{notice.id}|by")
            self._coming.append((now + clock.SECOND + int(by * _LATEST_MS), notice))
            self.delivered(notice.id)
            return False
        return True

    def next_due(self, after: int = -1) -> int | None:
        """When the next notice arrives or is sent (after an instant), or None."""
        times = [at for at, _ in self._coming if at > after]
        sent = super().next_due(after)
        return min([*times, sent] if sent is not None else times, default=None)
