"""What a stolen phone's store holds, and which PINs guard it (`security.md` 3.3)."""

from __future__ import annotations

import base64

import pytest

from engine.handset import pins
from engine.issuing.queries.pins import _common
from engine.pki import splitting
from engine.pki.splitting import primes
from tests.integration.test_split_keys import approved_on, download

# A modulus of 2,048 bits and a share that is 256 bits wider, and what stands around them in the text.
_MOST_BYTES = 1_400


def _forms(number: int) -> list[bytes]:
    """A number as a file might hold it."""
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    # Base64 of three places where it may begin, without the ends that depend on what is beside it.
    shifted = [base64.b64encode(bytes(by) + raw)[4:-4] for by in range(3)]
    return [raw, raw[::-1], raw.hex().encode(), str(number).encode(), *shifted]


@pytest.mark.row("PKI-3")
def test_a_phone_keeps_no_prime_no_tag_and_nothing_that_tells_a_right_pin(world, monkeypatch):
    drawn: list[int] = []
    pair = primes.pair

    def watched(least, entropy):
        found = pair(least, entropy)
        drawn.extend(found)
        return found

    monkeypatch.setattr(primes, "pair", watched)
    line, person = approved_on(world)
    download(line, person)
    store = person.handset.store
    held = store.held_key(person.certificate_id)
    # The pair whose product the phone handed in; the server draws another one for itself.
    modulus = int.from_bytes(held.material, "big")
    p, q = next(
        (one, other)
        for one, other in zip(drawn[::2], drawn[1::2], strict=True)
        if one * other == modulus
    )
    kept = {name: store.get(name) or b"" for name in store.names("")}
    for secret in (p, q, (p - 1) * (q - 1)):
        for form in _forms(secret):
            assert not any(form in content for content in kept.values())
    # Exactly the share under the PIN: a stream cipher's text, and no room for a tag.
    assert len(held.sealed) == splitting.PHONE_SHARE_BYTES
    about_it = [name for name in kept if person.certificate_id in name]
    assert about_it == [f"key/{person.certificate_id}"]
    assert len(kept[about_it[0]]) < _MOST_BYTES


@pytest.mark.row("CRT-4")
def test_every_common_pin_is_refused(world, count):
    _, person = approved_on(world)
    rules = person.handset.door.ask("issuing.pin_rules", {"order_id": person.order_id})
    listed = _common()
    assert count(len(listed), len(listed)) == len(set(listed)) > 500
    for pin in listed:
        with pytest.raises((pins.PinInvalid, pins.PinGuessable)):
            pins.check(pin, rules)
