"""Keys to decrypt with, in two halves: nothing opens by one of them, and nothing tells of a share."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from engine.kernel import ids
from engine.pki import decrypting, keys

ENTROPY = ids.seeded(5, "decrypting")
RSA_KEY = decrypting.make_rsa(ids.seeded(5, "rsa"))
CURVE_KEY = keys.generate(ids.seeded(5, "curve"))
KINDS = pytest.mark.parametrize("key", [RSA_KEY, CURVE_KEY], ids=["rsa", "curve"])


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """The key's SubjectPublicKeyInfo."""
    return keys.public_to_der(key.public_key())


def test_an_rsa_key_is_what_openssl_takes_for_one_and_one_seed_gives_one_key():
    pem = RSA_KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # Loading checks that the primes are prime and the exponents belong to them.
    loaded = serialization.load_pem_private_key(pem, None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    assert loaded.key_size == 3072
    again = decrypting.make_rsa(ids.seeded(5, "rsa"))
    assert again.private_numbers() == RSA_KEY.private_numbers()


@pytest.mark.row("CRT-6")
@KINDS
def test_both_halves_together_do_what_the_whole_key_does(key):
    divided = decrypting.of(public(key))
    shares = decrypting.divide(decrypting.to_bytes(key), ENTROPY)
    sample = divided.sample(b"a sample")
    half = divided.half(sample.value, shares.phone)
    assert divided.join(sample.value, half, shares.server) == sample.expected


def test_an_rsa_ciphertext_of_another_library_opens_under_a_veil():
    divided = decrypting.of(public(RSA_KEY))
    shares = decrypting.divide(decrypting.to_bytes(RSA_KEY), ENTROPY)
    sent = RSA_KEY.public_key().encrypt(b"content key", padding.PKCS1v15())
    veiled, unveil = divided.blind(sent, ENTROPY)
    joined = divided.join(veiled, divided.half(veiled, shares.phone), shares.server)
    assert veiled != sent
    assert b"content key" not in joined
    assert unveil(joined).endswith(b"\0content key")


def test_a_point_of_another_library_is_agreed_on_under_a_veil():
    divided = decrypting.of(public(CURVE_KEY))
    shares = decrypting.divide(decrypting.to_bytes(CURVE_KEY), ENTROPY)
    sender = ec.generate_private_key(keys.CURVE)
    sent = sender.public_key().public_numbers().x.to_bytes(32, "big")
    veiled, unveil = divided.blind(sent, ENTROPY)
    joined = divided.join(veiled, divided.half(veiled, shares.phone), shares.server)
    agreed = sender.exchange(ec.ECDH(), CURVE_KEY.public_key())
    assert joined != agreed
    assert unveil(joined) == agreed


@KINDS
def test_a_key_divided_again_has_new_shares_and_an_old_one_fits_no_new_one(key):
    divided = decrypting.of(public(key))
    first, second = (decrypting.divide(decrypting.to_bytes(key), ENTROPY) for _ in range(2))
    assert {len(first.phone)} == {len(second.phone)}
    assert first.phone != second.phone
    sample = divided.sample(b"again")
    half = divided.half(sample.value, first.phone)
    try:
        assert divided.join(sample.value, half, second.server) != sample.expected
    except decrypting.HalfWrong:
        assert key is RSA_KEY


def test_a_wrong_rsa_half_is_seen_and_nothing_is_given_for_it():
    divided = decrypting.of(public(RSA_KEY))
    shares = decrypting.divide(decrypting.to_bytes(RSA_KEY), ENTROPY)
    value = divided.sample(b"x").value
    half = bytearray(divided.half(value, shares.phone))
    half[-1] ^= 1
    with pytest.raises(decrypting.HalfWrong):
        divided.join(value, bytes(half), shares.server)


@pytest.mark.parametrize(
    "value", [b"", b"\0" * 384, b"\xff" * 384, b"\1" * 383, b"\0" * 383 + b"\1"]
)
def test_what_is_no_rsa_value_is_refused(value):
    divided = decrypting.of(public(RSA_KEY))
    with pytest.raises(decrypting.NotOpened):
        divided.half(value, b"\5")


def test_what_is_no_point_is_refused():
    divided = decrypting.of(public(CURVE_KEY))
    off = next(
        x for x in (hashlib.sha256(bytes((i,))).digest() for i in range(64)) if not _on_the_curve(x)
    )
    for value in (off, b"", b"\5" * 31):
        with pytest.raises(decrypting.NotOpened):
            divided.half(value, b"\5" * 32)


def _on_the_curve(x: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, b"\2" + x)
    except ValueError:
        return False
    return True


def test_a_phones_share_tells_nothing_of_the_key(count):
    """Shares of one key and shares of another are spread alike: their top bits over many divisions."""
    divisions = count(64, 1_600)
    # Five standard errors of the mean of that many bytes, each as likely as any other.
    allowed = 5 * (256 / 12**0.5) / divisions**0.5
    wholes = [decrypting.to_bytes(k) for k in (RSA_KEY, decrypting.make_rsa(ids.seeded(6, "rsa")))]
    means = []
    for whole in wholes:
        tops = [decrypting.divide(whole, ENTROPY).phone[0] for _ in range(divisions)]
        means.append(sum(tops) / len(tops))
    assert all(abs(mean - 127.5) < allowed for mean in means), means
