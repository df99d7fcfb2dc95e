"""A private key that is in two places, for builders that ask an object to sign: CSR, certificate, CRL.

`cryptography`'s builders take any `RSAPrivateKey`; this one has no private numbers, and signs by asking
both sides for their halves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding as paddings
from cryptography.hazmat.primitives.asymmetric import rsa

from engine.kernel import errors


class NotInOnePlace(errors.PolicyRefused):
    """This key is divided between a phone and the server; no one place can give it out or use it."""


class DividedKey(rsa.RSAPrivateKey):
    """An RSA key whose signature both sides make together."""

    def __init__(self, public_key: rsa.RSAPublicKey, signs: Callable[[bytes], bytes]) -> None:
        self._public_key = public_key
        self._signs = signs

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        """PKCS#1 v1.5 over SHA-256, the one kind that both sides make."""
        if not isinstance(padding, paddings.PKCS1v15) or not isinstance(algorithm, hashes.SHA256):
            raise NotInOnePlace
        return self._signs(bytes(data))

    def public_key(self) -> rsa.RSAPublicKey:
        """The whole public key."""
        return self._public_key

    @property
    def key_size(self) -> int:
        """Its width in bits."""
        return self._public_key.key_size

    def decrypt(self, ciphertext: Any, padding: Any) -> NoReturn:
        """Refused: it only signs."""
        raise NotInOnePlace

    def private_numbers(self) -> NoReturn:
        """Refused: nobody has them."""
        raise NotInOnePlace

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:
        """Refused: nobody has them."""
        raise NotInOnePlace

    def __copy__(self) -> DividedKey:
        return self

    def __deepcopy__(self, memo: Any) -> DividedKey:
        return self
