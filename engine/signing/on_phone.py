"""Contracts on the phone: what waits there, what a scanned code asks to sign, page by page (SGN-3).

What a phone shows of a ticket are the pages of the very document whose digest the ticket carries, with the
seal on it already: what is seen is what is signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import codec, errors
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import signing
from engine.registration import queries as people
from engine.signing import model, queries
from engine.uploads import viewing


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneContract:
    """A contract as a member of one of its parties sees it on the phone.

    `to_sign` says that an enterprise of the person can sign it now, with a code on the PC's screen.
    """

    id: str
    number: str
    name: str
    platform_id: str
    state: str
    total_fen: int
    currency: str
    signing_date: str
    sign_by: int | None
    parties: tuple[model.PartyShown, ...]
    pages: int
    document_id: str
    to_sign: bool


def contract_on_phone(q: Reader, subject_id: str) -> PhoneContract:
    """A contract by its id, or by that of one of its parties as a message names it.

    Raises: NotFound.
    """
    contract_id = subject_id
    if subject_id.startswith("pty_"):
        contract_id = str(q.value("contract_party", subject_id, "contract_id"))
    found = queries.contract(q, contract_id)
    mine = {one.id for one in people.enterprises_of(q, people.person(q).account_id)}
    document = queries.newest(q, found.id)
    parties = tuple(queries.contract_parties(q, found.id))
    return PhoneContract(
        id=found.id,
        number=found.number,
        name=found.name,
        platform_id=found.platform_id,
        state=queries.row(q, found).state,
        total_fen=found.total_fen,
        currency=found.currency,
        signing_date=found.signing_date,
        sign_by=found.sign_by,
        parties=parties,
        pages=document.pages,
        document_id=document.id,
        to_sign=any(
            one.turn and mall.enterprise_of(q, one.mall_account_id).id in mine for one in parties
        ),
    )


def ticket_page(q: Reader, ticket_id: str, page: int, place: int = 0, small: bool = False) -> bytes:
    """A page (PNG) of what a ticket asks to sign, for who holds it: of the document at this place, from 0.

    Raises: NotFound, NoSuchPage, TooHeavy, TooBusy.
    """
    found, _ = queries.signatures_of_ticket(q, ticket_id)
    if not 0 <= place < len(found) or found[place].prepared_blob_id is None:
        raise errors.NotFound(what="document")
    kept = q.blob(found[place].prepared_blob_id or "")
    prepared = signing.Prepared(**codec.load(kept.decode()))
    width = viewing.SMALL if small else viewing.LARGE
    return viewing.page_picture(prepared.document, page, width=width)
