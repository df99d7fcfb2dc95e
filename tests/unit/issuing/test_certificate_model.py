"""A certificate's table, what time makes of its status, and what answers a request."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.issuing import model
from engine.kernel import clock, ids
from engine.kernel.workflow import NotPossibleNow
from engine.pki import certificates, keys
from tests.unit.pki import hierarchy

S = model.CertificateStatus
TABLE = model.CERTIFICATE
BEGIN = hierarchy.NOW
END = BEGIN + 365 * clock.DAY
KEY = keys.generate(ids.seeded(1, "holder"))
NAME = "新疆天山净水科技有限公司"


def certificate(status: S = S.ACTIVE, **changes: object) -> model.Certificate:
    """A certificate in a status."""
    made = model.Certificate(
        id="crt_1",
        order_id="ord_1",
        enterprise_id="ent_1",
        account_id="acc_1",
        device_id="dev_1",
        platform_id="guangzheng",
        agency_id="dongfang",
        kind="platform",
        product="enterprise",
        profile="enterprise",
        usage=model.Usage.SIGNING,
        pair_id="crt_1",
        key_scheme="seeded_ec",
        status=status,
        serial_hex=f"{certificates.serial_from(ids.seeded(1, 'serial')):x}",
        public_key=keys.public_to_der(KEY.public_key()),
        not_before=BEGIN,
        not_after=END,
        der=None,
        created_at=BEGIN,
        activated_at=None,
        revoked_at=None,
        revocation_reason=None,
    )
    return dataclasses.replace(made, **changes)


def test_every_status_is_in_the_table_and_can_be_reached():
    assert set(TABLE.statuses()) == set(S)
    assert {TABLE.initial} | {to for m in TABLE.transitions.values() for to in m.values()} == set(S)


def test_revoked_finished_and_abandoned_are_the_only_ends():
    ends = {S.REVOKED, S.FINISHED, S.ABANDONED}
    assert {status for status in S if TABLE.terminal(status)} == ends


def test_nothing_is_active_that_was_not_issued_before():
    assert [s for s in S if TABLE.allows(s, "activate")] == [S.ISSUED]
    assert [s for s in S if TABLE.allows(s, "issue")] == [S.REQUESTED]
    with pytest.raises(NotPossibleNow):
        TABLE.advance(S.REQUESTED, "activate")


@given(status=st.sampled_from(list(S)), now=st.integers(BEGIN - 10, END + 10))
def test_only_an_active_certificate_within_its_term_is_usable(status, now):
    expected = status is S.ACTIVE and BEGIN <= now < END
    assert certificate(status).usable(now) is expected


@pytest.mark.parametrize("status", S)
def test_expired_is_derived_at_the_very_boundary_and_revoked_stays_revoked(status):
    found = certificate(status)
    assert model.status_at(found, END - 1) == status.value
    expires = status in (S.ISSUED, S.ACTIVE, S.SUSPENDED)
    assert model.status_at(found, END) == ("expired" if expires else status.value)


@pytest.fixture(scope="module")
def signed() -> bytes:
    """What a real authority makes of the request."""
    return certificates.to_der(
        hierarchy.make().east.authority.issue(
            profile=hierarchy.PROFILES["enterprise"],
            subject=dataclasses.replace(hierarchy.COMPANY, common_name=NAME, organization=NAME),
            public_key=KEY.public_key(),
            serial=int(certificate().serial_hex, 16),
            not_before_ms=BEGIN,
            not_after_ms=END,
        )
    )


def test_what_was_asked_for_is_recognized(signed):
    assert model.answers(certificate(), signed, common_name=NAME, organization=NAME)


@pytest.mark.parametrize(
    "changes",
    [
        {"serial_hex": "1ff"},
        {"public_key": keys.public_to_der(keys.generate(ids.seeded(2, "k")).public_key())},
        {"not_before": BEGIN - 1000},
        {"not_after": END + 1000},
    ],
    ids=["serial", "key", "begin", "end"],
)
def test_anything_else_is_no_answer(signed, changes):
    assert not model.answers(certificate(**changes), signed, common_name=NAME, organization=NAME)


def test_another_holder_is_no_answer(signed):
    assert not model.answers(
        certificate(), signed, common_name=NAME, organization="新疆另一家有限公司"
    )


@given(cut=st.integers(0, 300))
def test_a_damaged_certificate_is_no_answer(signed, cut):
    assert not model.answers(certificate(), signed[:cut], common_name=NAME, organization=NAME)
