"""Revocation lists joined from bytes: the same as another library's, and amended the same as made anew."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import hypothesis
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from hypothesis import strategies as st

from engine.kernel import clock
from engine.pki import certificates, der, listing, revocation
from engine.pki.listing import Entry, Table
from engine.pki.revocation import Period, Reason, Revoked
from tests.unit.pki.hierarchy import NOW

WEEK = Period(this_update_ms=NOW, next_update_ms=NOW + 7 * clock.DAY)
NUMBERS = sorted(revocation.REASON_NUMBERS.values())
# To both sides of 2050, where the encoding of instants changes, and back to 1970.
INSTANTS = st.one_of(st.integers(0, NOW), st.integers(2_524_607_990_000, 2_524_608_010_000))
ENTRIES = st.builds(Entry, st.integers(1, (1 << 159) - 1), INSTANTS, st.sampled_from(NUMBERS))


def by_serial(entries) -> dict[int, Entry]:
    return {one.serial: one for one in entries}


def own(world):
    return world.east.authority.certificate, world.east.authority.key


def by_the_builder(world, entries, number: int, period: Period = WEEK) -> bytes:
    """The list as `cryptography`'s builder makes it."""
    certificate, key = own(world)
    names = {number: reason for reason, number in revocation.REASON_NUMBERS.items()}
    revoked = []
    for one in sorted(entries):
        builder = x509.RevokedCertificateBuilder(
            serial_number=one.serial, revocation_date=certificates.whole_second(one.at_ms)
        )
        if one.reason:
            flag = x509.ReasonFlags(names[one.reason].value)
            builder = builder.add_extension(x509.CRLReason(flag), False)
        revoked.append(builder.build())
    made = x509.CertificateRevocationListBuilder(
        issuer_name=certificate.subject,
        last_update=certificates.whole_second(period.this_update_ms),
        next_update=certificates.whole_second(period.next_update_ms),
        revoked_certificates=revoked,
    )
    made = made.add_extension(certificates.authority_key_identifier(certificate), False)
    made = made.add_extension(x509.CRLNumber(number), False)
    signed = made.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.DER)


def whole(world, entries, number: int = 7) -> bytes:
    return revocation.of_table(*own(world), table=Table(entries), number=number, period=WEEK)


def amended(world, before: bytes, changes, number: int = 8) -> bytes:
    return revocation.amended(
        *own(world), before=before, changes=changes, number=number, period=WEEK
    )


@pytest.mark.row("PKI-2")
@hypothesis.given(entries=st.lists(ENTRIES, max_size=30), number=st.integers(0, 1 << 150))
def test_a_list_has_the_bytes_that_another_library_gives_it(world, entries, number):
    entries = by_serial(entries).values()
    assert whole(world, entries, number) == by_the_builder(world, entries, number)


@pytest.mark.parametrize("until", [clock.DAY, 40 * 365 * clock.DAY])
def test_a_list_that_ends_after_2049_is_the_builders_too(world, until):
    period = Period(this_update_ms=NOW, next_update_ms=NOW + until)
    revoked = [Revoked(serial=5, revoked_at_ms=NOW, reason=Reason.SUPERSEDED)]
    made = revocation.complete(*own(world), revoked=revoked, number=1, period=period)
    assert made == by_the_builder(world, [revoked[0].entry], 1, period)


@pytest.mark.row("PKI-2")
@hypothesis.given(
    entries=st.lists(ENTRIES, max_size=40),
    more=st.lists(ENTRIES, max_size=8),
    pick=st.randoms(use_true_random=False),
)
def test_an_amended_list_is_what_it_would_be_if_it_were_made_anew(world, entries, more, pick):
    before, after = by_serial(entries), by_serial(entries)
    gone = pick.sample(sorted(before), min(3, len(before)))
    # Some are listed otherwise now, some are new, some no more, some were never there.
    again = {serial: Entry(serial, NOW, 6) for serial in pick.sample(sorted(before), len(gone))}
    changes = {**again, **by_serial(more), **dict.fromkeys(gone), (1 << 159) + 1: None, 0: None}
    for serial, one in changes.items():
        after.pop(serial, None)
        if one is not None:
            after[serial] = one
    made = amended(world, whole(world, before.values()), changes)
    assert made == whole(world, after.values(), 8)


def test_entries_that_come_in_no_order_are_listed_by_serial(world):
    entries = [Entry(serial, NOW, serial % 3 and 1) for serial in range(1, 400)]
    mixed = random.Random(3).sample(entries, len(entries))
    assert list(Table(mixed)) == mixed
    assert whole(world, mixed) == whole(world, entries)
    assert len(Table(mixed)) == 399


@pytest.mark.row("S-CA-1")
def test_a_list_is_amended_only_if_this_authority_signed_it(world):
    entries = [Entry(serial, NOW, 1) for serial in range(1, 50)]
    signed = whole(world, entries)
    other = world.root
    foreign = revocation.of_table(
        other.certificate, other.key, table=Table(entries), number=7, period=WEEK
    )
    refused = 0
    for place in range(0, len(signed), 7):
        touched = bytearray(signed)
        touched[place] ^= 1
        try:
            made = amended(world, bytes(touched), {3: None})
        except der.NotDer:
            refused += 1
        else:
            # Only the name of the algorithm beside what is signed can be touched, which is not taken over.
            assert made == amended(world, signed, {3: None})
    assert refused > len(range(0, len(signed), 7)) - 4
    for not_ours in (foreign, b"", b"junk", signed[:-1], signed + b"\0"):
        with pytest.raises(der.NotDer):
            amended(world, not_ours, {3: None})


@pytest.mark.parametrize(
    "junk", [b"\x30", b"\x30\x05\x02", b"\x31\x00", b"\x30\x81\x80", b"\x30\x03\x04\x01\x01"]
)
def test_entries_of_another_hand_are_refused_and_not_guessed_at(junk):
    with pytest.raises(listing.NotOurEntries):
        listing.amended(junk, {5: None})


@pytest.mark.row("PKI-2")
def test_openssl_accepts_a_long_list_and_the_same_with_one_more(world, tmp_path: Path, count):
    entries = count(3_000, 100_000)
    drawn = random.Random(5)
    listed = [
        Entry((1 << 120) | drawn.getrandbits(120), NOW - drawn.randrange(10**10), place % 7)
        for place in range(entries)
    ]
    listed = [one._replace(reason=9 if one.reason == 2 else one.reason) for one in listed]
    first = whole(world, listed)
    serial = (1 << 120) | (1 << 119)
    second = amended(world, first, {serial: Entry(serial, NOW, 1)})
    issuer = tmp_path / "issuer.pem"
    issuer.write_bytes(certificates.to_pem(own(world)[0]))
    for content, number in ((first, entries), (second, entries + 1)):
        (tmp_path / "list.crl").write_bytes(content)
        told = subprocess.run(
            ["openssl", "crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text",
             "-verify", "-CAfile", "issuer.pem"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert "verify OK" in told.stdout + told.stderr
        assert told.stdout.count("Serial Number:") == number
    assert f"{serial:X}" in told.stdout
