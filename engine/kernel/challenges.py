"""What a phone's keys sign: canonical bytes that both sides make for themselves.

A signature over these bytes is good for one act only: they name the act and everything it depends on.
Beside them stands the proof of work that asking for many codes costs.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Mapping
from typing import Any

from engine.kernel import codec


def of_ticket(
    *,
    ticket_id: str,
    purpose: str,
    kind: str,
    platform_id: str,
    nonce_hash: bytes,
    payload: Mapping[str, str],
    created_at: int,
) -> bytes:
    """The whole of a QR ticket, so that nothing of it can be exchanged."""
    bound = {
        "ticket": ticket_id,
        "purpose": purpose,
        "kind": kind,
        "platform": platform_id,
        "browser": nonce_hash,
        "payload": dict(payload),
        "created_at": created_at,
    }
    return b"yinxin ticket\n" + codec.canonical(bound).encode()


def of_scanned(ticket: Mapping[str, Any], *, purpose: str = "") -> bytes:
    """The same of a ticket as a phone was told it when it scanned (for its own purpose, or another one)."""
    return of_ticket(
        ticket_id=ticket["id"],
        purpose=purpose or ticket["purpose"],
        kind=ticket["kind"],
        platform_id=ticket["platform_id"],
        nonce_hash=base64.b64decode(ticket["nonce_hash"]),
        payload=ticket["payload"],
        created_at=ticket["created_at"],
    )


def of_request(*, order_id: str, scheme: str, key: bytes) -> bytes:
    """Proof of possession: a new key asks for the certificate of an order.

    `key` is what the phone hands over of it: its modulus (big-endian) of a divided key, the
    SubjectPublicKeyInfo of a whole one.
    """
    bound = {"order": order_id, "scheme": scheme, "key": key}
    return b"yinxin certificate request\n" + codec.canonical(bound).encode()


def of_try(*, certificate_id: str, nonce: bytes) -> bytes:
    """A phone asks to try a PIN: the device's key signs it, and no nonce is good twice."""
    bound = {"certificate": certificate_id, "nonce": nonce}
    return b"yinxin PIN try\n" + codec.canonical(bound).encode()


def of_pin_change(*, certificate_id: str, try_id: str) -> bytes:
    """The holder gives a certificate's key another PIN."""
    bound = {"certificate": certificate_id, "try": try_id}
    return b"yinxin PIN change\n" + codec.canonical(bound).encode()


def of_activation(*, certificate_id: str, certificate_digest: bytes) -> bytes:
    """The certificate has arrived on its phone and its PIN is set."""
    return (
        b"yinxin activation\n"
        + codec.canonical({"certificate": certificate_id, "digest": certificate_digest}).encode()
    )


def of_encryption_share(*, certificate_id: str, try_id: str) -> bytes:
    """The holder takes the phone's share of an encryption key onto the phone that proves this."""
    bound = {"certificate": certificate_id, "try": try_id}
    return b"yinxin encryption share\n" + codec.canonical(bound).encode()


def of_opening(*, certificate_id: str, value: bytes) -> bytes:
    """The holder has something decrypted: the very value that both halves are made of."""
    bound = {"certificate": certificate_id, "value": hashlib.sha256(value).digest()}
    return b"yinxin opening\n" + codec.canonical(bound).encode()


def of_file_opening(*, ticket: bytes, certificate_id: str, value: bytes) -> bytes:
    """The holder has a file's key opened for the browser of a ticket: its whole challenge is bound."""
    bound = {
        "ticket": hashlib.sha256(ticket).digest(),
        "certificate": certificate_id,
        "value": hashlib.sha256(value).digest(),
    }
    return b"yinxin file opening\n" + codec.canonical(bound).encode()


def solved(challenge: str, bits: int, answer: str) -> bool:
    """Whether an answer is the work asked for: SHA-256 with so many leading zero bits."""
    digest = hashlib.sha256(f"{challenge}.{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def solve(challenge: str, bits: int) -> str:
    """Do the work: about 2 ** bits hashes, 4 ms for 12 bits."""
    for number in itertools.count():
        if solved(challenge, bits, str(number)):
            return str(number)
    raise AssertionError("counting never ends")
