import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils

from engine.kernel import ids
from engine.pki import keys


def test_the_same_entropy_gives_the_same_key_and_other_entropy_another():
    first, again = (keys.generate(ids.seeded(1, "keys")) for _ in range(2))
    other = keys.generate(ids.seeded(2, "keys"))
    assert keys.to_pkcs8(first, None) == keys.to_pkcs8(again, None)
    assert keys.to_pkcs8(first, None) != keys.to_pkcs8(other, None)


@pytest.mark.parametrize("fill", [b"\x00", b"\xff"])
def test_extreme_entropy_gives_a_valid_scalar(fill):
    scalar = keys.generate(lambda n: fill * n).private_numbers().private_value
    assert 1 <= scalar < keys.ORDER


def test_signatures_follow_rfc_6979():
    # RFC 6979 A.2.5, P-256 with SHA-256 over "sample".
    scalar = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    signature = keys.sign(ec.derive_private_key(scalar, keys.CURVE), b"sample")
    r, s = utils.decode_dss_signature(signature)
    assert r == 0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
    assert s == 0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8


def test_a_signature_is_of_its_key_and_its_data_only():
    key, other = keys.generate(ids.seeded(1, "a")), keys.generate(ids.seeded(1, "b"))
    signature = keys.sign(key, b"data")
    assert keys.verify(key.public_key(), signature, b"data")
    assert not keys.verify(key.public_key(), signature, b"Data")
    assert not keys.verify(other.public_key(), signature, b"data")
    assert not keys.verify(key.public_key(), b"\x30\x00", b"data")


def test_a_key_of_another_kind_verifies_nothing():
    foreign = rsa.generate_private_key(65537, 2048)
    assert not keys.verify(foreign.public_key(), b"", b"data")
    assert keys.public_to_der(keys.public_from_der(keys.public_to_der(foreign.public_key())))


def test_keys_survive_their_files():
    key = keys.generate(ids.seeded(1, "a"))
    sealed = keys.to_pkcs8(key, b"secret")
    assert b"ENCRYPTED" in sealed
    for pem, password in ((sealed, b"secret"), (keys.to_pkcs8(key, None), None)):
        read = keys.from_pkcs8(pem, password)
        assert read.private_numbers() == key.private_numbers()
    assert keys.public_from_der(keys.public_to_der(key.public_key())) == key.public_key()
    assert keys.public_to_pem(key.public_key()).startswith(b"-----BEGIN PUBLIC KEY-----")


@pytest.mark.parametrize("password", [b"wrong", None])
def test_a_wrong_password_is_refused(password):
    sealed = keys.to_pkcs8(keys.generate(ids.seeded(1, "a")), b"secret")
    with pytest.raises(keys.KeyUnreadable):
        keys.from_pkcs8(sealed, password)


def test_other_curves_and_junk_are_refused():
    foreign = ec.derive_private_key(7, ec.SECP384R1())
    with pytest.raises(keys.KeyUnreadable):
        keys.from_pkcs8(keys.to_pkcs8(foreign, None), None)
    with pytest.raises(keys.KeyUnreadable):
        keys.public_from_der(b"junk")
