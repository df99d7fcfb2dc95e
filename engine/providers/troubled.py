"""Outside parties of a demo world whose trouble is rehearsed: slow, down, lying, or asked twice.

What is in force stands in the world's own database, so that every process meets the same trouble and it is
over by the world's clock. A production world and a run have none of this between the engine and its ports.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from engine.kernel import codec, errors, ports
from engine.pki.ocsp import CertificateStatus, State
from engine.providers import authorities, bank, lies, responding
from engine.providers.standing_in import digest, stand_in
from engine.providers.store import Memory
from engine.rehearsing import queries
from engine.rehearsing.model import SLOW_MS, Kind, Trouble

P = TypeVar("P")
_PAYMENTS, _TRANSFERS, _STATUS, _TSA = "payment", "bank", "status", "tsa"
_RECEIVERS = "receivers"
_TIMED_OUT, _UNREACHABLE = "timed_out", "unreachable"
# Asked while a contract is being finished: who does not answer within seconds has not answered.
_AT_ONCE = frozenset({"timestamps", "validation"})


class Board:
    """What trouble each party is in now."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of(self, party: str) -> Trouble | None:
        """The trouble of a party, or None."""
        with self._memory.parts.db.read() as connection:
            return queries.of_party(connection, party, self._memory.now())

    def is_in(self, party: str, kind: Kind) -> bool:
        """Whether a party is in trouble of a kind."""
        found = self.of(party)
        return found is not None and found.kind is kind

    def strike(self, trouble: Trouble | None, asked: str) -> None:
        """Let a call through, or say why not: the party is down, or slow and still at it.

        Raises: ProviderUnavailable, ports.NotYet.
        """
        if trouble is not None and trouble.kind is Kind.DOWN:
            raise errors.ProviderUnavailable()
        if trouble is not None and trouble.kind is Kind.SLOW:
            self._wait(asked)

    def _wait(self, asked: str) -> None:
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            # A call that nobody came back for is not waited for again.
            connection.run("DELETE FROM sim_slow_call WHERE answers_at < ?", (now - SLOW_MS,))
            known = connection.rows("SELECT answers_at FROM sim_slow_call WHERE id = ?", (asked,))
            until = known[0]["answers_at"] if known else now + SLOW_MS
            if now >= until:
                connection.run("DELETE FROM sim_slow_call WHERE id = ?", (asked,))
                return
            if not known:
                connection.run(
                    "INSERT INTO sim_slow_call (id, answers_at) VALUES (?, ?)", (asked, until)
                )
        raise ports.NotYet(until)

    def answer(self, trouble: Trouble | None, asked: str) -> None:
        """The same where whoever asks comes back by themselves: slow is no answer yet.

        Raises: ProviderUnavailable.
        """
        try:
            self.strike(trouble, asked)
        except ports.NotYet:
            raise errors.ProviderUnavailable() from None

    # -- in front of ports ---------------------------------------------------------------------

    def before(self, party: P, name: str, port: str) -> P:
        """A port's party with its trouble in front of it; `name` is the party's id."""

        def between(
            found: Callable[..., Any], call: str, args: tuple[Any, ...], given: Mapping[str, Any]
        ) -> Any:
            trouble = self.of(name)
            if trouble is None:
                return found(*args, **given)
            asked = digest(name, call, tuple(map(_same, args)), _same_given(given))
            (self.answer if port in _AT_ONCE else self.strike)(trouble, asked)
            if trouble.kind is Kind.LYING and (port, call) in lies.LIES:
                return lies.LIES[port, call](found, args, given)
            answer = found(*args, **given)
            if trouble.kind is Kind.DOUBLED:
                return found(*args, **(_once_more(given) if port == "sms" else given))
            return answer

        return stand_in(party, port, between)

    def authorities(self, **given: Any) -> TroubledAuthorities:
        """The authorities of a world, whose services over HTTP are in this trouble too."""
        return TroubledAuthorities(self, **given)

    def before_each(self, parties: Mapping[str, P], name: str, port: str) -> Mapping[str, P]:
        """The same for each of several parties of a port; without a name each has its own."""
        return {label: self.before(one, name or label, port) for label, one in parties.items()}


def _same(value: Any) -> Any:
    """What is asked, without when: the second time is the same question."""
    return dataclasses.replace(value, created_at=0) if hasattr(value, "created_at") else value


def _same_given(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in given.items() if name != "now"}


def _once_more(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The network brings a text message twice; whoever asks a service twice asks with one key."""
    return {**given, "idempotency_key": f"{given['idempotency_key']}|again"}


class TroubledAuthorities(authorities.Authorities):
    """The world's authorities, as whoever asks their OCSP responder and time-stamper meets them."""

    def __init__(self, board: Board, **given: Any) -> None:
        super().__init__(**given)
        self._board = board

    def ocsp_answer(self, label: str, request: bytes) -> responding.Answer:
        """The answer to an OCSP request. Raises: AgencyUnknown, ProviderUnavailable."""
        self._board.answer(self._board.of(_STATUS), digest(label, "ocsp", (request,), {}))
        return super().ocsp_answer(label, request)

    def _status(self, label: str, agency: authorities.Agency, serial: int) -> CertificateStatus:
        """Whoever lies calls everything good, under the responder's own signature."""
        if self._board.is_in(_STATUS, Kind.LYING):
            return CertificateStatus(state=State.GOOD)
        return super()._status(label, agency, serial)

    def timestamp(self, request: bytes) -> bytes:
        """The answer to a time-stamp query. Raises: ProviderUnavailable."""
        self._board.answer(self._board.of(_TSA), digest(_TSA, "timestamp", (request,), {}))
        return super().timestamp(request)


class TroubledBank(bank.SimulatedBank):
    """The simulated bank, whose notices of payments and of transfers come late, twice, or untrue."""

    def __init__(self, memory: Memory, rules: bank.Rules, board: Board) -> None:
        super().__init__(memory, rules)
        self._board = board

    def due(self, *, payment_id: str = "") -> list[bank.DueCallback]:
        """The notices of payments that arrive now."""
        found = super().due(payment_id=payment_id)
        return self._arriving(_PAYMENTS, found, b"", {"amount_fen": 1})

    def transfers_due(self, *, trade_no: str = "") -> list[bank.DueCallback]:
        """The notices of transfers that arrive now."""
        found = super().transfers_due(trade_no=trade_no)
        untrue = {"payer_name": lies.SOMEBODY_ELSE}
        return self._arriving(_TRANSFERS, found, b"transfer|", untrue)

    def _arriving(
        self,
        party: str,
        found: Sequence[bank.DueCallback],
        prefix: bytes,
        untrue: Mapping[str, Any],
    ) -> list[bank.DueCallback]:
        trouble = self._board.of(party) if found else None
        if trouble is None:
            return list(found)
        if trouble.kind is Kind.DOWN:
            return []
        if trouble.kind is Kind.SLOW:
            late = self._memory.now() - SLOW_MS
            return [one for one in found if one.due_at <= late]
        if trouble.kind is Kind.DOUBLED:
            again = [dataclasses.replace(one, id=f"{one.id}|again") for one in found]
            return [*found, *again]
        return [self._told(one, prefix, untrue) for one in found]

    def _told(
        self, notice: bank.DueCallback, prefix: bytes, untrue: Mapping[str, Any]
    ) -> bank.DueCallback:
        """A notice with something in it that is not so, under the bank's own signature."""
        body = codec.canonical({**json.loads(notice.callback.body), **untrue}).encode()
        signature = self._memory.parts.keyring.mac("payment-callbacks", prefix + body)
        return dataclasses.replace(notice, callback=ports.Callback(body=body, signature=signature))

    def next_due(self, after: int = -1) -> int | None:
        """When the next notice arrives (after an instant), or may do so because trouble is over."""
        times = [super().next_due(after)]
        for party in (_PAYMENTS, _TRANSFERS):
            trouble = self._board.of(party)
            if trouble is None or trouble.kind not in (Kind.DOWN, Kind.SLOW):
                continue
            # Nothing of what is due arrives before: the clock has something to stop at.
            late = super().next_due(after - SLOW_MS)
            times += [trouble.until if trouble.until > after else None]
            times += [late + SLOW_MS if late is not None and trouble.kind is Kind.SLOW else None]
        return min((at for at in times if at is not None), default=None)


class TroubledReceivers:
    """`ports.WebhookSender` whose receivers are in trouble, all of them at once."""

    def __init__(self, sender: ports.WebhookSender, board: Board) -> None:
        self._sender = sender
        self._board = board

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> ports.Received:
        """Send one message, or meet the trouble: nobody is there, or the answer is late, or untrue."""
        trouble = self._board.of(_RECEIVERS)
        kind = None if trouble is None else trouble.kind
        if kind is Kind.DOWN:
            return ports.Received(code=None, took_ms=0, problem=_UNREACHABLE)
        if kind is Kind.LYING:
            return ports.Received(code=200, took_ms=0, answer=b"taken")
        got = self._sender.post(url, headers, body, idempotency_key=idempotency_key)
        if kind is Kind.SLOW:
            # It has the message, and its answer comes when nobody waits for it any more.
            return ports.Received(code=None, took_ms=ports.RECEIVER_WAIT_MS, problem=_TIMED_OUT)
        if kind is Kind.DOUBLED:
            return self._sender.post(url, headers, body, idempotency_key=idempotency_key)
        return got


def behind(board: Board, found: ports.Ports) -> ports.Ports:
    """Every port with its trouble in front of it; the trust list is signed outside of all trouble."""
    return dataclasses.replace(
        found,
        sms=board.before(found.sms, "sms", "sms"),
        carrier=board.before(found.carrier, "carrier", "carrier"),
        real_name=board.before_each(found.real_name, "", "real_name"),
        register=board.before(found.register, "register", "register"),
        payment=board.before(found.payment, _PAYMENTS, "payment"),
        agencies=board.before_each(found.agencies, "ca", "agencies"),
        key_centre=board.before(found.key_centre, "key_centre", "key_centre"),
        seal_makers=board.before_each(found.seal_makers, "seal_maker", "seal_makers"),
        seal_register=board.before(found.seal_register, "seal_register", "seal_register"),
        timestamps=board.before(found.timestamps, _TSA, "timestamps"),
        validation=board.before(found.validation, _STATUS, "validation"),
        tax=board.before(found.tax, "tax", "tax"),
        courier=board.before(found.courier, "courier", "courier"),
        webhooks=TroubledReceivers(found.webhooks, board),
    )
