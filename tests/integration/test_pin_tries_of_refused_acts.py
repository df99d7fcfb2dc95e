"""A try at a PIN whose half was right is not left counted when its act is refused for another reason."""

from __future__ import annotations

import pytest

from engine.binding import actions as binding_actions
from engine.issuing import actions as issuing
from engine.issuing import model as certificates
from engine.issuing import proofs
from engine.kernel import challenges, clock, errors, ids
from engine.pki import keys
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.sealing import actions as sealing
from engine.sealing import queries as seals
from tests.support import binding, key_proofs, parties, trading, worlds

WRONG = keys.generate(ids.seeded(99, "another PIN"))


@pytest.fixture
def party(any_world):
    """A party whose account is bound."""
    found = parties.certified(any_world, parties.Reviewers.of(any_world))
    binding.bind(any_world, found)
    return found


def tries(world, party):
    sql = "SELECT tries FROM pin_guard WHERE certificate_id = ?"
    return worlds.rows(world, sql, party.certificate_id)[0]["tries"]


def late(world, party, key=None):
    """A code confirmed when its time is over: the act is refused, whatever the PIN."""
    opened = binding.login_qr(world, "guangzheng", nonce="a PC")
    binding.scan(world, party, opened)
    worlds.clock_of(world).advance(3 * clock.MINUTE)
    with pytest.raises(scanning.TicketExpired):
        binding.confirm(world, party, opened, key=key, nonce="a PC", number="10")
    return opened


@pytest.mark.row("CRT-4")
@pytest.mark.row("LOG-1")
def test_ten_codes_that_came_too_late_lock_nobody_out(any_world, party):
    world = any_world
    for _ in range(10):
        opened = late(world, party)
        assert tries(world, party) == 0
        [row] = worlds.rows(world, "SELECT status FROM ticket WHERE id = ?", opened.ticket.id)
        assert row["status"] == "scanned"
    assert worlds.rows(world, "SELECT id FROM mall_session WHERE way = 'scan'") == []
    assert worlds.kinds(world).count("ticket.confirmed") == 1


@pytest.mark.row("CRT-4")
def test_wrong_ones_stay_counted_and_lock_as_ever(any_world, party):
    world = any_world
    for count in range(1, 6):
        late(world, party, WRONG)
        assert tries(world, party) == count
    with pytest.raises(proofs.PinLocked):
        key_proofs.open_try(world, party.person, party.certificate_id)


@pytest.mark.row("CRT-4")
def test_a_try_that_was_used_for_a_refused_act_is_used_up_right_or_wrong(any_world, party, count):
    """Were it not, a code that is over would be an endless oracle for guesses at one counted try."""
    world = any_world
    opened = binding.login_qr(world, "guangzheng", nonce="a PC")
    ticket = binding.scan(world, party, opened)
    worlds.clock_of(world).advance(3 * clock.MINUTE)
    for right in (False, True):
        try_id = key_proofs.open_try(world, party.person, party.certificate_id).id
        halves = [key_proofs.half(WRONG, tickets.challenge_of(ticket))] * count(5, 50)
        halves.append(key_proofs.half(party.key, tickets.challenge_of(ticket)))
        for half in reversed(halves) if right else halves:
            proof = certificates.KeyProof(try_id=try_id, half=half)
            arguments = {
                "ticket_id": ticket.id,
                "certificate_id": party.certificate_id,
                "proof": proof,
                "number": "10",
            }
            with pytest.raises(scanning.TicketExpired):
                world.engine.perform(binding_actions.confirm_login, arguments, actor=party.person)
        # The first half that came decided, and none after it.
        assert tries(world, party) == (0 if right else 1)


@pytest.mark.row("CRT-4")
def test_the_two_digits_that_are_missing_or_wrong_cost_no_try(any_world, party):
    world = any_world
    opened = binding.login_qr(world, "guangzheng", nonce="a PC")
    binding.scan(world, party, opened)
    shown = binding.digits(world, opened, "a PC")
    if shown:
        wrong = "10" if shown != "10" else "11"
        for number, refusal in (("", scanning.NumberNeeded), (wrong, scanning.WrongNumber)):
            with pytest.raises(refusal):
                binding.confirm(world, party, opened, number=number, nonce="a PC")
            assert tries(world, party) == 0
    binding.confirm(world, party, opened, nonce="a PC")
    assert tries(world, party) == 0


@pytest.mark.row("CRT-4")
def test_a_contract_refused_for_its_seal_costs_no_try_and_is_not_signed(any_world):
    world = any_world
    deal = trading.trade(world)
    party, contract = deal.purchaser, trading.draft(world, deal)
    signature_id, ticket = trading.scanned(world, party, contract)
    world.engine.perform(sealing.suspend, {"seal_id": party.seal_id}, actor=party.person)
    for _ in range(6):
        with pytest.raises(seals.SealNotUsable):
            trading.confirm(world, party, ticket)
    assert tries(world, party) == 0
    assert trading.signature_of(world, signature_id).value is None
    with pytest.raises(seals.SealNotUsable):
        trading.confirm(world, party, ticket, key=WRONG)
    assert tries(world, party) == 1


def test_a_refused_act_is_told_the_same_when_it_is_asked_again_with_its_key(any_world, party):
    world = any_world
    opened = binding.login_qr(world, "guangzheng", nonce="a PC")
    ticket = binding.scan(world, party, opened)
    worlds.clock_of(world).advance(3 * clock.MINUTE)
    message = tickets.challenge_of(ticket)
    arguments = {
        "ticket_id": ticket.id,
        "certificate_id": party.certificate_id,
        "proof": key_proofs.prove(world, party.person, party.certificate_id, party.key, message),
        "number": "10",
    }
    for _ in range(2):
        with pytest.raises(scanning.TicketExpired):
            world.engine.perform(
                binding_actions.confirm_login, arguments, actor=party.person, key="once"
            )
    assert tries(world, party) == 0


@pytest.mark.row("CRT-4")
def test_somebody_elses_certificate_or_phone_is_judged_by_nothing(any_world, party):
    world = any_world
    other = parties.certified(world, party.reviewers, number=2, name="新疆昆仑商贸有限公司")
    opened = binding.login_qr(world, "guangzheng", nonce="a PC")
    ticket = binding.scan(world, other, opened)
    try_id = key_proofs.open_try(world, party.person, party.certificate_id).id
    half = key_proofs.half(party.key, tickets.challenge_of(ticket))
    arguments = {
        "ticket_id": ticket.id,
        "certificate_id": party.certificate_id,
        "proof": certificates.KeyProof(try_id=try_id, half=half),
        "number": "",
    }
    with worlds.unchanged(world), pytest.raises(errors.NotFound):
        world.engine.perform(binding_actions.confirm_login, arguments, actor=other.person)
    assert tries(world, party) == 1


@pytest.mark.row("CRT-6")
def test_a_share_that_is_not_there_costs_no_try(world):
    """Asked for the share of an encryption key that was destroyed: refused, with the right PIN."""
    party = parties.certified(world, parties.Reviewers.of(world))
    parties.settle(world)
    sql = "SELECT id FROM certificate WHERE pair_id = ? AND usage = 'encryption'"
    encryption = worlds.rows(world, sql, party.certificate_id)[0]["id"]
    worlds.run_sql(world, "DELETE FROM encryption_share")
    for key, left in ((party.key, 0), (WRONG, 1)):
        opened = key_proofs.open_try(world, party.person, party.certificate_id)
        message = challenges.of_encryption_share(certificate_id=encryption, try_id=opened.id)
        arguments = {
            "certificate_id": encryption,
            "opens_with": party.certificate_id,
            "proof": certificates.KeyProof(try_id=opened.id, half=key_proofs.half(key, message)),
        }
        with pytest.raises(issuing.ShareNotThere):
            world.engine.perform(issuing.take_encryption_share, arguments, actor=party.person)
        assert tries(world, party) == left
