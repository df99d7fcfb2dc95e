"""`yinxin samples`: one of every artefact that the product makes, for other people's tools to judge.

What the line leaves behind is taken as it is: nothing here is drawn, signed or issued for show, except
a natural person's certificate, which the same authority issues by its own profile. `manifest.json`
says of every file what it is, and of every PDF what `yinxin verify` finds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from engine.boot import World, tables
from engine.cli import demonstration, shell
from engine.invoicing import queries as invoices
from engine.issuing import queries as issued
from engine.kernel import actors, clock, ids, ports
from engine.kernel.reader import Reader
from engine.pdf import verification
from engine.pki import certificates, keys, timestamping
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from simulations import sample_line
from simulations.people import Person

# The line takes a few simulated minutes; all of it lies in the past when the files are judged.
_BEFORE_MS = clock.HOUR
_YEAR = 365 * clock.DAY
_LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file: its name, what kind of artefact it is, and what is to be said about it."""

    file: str
    kind: str
    about: str
    content: bytes


def take(now_ms: int) -> tuple[list[Sample], x509.Certificate]:
    """Every sample, in a world whose line ended shortly before `now_ms`; and the root."""
    with demonstration.world(now_ms - _BEFORE_MS) as world:
        line = sample_line.run(world)
        # Answers about status are made last, so that they are fresh for whoever asks now.
        demonstration.set_clock(world, now_ms)
        found = [*_authorities(world), *_contracts(line), *_papers(world, line)]
        holder = _certificate(world, line.purchaser)
        found += [*_holders(world, line, holder), *_seal(world, line), *_services(world, holder)]
        contract = next(one for one in found if one.file == "contract-template.pdf")
        found += _timestamp(world, contract)
        return found, world.roots[0]


def _pem(file: str, kind: str, about: str, certificate: x509.Certificate) -> Sample:
    return Sample(file=file, kind=kind, about=about, content=certificates.to_pem(certificate))


def _authorities(world: World) -> Iterator[Sample]:
    yield _pem("root.pem", "root_certificate", "The TEST root, self-signed", world.roots[0])
    for label, agency in world.authorities.agencies.items():
        own = agency.keys
        about = "Issuing authority under the root"
        yield _pem(f"ca-{label}.pem", "ca_certificate", about, own.authority.certificate)
        about = f"OCSP responder of {label}"
        responder = world.authorities.responder(label)
        yield _pem(f"ocsp-{label}.pem", "ocsp_certificate", about, responder)
        about = f"Time-stamping authority of {label}"
        yield _pem(f"tsa-{label}.pem", "tsa_certificate", about, own.tsa.certificate)
        yield Sample(
            file=f"{label}.crl",
            kind="crl",
            about=f"Certificate revocation list of {label} (DER)",
            content=world.authorities.crl(label),
        )
    yield Sample(
        file="root.crl",
        kind="crl",
        about="Certificate revocation list of the root (DER)",
        content=world.authorities.crl("root"),
    )


def _certificate(world: World, person: Person) -> x509.Certificate:
    found = world.engine.ask(issued.certificate, sample_line.SETUP, person.certificate_id)
    return x509.load_der_x509_certificate(found.der or b"")


def _holders(world: World, line: sample_line.Line, holder: x509.Certificate) -> Iterator[Sample]:
    yield _pem(
        "enterprise.pem",
        "enterprise_certificate",
        f"{line.purchaser.identity.enterprise}, issued by {demonstration.AGENCY}",
        holder,
    )
    now = world.engine.now()
    key = keys.generate(ids.system_entropy)
    name = line.purchaser.identity.name
    der = world.ports.agencies[demonstration.AGENCY].issue(
        ports.CertificateRequest(
            serial=certificates.serial_from(ids.system_entropy),
            profile="individual",
            applicant=ports.Applicant(common_name=name),
            public_key=keys.public_to_der(key.public_key()),
            not_before=now - clock.HOUR,
            not_after=now + _YEAR,
        )
    )
    yield _pem(
        "person.pem",
        "person_certificate",
        f"{name}, a natural person, issued by {demonstration.AGENCY}",
        certificates.from_bytes(der),
    )


def _pdf(file: str, kind: str, about: str, content: bytes) -> Sample:
    return Sample(file=file, kind=kind, about=about, content=content)


def _contracts(line: sample_line.Line) -> Iterator[Sample]:
    draft, first, final = line.template_contract
    yield _pdf("contract-draft.pdf", "contract", "From the template, before signing", draft)
    yield _pdf("contract-template.pdf", "contract", "From the template, both parties", final)
    yield _pdf(
        "contract-b-t.pdf",
        "contract",
        "The purchaser's signature as it was before the revocation data were added",
        before_validation_info(first),
    )
    uploaded, _, signed = line.uploaded_contract
    yield _pdf("upload.pdf", "uploaded_document", "As it was uploaded", uploaded)
    yield _pdf("contract-upload.pdf", "contract", "Uploaded, both parties", signed)


def before_validation_info(document: bytes) -> bytes:
    """A B-LT document with one signature, without the revision that made it B-LT of a B-T."""
    start = document.rindex(b"/ByteRange")
    numbers = document[document.index(b"[", start) + 1 : document.index(b"]", start)].split()
    return document[: int(numbers[2]) + int(numbers[3])]


def _papers(world: World, line: sample_line.Line) -> Iterator[Sample]:
    engine, person = world.engine, line.purchaser
    applicant = actors.Person(account_id=str(person.me()["account_id"]), device_id="")
    for invoice in engine.ask(invoices.mine, applicant):
        red = invoice.reverses is not None
        name = "red" if red else invoice.kind
        about = f"Red letter about {invoice.reverses_number}" if red else "Invoice"
        yield _pdf(
            "invoice.pdf" if name == "ordinary" else f"invoice-{name}.pdf",
            "invoice",
            f"{about} {invoice.number} ({invoice.order_kind}, {invoice.kind})",
            engine.ask(invoices.document, applicant, invoice.id),
        )
    yield _pdf(
        "application-form.pdf",
        "application_form",
        "Application for a contract seal, to be stamped",
        engine.ask(
            seals.application_form, applicant, person.enterprise_id, sealing.SealKind.CONTRACT
        ),
    )
    yield _pdf(
        "letter-of-authorization.pdf",
        "letter_of_authorization",
        "The enterprise authorizes its handler",
        sample_line.letter(person, engine.now()),
    )


def _pictures(q: Reader, seal: sealing.Seal) -> tuple[bytes, bytes]:
    return q.blob(seal.svg_blob_id or ""), q.blob(seal.png_blob_id or "")


def _seal(world: World, line: sample_line.Line) -> Iterator[Sample]:
    ask = world.engine.ask
    seal = ask(seals.seal, sample_line.SETUP, line.purchaser.seal_id)
    svg, png = ask(_pictures, sample_line.SETUP, seal)
    about = f"{seal.name}, number {seal.code}"
    ses = seal.ses or b""
    yield Sample(file="seal.ses", kind="seal", about=f"{about} (GB/T 38540, DER)", content=ses)
    yield Sample(file="seal.png", kind="seal_picture", about=about, content=png)
    yield Sample(file="seal.svg", kind="seal_picture", about=about, content=svg)


def _services(world: World, holder: x509.Certificate) -> Iterator[Sample]:
    label = demonstration.AGENCY
    issuer = world.authorities.agencies[label].keys.authority.certificate
    # As `openssl ocsp` asks, so that it can compare the answer with a question of its own.
    asked = ocsp.OCSPRequestBuilder().add_certificate(holder, issuer, hashes.SHA1()).build()
    query = asked.public_bytes(serialization.Encoding.DER)
    about = "Whether enterprise.pem is revoked"
    yield Sample(file="ocsp-request.der", kind="ocsp_request", about=about, content=query)
    yield Sample(
        file="ocsp-response.der",
        kind="ocsp_response",
        about=f"{about}; good for ten minutes",
        content=world.authorities.ocsp(label, query),
    )


def _timestamp(world: World, contract: Sample) -> list[Sample]:
    digest = hashlib.sha256(contract.content).digest()
    nonce = int.from_bytes(ids.system_entropy(8), "big")
    query = timestamping.make_query(digest, nonce)
    return [
        Sample(
            file="contract.tsq",
            kind="timestamp_query",
            about=f"Over the SHA-256 of {contract.file}",
            content=query,
        ),
        Sample(
            file="contract.tsr",
            kind="timestamp_response",
            about="The answer to contract.tsq",
            content=world.authorities.timestamp(query),
        ),
    ]


def entry(sample: Sample, root: x509.Certificate, now_ms: int) -> dict[str, Any]:
    """What the manifest says of a file; level and signers for PDFs."""
    told: dict[str, Any] = {
        "file": sample.file,
        "kind": sample.kind,
        "about": sample.about,
        "sha256": hashlib.sha256(sample.content).hexdigest(),
    }
    if sample.file.endswith(".pdf"):
        found = verification.verify(sample.content, roots=[root], at_ms=now_ms)
        levels = sorted((one.level for one in found.signatures), key=_LEVELS.index)
        told |= {
            "level": levels[0] if levels else None,
            "signers": [one.signer_name for one in found.signatures],
            "verdict": found.verdict,
            "reasons": list(found.reasons),
        }
    return told


def write(out: Path, now_ms: int) -> dict[str, Any]:
    """Write every sample and the manifest; the manifest.

    Raises: FileUnusable.
    """
    found, root = take(now_ms)
    out.mkdir(parents=True, exist_ok=True)
    for sample in found:
        shell.write(out / sample.file, sample.content)
    manifest = {
        "product": "yinxin",
        "engine_version": tables.ENGINE_VERSION,
        "made_at": now_ms,
        "root": "root.pem",
        "files": [entry(sample, root, now_ms) for sample in found],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    shell.write(out / "manifest.json", text.encode())
    return manifest
