"""Applying for a seal, its change, its making again; taking an application back (SEA-1, SEA-3)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import prepared_by, second_factor
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.sealing import applications, model, stamped, store
from engine.sealing.applications import Wanted
from engine.sealing.queries import SPECIMEN, offers


class ChangeUnderWay(errors.Conflict):
    """A change of this seal is under way already. Wait for it, or take it back first."""


class NothingChanged(errors.InvalidInput):
    """Name, size and stamp are what they were. There is nothing to change."""


class NotByForm(errors.InvalidInput):
    """A signature that was written on the pad is not changed: write another one, and delete this one."""


def _read_form(
    q: Reader, *, kind: str, form: bytes, picture: model.Picture = "drawn", **_others: object
) -> stamped.Form:
    if kind == model.SealKind.SIGNATURE:
        return stamped.specimen(form, field=SPECIMEN)
    return stamped.form(form, picture=picture)


@prepared_by(_read_form)
def apply_for_seal(
    op: Operation,
    *,
    kind: str,
    form: bytes,
    enterprise_id: str = "",
    name: str = "",
    size: str = "",
    picture: model.Picture = "drawn",
    colour: str = "",
    prepared: stamped.Form,
) -> model.SealApplication:
    """Apply for a seal with the stamped form, or with a specimen of the signature; administrators only.

    Without an enterprise it is a personal seal of one's own, which needs an individual certificate. One of
    the first three is applied for only after its makers rejected it, or after it was deleted (SEA-1,
    SEA-3). Without a name it gets the usual one, without a size or colour the kind's first.
    Emits: seal.applied_for, case.opened. Raises: NotAMember, KindNotOffered, SealExists, NameTaken,
    NoIndividualCertificate, SealNameMalformed, SizeNotOffered, ColourNotOffered,
    handwriting.SignatureUnreadable, impressions.NoImpression, FormNotSeen, ScanTooCoarse, errors of
    `uploads`.
    """
    account_id = people.person(op).account_id
    if enterprise_id:
        people.require_member(op, enterprise_id, offers.ADMINISTRATOR)
    offers.require_offered(op, enterprise_id, account_id, kind)
    wanted = Wanted(
        enterprise_id=enterprise_id,
        account_id=account_id,
        kind=kind,
        name=name,
        size=size,
        colour=colour,
        picture=_picture(kind, picture),
    )
    return applications.open_application(op, applications.checked(op, wanted), prepared)


def _picture(kind: str, picture: model.Picture) -> model.Picture:
    # A signature is made from its specimen, which is no stamp.
    return "drawn" if kind == model.SealKind.SIGNATURE else picture


def _read_new_form(
    q: Reader,
    *,
    seal_id: str,
    form: bytes = b"",
    picture: model.Picture = "drawn",
    **_others: object,
) -> stamped.Form | None:
    if not form:
        return None
    found = q.get(model.Seal, "seal", seal_id)
    return _read_form(q, kind=found.kind, form=form, picture=picture)


@prepared_by(_read_new_form)
def change_seal(
    op: Operation,
    *,
    seal_id: str,
    name: str = "",
    size: str = "",
    form: bytes = b"",
    picture: model.Picture = "drawn",
    prepared: stamped.Form | None,
) -> model.SealApplication:
    """Change a seal's name, size or impression; it is reviewed, and the seal stays in use until then
    (SEA-3).

    The changed seal is a new signed object with a code of its own; the old one gives way once it is made.
    Emits: seal.applied_for, case.opened. Raises: NotAMember, NotFound, NotPossibleNow, NotByForm,
    ChangeUnderWay, NothingChanged, and those of `apply_for_seal`.
    """
    found = op.get(model.Seal, "seal", seal_id)
    offers.require_keeper(op, found)
    _require_changeable(op, found)
    if offers.rule_of(op, found.kind).route == "pad":
        raise NotByForm()
    # What came as an impression stays one; without a new stamp its picture goes along.
    if not form and found.picture == "impression" and not size:
        picture = "impression"
    wanted = applications.checked(
        op,
        Wanted(
            enterprise_id=found.enterprise_id or "",
            account_id=people.person(op).account_id,
            kind=found.kind,
            name=name.strip() or found.name,
            size=size or found.size,
            colour=found.colour,
            picture=_picture(found.kind, picture),
            purpose="change",
            replaces=found.id,
        ),
    )
    same = (wanted.name, wanted.size, wanted.picture) == (found.name, found.size, found.picture)
    if same and not form:
        raise NothingChanged()
    return applications.open_application(op, wanted, prepared)


@second_factor
def remake_seal(
    op: Operation, *, seal_id: str, reason: model.RemakeReason
) -> model.SealApplication:
    """Have a seal made again as it is, in the simplified way: no form, and no review before the makers'.

    After a key compromise or a loss the old seal is out of use at once; a worn one, or one whose time is
    nearly over, stays in use until the new one is made (SEA-3; 2025 rules). Emits: seal.applied_for,
    case.opened, seal.suspended. Raises: NotAMember, NotFound, NotPossibleNow, ChangeUnderWay.
    """
    found = op.get(model.Seal, "seal", seal_id)
    offers.require_keeper(op, found)
    _require_changeable(op, found)
    before = op.get(model.SealApplication, "seal_application", found.application_id)
    wanted = Wanted(
        enterprise_id=found.enterprise_id or "",
        account_id=people.person(op).account_id,
        kind=found.kind,
        name=found.name,
        size=found.size or offers.rule_of(op, found.kind).sizes_mm[0],
        colour=found.colour,
        picture=found.picture,
        purpose="remake",
        replaces=found.id,
        why=reason,
    )
    # Who approved the seal as it is does not make it now.
    approved_by = (before.reviewed_by,) if before.reviewed_by else ()
    application = applications.open_making(op, wanted, approved_by=approved_by)
    if reason in model.STOPS_AT_ONCE and found.status is model.SealStatus.ACTIVE:
        status = model.SEAL.advance(found.status, "suspend")
        op.update("seal", found.id, {"status": status}, was={"status": found.status})
        op.record("seal.suspended", found.id, why=reason)
    return application


def _require_changeable(op: Operation, found: model.Seal) -> None:
    if found.status not in model.MADE:
        model.SEAL.advance(found.status, "replace")
    if store.open_for(op, found.id) or store.in_place_of(op, found.id) is not None:
        raise ChangeUnderWay()


def withdraw_application(op: Operation, *, application_id: str) -> model.SealApplication:
    """Take an application back, before the seal is ordered; by an administrator, or whose own it is.

    Emits: seal.withdrawn, case.withdrawn. Raises: NotAMember, NotFound, NotPossibleNow.
    """
    found = op.get(model.SealApplication, "seal_application", application_id)
    account_id = people.person(op).account_id
    if found.enterprise_id is not None:
        people.require_member(op, found.enterprise_id, offers.ADMINISTRATOR)
    elif found.account_id != account_id:
        raise errors.NotFound(what="seal application")
    withdraw(op, found)
    return op.get(model.SealApplication, "seal_application", application_id)


def withdraw(op: Operation, found: model.SealApplication) -> None:
    """An application comes to nothing. Composed by this stage alone.

    Emits: seal.withdrawn, case.withdrawn.
    """
    status = model.APPLICATION.advance(found.status, "withdraw")
    op.update(
        "seal_application",
        found.id,
        {"status": status, "ended_at": op.now},
        was={"status": found.status},
    )
    op.record("seal.withdrawn", found.id, enterprise_id=found.enterprise_id)
    reviewing.close_open(op, subject_id=found.id)
