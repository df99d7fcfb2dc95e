"""Opening applications for seals: with a review, straight to the seal makers, or written by hand."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import pictures
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.sealing import model, stamped, store
from engine.sealing.queries import offers

NAME_LENGTHS = range(2, 61)


class SealNameMalformed(errors.InvalidInput):
    """A seal's name has 2 to 60 characters, without line breaks."""


class PersonalNameOnList(errors.InvalidInput):
    """A seal's name is shown in lists: name it without the name of a person. That stands on the seal itself."""  # noqa: E501


class SizeNotOffered(errors.InvalidInput):
    """This kind of seal is made in these sizes (mm): {sizes}. Choose one of them."""


class ColourNotOffered(errors.InvalidInput):
    """This kind of seal is made in these colours: {colours}. Choose one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an application asks for, checked."""

    enterprise_id: str
    account_id: str
    kind: str
    name: str
    size: str = ""
    colour: str = ""
    picture: model.Picture = "drawn"
    purpose: model.Purpose = "new"
    replaces: str | None = None
    why: str = ""


def checked(op: Operation, wanted: Wanted) -> Wanted:
    """The application with everything that was left out, and nothing that is not offered.

    Raises: SealNameMalformed, PersonalNameOnList, NameTaken, SizeNotOffered, ColourNotOffered.
    """
    rule = offers.rule_of(op, wanted.kind)
    own, account_id = wanted.enterprise_id, wanted.account_id
    usual = offers.usual_name(op, own, account_id, wanted.kind)
    # The first three are called as the rules call them, whatever was asked.
    name = usual if rule.route == "first" else wanted.name.strip() or usual
    if len(name) not in NAME_LENGTHS or not name.isprintable():
        raise SealNameMalformed(field="name")
    whose = people.person_name(op, account_id)
    if rule.personal and whose and whose in name:
        raise PersonalNameOnList(field="name")
    if name in offers.names_taken(op, own, account_id, but=wanted.replaces or ""):
        raise offers.NameTaken(name=name)
    if wanted.size and wanted.size not in rule.sizes_mm:
        raise SizeNotOffered(field="size", sizes=", ".join(rule.sizes_mm))
    if wanted.colour and wanted.colour not in rule.colours:
        raise ColourNotOffered(field="colour", colours=", ".join(rule.colours))
    return Wanted(
        enterprise_id=own,
        account_id=account_id,
        kind=wanted.kind,
        name=name,
        size=wanted.size or rule.sizes_mm[0],
        colour=wanted.colour or rule.colours[0],
        picture=wanted.picture,
        purpose=wanted.purpose,
        replaces=wanted.replaces,
        why=wanted.why,
    )


def open_application(
    op: Operation, wanted: Wanted, form: stamped.Form | None
) -> model.SealApplication:
    """An application with its review. Composed by this stage's actions.

    Emits: seal.applied_for, case.opened. Raises: NameTaken.
    """
    application = insert(op, wanted, model.APPLICATION.initial, form=form)
    reviewing.open_case(
        op,
        kind="seal",
        subject_id=application.id,
        title=_title(op, application),
        maker=f"person:{wanted.account_id}",
        agency_id=application.agency_id,
        corrects=_corrected(op, application),
    )
    return application


def open_making(
    op: Operation, wanted: Wanted, *, approved_by: tuple[str, ...]
) -> model.SealApplication:
    """An application that needs no review of its own: it goes straight to the seal makers (ENT-1, SEA-3).

    Whoever approved what it follows from is not the one who makes it. Composed by reactions, and by making
    a seal again in the simplified way. Emits: seal.applied_for, case.opened. Raises: NameTaken.
    """
    status = model.APPLICATION.advance(model.APPLICATION.initial, "approve")
    reviewed_by = approved_by[-1] if approved_by else None
    application = insert(op, wanted, status, reviewed_by=reviewed_by)
    open_making_case(op, application, excluded=approved_by, title=_title(op, application))
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


def _title(op: Operation, application: model.SealApplication) -> str:
    """What a case is called: by the enterprise, or by the kind where a person's name would stand."""
    if application.enterprise_id is not None:
        return people.enterprise(op, application.enterprise_id).name
    return offers.label(op, application.kind)


def _corrected(op: Operation, application: model.SealApplication) -> str | None:
    """The rejection that an application answers: of the one before it for this kind."""
    if application.enterprise_id is not None:
        before = store.applications_of(op, application.enterprise_id)
    else:
        before = store.applications_of_person(op, application.account_id)
    earlier = [
        one.id for one in before if one.kind == application.kind and one.id != application.id
    ]
    return cases.corrected(op, earlier)


def subject_of(op: Operation, enterprise_id: str | None, account_id: str) -> str:
    """Under whose keys the papers of a seal are kept: its enterprise's, or its person's."""
    if enterprise_id:
        found: registration.Enterprise = people.enterprise(op, enterprise_id)
        return found.subject_id
    return people.account(op, account_id).subject_id


def insert(
    op: Operation,
    wanted: Wanted,
    status: model.ApplicationStatus,
    *,
    form: stamped.Form | None = None,
    strokes: bytes = b"",
    reviewed_by: str | None = None,
) -> model.SealApplication:
    """The application's row with its papers. Composed by this stage alone.

    Emits: seal.applied_for. Raises: NameTaken.
    """
    subject_id = subject_of(op, wanted.enterprise_id, wanted.account_id)

    def kept(content: bytes, media_type: str) -> str | None:
        if not content:
            return None
        return op.put_blob(
            content, media_type=media_type, subject_id=subject_id, purpose="evidence"
        )

    ended = status in (model.ApplicationStatus.MADE, model.ApplicationStatus.REJECTED)
    application = model.SealApplication(
        id=op.new_id("sap"),
        enterprise_id=wanted.enterprise_id or None,
        account_id=wanted.account_id,
        kind=wanted.kind,
        name=wanted.name,
        agency_id=next(iter(op.policies(policies.SealAgency))),
        status=status,
        form_blob_id=pictures.keep(op, form.paper, subject_id) if form else None,
        reviewed_by=reviewed_by,
        reasons=(),
        created_at=op.now,
        ended_at=op.now if ended else None,
        purpose=wanted.purpose,
        replaces=wanted.replaces,
        why=wanted.why,
        size=wanted.size,
        colour=wanted.colour,
        picture=wanted.picture,
        before_blob_id=kept(form.before, stamped.MEDIA_BEFORE) if form else None,
        impression_blob_id=kept(form.impression, stamped.MEDIA_IMPRESSION) if form else None,
        impression=(form.measures or {}) if form else {},
        strokes_blob_id=kept(strokes, "application/json"),
    )
    try:
        op.insert("seal_application", application)
    except errors.Conflict:
        raise offers.NameTaken(name=wanted.name) from None
    op.record(
        "seal.applied_for",
        application.id,
        enterprise_id=wanted.enterprise_id,
        seal_kind=wanted.kind,
        purpose=wanted.purpose,
    )
    return application
