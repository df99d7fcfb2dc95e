"""Vectors of divided keys that the phone's JavaScript is held to: `split_rsa_vectors.json`.

`python -m tests.support.split_vectors` writes it; a test compares it with what the engine makes.
"""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path
from typing import Any

import gmpy2

from engine.kernel import challenges, ids
from engine.pki import splitting
from engine.pki.splitting import phone, primes

FILE = Path(__file__).parent / "split_rsa_vectors.json"
PIN, NEW_PIN, WRONG_PIN = "280517", "739164", "280518"
_COSTS = (splitting.Cost(memory_kib=65_536, passes=3), splitting.Cost(memory_kib=64, passes=1))


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _blob(share: int, pin: str, salt: bytes, cost: splitting.Cost) -> dict[str, Any]:
    return {
        "pin": pin,
        "salt_hex": salt.hex(),
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": 1,
        "blob_hex": splitting.hidden(share, pin, salt, cost).hex(),
    }


def _messages(material: bytes) -> dict[str, Any]:
    """Canonical bytes that both sides make; the arguments beside what comes of them."""
    nonce, digest = bytes(range(16)), bytes(range(32))
    ticket: dict[str, Any] = {
        "ticket_id": "tkt_1",
        "purpose": "bind",
        "kind": "platform",
        "platform_id": "guangzheng",
        "payload": {
            "title": "广东省阳光采购平台 “测试”/\\\u007f",
            "login": "a\tb",
            "enterprise": "𠮷野家",
        },
        "created_at": 1_780_272_000_000,
    }
    made = challenges.of_ticket(**ticket, nonce_hash=digest)
    return {
        "request": {
            "order_id": "ord_1",
            "scheme": "split_rsa",
            "key_base64": _b64(material),
            "message_base64": _b64(
                challenges.of_request(order_id="ord_1", scheme="split_rsa", key=material)
            ),
        },
        "try": {
            "certificate_id": "crt_1",
            "nonce_hex": nonce.hex(),
            "message_base64": _b64(challenges.of_try(certificate_id="crt_1", nonce=nonce)),
        },
        "activation": {
            "certificate_id": "crt_1",
            "certificate_digest_hex": digest.hex(),
            "message_base64": _b64(
                challenges.of_activation(certificate_id="crt_1", certificate_digest=digest)
            ),
        },
        "pin_change": {
            "certificate_id": "crt_1",
            "try_id": "try_1",
            "message_base64": _b64(
                challenges.of_pin_change(certificate_id="crt_1", try_id="try_1")
            ),
        },
        "ticket": {**ticket, "nonce_hash_hex": digest.hex(), "message_base64": _b64(made)},
    }


def make() -> dict[str, Any]:
    """All of it, from fixed bytes."""
    entropy = ids.seeded(20261128, "split RSA vectors")
    p, q = primes.pair(primes.floor_of(1 << (splitting.MODULUS_BITS - 1)), entropy)
    modulus, modulus_lambda = p * q, math.lcm(p - 1, q - 1)
    d = int(gmpy2.invert(splitting.EXPONENT, modulus_lambda))
    share, server_share = splitting.divide(d, modulus_lambda, splitting.MODULUS_BITS, entropy)
    made = phone.PhoneKey(modulus=modulus, share=share, server_share=server_share)
    server = splitting.make_server_key(modulus, entropy)
    message = b"yinxin vector"
    size = splitting.PHONE_SHARE_BYTES
    following = [int.from_bytes(entropy(size), "big") for _ in range(2)]
    refreshes = []
    for new in (*following, min(share, *following) // 3):
        change = (new - share).to_bytes(size + 1, "big", signed=True)
        after = splitting.refreshed(server_share, change)
        assert after is not None
        refreshes.append(
            {
                "new_share_hex": f"{new:0{2 * size}x}",
                "refresh_hex": change.hex(),
                "server_share_after_hex": f"{after:x}",
            }
        )
    signature = splitting.complete(server, server_share, message, made.signs(message))
    assert signature is not None
    return {
        "about": (
            "Integers are big-endian hex. EM: EMSA-PKCS1-v1_5 of SHA-256, 512 bytes. phone share:"
            " uniform over 280 bytes. server_share = d - phone_share + turns * lambda, with"
            " 2^2304 <= turns * lambda < 2^2305 + lambda. half = EM^phone_share mod n1, 256 bytes."
            " blob = share XOR Argon2id(pin, salt, 280 bytes out). refresh = new share - old share,"
            " two's complement in 281 bytes. The old share stays good until a proof with the new one"
            " has come: keep the old blob until the act's answer says that it was done, then write the"
            " new one in its place. Between asking for a certificate and its answer keep the blob and n1"
            " alone; after a crash ask again with the same n1, no share and no proof, and make a new key"
            " where that is refused. Never store primes, d1, the server's share, a half or a refresh:"
            " each of them beside the blob tells a right PIN from a wrong one."
        ),
        "exponent": splitting.EXPONENT,
        "p1_hex": f"{p:x}",
        "q1_hex": f"{q:x}",
        "n1_hex": f"{modulus:x}",
        "lambda_hex": f"{modulus_lambda:x}",
        "d1_hex": f"{d:x}",
        "phone_share_hex": f"{share:0{2 * size}x}",
        "turns_hex": f"{(server_share + share - d) // modulus_lambda:x}",
        "server_share_hex": f"{server_share:x}",
        "message_base64": _b64(message),
        "encoded_hex": f"{splitting.encoded(message):01024x}",
        "half_base64": _b64(made.signs(message)),
        "p2_hex": f"{server.p:x}",
        "q2_hex": f"{server.q:x}",
        "public_key_base64": _b64(server.public_key),
        "signature_base64": _b64(signature),
        "blobs": [
            _blob(share, pin, bytes([number] * 16), cost)
            for number, (pin, cost) in enumerate(
                (pin, cost) for cost in _COSTS for pin in (PIN, NEW_PIN)
            )
        ],
        "wrong_pin": WRONG_PIN,
        "refreshes": refreshes,
        "messages": _messages(made.material),
    }


def text() -> str:
    """As it is written down."""
    return json.dumps(make(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
