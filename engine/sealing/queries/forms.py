"""The application form to print and stamp, and what a seal's picture is made of."""

from __future__ import annotations

from engine.kernel import clock
from engine.kernel.reader import Reader
from engine.pdf import typeset
from engine.registration import queries as people
from engine.sealing import model, store
from engine.sealing.queries import offers

_REASON = "电子合同及其他电子文件签署"


def form_number(q: Reader, enterprise_id: str | None, account_id: str, kind: str) -> str:
    """The number on a form of today: day, whose, and kind; its end tells whether a scan is of this form."""
    today = clock.civil_date(q.now)
    return f"YZ-{today:%Y%m%d}-{form_number_ends(q, enterprise_id, account_id, kind)}"


def form_number_ends(q: Reader, enterprise_id: str | None, account_id: str, kind: str) -> str:
    """What a form's number ends with, on whatever day it was printed."""
    whose = people.enterprise(q, enterprise_id).uscc if enterprise_id else account_id.upper()
    return f"{whose[-6:]}-{kind}"


def application_form(q: Reader, enterprise_id: str, kind: str, name: str = "") -> bytes:
    """The form to print and stamp (印章申请书, PDF), for the enterprise's administrator (SEA-1).

    Without an enterprise it is a person's, for a seal of their own. Without a name the usual one stands
    on it. Raises: NotAMember, KindNotOffered, SealExists, NoIndividualCertificate, CharacterNotDrawable.
    """
    account_id = people.person(q).account_id
    if enterprise_id:
        people.require_member(q, enterprise_id, offers.ADMINISTRATOR)
    offers.require_offered(q, enterprise_id, account_id, kind)
    chosen = name.strip() or offers.usual_name(q, enterprise_id, account_id, kind)
    return _rendered(q, enterprise_id or None, account_id, kind, chosen)


def change_form(q: Reader, seal_id: str, name: str = "") -> bytes:
    """The form to print and stamp for a change of a seal, for its administrator or its person (SEA-3).

    Raises: NotFound, NotAMember, CharacterNotDrawable.
    """
    found = q.get(model.Seal, "seal", seal_id)
    offers.require_keeper(q, found)
    account_id = people.person(q).account_id
    return _rendered(q, found.enterprise_id, account_id, found.kind, name.strip() or found.name)


def _rendered(q: Reader, enterprise_id: str | None, account_id: str, kind: str, name: str) -> bytes:
    number = form_number(q, enterprise_id, account_id, kind)
    if enterprise_id:
        enterprise = people.enterprise(q, enterprise_id)
        whose, uscc = enterprise.name, enterprise.uscc
        full = name if name.startswith(whose) else whose + name
    else:
        whose, uscc, full = people.person_name(q, account_id), "—", name
    return typeset.render(
        "seal_application",
        {
            "issued_at": q.now,
            "number": number,
            "qr_text": number,
            "enterprise": whose,
            "uscc": uscc,
            "seal_kind": offers.label(q, kind),
            "seal_name": full,
            "applicant": people.person_name(q, account_id),
            "phone": people.person_phone(q, account_id),
            "reason": _REASON,
            "applied_on": f"{clock.civil_date(q.now):%Y年%m月%d日}",
        },
    )


def specimen(q: Reader, seal: model.Seal) -> bytes:
    """The picture that a signature's seal is made from: its application's own, or the enterprise's."""
    asked = asked_for(q, seal)
    if asked.form_blob_id:
        return q.blob(asked.form_blob_id)
    return people.specimen(q, seal.enterprise_id or "")


def asked_for(q: Reader, seal: model.Seal) -> model.SealApplication:
    """The application that holds what a seal's picture is made of.

    A seal that was made again has its picture from where the one before it had it.
    """
    asked = q.get(model.SealApplication, "seal_application", seal.application_id)
    while asked.purpose == "remake" and asked.replaces and not _has_its_own(asked):
        before = q.get(model.Seal, "seal", asked.replaces)
        asked = q.get(model.SealApplication, "seal_application", before.application_id)
    return asked


def _has_its_own(asked: model.SealApplication) -> bool:
    return bool(asked.form_blob_id or asked.strokes_blob_id or asked.impression_blob_id)


def applications_for(q: Reader, seal_id: str) -> list[model.SealApplication]:
    """The open applications that would put another seal in this one's place."""
    return store.open_for(q, seal_id)
