"""Registering a machine client, and changing what it may: whatever widens it takes a second person."""

from __future__ import annotations

import dataclasses
import ipaddress

from engine.integrating import model, queries
from engine.integrating.store import endpoints
from engine.integrating.store import machines as store
from engine.kernel import clock, codec, errors
from engine.kernel.engine import step_up
from engine.kernel.operation import AlreadyTaken, Operation
from engine.policies import model as policies
from engine.staffing import model as staff_model
from engine.staffing.actions import service_accounts
from engine.staffing.queries import people


class ClientNotNamed(errors.InvalidInput):
    """A machine client has a name of 1 to 60 characters and a purpose of 1 to 500."""


class ClientNameTaken(errors.Conflict):
    """There is a machine client of this name. Choose another name."""


class ScopeUnknown(errors.InvalidInput):
    """A client is given at least one scope, and there is none called “{scope}”."""


class SourceInvalid(errors.InvalidInput):
    """Addresses are given as networks such as 203.0.113.0/24, at most 20 of them: “{source}” is none."""


class AccessUnusual(errors.InvalidInput):
    """A client's access ends on a day to come, and at most {days} days from now."""


class ClientEnded(errors.Conflict):
    """This client was revoked, or never approved. Register a new one."""


class ProposalOpen(errors.Conflict):
    """A change of this client waits for a second person already. Have it decided first."""


class ProposalEnded(errors.Conflict):
    """This proposal was decided or taken back already."""


class OwnProposal(errors.NotPermitted):
    """A machine's access is approved by somebody other than who proposed it."""


@step_up
def register_client(
    op: Operation, *, name: str, purpose: str, owner_id: str, access: model.Access
) -> model.Client:
    """Propose a new machine client; it may nothing until a second person approves it.

    `owner_id` is the member of staff who answers for it. Emits: machine.proposed.
    Raises: MayNot, ClientNotNamed, ClientNameTaken, NotFound, the errors of an access, StepUpNeeded.
    """
    me = queries.require(op).staff_id
    called, purpose = " ".join(name.split()), purpose.strip()
    if not 1 <= len(called) <= model.LONGEST_NAME or not called.isprintable():
        raise ClientNotNamed(field="name")
    if not 1 <= len(purpose) <= model.LONGEST_PURPOSE:
        raise ClientNotNamed(field="purpose")
    owner = op.get(staff_model.Staff, "staff", owner_id)
    if owner.status != "active" or owner.kind is not None:
        raise errors.NotFound(what="member of staff", field="owner_id")
    wanted = _checked(op, access)
    account = service_accounts.make_service_account(op, name=called)
    kept = model.KeptClient(
        id=op.new_id("mcl"),
        staff_id=account.id,
        name=called,
        purpose=purpose,
        owner_id=owner.id,
        status="proposed",
        access=codec.plain(wanted),
        made_at=op.now,
    )
    try:
        op.insert("machine_client", kept)
    except AlreadyTaken as taken:
        raise ClientNameTaken(field="name") from taken
    _propose(op, kept.id, wanted, me)
    op.record("machine.proposed", kept.id, scopes=list(wanted.scopes), role=wanted.role)
    return queries.client(op, kept.id)


@step_up
def change_client(op: Operation, *, client_id: str, access: model.Access) -> model.Client:
    """Change what a client may: at once where it is only narrowed, else once a second person approves.

    Emits: machine.narrowed or machine.change_proposed.
    Raises: MayNot, NotFound, ClientEnded, ProposalOpen, the errors of an access, StepUpNeeded.
    """
    me = queries.require(op).staff_id
    kept = _living(op, client_id)
    wanted, was = _checked(op, access), model.access_of(kept.access)
    if wanted.within(was):
        _give(op, kept, wanted)
        op.record("machine.narrowed", kept.id, was=codec.plain(was), now=codec.plain(wanted))
    else:
        _propose(op, kept.id, wanted, me)
        op.record("machine.change_proposed", kept.id, was=codec.plain(was), now=codec.plain(wanted))
    return queries.client(op, kept.id)


@step_up
def approve_client(op: Operation, *, proposal_id: str) -> model.Client:
    """Let a client have what was proposed for it: by another person than who proposed it.

    Emits: machine.approved. Raises: MayNot, NotFound, OwnProposal, ProposalEnded, ClientEnded,
    the errors of an access, StepUpNeeded.
    """
    me = queries.require(op).staff_id
    proposal = _open(op, proposal_id)
    if people.are_one_person(op, me, proposal.proposed_by):
        raise OwnProposal()
    kept = op.get(model.KeptClient, "machine_client", proposal.client_id)
    if kept.status == "revoked":
        raise ClientEnded()
    wanted, was = _checked(op, model.access_of(proposal.access)), model.access_of(kept.access)
    _decide(op, proposal, "approved", me)
    _give(op, kept, wanted)
    op.record(
        "machine.approved",
        kept.id,
        was=codec.plain(was) if kept.status == "active" else {},
        now=codec.plain(wanted),
        proposed_by=proposal.proposed_by,
    )
    return queries.client(op, kept.id)


def refuse_client(op: Operation, *, proposal_id: str, reason: str = "") -> model.Client:
    """Refuse what was proposed for a client, or take one's own proposal back.

    Emits: machine.refused. Raises: MayNot, NotFound, ProposalEnded.
    """
    me = queries.require(op).staff_id
    proposal = _open(op, proposal_id)
    status = "withdrawn" if proposal.proposed_by == me else "refused"
    _decide(op, proposal, status, me)
    kept = op.get(model.KeptClient, "machine_client", proposal.client_id)
    if kept.status == "proposed":
        op.update(
            "machine_client",
            kept.id,
            {"status": "revoked", "ended_at": op.now},
            was={"status": "proposed"},
        )
    op.record("machine.refused", kept.id, how=status, reason=reason.strip()[:200])
    return queries.client(op, kept.id)


def revoke_client(op: Operation, *, client_id: str, reason: str) -> model.Client:
    """Let a client in no more, at once and for good: its tokens end and nothing more is sent to it.

    It takes no second factor: stopping harm is never kept waiting. Emits: machine.revoked.
    Raises: MayNot, NotFound, ClientEnded.
    """
    me = queries.require(op).staff_id
    kept = op.get(model.KeptClient, "machine_client", client_id)
    if kept.status == "revoked":
        raise ClientEnded()
    waits = store.open_proposal(op, kept.id)
    if waits is not None:
        _decide(op, waits, "refused" if waits.proposed_by != me else "withdrawn", me)
    for one in endpoints.endpoints(op, kept.id):
        endpoints.remove(op, one)
    op.update(
        "machine_client",
        kept.id,
        {"status": "revoked", "ended_at": op.now},
        was={"status": kept.status},
    )
    service_accounts.let_act_no_more(op, staff_id=kept.staff_id)
    ended = store.end_tokens(op, kept.id)
    op.record("machine.revoked", kept.id, reason=reason.strip()[:200], tokens_ended=ended)
    return queries.client(op, kept.id)


def _living(op: Operation, client_id: str) -> model.KeptClient:
    kept = op.get(model.KeptClient, "machine_client", client_id)
    if kept.status != "active":
        raise ClientEnded()
    return kept


def _open(op: Operation, proposal_id: str) -> model.KeptProposal:
    found = op.get(model.KeptProposal, "machine_proposal", proposal_id)
    if found.status != "open":
        raise ProposalEnded()
    return found


def _propose(op: Operation, client_id: str, wanted: model.Access, me: str) -> None:
    proposal = model.KeptProposal(
        id=op.new_id("mpr"),
        client_id=client_id,
        access=codec.plain(wanted),
        status="open",
        proposed_by=me,
        proposed_at=op.now,
    )
    try:
        op.insert("machine_proposal", proposal)
    except AlreadyTaken as taken:
        raise ProposalOpen() from taken


def _decide(op: Operation, proposal: model.KeptProposal, status: str, me: str) -> None:
    op.update(
        "machine_proposal",
        proposal.id,
        {"status": status, "decided_by": me, "decided_at": op.now},
        was={"status": "open"},
    )


def _give(op: Operation, kept: model.KeptClient, wanted: model.Access) -> None:
    """Have a client's access and its account's grant be so from now on."""
    op.update(
        "machine_client",
        kept.id,
        {"access": codec.plain(wanted), "status": "active"},
        was={"status": kept.status},
    )
    service_accounts.let_act(
        op,
        staff_id=kept.staff_id,
        role=wanted.role,
        scope_kind=wanted.scope_kind,
        scope_id=wanted.scope_id,
    )
    store.cut_tokens(op, kept.id, wanted.expires_at)


def _checked(op: Operation, access: model.Access) -> model.Access:
    """An access that can be: known scopes, role and place, networks as they are written, an end in time.

    Raises: ScopeUnknown, SourceInvalid, AccessUnusual, RoleUnknown, grants.ScopeUnknown.
    """
    known = model.scopes()
    unknown = next((one for one in access.scopes if one not in known), "")
    if unknown or not access.scopes:
        raise ScopeUnknown(field="scopes", scope=unknown)
    service_accounts.require_access(
        op, role=access.role, scope_kind=access.scope_kind, scope_id=access.scope_id
    )
    days = op.policy(policies.MachineRules).token_days
    if not op.now < access.expires_at <= op.now + days * clock.DAY:
        raise AccessUnusual(field="expires_at", days=days)
    if len(access.sources) > model.MOST_SOURCES:
        raise SourceInvalid(field="sources", source=str(len(access.sources)))
    return dataclasses.replace(
        access,
        scopes=tuple(one for one in known if one in access.scopes),
        sources=tuple(dict.fromkeys(map(_network, access.sources))),
    )


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError:
        raise SourceInvalid(field="sources", source=text.strip()[:60]) from None
