"""Webhook endpoints, who listens to an event, and what became of each delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.integrating import model, signing
from engine.integrating.queries import machines
from engine.integrating.store import endpoints as store
from engine.integrating.store import machines as clients
from engine.integrating.store import outbox
from engine.kernel import actors, errors, paging, vault
from engine.kernel.reader import Reader
from engine.staffing import queries as staffing
from engine.staffing.model import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What is sent now: to where, with which headers; `quiet_until` while the endpoint is left in peace."""

    delivery: model.Delivery
    url: str
    headers: Mapping[str, str]
    quiet_until: int


def event_kinds(q: Reader) -> dict[str, model.EventKind]:
    """The published kinds of events by name.

    Raises: MayNot.
    """
    if not isinstance(q.actor, actors.Staff):
        machines.require_looking(q)
    return dict(model.events())


def endpoints(q: Reader, client_id: str = "") -> list[model.Endpoint]:
    """The endpoints (of a client) with their health; a machine sees its own.

    Raises: MayNot.
    """
    own = _looking(q)
    return [_seen(q, one) for one in store.endpoints(q, own or client_id)]


def endpoint(q: Reader, endpoint_id: str) -> model.Endpoint:
    """One endpoint.

    Raises: MayNot, NotFound.
    """
    _looking(q)
    return _seen(q, own_endpoint(q, endpoint_id))


def own_endpoint(q: Reader, endpoint_id: str) -> model.KeptEndpoint:
    """An endpoint that was not removed; to a machine, one of its own.

    Raises: NotFound.
    """
    kept = q.get(model.KeptEndpoint, "webhook_endpoint", endpoint_id)
    own = _own_client(q)
    if kept.status is model.EndpointStatus.REMOVED or own not in (None, kept.client_id):
        raise errors.NotFound(what="webhook endpoint")
    return kept


def _looking(q: Reader) -> str | None:
    """The client that asks, which sees its own; None where a person does who may see all.

    Raises: MayNot.
    """
    own = _own_client(q)
    if own is None:
        machines.require_looking(q)
    return own


def _own_client(q: Reader) -> str | None:
    """The client that asks; None where a person does."""
    if isinstance(q.actor, actors.Staff) and q.actor.machine:
        return machines.my_client(q).id
    return None


def _seen(q: Reader, kept: model.KeptEndpoint) -> model.Endpoint:
    counted = outbox.counts(q, kept.id)
    return model.Endpoint(
        id=kept.id,
        client_id=kept.client_id,
        client=q.value("machine_client", kept.client_id, "name"),
        url=kept.url,
        kinds=kept.kinds,
        status=kept.status,
        paused_why=kept.paused_why,
        made_at=kept.made_at,
        health=store.health(q, kept.id),
        waiting=counted.get("waiting", 0),
        delivered=counted.get("delivered", 0),
        given_up=counted.get("given_up", 0),
        secrets=len(store.secrets(q, kept.id)),
    )


def deliveries(
    q: Reader,
    endpoint_id: str = "",
    status: str = "",
    *,
    window: paging.Window | None = None,
) -> list[model.Delivery]:
    """The deliveries (to an endpoint, at a status), the newest first.

    Raises: MayNot, NotFound.
    """
    wanted = [endpoint(q, endpoint_id).id] if endpoint_id else [one.id for one in endpoints(q)]
    return outbox.newest(q, wanted, status, window or paging.Window(limit=model.LISTED))


def delivery(q: Reader, delivery_id: str) -> model.Delivery:
    """One delivery.

    Raises: MayNot, NotFound.
    """
    _looking(q)
    found = q.get(model.Delivery, "webhook_delivery", delivery_id)
    endpoint(q, found.endpoint_id)
    return found


def attempts(q: Reader, delivery_id: str) -> list[model.Attempt]:
    """The tries of a delivery, the first one first.

    Raises: MayNot, NotFound.
    """
    return outbox.attempts(q, delivery(q, delivery_id).id)


def attention(q: Reader) -> list[model.Endpoint]:
    """Endpoints that were paused because they failed: for who registers machines, and their owners."""
    if not isinstance(q.actor, actors.Staff) or q.actor.machine:
        return []
    all_of_them = staffing.has(q.actor, Right.MANAGE_MACHINES)
    mine = {
        kept.id for kept in clients.clients(q) if all_of_them or kept.owner_id == q.actor.staff_id
    }
    return [
        _seen(q, one)
        for one in store.endpoints(q)
        if one.status is model.EndpointStatus.PAUSED and one.paused_why and one.client_id in mine
    ]


def listening(q: Reader, kind: str) -> list[tuple[model.KeptEndpoint, model.Access]]:
    """The endpoints that hear of a kind of event now; who listens is read once for each operation."""
    if "listening endpoints" not in q.memo:
        found = []
        for one in store.endpoints(q):
            kept = q.get(model.KeptClient, "machine_client", one.client_id)
            access = model.access_of(kept.access)
            if kept.status == "active" and access.expires_at > q.now:
                found.append((one, access))
        q.memo["listening endpoints"] = found
    known: list[tuple[model.KeptEndpoint, model.Access]] = q.memo["listening endpoints"]
    declared = model.events()[kind]
    return [(one, held) for one, held in known if kind in one.kinds and held.may_hear(declared)]


def sending(q: Reader, delivery_id: str, job_id: str) -> Sending | None:
    """What a job has to send now; None where nothing is: it ended, or another job has it."""
    found = q.first(model.Delivery, "SELECT * FROM webhook_delivery WHERE id = ?", (delivery_id,))
    if found is None or found.status != "waiting" or found.job_id != job_id:
        return None
    kept = q.get(model.KeptEndpoint, "webhook_endpoint", found.endpoint_id)
    if kept.status is not model.EndpointStatus.ACTIVE:
        return None
    secrets = [
        vault.unseal(q.parts.keyring.secret("jobs"), sealed, f"webhook_secret|secret|{secret_id}")
        for secret_id, sealed in store.secrets(q, kept.id)
    ]
    return Sending(
        delivery=found,
        url=kept.url,
        headers=signing.headers(found.id, found.body, secrets, now=q.now),
        quiet_until=store.health(q, kept.id).quiet_until,
    )
