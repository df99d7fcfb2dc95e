import pytest
from cryptography import x509

from engine.kernel import clock
from engine.pki import revocation
from engine.pki.revocation import Period, Reason, Revoked
from tests.unit.pki.hierarchy import NOW

DAY = Period(this_update_ms=NOW, next_update_ms=NOW + clock.DAY)


def delta(world, **changes) -> bytes:
    given = {
        "revoked": (),
        "released": (),
        "number": 9,
        "base_number": 4,
        "period": DAY,
    } | changes
    own = world.east.authority
    return revocation.delta(own.certificate, own.key, **given)


def test_a_delta_lists_what_changed_by_serial_and_is_the_authoritys(world):
    revoked = [
        Revoked(serial=7, revoked_at_ms=NOW - clock.DAY, reason=Reason.SUPERSEDED),
        Revoked(serial=3, revoked_at_ms=NOW),
    ]
    found = x509.load_der_x509_crl(delta(world, revoked=revoked, released=[8, 2]))
    assert found.is_signature_valid(world.east.authority.certificate.public_key())
    assert [entry.serial_number for entry in found] == [3, 7, 2, 8]
    assert found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 9
    indicator = found.extensions.get_extension_for_class(x509.DeltaCRLIndicator)
    assert (indicator.critical, indicator.value.crl_number) == (True, 4)
    removed = [
        entry.serial_number
        for entry in found
        for extension in entry.extensions
        if extension.value == x509.CRLReason(x509.ReasonFlags.remove_from_crl)
    ]
    assert removed == [2, 8]


def test_the_same_changes_give_the_same_bytes_in_whatever_order_they_come(world):
    one, other = (Revoked(serial=serial, revoked_at_ms=NOW) for serial in (5, 6))
    first = delta(world, revoked=[one, other], released=[1, 2])
    assert delta(world, revoked=[other, one], released=[2, 1]) == first


def test_a_delta_begins_from_no_list_after_it_and_has_a_period(world):
    with pytest.raises(revocation.BaseNumberTooHigh):
        delta(world, base_number=10)
    assert delta(world, base_number=9)
    with pytest.raises(revocation.RevocationListPeriod):
        delta(world, period=Period(this_update_ms=NOW, next_update_ms=NOW + 999))
