"""From the seal back to everything behind it: each record follows from the log, and leads to the next."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from engine.evidence.verifier.chain import Line, seal_line
from engine.evidence.verifier.container import Pack
from engine.evidence.verifier.signatures import Trust, verify_value

Rows = dict[tuple[str, str], dict[str, Any]]


def folded(events: list[dict[str, Any]]) -> Rows:
    """The rows that events tell of, as they stood after the last of them."""
    rows: Rows = {}
    for one in events:
        for table, row_id, values in json.loads(one["columns"][8]).get("rows", []):
            if values is None:
                rows.pop((table, row_id), None)
            else:
                rows.setdefault((table, row_id), {}).update(values)
    return rows


def _records(pack: Pack, rows: Rows) -> tuple[Rows, list[Line]]:
    """The pack's records, each compared with what the log says of it."""
    found: Rows = {}
    wrong = []
    for record in json.loads(pack.files["records.json"]):
        key = (record["table"], record["id"])
        told = rows.get(key, {})
        if any(told.get(column) != value for column, value in record["row"].items()):
            wrong.append(f"{key[0]} {key[1]}")
        found[key] = record["row"]
    if wrong:
        return found, [(False, "records.json", f"otherwise in the log: {', '.join(wrong)}")]
    return found, [(True, "records.json", f"{len(found)} records are what the log says")]


def _leads(records: Rows, chain: dict[str, Any]) -> list[str]:
    """Where the chain does not lead from one record to the next."""
    broken = []

    def follow(table: str, row_id: str, column: str, wanted: str) -> None:
        if records.get((table, row_id), {}).get(column) != wanted:
            broken.append(f"{table} {row_id}: {column} is not {wanted}")

    follow("contract_signature", chain["signature"], "certificate_id", chain["certificate"])
    follow("contract_signature", chain["signature"], "seal_id", chain["seal"])
    follow("contract_signature", chain["signature"], "contract_id", chain["contract"])
    follow("certificate", chain["certificate"], "order_id", chain["order"])
    follow("certificate", chain["certificate"], "enterprise_id", chain["enterprise"])
    follow("seal", chain["seal"], "application_id", chain["application"])
    follow("seal", chain["seal"], "enterprise_id", chain["enterprise"])
    follow("certificate_order", chain["order"], "enterprise_id", chain["enterprise"])
    for payment in chain["payments"]:
        follow("payment", payment, "order_id", chain["order"])
    for invoiced, invoice in chain["invoices"]:
        follow("invoiced_order", invoiced, "order_id", chain["order"])
        follow("invoiced_order", invoiced, "invoice_id", invoice)
    for claim in chain["claims"]:
        follow("enterprise_claim", claim, "enterprise_id", chain["enterprise"])
    for proof in chain["proofs"]:
        follow("real_name_proof", proof, "account_id", chain["account"])
        follow("real_name_proof", proof, "status", "matched")
    for case, subject in chain["cases"]:
        follow("review_case", case, "subject_id", subject)
    return broken


def _pin(chain: dict[str, Any], events: dict[int, list[Any]]) -> str:
    """Whether the PIN was proved in the very operation that signed."""
    proved, signed = events.get(chain["pin_event"]), events.get(chain["signed_event"])
    if proved is None or signed is None:
        return "the events of PIN and signature are not there"
    if proved[5] != "pin.proved" or proved[7] != chain["certificate"]:
        return "the PIN that was proved is another certificate's"
    if signed[5] != "signature.signed" or signed[7] != chain["signature"]:
        return "the event of the signature is another one's"
    return "" if proved[2] == signed[2] else "the PIN was proved for something else"


def _ticket(pack: Pack, chain: dict[str, Any], records: Rows, signer: x509.Certificate) -> str:
    """Whether the code that was scanned was for this document, and what the phone signed is its own."""
    row = records.get(("contract_signature", chain["signature"]), {})
    attributes = base64.b64decode(chain["attributes"])
    value = base64.b64decode(chain["value"])
    if not verify_value(signer, value, attributes, hashes.SHA256):
        return "what the phone signed is not this document"
    if bytes.fromhex(row.get("digest_hex", "")) not in attributes:
        return "the document that was shown is not the one that was signed"
    if not chain["ticket"]:
        return "no code is known"
    ticket = records.get(("ticket", chain["ticket"]["id"]), {})
    told = json.dumps(ticket.get("payload"), ensure_ascii=False)
    if not any(one in told for one in (chain["signature"], chain["ticket"]["batch"]) if one):
        return "the code was for something else"
    confirmation = chain["ticket"]["confirmation"]
    if confirmation:
        challenge = base64.b64decode(chain["ticket"]["challenge"])
        signed = base64.b64decode(confirmation)
        if not verify_value(signer, signed, challenge, hashes.SHA256):
            return "the confirmation of the code does not hold"
    return ""


def _one(
    pack: Pack, chain: dict[str, Any], records: Rows, events: dict[int, list[Any]], trust: Trust
) -> list[Line]:
    name = f"chain.json, {chain['role']}"
    certificate = f"certificates/{chain['certificate']}.der"
    signer = x509.load_der_x509_certificate(pack.files[certificate])
    broken = _leads(records, chain)
    lines: list[Line] = [(not broken, name, "; ".join(broken) or "every record leads to the next")]
    row = records.get(("certificate", chain["certificate"]), {})
    same = int(row.get("serial_hex", "0"), 16) == signer.serial_number
    lines.append((same, certificate, "is the record's" if same else "is another certificate"))
    lines.append(
        seal_line(
            f"seals/{chain['seal']}.ses",
            pack.files[f"seals/{chain['seal']}.ses"],
            signer,
            trust,
            chain["signed_at"],
        )
    )
    problem = _pin(chain, events)
    lines.append((not problem, f"{name}, PIN", problem or "proved in the operation that signed"))
    problem = _ticket(pack, chain, records, signer)
    lines.append((not problem, f"{name}, code", problem or "shown and signed on the phone"))
    return lines


def link_lines(pack: Pack, trust: Trust) -> list[Line]:
    """Every link of the chain, for each signature."""
    told = json.loads(pack.files["log/events.json"])
    events = {one["columns"][0]: one["columns"] for one in told}
    records, lines = _records(pack, folded(told))
    chain = json.loads(pack.files["chain.json"])
    digest = hashlib.sha256(pack.files["contract/contract.pdf"]).hexdigest()
    version = records.get(("contract_version", chain["version"]), {})
    same = version.get("digest_hex") == digest
    lines.append((same, "contract/contract.pdf", "is the kept one" if same else "is another one"))
    for one in chain["signatures"]:
        lines += _one(pack, one, records, events, trust)
    return lines
