"""What a pack says, checked link by link: documents, seals, certificates, the log, the confirmation."""

from __future__ import annotations

import datetime
import hashlib
import json
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from engine.evidence.verifier.container import Pack
from engine.evidence.verifier.der import whole
from engine.evidence.verifier.signatures import Trust, open_cms, open_token, verify_value
from engine.evidence.verifier.tree import leaf, line, root_of

Line = tuple[bool, str, str]


def _moment(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC)


def log_lines(pack: Pack, trust: Trust) -> list[Line]:
    """The checkpoint is signed and time-stamped, and every event of the pack is below its root."""
    signed = pack.files["log/checkpoint.json"]
    checkpoint = json.loads(signed)
    lines: list[Line] = []
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(pack.key)
        key.verify(pack.files["log/checkpoint.sig"], signed)
        lines.append((True, "log/checkpoint.json", f"signed, {checkpoint['size']} events"))
    except InvalidSignature:
        lines.append((False, "log/checkpoint.json", "its signature does not hold"))
    if "log/checkpoint.tst" in pack.files:
        lines.append(_stamped(pack.files["log/checkpoint.tst"], signed, trust))
    root = bytes.fromhex(checkpoint["root"])
    wrong, events = [], json.loads(pack.files["log/events.json"])
    for one in events:
        path = [bytes.fromhex(text) for text in one["proof"]]
        at = one["columns"][0] - 1
        if root_of(leaf(line(one["columns"])), at, checkpoint["size"], path) != root:
            wrong.append(str(one["columns"][0]))
    if wrong:
        lines.append((False, "log/events.json", f"not in the log: events {', '.join(wrong)}"))
    else:
        lines.append((True, "log/events.json", f"{len(events)} events are in the log"))
    return lines


def _stamped(token: bytes, content: bytes, trust: Trust) -> Line:
    name = "log/checkpoint.tst"
    try:
        moment, signed = open_token(token, content)
    except (ValueError, KeyError, IndexError) as problem:
        return False, name, str(problem)
    untrusted = trust.problem(signed.signer, moment)
    return not untrusted, name, untrusted or f"time-stamped at {moment:%Y-%m-%dT%H:%M:%SZ}"


def seal_line(
    name: str, seal: bytes, signer: x509.Certificate | None, trust: Trust, at: int
) -> Line:
    try:
        info, certificate, _, value = whole(seal).children()
        maker = x509.load_der_x509_certificate(certificate.content)
        if not verify_value(maker, value.content[1:], info.raw, hashes.SHA256):
            return False, name, "the seal maker's signature does not hold"
        untrusted = trust.problem(maker, _moment(at))
        if untrusted:
            return False, name, untrusted
        listed = {
            node.children()[1].content for node in info.children()[2].children()[3].children()
        }
        if signer is not None:
            own = hashlib.sha256(signer.public_bytes(Encoding.DER)).digest()
            if own not in listed:
                return False, name, "the signer's certificate is not on the seal's list"
    except (ValueError, IndexError) as problem:
        return False, name, f"the seal cannot be read: {problem}"
    return True, name, "made by its maker for this certificate"


def pdf_signatures(content: bytes) -> list[tuple[bytes, bytes]]:
    """The signed bytes and the CMS of each signature of a PDF, oldest first."""
    found = {}
    for match in re.finditer(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", content):
        first, length, second, rest = (int(n) for n in match.groups())
        if first or not length < second <= second + rest <= len(content):
            raise ValueError("a byte range leads out of the file")
        value = bytes.fromhex(content[length + 1 : second - 1].decode("ascii"))
        found[second + rest] = (content[:length] + content[second : second + rest], value)
    return [found[end] for end in sorted(found)]


def _is_token(cms: bytes) -> bool:
    """Whether a signature is a document time-stamp: one that carries its own content."""
    inside = whole(cms).children()[1].children()[0].children()[2]
    return len(inside.children()) > 1


def _signature_lines(where: str, content: bytes, cms: bytes, trust: Trust) -> list[Line]:
    if _is_token(cms):
        moment, stamp = open_token(cms, content)
        problem = trust.problem(stamp.signer, moment)
        return [(not problem, where, problem or f"time-stamp of {moment:%Y-%m-%dT%H:%M:%SZ}")]
    signed, lines, proved = open_cms(cms, content), [], None
    for token in signed.tokens:
        proved, stamp = open_token(token, signed.value)
        problem = trust.problem(stamp.signer, proved)
        if problem:
            lines.append((False, f"{where}, time-stamp", problem))
    if proved is None:
        return [*lines, (False, where, "no time-stamp proves when it was made")]
    problem = trust.problem(signed.signer, proved)
    told = f"{signed.signer.subject.rfc4514_string()} at {proved:%Y-%m-%dT%H:%M:%SZ}"
    return [*lines, (not problem, where, problem or told)]


def document_lines(pack: Pack, trust: Trust) -> list[Line]:
    """Every signature on the contract: digest, value, chain, and the time-stamp that proves its instant."""
    name, lines = "contract/contract.pdf", []
    try:
        for index, (content, cms) in enumerate(pdf_signatures(pack.files[name]), start=1):
            lines += _signature_lines(f"{name}, signature {index}", content, cms, trust)
    except (ValueError, KeyError, IndexError) as problem:
        lines.append((False, name, str(problem)))
    return lines
