"""How keys of each scheme are taken in and used: one interface, whatever the mathematics.

A scheme of two halves, such as RSA of four primes here or two-party SM2 beside it, differs in what the
server keeps and in how a half becomes a signature. The PIN, the tries, the tables and the acts are the
same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from engine.issuing import model, store
from engine.kernel import errors
from engine.kernel.ids import Entropy
from engine.kernel.operation import AlreadyTaken, Operation
from engine.pki import keys, splitting


class KeyKindRefused(errors.InvalidInput):
    """This kind of key is not certified here. Make the key anew with the app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that a phone handed in. `server_key` and `share` are empty of a key that is whole."""

    public_key: bytes
    modulus: bytes = b""
    server_key: bytes = field(default=b"", repr=False)
    share: int = field(default=0, repr=False)


class KeyKnown(errors.Conflict):
    """This key was used for a certificate before. The app makes a new one."""


class RefreshRefused(errors.InvalidInput):
    """The key's new share does not belong to the old one. Enter the certificate PIN again."""


class KeyScheme(Protocol):
    """What the engine asks of a scheme."""

    def taken_in(self, material: bytes, server_share: bytes, entropy: Entropy) -> NewKey:
        """What a phone handed in, checked, with the server's own part made."""

    def possessed(self, made: NewKey, message: bytes, proof: bytes) -> bool:
        """Whether the phone holds its part: `proof` is its half over `message`."""

    def keep(self, op: Operation, certificate_id: str, made: NewKey) -> None:
        """Keep the server's part beside the certificate."""

    def is_same(self, q: Operation, known: model.Certificate, material: bytes) -> bool:
        """Whether a certificate was asked for with this very key."""

    def signatures(
        self,
        op: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> tuple[bytes, ...] | None:
        """The ordinary signatures over these messages; None where one of the phone's halves is none.

        All of them or nothing, with one share, which moves once.
        """

    def recognizes(
        self,
        q: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> bool:
        """Whether the phone's halves are right; nothing is signed and no share moves."""


class SplitRsa:
    """RSA-4096 of four primes, two on each side (`engine.pki.splitting`)."""

    def taken_in(self, material: bytes, server_share: bytes, entropy: Entropy) -> NewKey:
        """Raises: ModulusRefused, ShareRefused, ConfigurationError."""
        splitting.self_test()
        modulus = splitting.require_modulus(material)
        share = splitting.require_share(server_share)
        made = splitting.make_server_key(modulus, entropy)
        return NewKey(
            public_key=made.public_key, modulus=material, server_key=made.to_bytes(), share=share
        )

    def possessed(self, made: NewKey, message: bytes, proof: bytes) -> bool:
        """The two halves must make a signature."""
        key = splitting.ServerKey.from_bytes(made.server_key)
        return splitting.complete(key, made.share, message, proof) is not None

    def keep(self, op: Operation, certificate_id: str, made: NewKey) -> None:
        """Sealed, outside the log. Raises: KeyKnown."""
        try:
            store.keep_shares(
                op,
                certificate_id,
                modulus=made.modulus,
                server_key=made.server_key,
                share=made.share,
            )
        except AlreadyTaken as problem:
            raise KeyKnown() from problem

    def is_same(self, q: Operation, known: model.Certificate, material: bytes) -> bool:
        """By the phone's modulus."""
        return store.modulus_of(q, known.id, material)

    def signatures(
        self,
        op: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> tuple[bytes, ...] | None:
        """Tried with the share in use, and with the one that the phone's new share belongs to.

        A proof with the old share leaves that good: the phone may not have learnt that its last act was
        done. One with the new share ends the old one, and a copy of the phone made before it.
        Raises: RefreshRefused.
        """
        made = self._completed(op, certificate, messages, proof)
        if made is None:
            return None
        share, signatures = made
        following = splitting.refreshed(share, proof.refresh) if proof.refresh else None
        if proof.refresh and following is None:
            raise RefreshRefused(field="refresh")
        store.move_share(op, certificate.id, current=share, pending=following)
        return signatures

    def recognizes(
        self,
        q: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> bool:
        """The halves make signatures, which are thrown away."""
        return self._completed(q, certificate, messages, proof) is not None

    def _completed(
        self,
        q: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> tuple[int, tuple[bytes, ...]] | None:
        """The share that the halves belong to, and the signatures that both sides make."""
        splitting.self_test()
        kept = store.shares(q, certificate.id)
        if kept is None:
            return None
        key = splitting.ServerKey.from_bytes(kept.server_key)
        for share in (kept.share, kept.pending):
            made = None if share is None else _joined(key, share, messages, proof.halves)
            if share is not None and made is not None:
                return share, made
        return None


def _joined(
    key: splitting.ServerKey, share: int, messages: Sequence[bytes], halves: Sequence[bytes]
) -> tuple[bytes, ...] | None:
    """The signatures of the messages, each from its half; None as soon as one is no half of it."""
    if len(halves) != len(messages):
        return None
    made: list[bytes] = []
    for message, half in zip(messages, halves, strict=True):
        signature = splitting.complete(key, share, message, half)
        if signature is None:
            return None
        made.append(signature)
    return tuple(made)


class SeededEc:
    """A P-256 key that is whole on a simulated phone, under its PIN: a wrong one signs with another key.

    Whoever has that phone's file and the certificate can try PINs offline, so no production world takes it.
    """

    def taken_in(self, material: bytes, server_share: bytes, entropy: Entropy) -> NewKey:
        """Raises: KeyKindRefused, keys.KeyUnreadable."""
        key = keys.public_from_der(material)
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise KeyKindRefused(field="public_material")
        if server_share:
            raise KeyKindRefused(field="server_share")
        return NewKey(public_key=material)

    def possessed(self, made: NewKey, message: bytes, proof: bytes) -> bool:
        """The key itself signs."""
        return keys.verify(keys.public_from_der(made.public_key), proof, message)

    def keep(self, op: Operation, certificate_id: str, made: NewKey) -> None:
        """The server keeps nothing of it."""

    def is_same(self, q: Operation, known: model.Certificate, material: bytes) -> bool:
        """By the public key."""
        return known.public_key == material

    def signatures(
        self,
        op: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> tuple[bytes, ...] | None:
        """The signatures that came, if they are the certificate's."""
        try:
            key = keys.public_from_der(certificate.public_key)
        except (keys.KeyUnreadable, UnsupportedAlgorithm):
            return None
        right = len(proof.halves) == len(messages) and all(
            keys.verify(key, half, message)
            for half, message in zip(proof.halves, messages, strict=True)
        )
        return proof.halves if right else None

    def recognizes(
        self,
        q: Operation,
        certificate: model.Certificate,
        messages: Sequence[bytes],
        proof: model.KeyProof,
    ) -> bool:
        """They are the certificate's signatures."""
        return self.signatures(q, certificate, messages, proof) is not None


_SCHEMES: Mapping[str, KeyScheme] = {
    model.Scheme.SPLIT_RSA: SplitRsa(),
    model.Scheme.SEEDED_EC: SeededEc(),
}


def named(name: str) -> KeyScheme:
    """The scheme of this name.

    Raises: KeyKindRefused.
    """
    found = _SCHEMES.get(name)
    if found is None:
        raise KeyKindRefused(field="scheme")
    return found
