"""Titles: added, changed, made the default, deleted several at once (INV-3)."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

from engine.invoicing import model, queries, store
from engine.kernel import errors, identifiers
from engine.kernel.operation import Operation
from engine.pdf import fonts
from engine.policies import model as policies
from engine.registration import queries as people

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"[0-9+() -]{5,24}")
_ACCOUNT = re.compile(r"[0-9]{5,30}")


class TitleKindUnknown(errors.InvalidInput):
    """A title is personal or a company's."""


class TitleNameMissing(errors.InvalidInput):
    """Enter the name of the title."""


class TitleTextTooLong(errors.InvalidInput):
    """This is too long: a name holds at most 100 characters, everything else at most 200."""


class TitleCodeMissing(errors.InvalidInput):
    """A company's title needs its unified social credit code."""


class TitlePhoneInvalid(errors.InvalidInput):
    """This is no telephone number. Enter digits, with the area code of a landline."""


class TitleAccountInvalid(errors.InvalidInput):
    """A bank account is 5 to 30 digits."""


class EmailInvalid(errors.InvalidInput):
    """This is no e-mail address. Check it."""


class TitleExists(errors.Conflict):
    """You have kept this title already. Choose it from the list."""


class TooManyTitles(errors.PolicyRefused):
    """You keep {most} titles, which is the most. Delete one that you do not need any more."""


class OwnTitleFixed(errors.PolicyRefused):
    """Name and code of “{name}” are the enterprise's. They change when the enterprise's particulars do."""


class OwnTitleStays(errors.PolicyRefused):
    """“{name}” is the enterprise's own title, made by the system. It cannot be deleted."""


class TitlesMissing(errors.InvalidInput):
    """Tick at least one title."""


def tidied(kind: str, said: model.Particulars, *, now: int) -> model.Particulars:
    """What a title says, checked and without stray blanks.

    Raises: TitleKindUnknown, TitleNameMissing, TitleTextTooLong, TitleCodeMissing, TitlePhoneInvalid,
    TitleAccountInvalid, EmailInvalid, CreditCodeInvalid, ResidentIdInvalid, CharacterNotDrawable.
    """
    if kind not in model.KINDS:
        raise TitleKindUnknown(field="kind")
    tidy = model.Particulars(**{k: " ".join(v.split()) for k, v in asdict(said).items()})
    if not tidy.name:
        raise TitleNameMissing(field="name")
    for name, value in asdict(tidy).items():
        longest = model.NAME_LONGEST if name == "name" else model.TEXT_LONGEST
        if len(value) > longest:
            raise TitleTextTooLong(field=name)
        fonts.require_drawable(value)
    if tidy.phone and not _PHONE.fullmatch(tidy.phone):
        raise TitlePhoneInvalid(field="phone")
    account = tidy.bank_account.replace(" ", "")
    if account and not _ACCOUNT.fullmatch(account):
        raise TitleAccountInvalid(field="bank_account")
    return replace(
        tidy,
        code=_code(kind, tidy.code, now),
        bank_account=account,
        email=checked_email(tidy.email),
    )


def checked_email(text: str) -> str:
    """An e-mail address, or nothing.

    Raises: EmailInvalid.
    """
    email = text.strip()
    if email and (not _EMAIL.fullmatch(email) or len(email) > model.TEXT_LONGEST):
        raise EmailInvalid(field="email")
    return email


def _code(kind: str, code: str, now: int) -> str:
    """A company's code is checked; a person may leave theirs out, and gives a resident ID number else."""
    if kind == "company":
        if not code:
            raise TitleCodeMissing(field="code")
        return identifiers.credit_code(code)
    return identifiers.resident_id(code, now=now).number if code else ""


def add_title(
    op: Operation,
    *,
    kind: str,
    name: str,
    code: str = "",
    address: str = "",
    phone: str = "",
    bank: str = "",
    bank_account: str = "",
    email: str = "",
    is_default: bool = False,
) -> model.InvoiceTitle:
    """Keep a title among the person's own; with the switch it becomes the default.

    Guide: G-titles-5. Emits: title.added, title.changed.
    Raises: TitleExists, TooManyTitles, and what `tidied` raises.
    """
    where = {"address": address, "phone": phone, "email": email}
    said = model.Particulars(name=name, code=code, bank=bank, bank_account=bank_account, **where)
    return keep(op, kind, said, is_default=is_default)


def keep(
    op: Operation, kind: str, said: model.Particulars, *, is_default: bool = False
) -> model.InvoiceTitle:
    """Keep a title. Composed by an application whose title is to be saved.

    Emits: title.added, title.changed. Raises: TitleExists, TooManyTitles, and what `tidied` raises.
    """
    tidy = tidied(kind, said, now=op.now)
    known = queries.titles(op)
    if any((one.kind, one.name, one.code) == (kind, tidy.name, tidy.code) for one in known):
        raise TitleExists(field="name")
    most = op.policy(policies.InvoiceRules).titles_most
    if sum(not one.own for one in known) >= most:
        raise TooManyTitles(most=most)
    title_id = op.new_id("ttl")
    _clear_default(op, is_default, but=title_id)
    _insert(op, title_id, None, kind, tidy, is_default=is_default)
    op.record("title.added", title_id, kind=kind)
    return queries.title(op, title_id)


def _insert(
    op: Operation,
    title_id: str,
    enterprise_id: str | None,
    kind: str,
    said: model.Particulars,
    *,
    is_default: bool,
) -> None:
    account_id = people.person(op).account_id
    op.insert(
        "invoice_title",
        model.TitleRow(
            id=title_id,
            account_id=account_id,
            enterprise_id=enterprise_id,
            kind=kind,
            details=_sealed(op, account_id, title_id, said),
            is_default=int(is_default),
            created_at=op.now,
            changed_at=op.now,
        ),
    )


def _sealed(op: Operation, account_id: str, title_id: str, said: model.Particulars) -> bytes:
    subject_id = people.account(op, account_id).subject_id
    text = json.dumps(asdict(said), ensure_ascii=False)
    return op.seal(subject_id, f"invoice_title|details|{title_id}", text)


def _clear_default(op: Operation, is_default: bool, *, but: str) -> None:
    """One default at a time: the one that was it is so no more.

    Emits: title.changed.
    """
    if not is_default:
        return
    for row in store.titles_of(op, people.person(op).account_id):
        if row.is_default and row.id != but:
            changes = {"is_default": 0, "changed_at": op.now}
            op.update("invoice_title", row.id, changes, was={"is_default": 1})
            op.record("title.changed", row.id, is_default=False)


def change_title(
    op: Operation,
    *,
    title_id: str,
    kind: str | None = None,
    name: str | None = None,
    code: str | None = None,
    address: str | None = None,
    phone: str | None = None,
    bank: str | None = None,
    bank_account: str | None = None,
    email: str | None = None,
    is_default: bool | None = None,
) -> model.InvoiceTitle:
    """Change a title; what is not given stays. The switch makes it the default, one at a time.

    Of the enterprise's own title name and code stay the enterprise's.
    Guide: G-titles-7. Emits: title.added, title.changed.
    Raises: OwnTitleFixed, TitleExists, NotFound, and what `tidied` raises.
    """
    found = queries.title(op, title_id)
    given = {
        "name": name,
        "code": code,
        "address": address,
        "phone": phone,
        "bank": bank,
        "bank_account": bank_account,
        "email": email,
    }
    was = {one: getattr(found, one) for one in given}
    now = {one: was[one] if value is None else value for one, value in given.items()}
    said = tidied(kind or found.kind, model.Particulars(**now), now=op.now)
    same = (said.name, said.code, kind or found.kind) == (found.name, found.code, found.kind)
    if found.own and not same:
        raise OwnTitleFixed(field="name", name=found.name)
    others = [one for one in queries.titles(op) if one.id != title_id]
    if (kind or found.kind, said.name, said.code) in {(o.kind, o.name, o.code) for o in others}:
        raise TitleExists(field="name")
    _write(op, found, kind or found.kind, said, is_default)
    return queries.title(op, title_id)


def _write(
    op: Operation,
    found: model.InvoiceTitle,
    kind: str,
    said: model.Particulars,
    is_default: bool | None,
) -> None:
    rows = store.titles_of(op, found.account_id)
    row = next((r for r in rows if found.id in (r.id, r.enterprise_id)), None)
    wanted = found.is_default if is_default is None else is_default
    kept = replace(said, name="", code="") if found.own else said
    if row is None:
        title_id = op.new_id("ttl")
        _clear_default(op, wanted, but=title_id)
        _insert(op, title_id, found.enterprise_id, kind, kept, is_default=wanted)
        op.record("title.added", title_id, kind=kind, own=True)
        return
    _clear_default(op, wanted, but=row.id)
    changes = {
        "kind": kind,
        "details": _sealed(op, found.account_id, row.id, kept),
        "is_default": int(wanted),
        "changed_at": op.now,
    }
    op.update("invoice_title", row.id, changes, was={"changed_at": row.changed_at})
    op.record("title.changed", row.id, is_default=wanted)


def delete_titles(op: Operation, *, title_ids: tuple[str, ...]) -> int:
    """Delete titles, all of those that are ticked or none; how many.

    Guide: G-titles-6. Emits: title.deleted. Raises: TitlesMissing, OwnTitleStays, NotFound.
    """
    known = {one.id: one for one in queries.titles(op)}
    chosen = list(dict.fromkeys(title_ids))
    if not chosen:
        raise TitlesMissing(field="title_ids")
    for title_id in chosen:
        if title_id not in known:
            raise errors.NotFound(what="invoice title")
        if known[title_id].own:
            raise OwnTitleStays(field="title_ids", name=known[title_id].name)
    for title_id in chosen:
        op.delete("invoice_title", title_id)
        op.record("title.deleted", title_id)
    return len(chosen)
