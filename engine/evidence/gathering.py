"""What stands behind the signatures on a contract, link by link, and the extracts of the log that say so.

Persons appear as the pseudonyms that their ids are, and in the story masked; what is encrypted in the
tables stays so in the log's extracts. Papers are there by their digests alone.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.evidence import linking, merkle, store
from engine.evidence.verifier.links import folded
from engine.evidence.verifier.tree import leaf, line
from engine.issuing import model as issuing
from engine.kernel.reader import Reader
from engine.sealing import model as sealing
from engine.signing import model as signing
from engine.signing import queries as contracts

# Columns that a record repeats from the log; what is encrypted or of no matter here is left out.
COLUMNS: dict[str, tuple[str, ...]] = {
    "contract": ("number", "status", "version", "total_fen", "currency", "created_at", "ended_at"),
    "contract_version": ("contract_id", "version", "revision", "digest_hex", "pages", "level"),
    "contract_signature": (
        *("contract_id", "version", "role", "certificate_id", "seal_id", "status"),
        *("digest_hex", "account_id", "created_at", "signed_at", "completed_at"),
    ),
    "certificate": (
        *("order_id", "agency_id", "kind", "profile", "status", "serial_hex", "not_before"),
        *("not_after", "enterprise_id", "product", "activated_at", "revoked_at"),
    ),
    "certificate_order": (
        *("number", "enterprise_id", "agency_id", "years", "amount_fen", "status"),
        *("platform_approved_by", "agency_approved_by", "paid_at", "created_at"),
    ),
    "payment": ("order_id", "amount_fen", "status", "trade_no", "created_at", "paid_at"),
    "invoiced_order": ("order_id", "invoice_id"),
    "invoice": ("kind", "amount_fen", "tax_fen", "total_fen", "status", "number", "issued_at"),
    "seal": (
        *("application_id", "enterprise_id", "kind", "code", "agency_id", "status"),
        *("width_mm", "height_mm", "valid_from", "valid_to", "made_at"),
    ),
    "seal_application": ("enterprise_id", "kind", "agency_id", "status", "reviewed_by", "ended_at"),
    "enterprise": ("name", "uscc", "status"),
    "enterprise_claim": ("enterprise_id", "uscc", "status", "first_approved_by", "decided_at"),
    "real_name_proof": ("account_id", "way", "status", "purpose", "decided_at"),
    "review_case": (
        *("kind", "subject_id", "status", "maker", "approved_by", "decided_at", "decided_by"),
        *("evidence", "opened_at"),
    ),
    "case_approval": ("case_id", "staff", "approved_at", "evidence"),
    "ticket": (
        *("purpose", "kind", "payload", "status", "created_at", "expires_at", "scanned_at"),
        *("confirmed_at", "account_id", "device_id"),
    ),
}
# Their events would tell of other matters: their rows are taken, not what else happened to them.
_ROWS_ONLY = frozenset(("enterprise", "account"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything of a pack but its certificates and lists: files by path, and the agencies to ask."""

    contract_id: str
    files: dict[str, bytes]
    agencies: tuple[str, ...]
    checkpoint: dict[str, Any]


def _told(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _extracts(q: Reader, ids: linking.Ids) -> tuple[list[list[Any]], merkle.Tree]:
    """The events that tell of these rows, and the tree over the whole log."""
    wanted = {one for table, rows in ids.items() if table not in _ROWS_ONLY for one in rows}
    rows = {(table, one) for table, found in ids.items() for one in found}
    leaves, chosen = [], []
    signed: set[str] = set()
    for columns in itertools.chain.from_iterable(store.log(q.connection)):
        leaves.append(leaf(line(columns)))
        subject, body = columns[7], columns[8]
        about = subject in wanted and not columns[5].startswith(("pin.", "message."))
        if not about and any(one in body for one in wanted | ids.get("enterprise", set())):
            told = json.loads(body).get("rows", [])
            about = any((table, row_id) in rows for table, row_id, _ in told)
        if columns[5] == "signature.signed" and subject in wanted:
            signed.add(columns[2])
        if about or columns[5] == "pin.proved":
            chosen.append(columns)
    # Of the PIN only what belongs to these signatures; anything else is the person's own affair.
    kept = [one for one in chosen if one[5] != "pin.proved" or one[2] in signed]
    return kept, merkle.Tree.of(leaves)


def _records(events: list[list[Any]], ids: linking.Ids) -> list[dict[str, Any]]:
    rows = folded([{"columns": one} for one in events])
    return [
        {"table": table, "id": row_id, "row": {c: row[c] for c in COLUMNS[table] if c in row}}
        for table in COLUMNS
        for row_id in sorted(ids.get(table, ()))
        if (row := rows.get((table, row_id))) is not None
    ]


def gather(q: Reader, contract_id: str) -> Gathered:
    """The pack of a contract's newest document, without what the authorities add.

    Raises: NotFound, MayNot for who may not see the contract.
    """
    contract = contracts.contract(q, contract_id)
    version = contracts.newest(q, contract_id)
    done = [
        one
        for one in contracts.signatures(q, contract_id)
        if one.version == contract.version and one.status is signing.SignatureStatus.COMPLETED
    ]
    ids: linking.Ids = {"contract": {contract.id}, "contract_version": {version.id}}
    links = [linking.link(q, one, ids) for one in done]
    events, tree = _extracts(q, ids)
    for link in links:
        link["signed_event"], link["pin_event"] = _acts(events, link["signature"])
    chain = {
        "contract": contract.id,
        "number": contract.number,
        "name": contract.name,
        "version": version.id,
        "signatures": links,
    }
    proved = [{"columns": one, "proof": [p.hex() for p in tree.path(one[0] - 1)]} for one in events]
    objects, agencies = _objects(q, done)
    return Gathered(
        contract_id=contract.id,
        files={
            "contract/contract.pdf": q.blob(version.blob_id),
            "chain.json": _told(chain),
            "records.json": _told(_records(events, ids)),
            "papers.json": _told(list(linking.papers(q, ids))),
            "log/events.json": _told(proved),
            **objects,
        },
        agencies=agencies,
        checkpoint={
            "world": q.parts.world_id,
            "size": tree.size,
            "root": tree.root().hex(),
            "made_at": q.now,
        },
    )


def _acts(events: list[list[Any]], signature_id: str) -> tuple[int, int]:
    """The events of a signature and of the PIN that was proved with it, by their numbers."""
    for signed in events:
        if signed[5] == "signature.signed" and signed[7] == signature_id:
            proved = (one[0] for one in events if one[5] == "pin.proved" and one[2] == signed[2])
            return signed[0], next(proved, 0)
    return 0, 0


def _objects(
    q: Reader, done: Sequence[signing.ContractSignature]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The certificates and the seals themselves, and the agencies of the certificates."""
    files, agencies = {}, []
    for one in done:
        certificate = q.get(issuing.Certificate, "certificate", one.certificate_id)
        seal = q.get(sealing.Seal, "seal", one.seal_id)
        files[f"certificates/{certificate.id}.der"] = certificate.der or b""
        files[f"seals/{seal.id}.ses"] = seal.ses or b""
        if seal.svg_blob_id:
            files[f"seals/{seal.id}.svg"] = q.blob(seal.svg_blob_id)
        agencies.append(certificate.agency_id)
    return files, tuple(dict.fromkeys(agencies))
