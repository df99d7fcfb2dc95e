"""Machine clients: who may see them, who comes with a token, and what is proposed."""

from __future__ import annotations

from engine.integrating import model
from engine.integrating.store import machines as store
from engine.kernel import actors, clock, errors, ids
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "no machine was let in by who asked for it": (
        "SELECT id FROM machine_proposal WHERE status = 'approved' AND decided_by = proposed_by"
    ),
    "a machine client acts under a machine's account": (
        "SELECT c.id FROM machine_client c JOIN staff s ON s.id = c.staff_id"
        " WHERE s.kind IS NULL OR (c.status <> 'active' AND s.status = 'active')"
    ),
    "a machine's account has no way to sign in": (
        "SELECT s.id FROM staff s JOIN staff_credential c ON c.staff_id = s.id"
        " WHERE s.kind = 'service'"
    ),
    "nothing waits for an endpoint that was removed": (
        "SELECT d.id FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id"
        " WHERE d.status = 'waiting' AND e.status = 'removed'"
    ),
    "an event is told to an endpoint in one body": (
        "SELECT MIN(id) AS id FROM webhook_delivery GROUP BY endpoint_id, seq HAVING COUNT(*) > 1"
    ),
    "a delivery that was given up was tried": (
        "SELECT d.id FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id"
        " WHERE d.status <> 'waiting' AND e.status <> 'removed' AND NOT EXISTS"
        " (SELECT 1 FROM webhook_attempt a WHERE a.delivery_id = d.id)"
    ),
}


def require(q: Reader) -> actors.Staff:
    """The actor, who must hold the right to register machines everywhere.

    Raises: MayNot.
    """
    return staffing.require(q, Right.MANAGE_MACHINES)


def require_looking(q: Reader) -> None:
    """Refuse who neither registers machines nor audits.

    Raises: MayNot.
    """
    if not staffing.has(q.actor, Right.AUDIT):
        require(q)


def scopes(q: Reader) -> list[str]:
    """Every scope that a machine can be given: `<area>:read` and `<area>:write`.

    Raises: MayNot.
    """
    require_looking(q)
    return list(model.scopes())


def clients(q: Reader) -> list[model.Client]:
    """Every client by name, the revoked ones last.

    Raises: MayNot.
    """
    require_looking(q)
    return [seen(q, kept) for kept in store.clients(q)]


def client(q: Reader, client_id: str) -> model.Client:
    """One client.

    Raises: MayNot, NotFound.
    """
    require_looking(q)
    return seen(q, q.get(model.KeptClient, "machine_client", client_id))


def my_client(q: Reader) -> model.Client:
    """The machine that asks: what it may, and until when.

    Raises: NotFound where a person asks.
    """
    for kept in store.clients(q) if is_machine(q) else ():
        if isinstance(q.actor, actors.Staff) and kept.staff_id == q.actor.staff_id:
            return seen(q, kept)
    raise errors.NotFound(what="machine client")


def is_machine(q: Reader) -> bool:
    """Whether a machine asks."""
    return isinstance(q.actor, actors.Staff) and q.actor.machine


def seen(q: Reader, kept: model.KeptClient) -> model.Client:
    """A client as staff see it."""
    waits = store.open_proposal(q, kept.id)
    return model.Client(
        id=kept.id,
        name=kept.name,
        purpose=kept.purpose,
        owner_id=kept.owner_id,
        owner=staffing.name_of(q, kept.owner_id),
        status=kept.status,
        access=model.access_of(kept.access),
        made_at=kept.made_at,
        ended_at=kept.ended_at,
        tokens=tuple(store.tokens(q, kept.id)),
        proposal=None if waits is None else _proposal(q, waits),
        staff_id=kept.staff_id,
    )


def _proposal(q: Reader, kept: model.KeptProposal) -> model.Proposal:
    return model.Proposal(
        id=kept.id,
        access=model.access_of(kept.access),
        proposed_by=staffing.name_of(q, kept.proposed_by),
        proposed_at=kept.proposed_at,
        mine=isinstance(q.actor, actors.Staff) and q.actor.staff_id == kept.proposed_by,
    )


def admitted(q: Reader, token: str) -> tuple[model.Admitted, actors.Staff] | None:
    """Which machine a token lets in, and as whom it acts; None for a token that is not, or no more.

    Asked by doors on every request: what was revoked, ran out or was switched off is nobody at once.
    """
    if not token.startswith(model.TOKEN_PREFIX):
        return None
    found = store.living_token(q, ids.token_hash(token))
    if found is None:
        return None
    token_id, client_id, last_used_at = found
    kept = q.get(model.KeptClient, "machine_client", client_id)
    access = model.access_of(kept.access)
    actor = staffing.actor(q, kept.staff_id)
    if kept.status != "active" or access.expires_at <= q.now or actor is None:
        return None
    known = model.Admitted(
        client_id=client_id,
        token_id=token_id,
        staff_id=kept.staff_id,
        access=access,
        calls_per_minute=q.policy(policies.MachineRules).calls_per_minute,
        unnoted=last_used_at is None or last_used_at < hour_of(q.now),
    )
    return known, actor


def hour_of(at_ms: int) -> int:
    """The hour that an instant lies in: use of a token is noted no finer."""
    return at_ms - at_ms % clock.HOUR
