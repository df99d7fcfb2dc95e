"""Deliveries: an event goes into the outbox with its fact, is tried, ends, and can be sent once more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from engine.integrating import model, queries
from engine.integrating.actions import endpoints
from engine.integrating.store import endpoints as kept_endpoints
from engine.integrating.store import outbox as store
from engine.kernel import clock, codec, errors, events, jobs
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.policies import model as policies

# The platform and the agency that something belongs to; the stages that know stand above this one.
Belongs = Callable[[Reader, str], tuple[str | None, str | None]]
_MOST_AT_ONCE = 1_000
# Too many requests, service unavailable: with these a Retry-After is heeded (RFC 6585, RFC 9110).
_ASKED_TO_WAIT = (429, 503)


class StillWaiting(errors.Conflict):
    """This delivery is being tried already. It can be sent again once it has ended."""


class EndpointPaused(errors.Conflict):
    """This endpoint is paused. Let it go on first: what has waited is sent then."""


class NothingToReplay(errors.NotFound):
    """Nothing was delivered or given up there since then."""


def publish(op: Operation, event: events.Event, kind: str, belongs: Belongs) -> None:
    """Put an event into the outbox of every endpoint that hears of its kind; composed as a reaction.

    Clients that are limited to a platform or an agency hear of what belongs to it.
    """
    declared = model.events()[kind]
    for endpoint, access in queries.listening(op, kind):
        if access.scope_kind != "all" and not access.covers(*belongs(op, event.subject)):
            continue
        data = {
            name: event.facts[fact] for name, fact in declared.tells.items() if fact in event.facts
        }
        _put(op, endpoint, event, kind, declared.version, data)


def _put(
    op: Operation,
    endpoint: model.KeptEndpoint,
    event: events.Event,
    kind: str,
    version: int,
    data: dict[str, object],
) -> str:
    # Canonical, and written once: what is tried again or replayed is the same to the byte.
    body = codec.canonical(
        {
            "type": kind,
            "version": version,
            "timestamp": clock.to_datetime(event.occurred_at).isoformat(timespec="milliseconds"),
            "sequence": event.seq,
            "data": {"id": event.subject, **data},
        }
    )
    delivery_id = op.new_id("whd")
    # What a paused endpoint is told waits without a job, until it goes on.
    active = endpoint.status is model.EndpointStatus.ACTIVE
    store.add(
        op,
        model.Delivery(
            id=delivery_id,
            endpoint_id=endpoint.id,
            seq=event.seq,
            kind=kind,
            subject=event.subject,
            body=body,
            made_at=op.now,
            status="waiting",
            job_id=op.enqueue("deliver_webhook", delivery_id) if active else None,
        ),
    )
    return delivery_id


def send_test(op: Operation, *, endpoint_id: str) -> model.Delivery:
    """Send an event that tells of nothing, to see whether an endpoint answers and checks the signature.

    Emits: webhook.tested. Raises: MayNot, NotFound, EndpointPaused.
    """
    endpoint = _reachable(op, endpoint_id)
    op.record("webhook.tested", endpoint.id, client_id=endpoint.client_id)
    fact = events.Event(
        seq=op.head.seq,
        occurred_at=op.now,
        operation=op.id,
        actor=op.actor.text,
        action=op.action,
        kind="webhook.tested",
        version=1,
        subject=endpoint.id,
        body={},
    )
    return queries.delivery(op, _put(op, endpoint, fact, model.TEST_KIND, 1, {}))


def replay(op: Operation, *, delivery_id: str) -> model.Delivery:
    """Send a delivery that has ended once more: the same id and the same body.

    Emits: webhook.replayed. Raises: MayNot, NotFound, StillWaiting, EndpointPaused.
    """
    _require(op)
    found = queries.delivery(op, delivery_id)
    endpoint = _reachable(op, found.endpoint_id)
    if found.status == "waiting":
        raise StillWaiting()
    _again(op, [found])
    op.record("webhook.replayed", endpoint.id, deliveries=[found.id])
    return queries.delivery(op, found.id)


def replay_since(op: Operation, *, endpoint_id: str, since: int, only_failed: bool = True) -> int:
    """Send again what was given up (or all that ended) of the events since an instant; how many.

    In the order of the events, at most 1,000 at once. Emits: webhook.replayed.
    Raises: MayNot, NotFound, EndpointPaused, NothingToReplay.
    """
    endpoint = _reachable(op, endpoint_id)
    found = store.since(op, endpoint.id, since, only_failed=only_failed, most=_MOST_AT_ONCE)
    if not found:
        raise NothingToReplay()
    _again(op, found)
    op.record("webhook.replayed", endpoint.id, deliveries=[one.id for one in found])
    return len(found)


def _require(op: Operation) -> None:
    if not queries.is_machine(op):
        queries.require(op)


def _reachable(op: Operation, endpoint_id: str) -> model.KeptEndpoint:
    """An endpoint that is sent to now: to who registers machines, and to the machine itself."""
    _require(op)
    kept = queries.own_endpoint(op, endpoint_id)
    if kept.status is not model.EndpointStatus.ACTIVE:
        raise EndpointPaused()
    return kept


def _again(op: Operation, found: list[model.Delivery]) -> None:
    endpoints.stage_in_order(op, [one.id for one in found])


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a try went: the receiver's code and answer, or the problem where nobody answered."""

    code: int | None
    problem: str
    answer: str
    took_ms: int
    retry_after_s: int = 0

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.code is not None and 200 <= self.code < 300

    def peace_ms(self, failures: int) -> int:
        """For how long nothing is sent to the endpoint now, after so many failures before this one.

        Who answers at once may be asked at once for the next one. Who does not answer is left in peace for
        a while by all that is sent there, so that waiting for one does not keep everybody else waiting. Who
        asks for it is left in peace too, though no longer than we wait between two tries by ourselves.
        """
        if self.code is None:
            return jobs.BACKOFF_MS[min(failures, len(jobs.BACKOFF_MS) - 1)]
        if self.code in _ASKED_TO_WAIT:
            return min(self.retry_after_s * clock.SECOND, max(jobs.BACKOFF_MS))
        return 0


def note_attempt(op: Operation, *, delivery_id: str, job_id: str, last: bool, tried: Tried) -> bool:
    """Write down how a try went; whether it has to be tried again. A failing endpoint is paused in the end.

    Emits: webhook.given_up, webhook.paused. Raises: NotPermitted to who is not the platform.
    """
    op.require_system()
    sending = queries.sending(op, delivery_id, job_id)
    if sending is None:
        return False
    found = sending.delivery
    number = len(store.attempts(op, found.id)) + 1
    store.add_attempt(
        op,
        model.Attempt(
            id=op.new_id("wha"),
            delivery_id=found.id,
            number=number,
            tried_at=op.now,
            took_ms=tried.took_ms,
            code=tried.code,
            problem=tried.problem,
            answer=tried.answer,
        ),
    )
    paused = _noted(op, found.endpoint_id, tried)
    if tried.delivered:
        store.end(op, found.id, "delivered")
        op.finish_job(job_id)
        return False
    if paused:
        return False
    if last:
        store.end(op, found.id, "given_up")
        op.record(
            "webhook.given_up",
            found.endpoint_id,
            delivery_id=found.id,
            kind=found.kind,
            seq=found.seq,
        )
        return False
    return True


def _noted(op: Operation, endpoint_id: str, tried: Tried) -> bool:
    """Write down how the endpoint is; whether it was paused for it."""
    health = kept_endpoints.health(op, endpoint_id)
    if tried.delivered:
        kept_endpoints.keep_health(op, model.Health(endpoint_id=endpoint_id, delivered_at=op.now))
        return False
    peace_ms = tried.peace_ms(health.failures)
    failing_since = op.now if health.failing_since is None else health.failing_since
    kept_endpoints.keep_health(
        op,
        dataclasses.replace(
            health,
            failing_since=failing_since,
            failures=health.failures + 1,
            quiet_until=op.now + peace_ms if peace_ms else 0,
        ),
    )
    hours = op.policy(policies.MachineRules).endpoint_pauses_after_hours
    if op.now - failing_since < hours * clock.HOUR:
        return False
    endpoints.pause(op, queries.own_endpoint(op, endpoint_id), tried.problem or str(tried.code))
    return True


def forget_old(op: Operation) -> int:
    """Forget what was delivered or given up longer ago than is kept; how many."""
    op.require_system()
    days = op.policy(policies.MachineRules).deliveries_kept_days
    return store.forget(op, op.now - days * clock.DAY)
