"""Tokens: issued once approved, shown once, rotated with an overlap, revoked at once."""

from __future__ import annotations

import base64

from engine.integrating import model, queries
from engine.integrating.queries.machines import hour_of
from engine.integrating.store import machines as store
from engine.kernel import clock, errors, ids
from engine.kernel.engine import step_up, unstored
from engine.kernel.operation import Operation
from engine.policies import model as policies


class NoLivingAccess(errors.Conflict):
    """This client waits for a second person's approval, was revoked, or its access has ended."""


class OverlapUnusual(errors.InvalidInput):
    """An old token holds on beside the new one for 0 to {most} hours."""


@step_up
@unstored
def issue_token(op: Operation, *, client_id: str, overlap_hours: int = 24) -> model.IssuedToken:
    """Give a client a new token, shown this once; the ones it has hold on for the overlap at most.

    A token holds as long as the client's access. Emits: machine.token_issued.
    Raises: MayNot, NotFound, NoLivingAccess, OverlapUnusual, StepUpNeeded.
    """
    me = queries.require(op).staff_id
    kept = op.get(model.KeptClient, "machine_client", client_id)
    access = model.access_of(kept.access)
    if kept.status != "active" or access.expires_at <= op.now:
        raise NoLivingAccess()
    most = op.policy(policies.MachineRules).overlap_hours
    if not 0 <= overlap_hours <= most:
        raise OverlapUnusual(field="overlap_hours", most=most)
    token_id = op.new_id("mtk")
    # Letters and digits alone, so that scanners for leaked secrets and double clicks take it whole.
    secret = base64.b32encode(op.entropy(35)).decode().lower()
    token = f"{model.TOKEN_PREFIX}{token_id.removeprefix('mtk_')}_{secret}"
    store.cut_tokens(op, kept.id, op.now + overlap_hours * clock.HOUR)
    store.add_token(
        op, token_id, kept.id, ids.token_hash(token), by=me, expires_at=access.expires_at
    )
    op.record("machine.token_issued", kept.id, token_id=token_id, overlap_hours=overlap_hours)
    return model.IssuedToken(id=token_id, token=token, expires_at=access.expires_at)


def revoke_token(op: Operation, *, token_id: str) -> None:
    """End one token at once; ended already is ended. It takes no second factor, as it stops harm.

    Emits: machine.token_revoked. Raises: MayNot, NotFound.
    """
    queries.require(op)
    client_id = store.client_of_token(op, token_id)
    if client_id is None:
        raise errors.NotFound(what="token")
    if store.end_tokens(op, client_id, token_id):
        op.record("machine.token_revoked", client_id, token_id=token_id)


def note_use(op: Operation, *, token_id: str) -> None:
    """Note the hour in which a token was used; doors call it at most once an hour. No fact: it is use."""
    op.require_system()
    store.note_token(op, token_id, hour_of(op.now))
