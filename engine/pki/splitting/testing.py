"""Known answers: before the first use of a process the arithmetic shows that it is right.

What is compared was made once, checked by OpenSSL, and written down here; a build whose big numbers come
out otherwise does not get to sign.
"""

from __future__ import annotations

import functools
import hashlib

from cryptography import exceptions
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from engine.kernel import errors, ids
from engine.pki.splitting import camouflage, phone, server, shares

_MESSAGE = b"yinxin known answer"
_KNOWN = "6e9fb67abe2198bf5632703624a5a4af945eee7c20c6816e5b209832d8625d6f"
_COST = camouflage.Cost(memory_kib=64, passes=1)


def answer() -> str:
    """One key made, hidden, opened and used, all from fixed bytes; the digest of what came out."""
    entropy = ids.seeded(0, "split RSA known answer")
    made = phone.make_phone_key(entropy)
    key = server.make_server_key(made.modulus, entropy)
    salt = bytes(camouflage.SALT_BYTES)
    sealed = camouflage.hidden(made.share, "280517", salt, _COST)
    share = camouflage.shown(sealed, "280517", salt, _COST)
    given = shares.half(shares.encoded(_MESSAGE), share, made.modulus).to_bytes(
        shares.MODULUS_BITS // 8, "big"
    )
    signature = server.complete(key, made.server_share, _MESSAGE, given) or b""
    return hashlib.sha256(key.public_key + sealed + given + signature).hexdigest()


def _by_another() -> bool:
    """Whether OpenSSL's own RSA accepts a signature of ours and refuses it over anything else."""
    entropy = ids.seeded(0, "split RSA known answer")
    made = phone.make_phone_key(entropy)
    key = server.make_server_key(made.modulus, entropy)
    signature = server.complete(key, made.server_share, _MESSAGE, made.signs(_MESSAGE))
    public = serialization.load_der_public_key(key.public_key)
    if signature is None or not isinstance(public, rsa.RSAPublicKey):
        return False
    try:
        public.verify(signature, _MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    except exceptions.InvalidSignature:
        return False
    wrong = (int.from_bytes(made.signs(_MESSAGE), "big") ^ 1).to_bytes(256, "big")
    return server.complete(key, made.server_share, _MESSAGE, wrong) is None


@functools.cache
def self_test() -> None:
    """The known answers, once in a process.

    Raises: ConfigurationError, which stops whatever wanted to use a divided key.
    """
    if answer() != _KNOWN or not _by_another():
        raise errors.ConfigurationError(
            file="gmpy2", problem="its big numbers are not what they were known to be"
        )
