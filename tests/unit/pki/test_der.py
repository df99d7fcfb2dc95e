import pytest
from asn1crypto import core

from engine.kernel import clock
from engine.pki import der


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, -1, -128, -129, 2**159, 2**64 - 1])
def test_integers_are_written_as_another_library_writes_them(value):
    assert der.integer(value) == core.Integer(value).dump()
    assert der.to_integer(der.single(der.integer(value), der.INTEGER)) == value


@pytest.mark.parametrize("dotted", ["1.2.156.10260.4.1.4", "2.5.29.32.0", "2.999.3", "0.9.2342"])
def test_object_identifiers_are_written_as_another_library_writes_them(dotted):
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()
    assert der.to_oid(der.single(der.oid(dotted), der.OID)) == dotted


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_536])
def test_lengths_are_the_shortest(size):
    assert der.octets(b"a" * size) == core.OctetString(b"a" * size).dump()


def test_a_set_is_sorted():
    assert der.set_of(der.integer(3), der.integer(1)) == der.tlv(
        der.SET, der.integer(1) + der.integer(3)
    )


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",  # indefinite
        b"\x04\x81\x01a",  # long form of a short length
        b"\x04\x82\x00\x80" + b"a" * 128,  # a leading zero in the length
        b"\x04\x05ab",  # cut off
        b"\x1f\x81\x01\x00",  # a tag of several bytes
        b"\x30\x00\x00",  # something follows
    ],
)
def test_what_is_not_strict_der_is_refused(broken):
    with pytest.raises(der.NotDer):
        der.children(broken)


def test_padded_integers_are_refused():
    with pytest.raises(der.NotDer):
        der.to_integer(der.single(b"\x02\x02\x00\x01", der.INTEGER))


def test_instants_are_read_back():
    instant = 1_790_000_000_000
    assert der.to_time_ms(der.single(der.generalized_time(instant), der.GENERALIZED_TIME)) == (
        instant
    )
    short = der.single(der.tlv(der.UTC_TIME, b"500101000000Z"), der.UTC_TIME)
    assert clock.to_datetime(der.to_time_ms(short)).year == 1950


@pytest.mark.parametrize("text", [b"20261301000000Z", b"2026010100000Z", b"20260101000000+", b""])
def test_instants_that_do_not_exist_are_refused(text):
    with pytest.raises(der.NotDer):
        der.to_time_ms(der.single(der.tlv(der.GENERALIZED_TIME, text), der.GENERALIZED_TIME))
