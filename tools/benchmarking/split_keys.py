"""Signatures of divided keys per second: both sides' work, beside its bare arithmetic and a whole key.

The arithmetic is what no implementation can leave out: `base` raised to both shares modulo the phone's n1,
to the server's own exponent modulo each of its primes, and the two joinings, by `gmpy2.powmod_sec` with the
exponents and inverses made beforehand. The product adds the encoding of the message, the look at the
phone's half, and the check of the whole signature before it leaves.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import gmpy2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from engine import boot
from engine.issuing import actions as issuing
from engine.issuing import model as issuing_model
from engine.kernel import challenges, ids
from engine.pki import splitting
from tests.support import key_proofs, parties
from tools.benchmarking import results

ROUNDS = 7
SIGNED = 30
_ABOUT = (
    "signatures of a divided RSA-4096 key (four primes), the phone's half and the server's with its checks,"
    " one after the other on one core; baseline: the bare arithmetic of both, powmod_sec and joinings,"
    " with exponents and inverses made beforehand"
)


def measure() -> list[results.Result]:
    """All in turn, in one process."""
    entropy = ids.seeded(1, "split keys")
    phone = splitting.make_phone_key(entropy)
    server = splitting.make_server_key(phone.modulus, entropy)
    whole = rsa.generate_private_key(public_exponent=splitting.EXPONENT, key_size=4096)
    messages = [b"a message %d" % number for number in range(SIGNED)]
    act = _Act()
    turns: dict[str, Callable[[bytes], object]] = {
        "both halves": lambda one: _signed(phone, server, one),
        "arithmetic": _arithmetic(phone, server),
        "the phone's half": phone.signs,
        "whole key by OpenSSL": lambda one: whole.sign(one, padding.PKCS1v15(), hashes.SHA256()),
        "action": act.once,
    }
    # The two ways to a signature are the same numbers.
    by_hand = turns["arithmetic"](messages[0])
    if int.from_bytes(_signed(phone, server, messages[0]), "big") != by_hand:
        raise SystemExit("The baseline's signature is not the product's")
    rates: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(ROUNDS + 1):
        for name, run in turns.items():
            taken = _seconds(run, messages)
            if turn:
                rates[name].append(len(messages) / taken)
    act.close()
    return _results(rates)


def _results(rates: dict[str, list[float]]) -> list[results.Result]:
    medians = {name: results.median(found) for name, found in rates.items()}
    told = {name: results.rounded(found) for name, found in medians.items()}
    options = {"rounds": ROUNDS, "signatures_a_round": SIGNED, "clock": "processor time"}
    return [
        results.Result(
            name="split_rsa_sign",
            value=medians["both halves"],
            unit="signatures/s",
            baseline=medians["arithmetic"],
            options={
                "about": _ABOUT,
                **options,
                "rates": told,
                "spread": results.spread(rates["both halves"]),
                "ms_a_signature": {
                    name: results.rounded(1000 / one) for name, one in medians.items()
                },
            },
        ),
        results.Result(
            name="split_rsa_sign_recorded",
            value=medians["action"],
            unit="proofs/s",
            baseline=medians["arithmetic"],
            options={
                "about": "proofs through the engine: the phone's half, `open_try` which counts, and an act"
                " (the change of a PIN) that uses it, checks it and records it, world in memory; same"
                " baseline",
                **options,
                "spread": results.spread(rates["action"]),
            },
        ),
    ]


def _seconds(run: Callable[[bytes], object], messages: list[bytes]) -> float:
    # Nothing here waits: other programs on the machine shall not count.
    begin = time.process_time()
    for one in messages:
        run(one)
    return time.process_time() - begin


def _signed(phone: splitting.PhoneKey, server: splitting.ServerKey, message: bytes) -> bytes:
    signature = splitting.complete(server, phone.server_share, message, phone.signs(message))
    assert signature is not None
    return signature


def _arithmetic(phone: splitting.PhoneKey, server: splitting.ServerKey) -> Callable[[bytes], int]:
    power, n1, own = gmpy2.powmod_sec, phone.modulus, server.p * server.q
    d_p = int(gmpy2.invert(splitting.EXPONENT, server.p - 1))
    d_q = int(gmpy2.invert(splitting.EXPONENT, server.q - 1))
    q_inverse = int(gmpy2.invert(server.q, server.p))
    n1_inverse = int(gmpy2.invert(n1, own))

    def signature(message: bytes) -> int:
        base = splitting.encoded(message)
        in_n1 = base % n1
        first = power(in_n1, phone.share, n1) * power(in_n1, phone.server_share, n1) % n1
        by_p, by_q = power(base % server.p, d_p, server.p), power(base % server.q, d_q, server.q)
        second = by_q + server.q * ((by_p - by_q) * q_inverse % server.p)
        return int(first + n1 * ((second - first) * n1_inverse % own))

    return signature


class _Act:
    """A holder of a divided key who proves it again and again."""

    def __init__(self) -> None:
        self._world = boot.memory_world()
        reviewers = parties.Reviewers.of(self._world)
        party = parties.order(self._world, parties.enterprise(self._world, reviewers))
        self._key = splitting.make_phone_key(ids.seeded(2, "split keys"))
        party = dataclasses.replace(party, key=self._key)
        parties.pay(self._world, party)
        parties.hand_in(self._world, party)
        parties.approve_order(self._world, party)
        self._party = parties.download(self._world, party)

    def once(self, _: bytes) -> None:
        """One counted try and the act that it is for."""
        world, person = self._world, self._party.person
        certificate_id = self._party.certificate_id
        opened = key_proofs.open_try(world, person, certificate_id)
        message = challenges.of_pin_change(certificate_id=certificate_id, try_id=opened.id)
        proof = issuing_model.KeyProof(try_id=opened.id, half=key_proofs.half(self._key, message))
        world.engine.perform(
            issuing.change_pin,
            {"certificate_id": certificate_id, "proof": proof},
            actor=person,
        )

    def close(self) -> None:
        """Give the world back."""
        self._world.close()
