"""An account as entitled staff see it: masked, with what hangs on it (PI-3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.kernel import identifiers, vault
from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.queries.accounts import account
from engine.registration.store import closing as closings
from engine.staffing import queries as staffing
from engine.staffing.model import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """The facts of an account's record page. What was destroyed at cancellation is empty."""

    account: model.Account
    phone: str
    name: str
    resident_id: str
    devices: int
    sessions: int
    enterprises: tuple[tuple[model.Enterprise, model.MemberRole], ...]
    closing: model.Closing | None


def account_record(q: Reader, account_id: str) -> AccountRecord:
    """One account for its record page.

    Raises: MayNot, NotFound.
    """
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    found = account(q, account_id)
    members = (
        (one, store.membership(q, one.id, account_id))
        for one in store.enterprises_of(q, account_id)
    )
    return AccountRecord(
        account=found,
        phone=_masked(q, found, "phone", identifiers.masked_phone),
        name=_masked(q, found, "name", identifiers.masked_name),
        resident_id=_masked(q, found, "resident_id", identifiers.masked_id),
        devices=len(store.devices_of(q, account_id)),
        sessions=len(store.sessions_of(q, account_id)),
        enterprises=tuple((one, member.role) for one, member in members if member is not None),
        closing=closings.newest_closing(q, account_id),
    )


def _masked(q: Reader, found: model.Account, column: str, mask: Callable[[str], str]) -> str:
    sealed: bytes | None = getattr(found, column)
    if sealed is None:
        return ""
    try:
        return mask(q.open(found.subject_id, f"account|{column}|{found.id}", sealed))
    except vault.Destroyed:
        return ""
