"""Keys in two halves: the arithmetic, what a blob gives away, and what others say of the signatures."""

from __future__ import annotations

import collections
import copy
import dataclasses
import datetime
import math
import subprocess
from pathlib import Path

import gmpy2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from engine.issuing import model
from engine.kernel import errors, ids
from engine.pki import splitting
from engine.pki.splitting import phone, primes, proving, server, shares, testing
from tests.support import split_vectors

CHEAP = splitting.Cost(memory_kib=64, passes=1)
MESSAGE = b"yinxin test"
SIZE = splitting.PHONE_SHARE_BYTES


@pytest.fixture(scope="module")
def entropy():
    return ids.seeded(28, "splitting tests")


@pytest.fixture(scope="module")
def made(entropy):
    """A phone's part of a key."""
    return splitting.make_phone_key(entropy)


@pytest.fixture(scope="module")
def key(made, entropy):
    """The server's part of it."""
    return splitting.make_server_key(splitting.require_modulus(made.material), entropy)


def public(key):
    found = serialization.load_der_public_key(key.public_key)
    assert isinstance(found, rsa.RSAPublicKey)
    return found


# -- both halves make an ordinary signature -----------------------------------------------------------


@pytest.mark.row("PKI-3")
def test_both_halves_make_a_plain_rsa_4096_signature(made, key):
    signature = splitting.complete(key, made.server_share, MESSAGE, made.signs(MESSAGE))
    assert signature is not None
    assert public(key).key_size == 4096
    assert public(key).public_numbers().e == 65_537
    public(key).verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())


def test_the_whole_modulus_has_exactly_4096_bits_whatever_the_phone_s_is(entropy, count):
    for _ in range(count(5, 40)):
        modulus = splitting.make_phone_key(entropy).modulus
        assert splitting.make_server_key(modulus, entropy).whole.bit_length() == 4096


def test_a_key_of_the_phone_s_smallest_modulus_still_gets_4096_bits(entropy):
    # Two primes just above the square root of 2^2047: n1 is as small as it may be.
    root = primes.floor_of(1 << 2047)
    p = int(gmpy2.next_prime(root + (1 << 1000)))
    q = int(gmpy2.next_prime(root + (1 << 1001)))
    modulus = splitting.require_modulus((p * q).to_bytes(256, "big"))
    assert splitting.make_server_key(modulus, entropy).whole.bit_length() == 4096


def test_neither_share_is_the_exponent_and_their_sum_is(made):
    base = splitting.encoded(MESSAGE) % made.modulus
    whole = splitting.half(base, made.share, made.modulus) * splitting.half(
        base, made.server_share, made.modulus
    )
    assert pow(whole, 65_537, made.modulus) == base
    for share in (made.share, made.server_share):
        alone = splitting.half(base, share, made.modulus)
        assert pow(alone, 65_537, made.modulus) != base


def test_one_flipped_bit_of_a_half_gives_no_signature(made, key, count):
    given = made.signs(MESSAGE)
    step = 2048 // count(64, 2048)
    for bit in range(0, 2048, step):
        changed = (int.from_bytes(given, "big") ^ (1 << bit)).to_bytes(256, "big")
        assert splitting.complete(key, made.server_share, MESSAGE, changed) is None
    for wrong in (b"", given[1:], given + b"\0", bytes(256), b"\xff" * 256):
        assert splitting.complete(key, made.server_share, MESSAGE, wrong) is None
    assert splitting.complete(key, made.server_share, b"another", given) is None


def test_a_fault_in_one_prime_s_part_is_withheld(made, key, monkeypatch):
    monkeypatch.setattr(server, "_own_half", lambda own, base: 12_345)
    with pytest.raises(splitting.SignatureFault):
        splitting.complete(key, made.server_share, MESSAGE, made.signs(MESSAGE))


def test_a_divided_exponent_of_any_width_comes_together(entropy):
    """For keys that a centre made whole: RSA-3072."""
    numbers = rsa.generate_private_key(65537, 3072).private_numbers()
    n, modulus_lambda = numbers.public_numbers.n, math.lcm(numbers.p - 1, numbers.q - 1)
    for _ in range(20):
        mine, theirs = splitting.divide(numbers.d, modulus_lambda, 3072, entropy)
        assert (mine + theirs - numbers.d) % modulus_lambda == 0
        assert 0 <= mine < 1 << splitting.phone_share_bits(3072)
        assert theirs > 1 << splitting.phone_share_bits(3072)
    secret = 123_456_789
    cipher = pow(secret, 65_537, n)
    opened = splitting.half(cipher, mine, n) * splitting.half(cipher, theirs, n) % n
    assert opened == secret


# -- refresh ------------------------------------------------------------------------------------------


def test_a_key_signs_after_every_refresh_and_the_old_share_does_not(made, key, entropy, count):
    share, server_share = made.share, made.server_share
    for _ in range(count(20, 1_000)):
        following = int.from_bytes(entropy(SIZE), "big")
        change = (following - share).to_bytes(SIZE + 1, "big", signed=True)
        after = splitting.refreshed(server_share, change)
        assert after is not None
        old = phone.PhoneKey(modulus=made.modulus, share=share, server_share=0)
        new = phone.PhoneKey(modulus=made.modulus, share=following, server_share=0)
        assert splitting.complete(key, after, MESSAGE, new.signs(MESSAGE)) is not None
        assert splitting.complete(key, after, MESSAGE, old.signs(MESSAGE)) is None
        share, server_share = following, after


def test_the_server_s_share_stays_positive_to_the_ends_of_what_a_phone_may_take(made):
    for following in (0, (1 << 8 * SIZE) - 1):
        change = (following - made.share).to_bytes(SIZE + 1, "big", signed=True)
        after = splitting.refreshed(made.server_share, change)
        assert after is not None
        assert after > 0


def test_changes_that_no_phone_would_ask_for_are_refused(made):
    most = (made.server_share + 1).to_bytes(splitting.SHARE_BYTES + 1, "big")
    assert splitting.refreshed(made.server_share, most) is None
    assert splitting.refreshed(1, (5).to_bytes(8, "big")) is None
    huge = 1 << shares.server_share_bits()
    assert splitting.refreshed(huge - 1, (-1).to_bytes(8, "big", signed=True)) is None


# -- what the phone hands in --------------------------------------------------------------------------


def test_moduli_that_are_not_two_large_primes_are_refused(made, entropy):
    p, q = primes.pair(primes.floor_of(1 << 2047), entropy)
    prime = int(gmpy2.next_prime((1 << 2048) - (1 << 2000)))
    bad = {
        "short": (made.modulus >> 1).to_bytes(256, "big"),
        "long": made.modulus.to_bytes(257, "big"),
        "empty": b"",
        "even": (made.modulus + 1).to_bytes(256, "big"),
        "small factor": (prime // 3 * 3).to_bytes(256, "big"),
        "65521": (((1 << 2048) - 1) // 65_521 // 2 * 2 + 1).to_bytes(256, "big"),
        "prime": prime.to_bytes(256, "big"),
        "square": (p * p).to_bytes(256, "big"),
    }
    assert splitting.require_modulus((p * q).to_bytes(256, "big")) == p * q
    for material in bad.values():
        with pytest.raises(splitting.ModulusRefused):
            splitting.require_modulus(material)


def test_a_share_that_could_turn_negative_or_is_too_wide_is_refused(made):
    given = made.server_share.to_bytes(splitting.SHARE_BYTES, "big")
    assert splitting.require_share(given) == made.server_share
    for wrong in (0, 1, (1 << splitting.phone_share_bits()) - 1, 1 << shares.server_share_bits()):
        with pytest.raises(splitting.ShareRefused):
            splitting.require_share(wrong.to_bytes(splitting.SHARE_BYTES + 1, "big"))


def test_what_the_server_keeps_comes_back_out_of_its_bytes(key):
    assert splitting.ServerKey.from_bytes(key.to_bytes()) == key


# -- what a thief has ---------------------------------------------------------------------------------


@pytest.mark.row("PKI-3")
def test_every_wrong_pin_opens_a_blob_to_a_valid_share(made, count):
    """S-3.3: the blob is camouflaged. The shares are as uniform as random bytes are."""
    salt = bytes(16)
    sealed = splitting.hidden(made.share, "280517", salt, CHEAP)
    assert splitting.shown(sealed, "280517", salt, CHEAP) == made.share
    ones, tops = 0, collections.Counter()
    wrong = count(1_000, 10_000)
    for number in range(wrong):
        share = splitting.shown(sealed, f"{number:06d}", salt, CHEAP)
        assert 0 <= share < 1 << splitting.phone_share_bits()
        ones += share.bit_count()
        tops[share >> (splitting.phone_share_bits() - 2)] += 1
    bits = wrong * splitting.phone_share_bits()
    # Six standard deviations of a fair coin.
    assert abs(ones - bits / 2) < 6 * math.sqrt(bits) / 2
    assert all(abs(tops[top] - wrong / 4) < 6 * math.sqrt(wrong * 3 / 16) for top in range(4))


def _opened(sealed, salts, pins):
    """What two blobs of one key open to, PIN by PIN."""
    for pin in pins:
        yield tuple(
            splitting.shown(one, pin, salt, CHEAP) for one, salt in zip(sealed, salts, strict=True)
        )


@pytest.mark.row("PKI-3")
def test_two_blobs_of_one_key_give_no_pin_where_a_share_only_moved_a_little_would(
    made, entropy, count
):
    """Backups of a phone before and after a proof. A refresh smaller than the share is an oracle."""
    salts, pins = (bytes(16), bytes([1]) * 16), [f"{n:06d}" for n in range(count(300, 10_000))]
    pins[len(pins) // 2] = "280517"
    near = 1 << (splitting.MODULUS_BITS + 128)

    def consistent(following):
        sealed = [
            splitting.hidden(share, "280517", salt, CHEAP)
            for share, salt in zip((made.share, following), salts, strict=True)
        ]
        return sum(0 <= b - a < near for a, b in _opened(sealed, salts, pins))

    moved_a_little = made.share + int.from_bytes(entropy(270), "big") % near
    assert consistent(moved_a_little) == 1
    assert consistent(int.from_bytes(entropy(SIZE), "big")) == 0


@pytest.mark.row("PKI-3")
def test_a_blob_and_one_signature_fit_every_pin_alike(made, key, count):
    """S-3.3: blob, modulus and a released signature. What each PIN leaves for the server is a number that
    only the server could check; nothing about the right one stands out."""
    signature = splitting.complete(key, made.server_share, MESSAGE, made.signs(MESSAGE))
    assert signature is not None
    base = splitting.encoded(MESSAGE)
    first = int.from_bytes(signature, "big") % made.modulus
    salt = bytes(16)
    sealed = splitting.hidden(made.share, "280517", salt, CHEAP)
    rest = {}
    for pin in [f"{n:06d}" for n in range(count(100, 2_000))] + ["280517"]:
        share = splitting.shown(sealed, pin, salt, CHEAP)
        mine = splitting.half(base, share, made.modulus)
        rest[pin] = first * int(gmpy2.invert(mine, made.modulus)) % made.modulus
    right = rest.pop("280517")
    assert right == splitting.half(base, made.server_share, made.modulus)
    # The same tests that a thief could make: size, residue symbol, order under e. All alike.
    symbols = collections.Counter(int(gmpy2.jacobi(one, made.modulus)) for one in rest.values())
    assert set(symbols) == {1, -1}
    assert all(pow(one, 65_537, made.modulus) != base for one in (right, *rest.values()))
    assert min(rest.values()) < right < max(rest.values())


def test_nothing_secret_shows_itself(made, key):
    texts = [repr(made), str(made), repr(key), str(key)]
    texts += [repr(model.KeyProof(try_id="t", half=b"SECRET", refresh=b"SECRET"))]
    texts += [repr(model.PinRules(digits=6, tries=5, repeats=True, runs=True, refused=("880312",)))]
    secrets = (made.share, made.server_share, key.p, key.q, "SECRET", "880312")
    for text in texts:
        assert not any(str(secret) in text for secret in secrets), text


# -- builders and others ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def divided(made, key):
    """A private key for builders that is in two places."""
    given = lambda data: splitting.complete(key, made.server_share, data, made.signs(data)) or b""
    return splitting.DividedKey(public(key), given)


@pytest.mark.row("PKI-3")
def test_openssl_accepts_a_request_that_both_sides_signed(divided, tmp_path: Path):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "新疆天山净水科技有限公司")])
    request = (
        x509.CertificateSigningRequestBuilder().subject_name(name).sign(divided, hashes.SHA256())
    )
    (tmp_path / "request.pem").write_bytes(request.public_bytes(serialization.Encoding.PEM))
    said = subprocess.run(
        ["openssl", "req", "-verify", "-noout", "-in", "request.pem"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "verify OK" in said.stdout + said.stderr


def test_openssl_accepts_a_list_that_both_sides_signed(divided, tmp_path: Path):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A divided authority")])
    begin = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
    end = begin + datetime.timedelta(days=365)
    own = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(divided.public_key())
        .serial_number(77)
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(divided, hashes.SHA256())
    )
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name)
        .last_update(begin)
        .next_update(end)
        .sign(divided, hashes.SHA256())
    )
    (tmp_path / "ca.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "crl.pem").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
    said = subprocess.run(
        ["openssl", "crl", "-in", "crl.pem", "-CAfile", "ca.pem", "-noout"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stderr.strip() == "verify OK"


def test_a_divided_key_gives_nothing_out(divided):
    for act in (
        lambda: divided.private_numbers(),
        lambda: divided.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        lambda: divided.decrypt(b"", padding.PKCS1v15()),
        lambda: divided.sign(b"", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
        lambda: divided.sign(b"", padding.PKCS1v15(), hashes.SHA512()),
    ):
        with pytest.raises(proving.NotInOnePlace):
            act()
    assert copy.copy(divided) is copy.deepcopy(divided) is divided
    assert divided.key_size == 4096


# -- known answers ------------------------------------------------------------------------------------


def test_known_answers_stop_a_process_whose_numbers_come_out_otherwise(monkeypatch):
    splitting.self_test()
    monkeypatch.setattr(testing, "_KNOWN", "0" * 64)
    testing.self_test.cache_clear()
    with pytest.raises(errors.ConfigurationError):
        splitting.self_test()
    monkeypatch.undo()
    testing.self_test.cache_clear()
    splitting.self_test()


def test_the_vectors_that_the_phone_s_script_is_held_to_are_the_engine_s_own():
    assert split_vectors.FILE.read_text(encoding="utf-8") == split_vectors.text()


@pytest.mark.row("PKI-3")
def test_the_base_of_the_servers_own_half_is_veiled(made, key):
    """Each base by another number, which whoever sends the message cannot know; the half is the same."""
    own = key.p * key.q
    exponent = int(gmpy2.invert(shares.EXPONENT, math.lcm(key.p - 1, key.q - 1)))
    other = dataclasses.replace(key, p=key.q, q=key.p)
    veils = set()
    for number in range(20):
        base = splitting.encoded(b"message %d" % number)
        veil = server._veil(key, base)
        assert veil.bit_length() > own.bit_length() - 64
        assert veil == server._veil(key, base) != server._veil(other, base)
        veils.add(veil)
        assert server._own_half(key, base) == gmpy2.powmod(base, exponent, own)
    assert len(veils) == 20
