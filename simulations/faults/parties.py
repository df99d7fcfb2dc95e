"""Outside parties behind a network that fails: they are down, or do what was asked and are not heard.

A party is asked through a stand-in for its port (`engine/providers/standing_in`). Down, it does nothing;
an answer that is lost comes after the deed, so that the engine asks again for what is done already. The key
of a call is a digest of what is asked: the second time is another occasion.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from engine.kernel import clock, errors, ports
from engine.providers.standing_in import digest, stand_in
from simulations.faults.injector import Injector

P = TypeVar("P")
Later = Callable[[int, Callable[[], object]], None]

_LONGEST_DOWN_MS = 90 * clock.MINUTE
_LATEST_MS = 15 * clock.MINUTE
_AGAIN_MS = 40 * clock.SECOND
# A receiver that turns a message away asks for up to two hours of peace, which is more than it gets.
_LONGEST_ASKED_S = 2 * 60 * 60
_UNANSWERED = ports.Received(code=None, took_ms=ports.RECEIVER_WAIT_MS, problem="timed_out")


class Downtime:
    """When each party is down: considered once a day, at a time and for as long as the day draws."""

    def __init__(self, faults: Injector, now: Callable[[], int]) -> None:
        self._faults = faults
        self._now = now
        self._spans: dict[str, tuple[int, int, int]] = {}

    def strike(self, party: str) -> None:
        """Let the call through, or not.

        Raises: ProviderUnavailable.
        """
        now = self._now()
        day = now // clock.DAY
        if self._spans.get(party, (-1, 0, 0))[0] != day:
            self._spans[party] = (day, *self._drawn(party, day))
        _, begins, ends = self._spans[party]
        if begins <= now < ends:
            raise errors.ProviderUnavailable()

    def _drawn(self, party: str, day: int) -> tuple[int, int]:
        key = f"{party}|{day}"
        if not self._faults.strikes("provider_down", key):
            return 0, 0
        # By day, when somebody notices: 00:00 UTC is 08:00 in Shanghai.
        at, lasts = (self._faults.draw("provider_down", f"{key}|{what}") for what in ("at", "for"))
        begins = day * clock.DAY + int(at * 12 * clock.HOUR)
        return begins, begins + int(lasts * _LONGEST_DOWN_MS)


def behind(party: P, name: str, faults: Injector, downtime: Downtime) -> P:
    """The party behind a network that fails: it is sometimes down, and its answers sometimes get lost.

    `name` is the port's, with the party's own after a stroke.
    """
    port = name.partition("/")[0]
    site = "ca_timeout" if port == "agencies" else "answer_lost"

    def between(
        found: Callable[..., Any], call: str, args: tuple[Any, ...], given: Mapping[str, Any]
    ) -> Any:
        downtime.strike(name)
        answer = found(*args, **given)
        if faults.on(site) and faults.strikes(site, digest(name, call, args, {})):
            raise errors.ProviderUnavailable()
        return answer

    return stand_in(party, port, between)


@dataclasses.dataclass(frozen=True)
class LossyNetwork:
    """`ports.SmsGateway` over a network that loses messages, delays them, and brings them twice."""

    gateway: ports.SmsGateway
    faults: Injector
    later: Later

    def send(self, phone: str, text: str, *, idempotency_key: str) -> None:
        """Hand one message to the network, which took it whatever becomes of it."""
        if self.faults.strikes("sms_lost", idempotency_key):
            return
        again = functools.partial(
            self.gateway.send, phone, text, idempotency_key=f"{idempotency_key}|again"
        )
        if self.faults.strikes("sms_doubled", idempotency_key):
            self.later(_AGAIN_MS, again)
        if self.faults.strikes("sms_late", idempotency_key):
            delay = self.faults.draw("sms_late", f"{idempotency_key}|by") * _LATEST_MS
            self.later(clock.SECOND + int(delay), again)
            return
        self.gateway.send(phone, text, idempotency_key=idempotency_key)


@dataclasses.dataclass(frozen=True)
class HardToReach:
    """`ports.WebhookSender` whose receivers are down, busy or slow, over a network that loses messages."""

    sender: ports.WebhookSender
    faults: Injector
    downtime: Downtime
    later: Later

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> ports.Received:
        """Send one message; whatever becomes of it is told and never raised."""
        try:
            self.downtime.strike(f"webhooks/{url}")
        except errors.ProviderUnavailable:
            return ports.Received(code=None, took_ms=0, problem="unreachable")
        if self.faults.strikes("receiver_refuses", idempotency_key):
            wait = self.faults.draw("receiver_refuses", f"{idempotency_key}|for")
            wait_s = int(wait * _LONGEST_ASKED_S)
            return ports.Received(code=429, took_ms=0, answer=b"busy", retry_after_s=wait_s)
        if self.faults.strikes("webhook_lost", idempotency_key):
            return _UNANSWERED
        send = functools.partial(
            self.sender.post, url, headers, body, idempotency_key=idempotency_key
        )
        if self.faults.strikes("webhook_doubled", idempotency_key):
            self.later(_AGAIN_MS, send)
        if self.faults.strikes("webhook_late", idempotency_key):
            delay = self.faults.draw("webhook_late", f"{idempotency_key}|by") * _LATEST_MS
            self.later(ports.RECEIVER_WAIT_MS + int(delay), send)
            return _UNANSWERED
        got = send()
        return _UNANSWERED if self.faults.strikes("receiver_slow", idempotency_key) else got


class LosingCourier:
    """`ports.Courier` that loses parcels after they have left."""

    def __init__(self, courier: ports.Courier, faults: Injector) -> None:
        self._courier = courier
        self._faults = faults
        self._lost: set[str] = set()

    def order(self, parcel: ports.Parcel) -> ports.PickUp:
        """Have a parcel fetched."""
        taken = self._courier.order(parcel)
        if taken.tracking_no and self._faults.strikes("parcel_lost", parcel.shipment_id):
            self._lost.add(taken.tracking_no)
        return taken

    def track(self, tracking_no: str) -> Sequence[ports.TrackingStep]:
        """Everything that is known of a parcel by now; of a lost one nothing after its departure."""
        known = self._courier.track(tracking_no)
        if tracking_no not in self._lost:
            return known
        kept = [one for one in known if one.code in ("picked_up", "departed")]
        for left in [one for one in kept if one.code == "departed"][:1]:
            kept.append(dataclasses.replace(left, code="lost", occurred_at=left.occurred_at + 1))
        return kept
