"""Signing messages as Standard Webhooks 1.0.0 says (symmetric, `v1`), and checking them.

What is signed is `id.timestamp.body`, the timestamp in seconds; a secret is `whsec_` and 24 to 64 bytes in
base64. While a secret is being changed there are two signatures, and one that fits is enough.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from engine.integrating.model import SECRET_PREFIX

SECRET_BYTES = 32
TOLERANCE_S = 5 * 60


def text_of(secret: bytes) -> str:
    """A secret as its holder gets it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def secret_of(text: str) -> bytes:
    """The bytes of a secret as its holder has it; empty where it is none."""
    try:
        return base64.b64decode(text.strip().removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        return b""


def signature(secret: bytes, message_id: str, timestamp: int, body: str) -> str:
    """One signature of a message."""
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def headers(message_id: str, body: str, secrets: Sequence[bytes], *, now: int) -> Mapping[str, str]:
    """The headers of a message that is sent at `now` (milliseconds), signed with each secret."""
    timestamp = now // 1000
    return {
        "content-type": "application/json",
        "user-agent": "Yinxin-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, message_id, timestamp, body) for secret in secrets
        ),
    }


def verified(given: Mapping[str, str], body: str, secrets: Sequence[bytes], *, now: int) -> bool:
    """Whether a message is from who holds one of these secrets, and sent within five minutes of `now`."""
    message_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(now // 1000 - int(timestamp)) > TOLERANCE_S:
        return False
    offered = given.get("webhook-signature", "").split()
    return any(
        hmac.compare_digest(signature(secret, message_id, int(timestamp), body), one)
        for secret in secrets
        for one in offered
    )
