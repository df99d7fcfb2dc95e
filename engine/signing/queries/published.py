"""What the public page of a contract tells whoever holds its code: enterprises and seals, no person."""

from __future__ import annotations

from dataclasses import dataclass

from engine.issuing import model as issuing
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.sealing import model as sealing
from engine.signing import model, parties
from engine.signing.queries import contracts
from engine.signing.store import contracts as store
from engine.signing.store import pages


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSignature:
    """A finished signature of the present version: the enterprise, its seal and its certificate."""

    role: str
    enterprise: str
    seal: str
    seal_code: str
    agency: str
    serial_hex: str
    signed_at: int | None
    completed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedParty:
    """A party, and whether it has signed."""

    role: str
    enterprise: str
    status: str
    signed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A document of the contract by its digest, so that a file in hand can be compared with it."""

    sha256: str
    version: int
    revision: int
    pages: int
    level: str
    created_at: int
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedContract:
    """A contract as its public page shows it; `state` is its status, or that its time has run out."""

    number: str
    name: str
    state: str
    version: int
    created_at: int
    ended_at: int | None
    parties: tuple[PublishedParty, ...]
    signatures: tuple[PublishedSignature, ...]
    files: tuple[PublishedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """Where a contract's public page is, on this very site; empty for one from before there were any."""

    address: str


def public_page(q: Reader, contract_id: str) -> PublicPage:
    """Where the code on a contract leads, for who may see the contract. Source: SGN-6.

    Raises: NotFound, MayNot.
    """
    contracts.contract(q, contract_id)
    token = pages.token_of(q, contract_id)
    return PublicPage(address=f"/w/{q.parts.world_id}/v/{token}" if token else "")


def published(q: Reader, token: str) -> PublishedContract:
    """The public page of a contract, for anybody who has its address. Source: SGN-6.

    Raises: NotFound.
    """
    contract_id = pages.contract_of(q, token)
    if contract_id is None:
        raise errors.NotFound(what="contract")
    return of_contract(q, q.get(model.Contract, "contract", contract_id))


def of_contract(q: Reader, found: model.Contract) -> PublishedContract:
    """What a contract's page tells; who may ask is the caller's question."""
    late = parties.expired(q, found)
    return PublishedContract(
        number=found.number,
        name=found.name,
        state=model.EXPIRED if late else found.status.value,
        version=found.version,
        created_at=found.created_at,
        ended_at=found.ended_at,
        parties=tuple(
            PublishedParty(
                role=one.role,
                enterprise=mall.enterprise_of(q, one.mall_account_id).name,
                status=one.status.value,
                signed_at=one.handled_at if one.status is model.PartyStatus.SIGNED else None,
            )
            for one in parties.of_version(q, found)
        ),
        signatures=tuple(_signature(q, one) for one in _finished(q, found)),
        files=_files(q, found),
    )


def _finished(q: Reader, found: model.Contract) -> list[model.ContractSignature]:
    return [
        one
        for one in store.signatures(q, found.id)
        if one.version == found.version and one.status is model.SignatureStatus.COMPLETED
    ]


def _signature(q: Reader, one: model.ContractSignature) -> PublishedSignature:
    certificate = q.get(issuing.Certificate, "certificate", one.certificate_id)
    seal = q.get(sealing.Seal, "seal", one.seal_id)
    return PublishedSignature(
        role=one.role,
        enterprise=mall.enterprise_of(q, one.mall_account_id).name,
        seal=f"seal.kind.{seal.kind}",
        seal_code=seal.code,
        agency=certificate.agency_id,
        serial_hex=certificate.serial_hex,
        signed_at=one.signed_at,
        completed_at=one.completed_at,
    )


def _files(q: Reader, found: model.Contract) -> tuple[PublishedFile, ...]:
    """What carries a signature at least, newest first, and the newest in any case."""
    kept = store.versions(q, found.id)[::-1]
    return tuple(
        PublishedFile(
            sha256=one.digest_hex,
            version=one.version,
            revision=one.revision,
            pages=one.pages,
            level=one.level,
            created_at=one.created_at,
            newest=index == 0,
        )
        for index, one in enumerate(kept)
        if index == 0 or one.signed_by
    )
