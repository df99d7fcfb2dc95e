"""Webhook endpoints: where a client is told of events, of which ones, and signed with what."""

from __future__ import annotations

import dataclasses
import ipaddress
import urllib.parse
from collections.abc import Sequence

from engine.integrating import model, queries, signing
from engine.integrating.actions.tokens import OverlapUnusual
from engine.integrating.store import endpoints as store
from engine.integrating.store import outbox
from engine.kernel import clock, errors, vault
from engine.kernel.engine import step_up, unstored
from engine.kernel.operation import AlreadyTaken, Operation
from engine.policies import model as policies


class AddressUnusual(errors.InvalidInput):
    """A webhook's address begins with https:// and has at most 500 characters, no user and no #fragment."""


class AddressNotPublic(errors.InvalidInput):
    """This address leads into a private network. Give one that is reached from the Internet."""


class EventUnknown(errors.InvalidInput):
    """An endpoint hears of at least one kind of event, and there is none called “{kind}”."""


class EventNotInScope(errors.InvalidInput):
    """Events of the kind “{kind}” are told to a client with the scope “{scope}”. Have it widened first."""


class EventOfNobody(errors.InvalidInput):
    """Events of the kind “{kind}” belong to no platform or agency: a client that is limited to one does not hear of them."""  # noqa: E501


class EndpointThere(errors.Conflict):
    """The client is told of events at this address already. Change what is there."""


class TooManyEndpoints(errors.PolicyRefused):
    """A client has at most {most} endpoints. Remove one first."""


@step_up
@unstored
def add_endpoint(
    op: Operation, *, client_id: str, url: str, kinds: tuple[str, ...]
) -> model.NewSecret:
    """Tell a client of events at an address; its signing secret is shown this once.

    Emits: webhook.added. Raises: MayNot, NotFound, TooManyEndpoints, EndpointThere, AddressUnusual,
    AddressNotPublic, EventUnknown, EventNotInScope, EventOfNobody, StepUpNeeded.
    """
    me = queries.require(op).staff_id
    client = queries.client(op, client_id)
    if client.status != "active":
        raise errors.NotFound(what="machine client")
    most = op.policy(policies.MachineRules).endpoints_each
    if len(store.endpoints(op, client.id)) >= most:
        raise TooManyEndpoints(most=most)
    made = model.KeptEndpoint(
        id=op.new_id("whe"),
        client_id=client.id,
        url=_address(op, url),
        kinds=_kinds(client.access, kinds),
        status=model.EndpointStatus.ACTIVE,
        made_by=me,
        made_at=op.now,
    )
    try:
        op.insert("webhook_endpoint", made)
    except AlreadyTaken as taken:
        raise EndpointThere(field="url") from taken
    op.record("webhook.added", made.id, client_id=client.id, kinds=list(made.kinds))
    return _new_secret(op, made.id)


@step_up
def change_endpoint(
    op: Operation, *, endpoint_id: str, url: str, kinds: tuple[str, ...]
) -> model.Endpoint:
    """Change an endpoint's address and what it hears of; what waits goes to the new address.

    Emits: webhook.changed. Raises: MayNot, NotFound, EndpointThere, AddressUnusual, AddressNotPublic,
    EventUnknown, EventNotInScope, EventOfNobody, StepUpNeeded.
    """
    queries.require(op)
    kept = queries.own_endpoint(op, endpoint_id)
    access = queries.client(op, kept.client_id).access
    changes = {"url": _address(op, url), "kinds": list(_kinds(access, kinds))}
    try:
        op.update("webhook_endpoint", kept.id, changes, was={"status": kept.status.value})
    except AlreadyTaken as taken:
        raise EndpointThere(field="url") from taken
    op.record("webhook.changed", kept.id, was=list(kept.kinds), now=changes["kinds"])
    return queries.endpoint(op, kept.id)


@step_up
@unstored
def rotate_secret(op: Operation, *, endpoint_id: str, overlap_hours: int = 24) -> model.NewSecret:
    """Give an endpoint a new signing secret, shown this once; both sign until the overlap is over.

    Emits: webhook.secret_rotated. Raises: MayNot, NotFound, tokens.OverlapUnusual, StepUpNeeded.
    """
    queries.require(op)
    kept = queries.own_endpoint(op, endpoint_id)
    most = op.policy(policies.MachineRules).overlap_hours
    if not 0 <= overlap_hours <= most:
        raise OverlapUnusual(field="overlap_hours", most=most)
    store.cut_secrets(op, kept.id, op.now + overlap_hours * clock.HOUR)
    op.record("webhook.secret_rotated", kept.id, overlap_hours=overlap_hours)
    return _new_secret(op, kept.id)


def pause_endpoint(op: Operation, *, endpoint_id: str) -> model.Endpoint:
    """Send an endpoint nothing for now; what happens meanwhile waits. Paused already is paused.

    Emits: webhook.paused. Raises: MayNot, NotFound.
    """
    queries.require(op)
    kept = queries.own_endpoint(op, endpoint_id)
    if kept.status is model.EndpointStatus.ACTIVE:
        pause(op, kept, "")
    return queries.endpoint(op, kept.id)


def pause(op: Operation, kept: model.KeptEndpoint, why: str) -> None:
    """Pause an endpoint; `why` is empty where a person did.

    Emits: webhook.paused.
    """
    op.update(
        "webhook_endpoint",
        kept.id,
        {"status": model.EndpointStatus.PAUSED.value, "paused_why": why},
        was={"status": model.EndpointStatus.ACTIVE.value},
    )
    op.record("webhook.paused", kept.id, why=why, client_id=kept.client_id)


def resume_endpoint(op: Operation, *, endpoint_id: str) -> model.Endpoint:
    """Send to a paused endpoint again, and first what has waited, in order. Active already is active.

    Emits: webhook.resumed. Raises: MayNot, NotFound.
    """
    queries.require(op)
    kept = queries.own_endpoint(op, endpoint_id)
    if kept.status is model.EndpointStatus.PAUSED:
        op.update(
            "webhook_endpoint",
            kept.id,
            {"status": model.EndpointStatus.ACTIVE.value, "paused_why": ""},
            was={"status": model.EndpointStatus.PAUSED.value},
        )
        health = store.health(op, kept.id)
        store.keep_health(
            op, dataclasses.replace(health, failing_since=None, failures=0, quiet_until=0)
        )
        waiting = outbox.waiting(op, kept.id)
        stage_in_order(op, waiting)
        op.record("webhook.resumed", kept.id, waiting=len(waiting))
    return queries.endpoint(op, kept.id)


def stage_in_order(op: Operation, delivery_ids: Sequence[str]) -> None:
    """Have deliveries made now, one after the other: due a moment ago, each later than the last."""
    first = op.now - len(delivery_ids)
    for place, delivery_id in enumerate(delivery_ids):
        job_id = op.enqueue("deliver_webhook", delivery_id, due_at=first + place)
        outbox.stage(op, delivery_id, job_id)


def remove_endpoint(op: Operation, *, endpoint_id: str) -> None:
    """Tell nothing more at an address; what waits is given up.

    Emits: webhook.removed. Raises: MayNot, NotFound.
    """
    queries.require(op)
    kept = queries.own_endpoint(op, endpoint_id)
    store.remove(op, kept)
    op.record("webhook.removed", kept.id, client_id=kept.client_id)


def _new_secret(op: Operation, endpoint_id: str) -> model.NewSecret:
    secret, secret_id = op.entropy(signing.SECRET_BYTES), op.new_id("whk")
    place = f"webhook_secret|secret|{secret_id}"
    sealed = vault.seal(op.parts.keyring.secret("jobs"), secret, place, op.entropy)
    store.add_secret(op, secret_id, endpoint_id, sealed)
    return model.NewSecret(endpoint_id=endpoint_id, secret=signing.text_of(secret))


def _kinds(access: model.Access, kinds: tuple[str, ...]) -> tuple[str, ...]:
    known = model.events()
    if not kinds:
        raise EventUnknown(field="kinds", kind="")
    for kind in kinds:
        if kind not in known:
            raise EventUnknown(field="kinds", kind=kind[:60])
        if known[kind].scope not in access.scopes:
            raise EventNotInScope(field="kinds", kind=kind, scope=known[kind].scope)
        if known[kind].unscoped and access.scope_kind != "all":
            raise EventOfNobody(field="kinds", kind=kind)
    return tuple(kind for kind in known if kind in kinds)


def _address(op: Operation, url: str) -> str:
    """An address that may be sent to, as it is written; where its name leads is looked at when it is sent.

    A demonstration's and a run's world may also send over plain HTTP, and within their own network.
    """
    text = url.strip()
    try:
        parts = urllib.parse.urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressUnusual(field="url") from None
    production = op.parts.kind == "production"
    if (
        len(text) > model.LONGEST_URL
        or parts.scheme not in (("https",) if production else ("https", "http"))
        or not parts.hostname
        or port == 0
        or parts.username is not None
        or parts.password is not None
        or parts.fragment
        or not text.isascii()
        or not text.isprintable()
        or any(one in text for one in ' \\"')
    ):
        raise AddressUnusual(field="url")
    if production and not _may_be_public(parts.hostname):
        raise AddressNotPublic(field="url")
    return text


def _may_be_public(host: str) -> bool:
    name = host.rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        pass
    # `127.1`, `0x7f.1` and `2130706433` are addresses to a resolver; a name ends in letters.
    return (
        "." in name
        and name.rpartition(".")[2].isalpha()
        and not name.endswith((".localhost", ".local", ".internal", ".home.arpa", ".lan"))
    )
