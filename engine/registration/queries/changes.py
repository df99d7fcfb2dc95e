"""What a change of particulars would bring about, and how far it is (ENT-4)."""

from __future__ import annotations

from engine.kernel import identifiers
from engine.kernel.notes import Note
from engine.kernel.reader import Reader
from engine.registration import model, papers, pictures, store
from engine.registration.queries import claims, duplicates, identifier_checks
from engine.registration.queries.accounts import person_name
from engine.registration.queries.enterprises import enterprise, representative, require_member
from engine.registration.queries.members import ADMINISTRATOR
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases


def changed(q: Reader, enterprise_id: str, name: str, legal_representative: str) -> tuple[str, ...]:
    """Which particulars differ from what is kept."""
    differs = {
        "name": name != enterprise(q, enterprise_id).name,
        "legal_representative": legal_representative != representative(q, enterprise_id),
    }
    return tuple(field for field, is_so in differs.items() if is_so)


def consequences(q: Reader, enterprise_id: str, fields: tuple[str, ...]) -> tuple[Note, ...]:
    """What the stages above say will follow from a change of these particulars."""
    return tuple(
        note for tell in q.parts.consequences for note in tell(q, enterprise_id, frozenset(fields))
    )


def change_preview(
    q: Reader, enterprise_id: str, name: str, legal_representative: str
) -> model.ChangePreview:
    """What would follow from a change, and which papers it needs; administrators only (ENT-4).

    Raises: NotAMember, identifiers.NameInvalid.
    """
    require_member(q, enterprise_id, ADMINISTRATOR)
    fields = changed(
        q, enterprise_id, model.tidy_name(name), identifiers.person_name(legal_representative)
    )
    rule = claims.entity_class(q, enterprise(q, enterprise_id).uscc)
    return model.ChangePreview(
        changed=fields,
        consequences=consequences(q, enterprise_id, fields),
        papers=papers.asked(rule.papers, fields) if fields else (),
    )


def my_changes(q: Reader, enterprise_id: str) -> list[model.EnterpriseChange]:
    """An enterprise's changes, newest first, for its administrators.

    Raises: NotAMember.
    """
    require_member(q, enterprise_id, ADMINISTRATOR)
    return store.changes_of(q, enterprise_id)


def change_detail(q: Reader, change_id: str) -> model.ChangeDetail:
    """One change, and why it was rejected, for the enterprise's administrators (ENT-4).

    Raises: NotFound, NotAMember.
    """
    found = q.get(model.EnterpriseChange, "enterprise_change", change_id)
    require_member(q, found.enterprise_id, ADMINISTRATOR)
    return model.ChangeDetail(change=found, reasons=claims.reasons_told(q, found.reasons))


def representative_of_change(q: Reader, change: model.EnterpriseChange) -> tuple[str, str]:
    """Name and number of the legal representative that a change names."""
    subject_id = enterprise(q, change.enterprise_id).subject_id

    def opened(column: str, sealed: bytes) -> str:
        return q.open(subject_id, f"enterprise_change|{column}|{change.id}", sealed)

    return (
        opened("legal_representative", change.legal_representative),
        opened("legal_representative_id", change.legal_representative_id),
    )


def review_sheet_enterprise_change(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the reviewer compares: what was, what is to be, the papers, and what will follow."""
    change = q.get(model.EnterpriseChange, "enterprise_change", subject_id)
    before = enterprise(q, change.enterprise_id)
    name, number = representative_of_change(q, change)
    rule = claims.entity_class(q, before.uscc)
    fields = (
        reviewing.SheetField(name="uscc", label="Unified social credit code", value=before.uscc),
        reviewing.SheetField(name="name_before", label="Present name", value=before.name),
        reviewing.SheetField(name="name", label="Enterprise name", value=change.name),
        cases.masked(
            q,
            "representative_before",
            label="Present legal representative",
            whole=representative(q, before.id),
            mask=identifiers.masked_name,
        ),
        cases.masked(
            q,
            "legal_representative",
            label="Legal representative",
            whole=name,
            mask=identifiers.masked_name,
        ),
        cases.masked(
            q,
            "legal_representative_id",
            label="Representative's resident ID number",
            whole=number,
            mask=identifiers.masked_id,
        ),
        cases.masked(
            q,
            "applicant",
            label="Applicant",
            whole=person_name(q, change.account_id),
            mask=identifiers.masked_name,
        ),
        reviewing.SheetField(
            name="consequences",
            label="Consequences that were confirmed",
            value=str(len(change.consequences)),
        ),
    )
    return reviewing.Sheet(
        fields=fields,
        papers=claims.papers_on_sheet(q, rule, change.papers),
        checks=_change_checks(q, change, before.uscc, number),
    )


def _change_checks(
    q: Reader, change: model.EnterpriseChange, uscc: str, number: str
) -> tuple[reviewing.Check, ...]:
    check = store.register_check(q, change.id)
    matched = check is not None and check.status is model.CheckStatus.MATCHED
    told = claims.register_told(check.elements, check.status, check.reason) if check else ()
    return (
        identifier_checks.number_check(number),
        reviewing.Check(label="The register confirms the enterprise", ok=matched, detail=told),
        duplicates.representative_check(q, number, uscc),
        pictures.check(q, [paper.blob_id for paper in change.papers]),
    )
