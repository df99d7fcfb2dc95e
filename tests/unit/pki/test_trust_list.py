"""The trust list: what it says of a certificate, and everything that makes it unusable."""

import dataclasses
import json
import subprocess

import pytest

from engine.kernel import clock, codec, ids
from engine.pki import ceremony, certificates, rollover, signed_data, trust_list
from engine.pki.trust_list import ListedAgency, Period, Refused, Service, Status
from engine.providers import outsiders
from tests.unit.pki.hierarchy import COMPANY, NOW, PROFILES, YEAR, make, urls

WORLD = make()
ENTROPY = ids.seeded(4, "list")
SIGNER = ceremony.make_trust_list_signer(
    root=WORLD.root, profiles=PROFILES, now_ms=NOW, entropy=ENTROPY
)
OUTSIDE = outsiders.make(
    "north",
    organization="北方电子认证有限公司",
    uscc="91210102MA0XTE5T4Q",
    common_name="北方电子认证",
    profiles=PROFILES,
    now_ms=NOW,
    entropy=ENTROPY,
)
LATER = NOW + clock.DAY
GUEST = OUTSIDE.certify(
    organization="沈阳北方建设有限公司",
    uscc="91210102MA0K00009X",
    now_ms=NOW,
    years=1,
    entropy=ENTROPY,
)


def agency(label: str, certificate, *periods: Period) -> ListedAgency:
    return ListedAgency(
        label=label,
        name_zh=label,
        name_en=label,
        organization=f"{label} Ltd",
        uscc="91210102MA0XTE5T4Q",
        services=(
            Service(
                certificate=certificate,
                periods=periods or (Period(status=Status.GRANTED, since=NOW),),
            ),
        ),
    )


def listed(*agencies: ListedAgency, **changes) -> trust_list.TrustList:
    both = (
        agency("east", WORLD.east.authority.certificate),
        agency("north", OUTSIDE.issuing.certificate),
    )
    return dataclasses.replace(
        trust_list.TrustList(
            operator="全国 CA 互认",
            sequence=7,
            issued_at=NOW,
            next_update=NOW + 180 * clock.DAY,
            agencies=agencies or both,
        ),
        **changes,
    )


def published(one: trust_list.TrustList, signer=SIGNER) -> bytes:
    return trust_list.publish(one, key=signer.key, certificate=signer.certificate)


def chain(certificate) -> list[bytes]:
    return [certificates.to_der(certificate)]


@pytest.mark.row("PKI-4")
def test_a_list_comes_back_as_it_was_signed():
    told = trust_list.read(published(listed()), [WORLD.root.certificate], LATER)
    assert told == listed()


@pytest.mark.row("PKI-4")
@pytest.mark.parametrize(
    ("certificate", "label"),
    [(WORLD.company.certificate, "east"), (GUEST.certificate, "north")],
)
def test_certificates_of_listed_agencies_count_wherever_their_root_is(certificate, label):
    found = trust_list.recognised(listed(), chain(certificate), LATER)
    assert (found.ok, found.agency.label) == (True, label)


@pytest.mark.row("PKI-4")
def test_what_is_not_listed_does_not_count():
    south = ceremony.certify(
        WORLD.south.authority, PROFILES["enterprise"], COMPANY, NOW, 1, ENTROPY
    )
    for certificate in (south.certificate, WORLD.root.certificate, SIGNER.certificate):
        found = trust_list.recognised(listed(), chain(certificate), LATER)
        assert found.refused is Refused.NOT_LISTED
    assert trust_list.recognised(listed(), [], LATER).refused is Refused.NOT_LISTED


@pytest.mark.row("PKI-4")
@pytest.mark.parametrize(
    ("status", "refused"),
    [(Status.SUSPENDED, Refused.SUSPENDED), (Status.WITHDRAWN, Refused.WITHDRAWN)],
)
def test_a_status_counts_from_its_instant_on(status, refused):
    changed = LATER + clock.HOUR
    periods = (
        Period(status=Status.GRANTED, since=NOW, until=changed),
        Period(status=status, since=changed),
    )
    one = listed(agency("north", OUTSIDE.issuing.certificate, *periods))
    before = trust_list.recognised(one, chain(GUEST.certificate), changed - 1)
    after = trust_list.recognised(one, chain(GUEST.certificate), changed)
    assert (before.ok, after.refused, after.agency.label) == (True, refused, "north")


def test_an_agency_that_is_listed_from_tomorrow_on_does_not_count_today():
    one = listed(
        agency(
            "north",
            OUTSIDE.issuing.certificate,
            Period(status=Status.GRANTED, since=LATER + clock.DAY),
        )
    )
    found = trust_list.recognised(one, chain(GUEST.certificate), LATER)
    assert found.refused is Refused.NOT_LISTED


@pytest.mark.row("PKI-4")
def test_a_list_counts_only_within_its_time():
    one = listed()
    for moment, ok in (
        (NOW - 1, False),
        (NOW, True),
        (one.next_update - 1, True),
        (one.next_update, False),
    ):
        found = trust_list.recognised(one, chain(WORLD.company.certificate), moment)
        assert found.ok is ok
        assert ok or found.refused is Refused.LIST_STALE


def test_an_expired_certificate_of_a_listed_agency_does_not_count():
    one = listed(issued_at=NOW + YEAR, next_update=NOW + YEAR + 90 * clock.DAY)
    found = trust_list.recognised(one, chain(GUEST.certificate), NOW + YEAR + clock.DAY)
    assert (found.refused, found.agency.label) == (Refused.NOT_VALID, "north")


def test_revocation_is_looked_at_where_lists_are_given():
    from cryptography import x509

    from engine.pki.revocation import Revoked

    revoked = OUTSIDE.issuing.crl(
        revoked=[Revoked(serial=GUEST.certificate.serial_number, revoked_at_ms=NOW)],
        number=1,
        this_update_ms=NOW,
        next_update_ms=NOW + 7 * clock.DAY,
    )
    crls = [x509.load_der_x509_crl(revoked)]
    found = trust_list.recognised(listed(), chain(GUEST.certificate), LATER, crls)
    assert found.refused is Refused.NOT_VALID


@pytest.mark.row("PKI-4")
def test_every_changed_byte_makes_a_list_unusable():
    document = published(listed())
    found = 0
    for place in range(len(document)):
        changed = bytearray(document)
        changed[place] ^= 0x01
        with pytest.raises(trust_list.TrustListUnusable):
            trust_list.read(bytes(changed), [WORLD.root.certificate], LATER)
        found += 1
    assert found == len(document) > 2_000


def test_a_list_by_somebody_else_is_unusable():
    stranger = make(seed=2)
    other = ceremony.make_trust_list_signer(
        root=stranger.root, profiles=PROFILES, now_ms=NOW, entropy=ENTROPY
    )
    # Right root, wrong purpose: an agency's own enterprise cannot sign the list.
    for signer in (other, WORLD.company, WORLD.east.ocsp):
        with pytest.raises(trust_list.TrustListUnusable, match="signer is not trusted"):
            trust_list.read(published(listed(), signer), [WORLD.root.certificate], LATER)


def test_a_list_that_would_hold_for_more_than_six_months_is_unusable():
    for end in (NOW + 190 * clock.DAY, NOW):
        with pytest.raises(trust_list.TrustListUnusable, match="six months"):
            trust_list.read(published(listed(next_update=end)), [WORLD.root.certificate], LATER)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"nul", json.dumps({"format": "yinxin-trust-list/2"}).encode()],
)
def test_a_signed_document_of_another_form_is_unusable(content):
    document = signed_data.sign(
        content, trust_list.CONTENT_TYPE, key=SIGNER.key, certificate=SIGNER.certificate
    )
    with pytest.raises(trust_list.TrustListUnusable):
        trust_list.read(document, [WORLD.root.certificate], LATER)


@pytest.mark.row("PKI-4")
def test_openssl_verifies_the_list_and_prints_its_content(tmp_path):
    (tmp_path / "list.p7s").write_bytes(published(listed()))
    (tmp_path / "root.pem").write_bytes(certificates.to_pem(WORLD.root.certificate))
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", "list.p7s", "-CAfile", "root.pem",
         "-purpose", "any", "-attime", str(LATER // 1000), "-binary"],
        cwd=tmp_path, capture_output=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert done.stdout.decode() == codec.canonical(told)
    assert [one["label"] for one in told["agencies"]] == ["east", "north"]


@pytest.mark.row("PKI-4")
def test_a_list_signed_under_the_old_root_is_read_by_who_trusts_only_the_new_one():
    rolled = rollover.roll(
        WORLD.root,
        profiles=PROFILES,
        organization="印信电子认证",
        common_name="印信根 CA 2",
        urls=urls("root-g2"),
        now_ms=LATER,
        entropy=ENTROPY,
        test=True,
    )
    document = trust_list.publish(
        listed(), key=SIGNER.key, certificate=SIGNER.certificate, chain=[rolled.old_with_new]
    )
    new = rolled.root.certificate
    assert trust_list.read(document, [new], LATER + clock.DAY) == listed()
    with pytest.raises(trust_list.TrustListUnusable):
        trust_list.read(published(listed()), [new], LATER + clock.DAY)
