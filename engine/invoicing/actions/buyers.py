"""To whom an application is made out: a title that is entered, chosen, or taken without asking."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from engine.invoicing import model, queries
from engine.invoicing.actions import titles
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.pdf import fonts
from engine.registration import queries as people

_REMARKS_LONGEST = 200


class TitleMissing(errors.InvalidInput):
    """Choose a title, or enter one. You can keep it for the next time."""


class RemarksTooLong(errors.InvalidInput):
    """Remarks hold at most 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """To whom an application is made out: where the title came from, and what it says."""

    kind: str
    said: model.Particulars
    payers_own: bool


def buyer_of(
    op: Operation, payer: model.Billable, title_id: str, given: model.GivenTitle | None
) -> Buyer:
    """The title that was entered, chosen, or is taken without asking."""
    if given is not None:
        said = _said(given)
        tidy = titles.tidied(given.kind, said, now=op.now)
        own = queries.own_title(op, payer.enterprise_id)
        same = own is not None and (own.name, own.code) == (tidy.name, tidy.code)
        if given.save_title and not same:
            _save(op, given.kind, said)
        personal = payer.enterprise_id is None and given.kind == "personal"
        return Buyer(kind=given.kind, said=tidy, payers_own=same or personal)
    wanted = (
        queries.title(op, title_id) if title_id else queries.default_title(op, payer.enterprise_id)
    )
    if wanted is None:
        raise TitleMissing(field="title_id")
    return Buyer(
        kind=wanted.kind, said=_said(wanted), payers_own=queries.is_payers_own(payer, wanted)
    )


def _said(one: model.GivenTitle | model.InvoiceTitle) -> model.Particulars:
    return model.Particulars(
        name=one.name,
        code=one.code,
        address=one.address,
        phone=one.phone,
        bank=one.bank,
        bank_account=one.bank_account,
        email=one.email,
    )


def _save(op: Operation, kind: str, said: model.Particulars) -> None:
    """Keep the title of an application, where the person has not kept the same one already."""
    tidy = titles.tidied(kind, said, now=op.now)
    known = {(one.kind, one.name, one.code) for one in queries.titles(op)}
    if (kind, tidy.name, tidy.code) not in known:
        titles.keep(op, kind, said)


def checked_remarks(text: str) -> str:
    """Remarks without stray blanks, which can be printed.

    Raises: RemarksTooLong, CharacterNotDrawable.
    """
    tidy = " ".join(text.split())
    if len(tidy) > _REMARKS_LONGEST:
        raise RemarksTooLong(field="remarks")
    fonts.require_drawable(tidy)
    return tidy


def sealed(
    op: Operation, account_id: str, invoice_id: str, title_kind: str, said: model.Details
) -> bytes:
    """What was given with an application as its column keeps it; a company's name and code stand beside."""
    values = asdict(said)
    if title_kind == "company":
        values |= {"name": "", "code": ""}
    text = json.dumps(values, ensure_ascii=False)
    subject_id = people.account(op, account_id).subject_id
    return op.seal(subject_id, f"invoice|details|{invoice_id}", text, "evidence")
