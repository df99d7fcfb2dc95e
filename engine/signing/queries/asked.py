"""What a phone signs and shows of it, and how a batch and the validation of a contract stand."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import archiving
from engine.scanning import model as tickets_model
from engine.scanning import queries as tickets
from engine.signing import model, parties, store
from engine.signing.queries import contracts


def signatures_of_ticket(q: Reader, ticket_id: str) -> tuple[list[model.ContractSignature], str]:
    """The signatures that a ticket is for, in their order, and the certificate, for who holds the ticket.

    Raises: NotFound.
    """
    payload = tickets.for_phone(q, ticket_id).payload
    if batch_id := payload.get("batch", ""):
        found = store.of_batch(q, batch_id)
    else:
        signature_id = payload.get("signature", "")
        found = [q.get(model.ContractSignature, "contract_signature", signature_id)]
    if not found:
        raise errors.NotFound(what="signature")
    return found, found[0].certificate_id


def to_be_signed(q: Reader, ticket_id: str) -> list[bytes]:
    """The CMS signed attributes (DER) that a phone signs for a ticket it holds: one for each document.

    Raises: NotFound.
    """
    found, _ = signatures_of_ticket(q, ticket_id)
    made = [one.attributes for one in found if one.attributes is not None]
    if len(made) != len(found):
        raise errors.NotFound(what="document")
    return made


def asked_to_sign(q: Reader, ticket_id: str) -> list[model.ToSign]:
    """The contracts that a ticket is for, as the phone shows them, in the order of their signing.

    Raises: NotFound.
    """
    found, _ = signatures_of_ticket(q, ticket_id)
    return [_to_sign(q, one) for one in found]


def _to_sign(q: Reader, one: model.ContractSignature) -> model.ToSign:
    # Who holds the ticket was sent for by a party, and may be no member of the other's enterprise.
    contract = q.get(model.Contract, "contract", one.contract_id)
    version = store.newest_version(q, contract.id)
    names = store.names(q, contract.id)
    if version is None or names is None:
        raise errors.NotFound(what="document")
    return model.ToSign(
        contract_id=contract.id,
        number=contract.number,
        title=contract.name,
        pages=version.pages,
        total_fen=contract.total_fen,
        currency=contract.currency,
        purchaser=names.purchaser,
        supplier=names.supplier,
        digest=one.digest_hex,
    )


def sent_to_me(q: Reader) -> list[tickets_model.Ticket]:
    """The tickets that were sent to this phone and wait for it, newest first (密码登录).

    Raises: NotPermitted.
    """
    if not isinstance(q.actor, actors.Person):
        raise errors.NotPermitted()
    found = [
        one
        for one in tickets.held_by(q, q.actor.account_id)
        if one.purpose is tickets_model.Purpose.SIGN
        and one.status is tickets_model.TicketStatus.SCANNED
        and tickets_model.StepUp.SENT in one.step_up.split(",")
        and one.device_id == q.actor.device_id
        and not one.expired(q.now)
    ]
    return sorted(found, key=lambda one: one.created_at, reverse=True)


def signature(q: Reader, signature_id: str) -> model.ContractSignature:
    """One signature, as the party that asked for it may see it.

    Raises: NotFound.
    """
    found = q.get(model.ContractSignature, "contract_signature", signature_id)
    contracts.contract(q, found.contract_id)
    return found


def signing_batch(q: Reader, batch_id: str) -> model.BatchShown:
    """A batch as the account that asked for it sees it.

    Raises: NotFound.
    """
    batch = q.get(model.SigningBatch, "signing_batch", batch_id)
    if isinstance(q.actor, actors.MallAccount) and batch.mall_account_id != mall.signed_in(q).id:
        raise errors.NotFound(what="batch")
    found = store.of_batch(q, batch.id)
    prepared = model.SignatureStatus.PREPARED
    return model.BatchShown(
        batch=batch,
        signatures=tuple(found),
        ready=all(one.status is prepared for one in found),
    )


def validation(q: Reader, contract_id: str) -> model.ValidationLevel:
    """How far a contract's document can be validated, for who may see it; `pending`: more is being added.

    Raises: NotFound.
    """
    found = contracts.contract(q, contract_id)
    version = store.newest_version(q, contract_id)
    reached = version.level if version is not None else ""
    wanted = wanted_level(q, found)
    archived = None
    if version is not None and reached == model.Level.B_LTA:
        newest = archiving.newest(q.blob(version.blob_id))
        archived = newest.authority_until if newest is not None else None
    return model.ValidationLevel(
        reached=reached,
        wanted=found.level,
        pending=bool(reached) and model.below(reached, wanted),
        archived_until=archived,
    )


def wanted_level(q: Reader, found: model.Contract) -> str:
    """How far a contract's document should be validated now: archived once every party has signed."""
    if found.level == model.Level.B_LTA and parties.unsigned(q, found):
        return model.Level.B_LT
    return found.level
