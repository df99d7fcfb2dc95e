"""A person's titles, opened for themselves alone, and the enterprise's own (INV-3)."""

from __future__ import annotations

import json
from dataclasses import asdict

from engine.invoicing import model, store
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.registration import model as registration
from engine.registration import queries as people


def opened(q: Reader, row: model.TitleRow) -> model.Particulars:
    """What a kept title says, in the clear."""
    subject_id = people.account(q, row.account_id).subject_id
    text = q.open(subject_id, f"invoice_title|details|{row.id}", row.details)
    return model.Particulars(**json.loads(text))


def titles(q: Reader) -> list[model.InvoiceTitle]:
    """The person's titles: each enterprise's own, made by the system, then those they keep, newest first.

    Guide: G-titles-4.
    """
    me = people.person(q).account_id
    rows = store.titles_of(q, me)
    added = {row.enterprise_id: row for row in rows if row.enterprise_id is not None}
    own = [
        _own(q, me, one, added.get(one.id))
        for one in people.enterprises_of(q, me)
        if one.status is registration.EnterpriseStatus.ACTIVE
    ]
    return own + [_kept(q, row) for row in rows if row.enterprise_id is None]


def title(q: Reader, title_id: str) -> model.InvoiceTitle:
    """One of the signed-in person's titles.

    Raises: NotFound.
    """
    for one in titles(q):
        if one.id == title_id:
            return one
    raise errors.NotFound(what="invoice title")


def default_title(q: Reader, enterprise_id: str | None) -> model.InvoiceTitle | None:
    """The title that is taken without asking: the person's default, else the payer's own."""
    found = titles(q)
    chosen = [one for one in found if one.is_default]
    own = [one for one in found if one.own and one.id == enterprise_id]
    return next(iter([*chosen, *own]), None)


def own_title(q: Reader, enterprise_id: str | None) -> model.InvoiceTitle | None:
    """The enterprise's own title, for a person who belongs to it."""
    return next((one for one in titles(q) if one.own and one.id == enterprise_id), None)


def _own(
    q: Reader, account_id: str, enterprise: registration.Enterprise, row: model.TitleRow | None
) -> model.InvoiceTitle:
    """The enterprise's own: name and code are the enterprise's, as they are now."""
    said = model.Particulars() if row is None else opened(q, row)
    values = {**asdict(said), "name": enterprise.name, "code": enterprise.uscc}
    return model.InvoiceTitle(
        id=enterprise.id,
        account_id=account_id,
        enterprise_id=enterprise.id,
        kind="company",
        is_default=row is not None and bool(row.is_default),
        own=True,
        **values,
    )


def _kept(q: Reader, row: model.TitleRow) -> model.InvoiceTitle:
    return model.InvoiceTitle(
        id=row.id,
        account_id=row.account_id,
        enterprise_id=None,
        kind=row.kind,
        is_default=bool(row.is_default),
        own=False,
        **asdict(opened(q, row)),
    )
