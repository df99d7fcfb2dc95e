"""Adding what was missing: a time-stamp, revocation data, the archive's time-stamp, and its renewal.

A contract's document is only ever added to, and never while somebody signs it: what they were shown would
not be the newest any more. Who asked to sign and lets it lie does not hold this up for long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.issuing import model as issuing
from engine.kernel import actors, clock, errors, jobs, ports
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.pdf import archiving
from engine.policies import model as policies
from engine.signing import drafting, model, proving, queries, store
from engine.signing.signatures import DocumentChanged, SigningRunning, fail

# So often is asked again at first, and at the longest; in between the wait doubles.
SHORTEST_MS, LONGEST_MS = clock.MINUTE, 2 * clock.HOUR
# A document that was prepared so long ago and not signed makes way.
_ABANDONED_MS = 10 * clock.MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    contract: model.Contract
    version: model.ContractVersion
    document: bytes
    wanted: str
    agencies: tuple[str, ...]
    revoked: bool
    busy: bool
    since: int
    roots: tuple[bytes, ...]


def _standing(q: Reader, contract_id: str) -> _Standing | None:
    contract = q.get(model.Contract, "contract", contract_id)
    version = store.newest_version(q, contract_id)
    if version is None or not version.signed_by or not version.level:
        return None
    signed = store.completed(q, contract_id, contract.version)
    open_one = store.open_signature(q, contract_id)
    untimed = {_status(q, one) for one in signed if one.level == model.Level.B_B}
    return _Standing(
        contract=contract,
        version=version,
        document=q.blob(version.blob_id),
        wanted=queries.wanted_level(q, contract),
        agencies=proving.agencies(q, contract),
        revoked="revoked" in untimed,
        busy="suspended" in untimed or (open_one is not None and not _abandoned(q, open_one)),
        since=max((one.completed_at or 0 for one in signed), default=q.now),
        roots=q.parts.anchors,
    )


def _status(q: Reader, one: model.ContractSignature) -> str:
    return q.get(issuing.Certificate, "certificate", one.certificate_id).status.value


def _abandoned(q: Reader, one: model.ContractSignature) -> bool:
    waits = (model.SignatureStatus.REQUESTED, model.SignatureStatus.PREPARED)
    return one.status in waits and q.now - one.created_at >= _ABANDONED_MS


def raise_signatures(context: ports.JobContext, job: jobs.Job) -> None:
    """Lift a contract's document as far as its level is wanted and the services allow now.

    Raises: ports.NotYet while something is missing.
    """
    system = actors.System(job="raise_signatures")
    found = context.engine.ask(_standing, system, job.subject)
    if found is None or not model.below(found.version.level, found.wanted):
        return
    now = context.engine.now()
    again = now + min(max(now - found.since, SHORTEST_MS), LONGEST_MS)
    if found.revoked:
        # Whatever time is proved now is after the revocation: no time-stamp makes it valid any more.
        context.engine.perform(
            record_not_raised,
            {"contract_id": job.subject, "why": "certificate_revoked"},
            actor=system,
            key=job.key,
        )
        return
    if found.busy:
        raise ports.NotYet(again)
    document, level = _raised(context, found)
    if level != found.version.level:
        _record(context, system, found, document, level, key=f"{job.key}-{level}", again=again)
    if model.below(level, found.wanted):
        raise ports.NotYet(again)


def _record(
    context: ports.JobContext,
    system: actors.System,
    found: _Standing,
    document: bytes,
    level: str,
    *,
    key: str,
    again: int,
) -> None:
    """Have it recorded, unless somebody began to sign in the meantime.

    Raises: ports.NotYet.
    """
    given = {
        "contract_id": found.contract.id,
        "version_id": found.version.id,
        "document": document,
        "level": level,
    }
    try:
        context.engine.perform(record_raised, given, actor=system, key=key)
    except (SigningRunning, DocumentChanged) as problem:
        raise ports.NotYet(again) from problem


def _raised(context: ports.JobContext, found: _Standing) -> tuple[bytes, str]:
    document, level = found.document, found.version.level
    if level == model.Level.B_B and found.wanted != model.Level.B_LTA:
        timed = proving.with_archive(context, document, found.roots)
        if timed is None:
            return document, level
        document, level = timed, model.Level.B_T
    with_data, reached = proving.with_revocation(
        context, document, found.agencies, wanted=found.wanted, level=level, roots=found.roots
    )
    if reached != model.Level.B_LT or found.wanted != model.Level.B_LTA:
        return with_data, reached
    archived = proving.with_archive(context, with_data, found.roots)
    if archived is not None:
        return archived, model.Level.B_LTA
    # Without its own time revocation data proves nothing of when it was signed.
    return (with_data, reached) if level != model.Level.B_B else (document, level)


def record_raised(
    op: Operation, *, contract_id: str, version_id: str, document: bytes, level: str
) -> model.ContractVersion:
    """Record a document that was added to: the same signatures, validated further.

    Emits: contract.level_raised or contract.archive_renewed, signature.failed.
    Raises: DocumentChanged, SigningRunning.
    """
    op.require_system()
    contract = op.get(model.Contract, "contract", contract_id)
    before = store.newest_version(op, contract_id)
    if (
        before is None
        or before.id != version_id
        or not document.startswith(op.blob(before.blob_id))
    ):
        raise DocumentChanged()
    open_one = store.open_signature(op, contract_id)
    if open_one is not None:
        if not _abandoned(op, open_one):
            raise SigningRunning()
        fail(op, open_one, "document_raised")
    version = drafting.keep_document(
        op,
        contract,
        document,
        before.pages,
        revision=before.revision + 1,
        signed_by=before.signed_by,
        level=level,
    )
    for one in store.completed(op, contract_id, contract.version):
        if model.below(model.least([one.level]), level):
            op.update("contract_signature", one.id, {"level": level}, was={"level": one.level})
    op.record(
        "contract.level_raised" if level != before.level else "contract.archive_renewed",
        contract_id,
        level=level,
        before=before.level,
        digest=version.digest_hex,
    )
    watch(op, contract, document, level)
    return version


def record_not_raised(op: Operation, *, contract_id: str, why: str) -> None:
    """Nothing can lift this document any more; what it is stands with it.

    Emits: contract.level_not_raised.
    """
    op.require_system()
    contract = op.get(model.Contract, "contract", contract_id)
    op.record("contract.level_not_raised", contract.id, why=why)


def follow_up(op: Operation, contract: model.Contract, document: bytes, level: str) -> None:
    """After a signature: have added what is missing, or the archive's time-stamp watched.

    Composed by this stage alone.
    """
    wanted = queries.wanted_level(op, contract)
    if model.below(level, wanted):
        # A service that just failed is given a minute; an archive waits for nothing.
        degraded = level != model.Level.B_LT
        op.enqueue("raise_signatures", contract.id, due_at=op.now + SHORTEST_MS * degraded)
    watch(op, contract, document, level)


def watch(op: Operation, contract: model.Contract, document: bytes, level: str) -> None:
    """Have the archive's time-stamp renewed before its authority's certificate lapses."""
    if level != model.Level.B_LTA:
        return
    facts = archiving.newest(document)
    if facts is None:
        raise errors.NotFound(what="document")
    early = op.policy(policies.SigningRules).renew_before_days * clock.DAY
    op.enqueue(
        "renew_archive",
        contract.id,
        {"early_ms": early},
        due_at=max(facts.authority_until - early, op.now + clock.DAY),
    )


def _half_over(document: bytes, now: int, body: Mapping[str, int]) -> bool:
    """Whether half the time is over that was left for renewing an archive's time-stamp."""
    facts = archiving.newest(document)
    return facts is not None and now >= facts.authority_until - body.get("early_ms", 0) // 2


def renew_archive(context: ports.JobContext, job: jobs.Job) -> None:
    """Append newer revocation data and another time-stamp over all that there is.

    Raises: ports.NotYet while the services give none, or somebody signs.
    """
    system = actors.System(job="renew_archive")
    found = context.engine.ask(_standing, system, job.subject)
    if found is None or found.version.level != model.Level.B_LTA:
        return
    now = context.engine.now()
    again = now + LONGEST_MS
    if found.busy:
        raise ports.NotYet(again)
    document, level = proving.with_revocation(
        context,
        found.document,
        found.agencies,
        wanted=model.Level.B_LTA,
        level="",
        roots=found.roots,
    )
    # Without newer data while there is time; a time-stamp alone is better than none in the end.
    urgent = _half_over(found.document, now, job.body)
    renewed = proving.with_archive(context, document, found.roots) if level or urgent else None
    if renewed is None:
        raise ports.NotYet(again)
    level = model.Level.B_LTA.value
    _record(context, system, found, renewed, level, key=job.key, again=again)
