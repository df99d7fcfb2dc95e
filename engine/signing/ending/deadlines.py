"""The time to sign comes to its end: who can sign is told beforehand, and who made it afterwards."""

from __future__ import annotations

from engine.kernel import jobs, ports
from engine.kernel.actors import System
from engine.kernel.operation import Operation
from engine.signing import model, parties, stopping


def tell_of_deadline(op: Operation, *, contract_id: str) -> str:
    """Tell who can still sign that the time is nearly over, or the purchaser that it is; what was told.

    Whatever made it needless meanwhile (signed, withdrawn, extended) is told to nobody.
    Emits: contract.deadline_told, signature.failed, message.done, message.sent.
    """
    op.require_system()
    found = op.get(model.Contract, "contract", contract_id)
    missing = parties.unsigned(op, found)
    if found.status is not model.ContractStatus.DRAFT or found.sign_by is None or not missing:
        return ""
    if op.now < found.sign_by:
        able = parties.turn(parties.of_version(op, found), found.signing_order)
        op.record("contract.deadline_told", found.id, what="near", version=found.version)
        for party in missing:
            if party.role in able:
                parties.tell(op, found, party, "contract.ends_soon")
        return "near"
    _end(op, found)
    return "over"


def _end(op: Operation, found: model.Contract) -> None:
    op.record("contract.deadline_told", found.id, what="over", version=found.version)
    if not stopping.is_being_finished(op, found):
        stopping.give_up_open(op, found, "expired")
    parties.release(op, found)
    purchaser = parties.of_role(op, found, parties.PURCHASER)
    parties.tell(op, found, purchaser, "contract.has_expired", todo=True, subject=found.id)
    for party in parties.of_version(op, found):
        if party.role != parties.PURCHASER:
            parties.tell(op, found, party, "contract.expired_for_you", subject=found.id)


def watch_deadline(context: ports.JobContext, job: jobs.Job) -> None:
    """What is due at a contract's deadline, or a while before."""
    context.engine.perform(
        tell_of_deadline,
        {"contract_id": job.subject},
        actor=System(job="watch_deadline"),
        key=job.key,
    )
