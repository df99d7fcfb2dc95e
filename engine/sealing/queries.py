"""Seals as their enterprise, its reviewers and the stages above may see them."""

from __future__ import annotations

import hashlib

from engine.issuing import model as issuing
from engine.kernel import actors, catalog, clock, errors, identifiers, notes, texts
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import typeset
from engine.registration import model as registration
from engine.registration import pictures
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.sealing import model, store
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "a seal stands on an application that was made": (
        "SELECT s.id FROM seal s JOIN seal_application a ON a.id = s.application_id"
        " WHERE a.status <> 'made' OR a.enterprise_id <> s.enterprise_id"
    ),
    "an active seal is a signed object": (
        "SELECT id FROM seal WHERE status NOT IN ('making', 'deleted')"
        " AND (ses IS NULL OR certificates = '[]')"
    ),
}


SPECIMEN = "signature_specimen"


class KindNotOffered(errors.InvalidInput):
    """This kind of seal cannot be applied for here."""


class NotYourSeal(errors.PolicyRefused):
    """This seal and this certificate do not belong together. Choose a seal of the same enterprise."""


class SealNotUsable(errors.PolicyRefused):
    """This seal cannot be used now: it is {status}."""


class CertificateNotListed(errors.PolicyRefused):
    """This seal is being signed anew for your certificate. Try again in a moment."""


def certificate_digest(der: bytes) -> str:
    """How a seal names a certificate: SHA-256 in hexadecimal."""
    return hashlib.sha256(der).hexdigest()


def _require_sight(q: Reader, enterprise_id: str) -> None:
    """Members, the enterprise's own mall accounts and entitled staff see its seals.

    Raises: NotAMember, NotFound, MayNot.
    """
    if isinstance(q.actor, actors.Person):
        people.require_member(q, enterprise_id)
    elif isinstance(q.actor, actors.MallAccount):
        if mall.signed_in(q).enterprise_id != enterprise_id:
            raise errors.NotFound(what="seal")
    elif isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, anywhere=True)


def seal(q: Reader, seal_id: str) -> model.Seal:
    """One seal, as somebody of its enterprise, entitled staff, or the platform itself.

    Raises: NotFound, NotAMember, MayNot.
    """
    found = q.get(model.Seal, "seal", seal_id)
    _require_sight(q, found.enterprise_id)
    return found


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Seal]:
    """An enterprise's seals, newest first.

    Raises: NotAMember, NotFound, MayNot.
    """
    _require_sight(q, enterprise_id)
    return store.of_enterprise(q, enterprise_id)


def applications_of(q: Reader, enterprise_id: str) -> list[model.SealApplication]:
    """An enterprise's applications, newest first.

    Raises: NotAMember, NotFound, MayNot.
    """
    _require_sight(q, enterprise_id)
    return store.applications_of(q, enterprise_id)


def application(q: Reader, application_id: str) -> model.ApplicationDetail:
    """One application, and why it was rejected, for its enterprise's members and entitled staff.

    Raises: NotFound, NotAMember, MayNot.
    """
    found = q.get(model.SealApplication, "seal_application", application_id)
    _require_sight(q, found.enterprise_id)
    return model.ApplicationDetail(application=found, reasons=people.reasons_told(q, found.reasons))


def by_code(q: Reader, code: str) -> model.Seal | None:
    """The seal with this 13-digit code.

    Raises: NotAMember, NotFound, MayNot.
    """
    found = store.by_code(q, code)
    if found is not None:
        _require_sight(q, found.enterprise_id)
    return found


def require_offered(q: Reader, enterprise_id: str, kind: model.SealKind) -> None:
    """A kind that is applied for, or one of the first three whose application was rejected.

    Raises: KindNotOffered.
    """
    newest = store.newest_application(q, enterprise_id, kind)
    rejected = newest is not None and newest.status is model.ApplicationStatus.REJECTED
    if kind not in model.APPLIED_FOR and not rejected:
        raise KindNotOffered(field="kind")


def specimen(q: Reader, seal: model.Seal) -> bytes:
    """The picture that a signature's seal is made from: its application's own, or the enterprise's."""
    asked = q.get(model.SealApplication, "seal_application", seal.application_id)
    if asked.form_blob_id:
        return q.blob(asked.form_blob_id)
    return people.specimen(q, seal.enterprise_id)


def application_form(q: Reader, enterprise_id: str, kind: model.SealKind) -> bytes:
    """The form to print and stamp (印章申请书, PDF), for the enterprise's administrator.

    Raises: NotAMember, KindNotOffered, CharacterNotDrawable.
    """
    member = people.require_member(q, enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    require_offered(q, enterprise_id, kind)
    enterprise = people.enterprise(q, enterprise_id)
    today = clock.civil_date(q.now)
    return typeset.render(
        "seal_application",
        {
            "issued_at": q.now,
            "number": f"YZ-{today:%Y%m%d}-{enterprise.uscc[-6:]}",
            "enterprise": enterprise.name,
            "uscc": enterprise.uscc,
            "seal_kind": model.LABELS[kind],
            "seal_name": enterprise.name + model.LABELS[kind],
            "applicant": people.person_name(q, member.account_id),
            "phone": people.person_phone(q, member.account_id),
            "reason": "电子合同签署",
            "applied_on": f"{today:%Y年%m月%d日}",
        },
    )


def require_usable(q: Reader, seal_id: str, certificate: issuing.Certificate) -> model.Seal:
    """The seal, which this certificate must be allowed to use now.

    Raises: NotYourSeal, SealNotUsable, CertificateNotListed.
    """
    found = q.get(model.Seal, "seal", seal_id)
    if found.enterprise_id != certificate.enterprise_id:
        raise NotYourSeal()
    if not found.usable(q.now):
        raise SealNotUsable(status=found.status.value)
    if certificate_digest(certificate.der or b"") not in found.certificates:
        raise CertificateNotListed()
    return found


def _kind_told(kind: model.SealKind) -> catalog.Text:
    code = f"seal.kind.{kind}"
    return catalog.Text(zh=texts.of_code(code, "zh_CN"), en=texts.of_code(code, "en"))


def _sheet(q: Reader, application_id: str) -> reviewing.Sheet:
    found = q.get(model.SealApplication, "seal_application", application_id)
    enterprise = people.enterprise(q, found.enterprise_id)
    fields: tuple[reviewing.SheetField, ...] = (
        reviewing.SheetField(name="enterprise", label="Enterprise name", value=enterprise.name),
        reviewing.SheetField(
            name="uscc", label="Unified social credit code", value=enterprise.uscc
        ),
        reviewing.SheetField(name="kind", label="Kind of seal", value=_kind_told(found.kind)),
        reviewing.SheetField(name="name", label="Name on the seal", value=found.name),
        cases.masked(
            q,
            "applicant",
            label="Applicant",
            whole=people.person_name(q, found.account_id),
            mask=identifiers.masked_name,
        ),
    )
    papers: tuple[reviewing.Paper, ...] = ()
    signature = found.kind is model.SealKind.SIGNATURE
    if found.form_blob_id and not signature:
        papers = (cases.paper(q, "form", "Stamped application form", found.form_blob_id),)
    elif signature:
        kept = found.form_blob_id or registration.blob_of(
            people.particulars(q, enterprise.id).papers, SPECIMEN
        )
        papers = (cases.paper(q, SPECIMEN, "Specimen of the signature", kept),) if kept else ()
    if found.kind in model.PERSONAL:
        person = identifiers.masked_name(people.representative(q, enterprise.id))
        fields += (
            reviewing.SheetField(
                name="legal_representative", label="Legal representative", value=person
            ),
        )
    checks = (
        reviewing.Check(
            label="The name on the seal is the enterprise's own",
            ok=found.name == model.name_of(found.kind, enterprise.name),
        ),
        reviewing.Check(
            label="No living seal of this kind exists",
            ok=store.living(q, found.enterprise_id, found.kind) is None,
        ),
        *([pictures.check(q, [found.form_blob_id])] if found.form_blob_id else []),
    )
    return reviewing.Sheet(fields=fields, papers=papers, checks=checks)


def follows(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[model.Follow]:
    """What a change of particulars does to an enterprise's seals: told before, and carried out by."""
    found = []
    for kind, field in model.MADE_ANEW_AFTER.items():
        if field not in changed:
            continue
        asked = store.open_application(q, enterprise_id, kind)
        living = store.living(q, enterprise_id, kind)
        if asked is not None:
            fate, subject = model.Fate.CARRIED_OVER, asked.id
        elif living is not None and living.status is model.SealStatus.MAKING:
            fate, subject = model.Fate.CARRIED_OVER, living.id
        elif living is not None:
            fate, subject = model.Fate.MADE_ANEW, living.id
        elif kind in model.FIRST:
            fate, subject = model.Fate.ORDERED, enterprise_id
        else:
            continue
        found.append(model.Follow(kind=kind, fate=fate, subject=subject))
    return found


def consequences(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[notes.Note]:
    """What a person is told of `follows` before they confirm a change (ENT-4)."""
    return [
        notes.Note(
            code=f"consequence.seal_{one.fate}",
            subject=one.subject,
            params={"kind": f"seal.kind.{one.kind}"},
        )
        for one in follows(q, enterprise_id, changed)
    ]


def review_sheet_seal(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the seal reviewer compares."""
    return _sheet(q, subject_id)


def review_sheet_seal_making(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the seal maker compares before making."""
    return _sheet(q, subject_id)


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: applications for a seal that have not ended."""
    return [
        notes.Note(code="blocker.seal_application_open", subject=one.id, params={"name": one.name})
        for one in store.open_applications(q, account_id)
    ]
