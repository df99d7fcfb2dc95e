"""Changing an enterprise's particulars, with every consequence confirmed before (ENT-4)."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.engine import prepared_by, second_factor
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import model, queries, store
from engine.registration import papers as asked_for
from engine.registration.actions import enterprises, verification
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases

_ADMINISTRATOR = (model.MemberRole.ADMINISTRATOR,)


class NothingChanges(errors.InvalidInput):
    """This is what the enterprise's particulars are already. Change something first."""


class ChangeRunning(errors.Conflict):
    """A change of this enterprise's particulars is in review already. Wait for the answer."""


class ConsequencesNotConfirmed(errors.InvalidInput):
    """Read what will follow from this change and confirm it first. It has {count} consequences."""


def _prepare(
    q: Reader,
    *,
    enterprise_id: str,
    name: str,
    legal_representative: str,
    papers: tuple[model.PaperUpload, ...],
    **others: object,
) -> tuple[asked_for.CleanPaper, ...]:
    enterprises.require_drawable(enterprises.clean_name(name), "name")
    representative = identifiers.person_name(legal_representative)
    enterprises.require_drawable(representative, "legal_representative")
    rule = queries.entity_class(q, queries.enterprise(q, enterprise_id).uscc)
    return asked_for.clean_all(rule.papers, papers)


@second_factor
@prepared_by(_prepare)
def change_enterprise(
    op: Operation,
    *,
    enterprise_id: str,
    name: str,
    legal_representative: str,
    legal_representative_id: str,
    papers: tuple[model.PaperUpload, ...],
    confirmed: bool,
    prepared: tuple[asked_for.CleanPaper, ...] = (),
) -> model.EnterpriseChange:
    """Ask for a change of name or legal representative, its consequences confirmed; administrators only.

    Emits: change.submitted, register.asked, case.opened. Raises: NotAMember, NothingChanges,
    ChangeRunning, ConsequencesNotConfirmed, the errors of `identifiers`, `papers` and `uploads`.
    """
    member = queries.require_member(op, enterprise_id, _ADMINISTRATOR)
    enterprise = queries.enterprise(op, enterprise_id)
    named = enterprises.clean_name(name)
    representative = identifiers.person_name(legal_representative)
    number = enterprises.representative_number(op, legal_representative_id)
    changed = queries.changed(op, enterprise.id, named, representative)
    if not changed:
        raise NothingChanges()
    rule = queries.entity_class(op, enterprise.uscc)
    for field in changed:
        asked_for.require(rule.papers, prepared, changed=field)
    consequences = queries.consequences(op, enterprise.id, changed)
    if not confirmed:
        raise ConsequencesNotConfirmed(field="confirmed", count=len(consequences))
    change_id = op.new_id("chg")

    def sealed(column: str, text: str) -> bytes:
        return op.seal(enterprise.subject_id, f"enterprise_change|{column}|{change_id}", text)

    change = model.EnterpriseChange(
        id=change_id,
        enterprise_id=enterprise.id,
        account_id=member.account_id,
        name=named,
        legal_representative=sealed("legal_representative", representative),
        legal_representative_id=sealed("legal_representative_id", number),
        changed=changed,
        papers=asked_for.keep(op, prepared, enterprise.subject_id),
        consequences=consequences,
        status=model.CHANGE.initial,
        reasons=(),
        created_at=op.now,
        decided_at=None,
    )
    op.index("claim.representative_id", number, change.id)
    _keep(op, change, title=enterprise.name)
    verification.ask_register(
        op, change.id, rule.elements, named, enterprise.uscc, representative, number
    )
    return change


def _keep(op: Operation, change: model.EnterpriseChange, *, title: str) -> None:
    earlier = [one.id for one in store.changes_of(op, change.enterprise_id)]
    try:
        op.insert("enterprise_change", change)
    except errors.Conflict:
        raise ChangeRunning() from None
    op.record(
        "change.submitted",
        change.id,
        enterprise_id=change.enterprise_id,
        account_id=change.account_id,
        changed=list(change.changed),
    )
    reviewing.open_case(
        op,
        kind="enterprise_change",
        subject_id=change.id,
        title=title,
        maker=op.actor.text,
        corrects=cases.corrected(op, earlier),
    )
