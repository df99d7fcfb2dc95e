"""The pack itself: everything that was gathered, the authorities' certificates and lists, one signature.

The manifest is signed with the world's log key; the checkpoint of the log is signed too and time-stamped by
the authority, so that nobody, whoever has the database, can make another past later.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.evidence import standalone
from engine.evidence.gathering import Gathered
from engine.evidence.verifier import container
from engine.kernel import vault

README = """证据包 / Evidence pack
======================

本证据包由合同上的电子印章逐项追溯：证书、审核、材料摘要、实名结果、证书密码验证、扫码确认、
付款与发票，并附日志摘录及其证明。个人信息已脱敏或仍为密文；材料仅以摘要出现。

验证（离线，需 Python 3.11 与 cryptography）：
    python verify.py <本文件.zip> --root root.pem --key {key}

From the seal on the page back to certificate, reviews, papers' digests, real-name result, PIN, code,
payment and invoice, with extracts of the log and their proofs. Persons are masked or encrypted.

Verify offline (Python 3.11 and cryptography):
    python verify.py <this file.zip> --root root.pem --key {key}

Take root and key from the platform itself, not from this pack: /w/<world>/ca/root.pem and
/w/<world>/evidence-key.txt. Where a single byte was changed, the verifier names the file and the place.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """What the authorities add: roots, links and lists (DER), and a time-stamp over a digest."""

    roots: Sequence[bytes]
    links: Sequence[bytes]
    lists: Sequence[bytes]
    stamp: Callable[[bytes], bytes] | None


@functools.lru_cache(maxsize=8)
def _key(secret: bytes) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(secret)


def log_key(keyring: vault.Keyring) -> bytes:
    """The public half of the key that signs the log's checkpoints and the packs (32 bytes)."""
    public = _key(keyring.secret("log-signing")).public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(keyring: vault.Keyring, message: bytes) -> bytes:
    """The log's signature of a message (64 bytes)."""
    return _key(keyring.secret("log-signing")).sign(message)


def _numbered(folder: str, found: Sequence[bytes], ending: str) -> dict[str, bytes]:
    distinct = dict.fromkeys(found)
    return {f"{folder}/{at:02d}.{ending}": one for at, one in enumerate(distinct, start=1)}


def pack(
    gathered: Gathered, authorities: Authorities, keyring: vault.Keyring, *, report: bytes = b""
) -> bytes:
    """The ZIP. Equal input gives equal bytes but for the time-stamp. Source: AUD-2."""
    public = log_key(keyring)
    checkpoint = json.dumps({**gathered.checkpoint, "key": public.hex()}, sort_keys=True).encode()
    files = {
        "README.txt": README.format(key=public.hex()).encode(),
        "verify.py": standalone.source().encode(),
        **gathered.files,
        "log/checkpoint.json": checkpoint,
        "log/checkpoint.sig": sign(keyring, checkpoint),
        **_numbered("roots", authorities.roots, "der"),
        **_numbered("authorities", authorities.links, "der"),
        **_numbered("revocation", authorities.lists, "crl"),
    }
    if authorities.stamp is not None:
        files["log/checkpoint.tst"] = authorities.stamp(hashlib.sha256(checkpoint).digest())
    if report:
        files["contract/report.pdf"] = report
    manifest = {
        "format": container.FORMAT,
        "world": gathered.checkpoint["world"],
        "contract": gathered.contract_id,
        "made_at": gathered.checkpoint["made_at"],
        "files": [container.described(path, content) for path, content in files.items()],
    }
    told = json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
    signature = public + sign(keyring, told)
    return container.zipped(
        [
            (path, files[path] if content is None else content)
            for path, content in container.order(manifest, told, signature)
        ]
    )
