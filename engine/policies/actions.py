"""Making and changing settings: proposed by one, approved by another."""

from __future__ import annotations

from typing import Any

from engine.kernel import actors, codec, errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.policies import checking, model, queries
from engine.policies.checking import SettingInvalid
from engine.policies.queries import MayNotSet

__all__ = [
    "MayNotSet",
    "NotYourProposal",
    "Overtaken",
    "OwnProposal",
    "ProposalEnded",
    "SettingInvalid",
    "WhyMissing",
    "approve",
    "propose",
    "reject",
    "seed",
    "withdraw",
]


class OwnProposal(errors.NotPermitted):
    """A change of settings is approved by somebody other than who proposed it."""


class NotYourProposal(errors.NotPermitted):
    """Only who proposed this can take it back. You can reject it instead."""


class ProposalEnded(errors.Conflict):
    """This proposal was approved, withdrawn or rejected already. Look at the history."""


class Overtaken(errors.Conflict):
    """A newer version was approved in the meantime. Propose the change again on top of it."""


class WhyMissing(errors.InvalidInput):
    """Say why, so that the proposal can be corrected."""


def seed(op: Operation) -> int:
    """Enter version 1 of every setting that the world has not, from the TOML files; how many.

    Emits: policy.changed. Raises: ConfigurationError.
    """
    if not isinstance(op.actor, actors.System):
        raise MayNotSet()
    new = [one for one in queries.declared() if not queries.history(op, one[0], one[1])]
    # Ids of one instant follow chance; sorted, they keep the order in which the settings are declared.
    own_ids = sorted(op.new_id("pol") for _ in new)
    for own_id, (kind, name, setting) in zip(own_ids, new, strict=True):
        body = setting.model_dump_json()
        _add(op, kind, name, 1, body, effective_at=0, approved=True, own_id=own_id)
    return len(new)


def _add(
    op: Operation,
    kind: str,
    name: str,
    version: int,
    body: str,
    *,
    effective_at: int,
    approved: bool,
    own_id: str = "",
) -> model.PolicyVersion:
    made = model.PolicyVersion(
        id=own_id or op.new_id("pol"),
        kind=kind,
        name=name,
        version=version,
        body=body,
        effective_at=effective_at,
        author=op.actor.text,
        approved_by=op.actor.text if approved else None,
        approved_at=op.now if approved else None,
        created_at=op.now,
    )
    op.insert("policy_version", made)
    queries.forget(op)
    op.record("policy.changed" if approved else "policy.proposed", made.id, kind=kind, name=name)
    return made


def propose(
    op: Operation, *, kind: str, name: str, body: dict[str, Any], effective_at: int
) -> model.PolicyVersion:
    """Propose a new version of a setting (MAL-4).

    Emits: policy.proposed. Raises: MayNotSet, SettingInvalid, the errors of `checking`.
    """
    queries.require_manager(op, kind)
    setting = checking.require(op, kind, name, body)
    newest = queries.history(op, kind, name)
    version = newest[0].version + 1 if newest else 1
    return _add(
        op,
        kind,
        name,
        version,
        setting.model_dump_json(),
        effective_at=max(effective_at, op.now),
        approved=False,
    )


@step_up
def approve(op: Operation, *, version_id: str) -> model.PolicyVersion:
    """Approve a proposed version; it holds from its effective date.

    What it names is looked at once more: it may have gone meanwhile. Emits: policy.changed.
    Raises: OwnProposal, ProposalEnded, Overtaken, Conflict, StepUpNeeded, the errors of `checking`.
    """
    queries.require_manager(op)
    found = _open(op, version_id)
    queries.require_manager(op, found.kind)
    if found.author == op.actor.text:
        raise OwnProposal()
    newest = queries.approved(op, found.kind, found.name)
    if newest is not None and newest.version > found.version:
        raise Overtaken()
    checking.require(op, found.kind, found.name, codec.load(found.body))
    op.update(
        "policy_version",
        found.id,
        {
            "approved_by": op.actor.text,
            "approved_at": op.now,
            # A late approval holds from now on, never from a day that has passed.
            "effective_at": max(found.effective_at, op.now),
        },
        was={"approved_at": None, "ended_at": None},
    )
    queries.forget(op)
    op.record("policy.changed", found.id, kind=found.kind, name=found.name)
    return op.get(model.PolicyVersion, "policy_version", version_id)


def withdraw(op: Operation, *, version_id: str) -> model.PolicyVersion:
    """Take one's own proposal back.

    Emits: policy.withdrawn. Raises: NotYourProposal, ProposalEnded.
    """
    queries.require_manager(op)
    found = _open(op, version_id)
    queries.require_manager(op, found.kind)
    if found.author != op.actor.text:
        raise NotYourProposal()
    return _end(op, found, "policy.withdrawn", "")


def reject(op: Operation, *, version_id: str, reason: str) -> model.PolicyVersion:
    """Say no to somebody else's proposal, and why.

    Emits: policy.rejected. Raises: OwnProposal, ProposalEnded, WhyMissing.
    """
    queries.require_manager(op)
    found = _open(op, version_id)
    queries.require_manager(op, found.kind)
    if found.author == op.actor.text:
        raise OwnProposal()
    why = reason.strip()[:500]
    if not why:
        raise WhyMissing(field="reason")
    return _end(op, found, "policy.rejected", why)


def _open(op: Operation, version_id: str) -> model.PolicyVersion:
    found = op.get(model.PolicyVersion, "policy_version", version_id)
    if found.approved_at is not None or found.ended_at is not None:
        raise ProposalEnded()
    return found


def _end(op: Operation, found: model.PolicyVersion, fact: str, why: str) -> model.PolicyVersion:
    op.update(
        "policy_version",
        found.id,
        {"ended_at": op.now, "ended_by": op.actor.text, "end_reason": why},
        was={"approved_at": None, "ended_at": None},
    )
    op.record(fact, found.id, kind=found.kind, name=found.name)
    return op.get(model.PolicyVersion, "policy_version", found.id)
