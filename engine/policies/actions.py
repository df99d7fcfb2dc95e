"""Making and changing settings: proposed by one, approved by another."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from engine.kernel import actors, codec, errors
from engine.kernel.operation import Operation
from engine.policies import model, queries


class SettingInvalid(errors.InvalidInput):
    """This setting is not valid: {problem}"""


class OwnProposal(errors.NotPermitted):
    """A change of settings is approved by somebody other than who proposed it."""


class MayNotSet(errors.NotPermitted):
    """Your role does not allow you to change settings."""


def seed(op: Operation) -> int:
    """Enter version 1 of every setting from the TOML files into a new world; how many.

    Emits: policy.changed. Raises: ConfigurationError.
    """
    if not isinstance(op.actor, actors.System):
        raise MayNotSet()
    count = 0
    for kind, name, setting in queries.declared():
        if queries.history(op, kind, name):
            continue
        _add(op, kind, name, 1, setting.model_dump_json(), effective_at=0, approved=True)
        count += 1
    return count


def _add(
    op: Operation,
    kind: str,
    name: str,
    version: int,
    body: str,
    *,
    effective_at: int,
    approved: bool,
) -> model.PolicyVersion:
    made = model.PolicyVersion(
        id=op.new_id("pol"),
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
    op.record("policy.changed" if approved else "policy.proposed", made.id, kind=kind, name=name)
    return made


def propose(
    op: Operation, *, kind: str, name: str, body: dict[str, Any], effective_at: int
) -> model.PolicyVersion:
    """Propose a new version of a setting.

    Emits: policy.proposed. Raises: SettingInvalid.
    """
    _require_manager(op)
    try:
        setting = model.KINDS[kind].model_validate_json(codec.canonical(body))
    except (KeyError, ValidationError) as problem:
        raise SettingInvalid(problem=str(problem).splitlines()[0]) from problem
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


def approve(op: Operation, *, version_id: str) -> model.PolicyVersion:
    """Approve a proposed version; it holds from its effective date.

    Emits: policy.changed. Raises: OwnProposal, Conflict.
    """
    _require_manager(op)
    found = op.get(model.PolicyVersion, "policy_version", version_id)
    if found.author == op.actor.text:
        raise OwnProposal()
    op.update(
        "policy_version",
        found.id,
        {
            "approved_by": op.actor.text,
            "approved_at": op.now,
            # A late approval holds from now on, never from a day that has passed.
            "effective_at": max(found.effective_at, op.now),
        },
        was={"approved_at": None},
    )
    op.record("policy.changed", found.id, kind=found.kind, name=found.name)
    return op.get(model.PolicyVersion, "policy_version", version_id)


def _require_manager(op: Operation) -> None:
    # `staffing` stands above this stage, so the one role that matters is named here.
    actor = op.actor
    if not isinstance(actor, actors.Staff) or not any(
        grant.role in ("lead", "administrator") for grant in actor.grants
    ):
        raise MayNotSet()
