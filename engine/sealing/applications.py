"""Opening applications for seals: with a review, or straight to the seal makers."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model as registration
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.sealing import model, store


class SealExists(errors.Conflict):
    """The enterprise has a seal of this kind, or an application for one, already."""


def open_application(
    op: Operation,
    enterprise: registration.Enterprise,
    account_id: str,
    kind: model.SealKind,
    *,
    form_blob_id: str | None,
) -> model.SealApplication:
    """An application with its review. Composed by `apply_for_seal`.

    Emits: seal.applied_for, case.opened. Raises: SealExists.
    """
    application = _application(
        op, enterprise, account_id, kind, model.APPLICATION.initial, form_blob_id=form_blob_id
    )
    reviewing.open_case(
        op,
        kind="seal",
        subject_id=application.id,
        title=enterprise.name,
        maker=f"person:{account_id}",
        agency_id=application.agency_id,
        corrects=_corrected(op, application),
    )
    return application


def open_making(
    op: Operation,
    enterprise: registration.Enterprise,
    account_id: str,
    kind: model.SealKind,
    *,
    approved_by: tuple[str, ...],
) -> model.SealApplication:
    """An application that needs no review of its own: it goes straight to the seal makers (ENT-1).

    Whoever approved what it follows from is not the one who makes it. Composed by reactions.
    Emits: seal.applied_for, case.opened. Raises: SealExists.
    """
    status = model.APPLICATION.advance(model.APPLICATION.initial, "approve")
    application = _application(
        op, enterprise, account_id, kind, status, reviewed_by=approved_by[-1]
    )
    open_making_case(op, application, excluded=approved_by, title=enterprise.name)
    return application


def open_making_case(
    op: Operation, application: model.SealApplication, *, excluded: tuple[str, ...], title: str
) -> None:
    """Put an application before the seal makers, without those who approved it.

    Emits: case.opened.
    """
    reviewing.open_case(
        op,
        kind="seal_making",
        subject_id=application.id,
        title=title,
        maker=f"person:{application.account_id}",
        agency_id=application.agency_id,
        excluded=excluded,
        corrects=_corrected(op, application),
    )


def _corrected(op: Operation, application: model.SealApplication) -> str | None:
    """The rejection that an application answers: of the one before it for this kind."""
    earlier = [
        one.id
        for one in store.applications_of(op, application.enterprise_id)
        if one.kind is application.kind and one.id != application.id
    ]
    return cases.corrected(op, earlier)


def _application(
    op: Operation,
    enterprise: registration.Enterprise,
    account_id: str,
    kind: model.SealKind,
    status: model.ApplicationStatus,
    *,
    form_blob_id: str | None = None,
    reviewed_by: str | None = None,
) -> model.SealApplication:
    if store.living(op, enterprise.id, kind) is not None:
        raise SealExists()
    application = model.SealApplication(
        id=op.new_id("sap"),
        enterprise_id=enterprise.id,
        account_id=account_id,
        kind=kind,
        name=model.name_of(kind, enterprise.name),
        agency_id=next(iter(op.policies(policies.SealAgency))),
        status=status,
        form_blob_id=form_blob_id,
        reviewed_by=reviewed_by,
        reasons=(),
        created_at=op.now,
        ended_at=None,
    )
    try:
        op.insert("seal_application", application)
    except errors.Conflict:
        raise SealExists() from None
    op.record("seal.applied_for", application.id, enterprise_id=enterprise.id, seal_kind=kind)
    return application
