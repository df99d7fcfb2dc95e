import hashlib

import pytest
from asn1crypto import tsp

from engine.kernel import clock, ids
from engine.pki import certificates, der, keys, timestamping
from tests.unit.pki.hierarchy import NOW

POLICY = "1.3.6.1.4.1.32473.2.1"
DIGEST = hashlib.sha256(b"data").digest()


def answer(world, query: bytes) -> bytes:
    return timestamping.respond(
        query,
        key=world.east.tsa.key,
        certificate=world.east.tsa.certificate,
        chain=world.east.authority.chain,
        moment=lambda: (NOW + 999, 2**100 + 1),
        policy=POLICY,
    )


def signed_data(encoded: bytes):
    return tsp.TimeStampResp.load(encoded, strict=True)["time_stamp_token"]["content"]


def failure(encoded: bytes) -> set[str]:
    # The other library demands a token beside every status, so the status is read alone.
    (only,) = der.children(encoded)
    status = tsp.PKIStatusInfo.load(only.encoded, strict=True)
    assert status["status"].native == "rejection"
    return status["fail_info"].native


def query(*parts: bytes) -> bytes:
    imprint = der.sequence(timestamping.SHA256, der.octets(DIGEST))
    return der.sequence(der.integer(1), imprint, *parts)


def test_another_library_reads_the_token(world):
    signed = signed_data(answer(world, timestamping.make_query(DIGEST, 2**63)))
    info = signed["encap_content_info"]["content"].parsed
    assert info["policy"].native == POLICY
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert info["serial_number"].native == 2**100 + 1
    assert clock.from_datetime(info["gen_time"].native) == NOW
    assert info["nonce"].native == 2**63
    assert info["tsa"].chosen.native["common_name"] == "东方 签发 CA TSA"


def test_the_signature_covers_the_attributes_and_they_cover_the_content(world):
    signed = signed_data(answer(world, timestamping.make_query(DIGEST, 1)))
    signer = signed["signer_infos"][0]
    attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
    content = signed["encap_content_info"]["content"].contents
    assert attributes["content_type"].native == "tst_info"
    assert attributes["message_digest"].native == hashlib.sha256(content).digest()
    identity = attributes["signing_certificate_v2"]["certs"][0]
    own = certificates.to_der(world.east.tsa.certificate)
    assert identity["hash_algorithm"]["algorithm"].native == "sha256"
    assert identity["cert_hash"].native == hashlib.sha256(own).digest()
    assert identity["issuer_serial"]["serial_number"].native == (
        world.east.tsa.certificate.serial_number
    )
    covered = b"\x31" + signer["signed_attrs"].dump()[1:]
    key = world.east.tsa.certificate.public_key()
    assert keys.verify(key, signer["signature"].native, covered)


def test_certificates_are_sent_only_when_wanted(world):
    wanted = signed_data(answer(world, timestamping.make_query(DIGEST, 1)))
    assert len(wanted["certificates"]) == 2
    bare = answer(world, timestamping.make_query(DIGEST, None, certificate=False))
    assert len(signed_data(bare)["certificates"]) == 0
    assert signed_data(bare)["encap_content_info"]["content"].parsed["nonce"].native is None


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_each_strong_hash_is_accepted(world, name):
    digest = hashlib.new(name, b"data").digest()
    asked = timestamping.make_query(digest, 1, hash_name=name)
    info = signed_data(answer(world, asked))["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hash_algorithm"]["algorithm"].native == name


@pytest.mark.parametrize(
    ("asked", "bit"),
    [
        (timestamping.make_query(b"x" * 31, 1), "bad_data_format"),
        (
            tsp.TimeStampReq(
                {
                    "version": 1,
                    "message_imprint": {
                        "hash_algorithm": {"algorithm": "sha1"},
                        "hashed_message": b"x" * 20,
                    },
                }
            ).dump(),
            "bad_alg",
        ),
        (query(der.oid("1.2.3.4")), "unaccepted_policy"),
        (query(der.explicit(0, der.sequence(der.oid("1.2.3"), der.octets(b"")))),
         "unaccepted_extensions"),
        (der.sequence(der.integer(2), der.sequence()), "bad_request"),
        (query(der.octets(b"left over")), "bad_data_format"),
        (b"", "bad_data_format"),
        (b"junk", "bad_data_format"),
        (b"\x30" * 9_000, "bad_data_format"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(world, asked, bit):
    encoded = answer(world, asked)
    assert failure(encoded) == {bit}
    with pytest.raises(timestamping.TimestampRefused):
        timestamping.token_of(encoded)


def test_the_policy_served_may_be_asked_for(world):
    assert timestamping.token_of(answer(world, query(der.oid(POLICY))))


def test_every_cut_and_every_flipped_byte_gets_an_answer(world):
    whole = timestamping.make_query(DIGEST, 12345)
    for place in range(len(whole)):
        assert failure(answer(world, whole[:place]))
        flipped = whole[:place] + bytes((whole[place] ^ 0x41,)) + whole[place + 1 :]
        status, *_ = der.children(answer(world, flipped))
        tsp.PKIStatusInfo.load(status.encoded, strict=True)
    assert failure(answer(world, ids.seeded(1, "junk")(300)))


def test_the_token_is_a_content_info_and_junk_is_not_an_answer(world):
    encoded = answer(world, timestamping.make_query(DIGEST, 1))
    token = timestamping.token_of(encoded)
    assert token == tsp.TimeStampResp.load(encoded)["time_stamp_token"].dump()
    for junk in (b"", b"junk", encoded[:-1], der.sequence(), der.sequence(der.sequence())):
        with pytest.raises(timestamping.TimestampUnreadable):
            timestamping.token_of(junk)


def test_the_same_query_gets_the_same_bytes(world):
    asked = timestamping.make_query(DIGEST, 1)
    assert answer(world, asked) == answer(world, asked)
